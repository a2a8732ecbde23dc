"""A talk on the telephone answers the customer of an order, and trying to call is work on it."""

from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain

from .retail_order_desk import OPEN

#: clocks of telephone systems, and times that people type, are right to the minute
MINUTE = timedelta(minutes=1)
#: states of an outgoing call by which somebody tries to reach the customer
TRYING = ("ringing", "missed")


class RetailCall(models.Model):
    _inherit = "retail.call"

    @api.model_create_multi
    def create(self, vals_list):
        calls = super().create(vals_list)
        # those of telephone systems follow their events
        calls.filtered(lambda call: not call.external_id)._note_on_orders()
        return calls

    def write(self, vals):
        result = super().write(vals)
        if {"partner_id", "order_id", "result"} & vals.keys():
            # afterwards somebody says with whom, about what, or whether they talked
            self._note_on_orders()
        return result

    def _settle(self):
        result = super()._settle()
        self._note_on_orders()
        return result

    def _react(self, event, before):
        result = super()._react(event, before)
        if self.state != before and self.state in TRYING:
            self._note_on_orders()
        return result

    def _note_on_orders(self):
        """Note on their orders that these calls answered the customer, or were at least tried."""
        # sudo: it does not matter whose orders they are, nor who may see them
        for call in self.sudo():
            talked = call.answered_at
            # a rule's call that nobody answers may not have been answered by the responsible
            is_try = call.direction == "out" and call.state in TRYING and not call.is_by_rule
            if not talked and not is_try:
                continue
            orders = call._get_orders(talked or call.started_at)
            if talked:
                waiting = call.order_id or orders.filtered(
                    lambda one: one.first_response_deadline or one.stage_category == "new"
                )
                waiting._note_response(talked)
            if call.user_id:
                orders._note_touched(call.user_id)

    def _get_orders(self, moment):
        """The order that the call is about; else those of the customer that were open then."""
        Order = self.env["sale.order"]
        if self.order_id or not self.partner_id:
            return self.order_id
        return Order.search(
            OPEN
            & Domain("partner_id", "in", self.partner_id._get_family().ids)
            & Domain("company_id", "=", self.company_id.id)
            & Domain("date_order", "<=", moment + MINUTE)
        )
