"""A new inquiry from any screen: five fields that become a lead or a customer."""

from odoo import api, models
from odoo.exceptions import UserError

FIELDS = {"name", "phone", "email", "subject", "channel_id"}


class RetailOrderDesk(models.AbstractModel):
    _inherit = "retail.order.desk"

    @api.model
    def find_duplicates(self, values):
        """Return the customers that have this phone number or this e-mail already."""
        phone, email = ((values.get(name) or "").strip() for name in ("phone", "email"))
        return self._describe_hits(
            self.env["res.partner"]._find_same_contacts([phone] if phone else [], [email])
        )

    @api.model
    def save_inquiry(self, values, as_customer=False, partner_id=False):
        """Keep an inquiry as a lead, or at once as a customer to sell to.

        ``values`` has name, phone, email, subject, channel_id. With ``partner_id`` it is of a
        customer who is there already. Returns ``partner_id`` and ``lead_id`` (either may be False).
        """
        self._require_known(values, FIELDS)
        values = {
            name: value.strip() if isinstance(value, str) else value
            for name, value in values.items()
            if value
        }
        partner = self.env["res.partner"].browse(partner_id or [])
        if not partner and not values.keys() & {"name", "phone", "email"}:
            raise UserError(self.env._("Write down at least a name, a phone number or an e-mail."))
        if as_customer and not partner:
            partner = self.env["res.partner"].create(self._prepare_customer_values(values))
        lead = self.env["crm.lead"]
        if not as_customer or values.get("subject"):
            lead = lead.create(self._prepare_lead_values(values, partner))
        return {"partner_id": partner.id, "lead_id": lead.id}

    def _prepare_customer_values(self, values):
        contact = {name: values[name] for name in ("phone", "email") if name in values}
        name = values.get("name") or values.get("phone") or values["email"]
        return {**contact, "name": name, "user_id": self.env.uid}

    def _prepare_lead_values(self, values, partner):
        caller = (
            partner.display_name or values.get("name") or values.get("phone") or values["email"]
        )
        subject = values.get("subject") or self.env._("Inquiry of %s", caller)
        return {
            "name": subject.splitlines()[0][:120],
            "description": values.get("subject", ""),
            "partner_id": partner.id,
            "contact_name": values.get("name") or partner.name,
            "phone": values.get("phone") or partner.phone,
            "email_from": values.get("email") or partner.email,
            "channel_id": values.get("channel_id"),
            "user_id": self.env.uid,
        }

    @api.model
    def open_lead(self, lead_id, partner_id=None):
        """Go on with a lead: its person becomes a customer, the lead a quotation, no wizard.

        Somebody known by phone or e-mail is taken for the customer. Of several, nothing is done and
        the answer's ``customers`` are to be chosen from: ``partner_id`` says who it is, False that
        it is somebody new. Returns ``partner_id`` and ``order_id``.
        """
        lead = self.env["crm.lead"].browse(lead_id)
        if not lead.partner_id:
            if partner_id is None:
                known = self.find_duplicates(
                    {"phone": lead.phone or "", "email": lead.email_from or ""}
                )
                if len(known) > 1:
                    return {"customers": known}
                partner_id = known[0]["id"] if known else False
            self.env["res.partner"].browse(partner_id or []).check_access("read")
            lead._handle_partner_assignment(force_partner_id=partner_id)
        if lead.type == "lead":
            lead.convert_opportunity(lead.partner_id)
        order = lead.order_ids.filtered(lambda one: one.state in ("draft", "sent"))[:1]
        if not order:
            context = lead._prepare_opportunity_quotation_context()
            order = order.with_context(**context).create({"partner_id": lead.partner_id.id})
        return {"partner_id": order.partner_id.id, "order_id": order.id}
