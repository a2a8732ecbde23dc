"""Calls about an order; an order that comes of a call counts for the source of its number."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ..services import finder

#: an order entered so long after a call began may come of it
AFTERWARDS = timedelta(hours=2)


class SaleOrder(models.Model):
    _inherit = "sale.order"

    call_ids = fields.One2many("retail.call", "order_id", "Calls")
    call_count = fields.Integer("Number of Calls", compute="_compute_call_count")

    def _compute_call_count(self):
        Call = self.env["retail.call"]
        if not Call.has_access("read"):
            self.call_count = 0
            return
        counts = dict(Call._read_group([("order_id", "in", self.ids)], ["order_id"], ["__count"]))
        for order in self:
            order.call_count = counts.get(order._origin, 0)

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        if len(orders) == 1 and not orders.shop_id and self._is_typed():
            orders._link_call()
        return orders

    def _link_call(self):
        """The order comes of the call that this person is having with the customer, or just had."""
        number = finder.phone_digits(self.partner_id.phone)[-finder.SAME :]
        who = Domain("partner_id", "in", self.partner_id._get_family().ids)
        if number:  # a caller nobody knew has become a customer meanwhile
            who |= Domain("partner_id", "=", False) & Domain("number_end", "=", number)
        # sudo: the call is with this very user, whatever else of the log may be seen
        call = (
            self.env["retail.call"]
            .sudo()
            .search(
                who
                & Domain("user_id", "=", self.env.uid)
                & Domain("company_id", "=", self.company_id.id)
                & Domain("direction", "=", "in")
                & Domain("answered_at", "!=", False)
                & Domain("order_id", "=", False)
                & Domain("started_at", ">", fields.Datetime.now() - AFTERWARDS),
                order="started_at desc",
                limit=1,
            )
        )
        if not call:
            return
        call.write({"order_id": self.id, "partner_id": (call.partner_id or self.partner_id).id})
        if call.utm_source_id or call.utm_medium_id:
            visit = {
                "at": call.started_at,
                "source": call.utm_source_id.name,
                "medium": call.utm_medium_id.name,
            }
            # sudo: visits are noted by the system
            self.env["retail.touchpoint"].sudo()._note(self.sudo(), [visit])

    def action_view_calls(self):
        """Open the calls about these orders."""
        action = self.env["ir.actions.act_window"]._for_xml_id("retail_crm.retail_call_action")
        return action | {"domain": [("order_id", "in", self.ids)], "context": {}}

    def action_log_call(self):
        """Open the window in which a call about this order is noted."""
        self.ensure_one()
        return self.env["retail.call"]._get_log_action(
            partner_id=self.partner_id.id,
            order_id=self.id,
            number=self.partner_id.phone,
            subject=self.env._("Order %s", self.name),
            result="reached",
            direction="out",
        )
