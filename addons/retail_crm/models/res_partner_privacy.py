from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from .res_partner_privacy_papers import escape

#: what says who a customer is; what only says what kind of customer it is stays for the figures
PERSONAL = (
    "email",
    "phone",
    "street",
    "street2",
    "zip",
    "city",
    "vat",
    "ref",
    "comment",
    "function",
    "website",
    "company_name",
    "company_registry",
    "birthdate_date",
    "image_1920",
    "properties",
    "shop_address_key",
    "sale_warn_msg",
)
#: the same on leads
PERSONAL_OF_LEADS = (
    "contact_name",
    "partner_name",
    "email_from",
    "email_cc",
    "phone",
    "street",
    "street2",
    "zip",
    "city",
    "website",
    "description",
)
#: what tells one visitor of a site from all others
TRACES = ("client_id", "click_id", "landing", "referrer", "term", "content")
OPEN = [
    "|",
    *("|", ("state", "in", ("draft", "sent")), ("invoice_status", "=", "to invoice")),
    *("&", ("state", "=", "sale"), ("delivery_status", "in", ("pending", "started", "partial"))),
]
UNPAID = [
    ("state", "=", "posted"),
    ("payment_state", "in", ("not_paid", "partial", "in_payment")),
    ("move_type", "in", ("out_invoice", "out_refund")),
]
WRITTEN = (
    "email",
    "email_outgoing",
    "comment",
    "auto_comment",
    "out_of_office",
    "sms",
    "user_notification",
)


class ResPartner(models.Model):
    """The right to be forgotten: nobody can tell any more who it was, the figures stay."""

    _inherit = "res.partner"

    anonymized_at = fields.Datetime("Anonymized on", readonly=True, copy=False)

    def action_anonymize(self):
        """Ask first: this cannot be undone."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Anonymize Customer"),
            "res_model": "retail.anonymize",
            "view_mode": "form",
            "target": "new",
            "context": {"default_partner_id": self.commercial_partner_id.id},
        }

    def _anonymize(self):
        """Take from these customers, their people, addresses and papers all that tells who they
        are. Orders, invoices, amounts, channels, types and consents stay.

        Raises UserError while something is open that needs the name.
        """
        self.check_access("write")
        for customer in self.commercial_partner_id:
            obstacles = customer._get_privacy_obstacles()
            if obstacles:
                raise UserError("\n".join(obstacles))
            # sudo: what has to go lies in places the user may have no rights on; whether they may
            # do this to the customer was asked above
            family = customer.sudo()._get_family()
            family._forget_documents()
            family._forget_contacts()

    def _get_privacy_obstacles(self):
        """Sentences that say why these customers cannot be anonymized now; none if they can."""
        # sudo: an open order counts, whoever may see it
        family = self.sudo()._get_family()
        orders = self.env["sale.order"].sudo().search([("partner_id", "in", family.ids), *OPEN])
        invoices = (
            self.env["account.move"]
            .sudo()
            .search([("partner_id", "in", family.ids), *UNPAID], order="name")
        )
        found = []
        if orders:
            found.append(
                self.env._(
                    "These orders are still open: %(orders)s. Finish or cancel them first.",
                    orders=", ".join(orders.mapped("name")),
                )
            )
        if invoices:
            found.append(
                self.env._(
                    "These invoices are not paid yet: %(invoices)s.",
                    invoices=", ".join(invoices.mapped("name")),
                )
            )
        if family.user_ids.filtered(lambda user: not user.share):
            found.append(self.env._("A person who works here cannot be anonymized."))
        return found

    def _forget_documents(self):
        """Empty leads and delete what was written; notes of Odoo about stages and amounts stay."""
        leads = self.env["crm.lead"].with_context(active_test=False, tracking_disable=True)
        leads = leads.search([("partner_id", "in", self.ids)])
        name = self.env._("Anonymous")
        leads.write({"name": name} | dict.fromkeys(PERSONAL_OF_LEADS, False))
        self._forget_traces(leads)
        self._forget_tracked(leads)
        self.with_context(tracking_disable=True)._forget_papers(leads)
        documents = self._get_timeline_documents(self)
        Message = self.env["mail.message"]
        for model, ids in documents.items():
            rows = self.env.execute_query(ids) if model != self._name else []
            written = [
                ("model", "=", model),
                ("res_id", "in", [row[0] for row in rows]),
                *("|", ("message_type", "in", WRITTEN), ("mail_activity_type_id", "!=", False)),
            ]
            Message.search(written).unlink()

    def _forget_traces(self, leads):
        """Where they came from stays as source and channel, without what tells one visitor."""
        self.env["retail.touchpoint"].search(
            [
                *("|", "|", ("partner_id", "in", self.ids), ("lead_id", "in", leads.ids)),
                ("order_id.partner_id", "in", self.ids),
            ]
        ).write(dict.fromkeys(TRACES, False))
        attempts = self.env["retail.lead.form.attempt"]
        attempts.search([("lead_id", "in", leads.ids)]).write({"ip": False})
        sent = Domain("partner_id", "in", self.ids)
        for address in self._get_addresses():
            sent |= Domain("sent_to", "=ilike", escape(address))
        runs = self.env["retail.trigger.run"].search(sent)
        runs.write({"sent_to": False, "record_name": False, "text": False, "reason": False})
        reason = self.env._("The customer was anonymized.")
        runs.filtered(lambda run: run.state == "planned").write(
            {"state": "skipped", "reason": reason}
        )

    def _forget_tracked(self, leads):
        """Odoo keeps the names of customers, and what stood on leads, beside each change."""
        Value = self.env["mail.tracking.value"]
        named = [("field_id.relation", "=", self._name)]
        for side in ("old", "new"):
            theirs = Value.search([*named, (f"{side}_value_integer", "in", self.ids)])
            theirs.write({f"{side}_value_char": self.env._("Anonymous")})
        Value.search(
            [
                ("mail_message_id.model", "=", "crm.lead"),
                ("mail_message_id.res_id", "in", leads.ids),
                ("field_id.name", "in", ("name", *PERSONAL_OF_LEADS)),
            ]
        ).unlink()

    def _forget_contacts(self):
        # a change that is noted would note the name that is to be forgotten
        family = self.with_context(tracking_disable=True, mail_notrack=True)
        self._forget_history(family)
        self.env["ir.attachment"].search(
            [("res_model", "=", self._name), ("res_id", "in", self.ids)]
        ).unlink()
        family.contact_point_ids.unlink()
        family.bank_ids.unlink()
        family._forget_shop_links()
        family._forget_logins()
        for contact in family:
            contact.write(
                dict.fromkeys(PERSONAL, False)
                | {
                    "name": self.env._("Anonymous %(number)s", number=contact.id),
                    "active": False,
                    "message_follower_ids": [Command.clear()],
                    "anonymized_at": fields.Datetime.now(),
                }
            )

    def _forget_shop_links(self):
        """A later purchase of the same person has to make a new customer."""
        self.env["shop.binding"].search(
            [("res_model", "=", self._name), ("kind", "=", "customer"), ("res_id", "in", self.ids)]
        ).unlink()

    def _forget_logins(self):
        for user in self.with_context(active_test=False).user_ids:
            user.write({"active": False, "login": f"anonymous-{user.id}"})
