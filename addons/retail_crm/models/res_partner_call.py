"""Calls of a customer: who calls, how often, and where they stand in the history."""

from odoo import api, fields, models

from ..services import finder
from .res_partner_finder import COMPARED
from .res_partner_privacy_papers import WORDS_OF_CALLS


class ResPartner(models.Model):
    _inherit = "res.partner"

    retail_call_ids = fields.One2many("retail.call", "partner_id", "Calls")
    retail_call_count = fields.Integer("Number of Calls", compute="_compute_retail_call_count")

    def _compute_retail_call_count(self):
        Call = self.env["retail.call"]
        if not Call.has_access("read"):
            self.retail_call_count = 0
            return
        for partner in self:  # a button of the form: one at a time
            customer = partner.commercial_partner_id._origin  # in a form it is not saved yet
            family = ("partner_id.commercial_partner_id", "in", customer.ids)
            partner.retail_call_count = Call.search_count([family])

    # === WHO CALLS ===

    @api.model
    def _find_callers(self, number):
        """Customers with this number, the likeliest first, by one look-up in an index.

        A number that is too short to be anybody's, or withheld, finds nobody.
        """
        term = finder.classify(number)
        if term.kind != "digits" or len(term.digits) < finder.SAME - 1:
            return self.browse()
        found = self.search_fetch([("id", "in", self._ids_by_phone(term))], COMPARED)
        return found._sorted_by_phone(term.digits)._as_customers()

    def _get_number_ends(self):
        """The last digits of the customer's numbers, as the log of calls compares them."""
        self.ensure_one()
        numbers = [
            point["value"] for point in self._get_contact_points() if point["kind"] == "phone"
        ]
        return [finder.phone_digits(one)[-finder.SAME :] for one in numbers]

    # === SCREENS ===

    def action_view_calls(self):
        """Open the calls of these customers."""
        action = self.env["ir.actions.act_window"]._for_xml_id("retail_crm.retail_call_action")
        context = {"default_result": "reached", "default_partner_id": self[:1].id}
        family = self._get_family()
        return action | {"domain": [("partner_id", "in", family.ids)], "context": context}

    def action_log_call(self):
        """Open the window in which a call with this customer is noted."""
        self.ensure_one()
        return self.env["retail.call"]._get_log_action(
            partner_id=self.id, number=self.phone, result="reached", direction="out"
        )

    # === HISTORY ===

    @api.model
    def _get_timeline_sources(self):
        return super()._get_timeline_sources() | {"retail.call": ("partner_id", [])}

    def _get_entry_kind(self, message):
        if message.model == "retail.call" and message.message_type == "comment":
            return "call"
        return super()._get_entry_kind(message)

    def _forget_traces(self, leads):
        """The calls stay in the figures, without number, recording and what was noted."""
        result = super()._forget_traces(leads)
        calls = self.env["retail.call"].search([("partner_id", "in", self.ids)])
        calls.write(dict.fromkeys(WORDS_OF_CALLS, False))
        calls.with_context(active_test=False).activity_ids.unlink()
        return result
