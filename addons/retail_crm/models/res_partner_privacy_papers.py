"""What stands about customers beside their cards: on orders, carts, payments, in logs."""

from odoo import models
from odoo.fields import Domain

from ..services import finder

#: what people write on an order, in their own words or in those of the customer
WORDS_OF_ORDERS = (
    "title",
    "note",
    "customer_note",
    "delivery_wish",
    "cancel_note",
    "signed_by",
    "signature",
    "order_properties",
    "shop_notice",
    "shop_hold_reason",
    "shop_conflict",
)
#: the copy of the customer that Odoo keeps with an online payment
PAYER = (
    "partner_name",
    "partner_email",
    "partner_phone",
    "partner_address",
    "partner_zip",
    "partner_city",
)
#: where the web shop's answers are kept
SHOP_ANSWERS = ("result", "error", "answer")
#: what the log of calls knows of who it was
WORDS_OF_CALLS = ("number", "recording_url", "subject", "note", "failure")
#: what is left of words that must not be empty
NOTHING = "–"


def escape(text):
    """The text as a pattern that fits nothing but itself."""
    return text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _get_addresses(self):
        """All e-mail addresses of these contacts, in small letters."""
        points = self.contact_point_ids.filtered(lambda point: point.kind == "email")
        found = self.mapped("email_normalized") + points.mapped("normalized_value")
        return sorted({address for address in found if address})

    def _forget_papers(self, leads):
        """Empty what says who these contacts are; figures and what the law asks for stay."""
        orders = self.env["sale.order"].search([("partner_id", "in", self.ids)])
        orders.write(dict.fromkeys(WORDS_OF_ORDERS, False))
        # a web order is found in its shop by this number, which says nothing about the person
        orders.filtered(lambda order: not order.shop_id).client_order_ref = False
        for model, ids in (("sale.order", orders.ids), ("crm.lead", leads.ids)):
            theirs = [("res_model", "=", model), ("res_id", "in", ids)]
            self.env["ir.attachment"].search(theirs).unlink()
            self.env["mail.activity"].with_context(active_test=False).search(theirs).unlink()
        self._forget_errands(orders)
        self._forget_unknown_calls()
        self._forget_payers()
        self._forget_carts()
        self._forget_wishes()
        self._forget_sent()
        self._forget_duplicates()

    def _forget_errands(self, orders):
        """What couriers were told, and what they answered; the amounts stay."""
        tasks = self.env["retail.courier.task"].search(
            ["|", ("partner_id", "in", self.ids), ("order_id", "in", orders.ids)]
        )
        tasks.write({"text": NOTHING})
        tasks.filtered("reason").write({"reason": NOTHING})
        theirs = [("res_model", "=", tasks._name), ("res_id", "in", tasks.ids)]
        self.env["ir.attachment"].search(theirs).unlink()
        self._forget_history(tasks)

    def _forget_unknown_calls(self):
        """Calls from their numbers that nobody put down to them."""
        ends = {end for contact in self for end in contact._get_number_ends()}
        # a short number may be an extension, and an empty one is that of all withheld calls
        ends = {end for end in ends if len(end) == finder.SAME}
        calls = self.env["retail.call"].search(
            [("partner_id", "=", False), ("number_end", "in", list(ends))]
        )
        self._forget_history(calls)
        calls.write(dict.fromkeys(WORDS_OF_CALLS, False))

    def _forget_history(self, records):
        """All that was written about these records, notices to single people too."""
        written = [("model", "=", records._name), ("res_id", "in", records.ids)]
        self.env["mail.message"].search(written).unlink()
        records.with_context(active_test=False).activity_ids.unlink()

    def _forget_payers(self):
        theirs = [("partner_id", "in", self.ids)]
        self.env["payment.transaction"].search(theirs).write(dict.fromkeys(PAYER, False))
        self.env["payment.token"].search(theirs).active = False

    def _forget_carts(self):
        """A visitor's cart may have no customer yet, only an e-mail address."""
        theirs = Domain("partner_id", "in", self.ids)
        for address in self._get_addresses():
            theirs |= Domain("email", "=ilike", escape(address))
        self.env["shop.cart"].search(theirs).write({"email": False, "customer_name": False})

    def _forget_wishes(self):
        theirs = [("partner_id", "in", self.ids)]
        requests = self.env["retail.restock.request"].search(theirs)
        requests.note = False
        self._forget_history(requests)
        self.env["rating.rating"].search(theirs).write({"feedback": False})

    def _forget_sent(self):
        """Numbers and addresses that something was sent to, and what shops answered about them."""
        told = self.env["mail.notification"].search([("res_partner_id", "in", self.ids)])
        told.write({"sms_number": False, "mail_email_address": False, "failure_reason": False})
        self.env["sms.sms"].search([("partner_id", "in", self.ids)]).unlink()
        for address in self._get_addresses():
            for field in SHOP_ANSWERS:
                jobs = self.env["shop.job"].search([(field, "ilike", escape(address))])
                jobs.write({field: False})

    def _forget_duplicates(self):
        """What is shared by others who stay remains on the list; the rest goes."""
        groups = self.env["retail.duplicate"].search([("partner_ids", "in", self.ids)])
        for group in groups:
            others = group.partner_ids - self
            if len(others.commercial_partner_id) > 1:
                group.write({"partner_ids": others.ids, "note": False})
            else:
                group.unlink()
