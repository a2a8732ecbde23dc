"""Orders that a person begins without lines, as at the order desk, are judged when they are whole.

Conditions on the amount, and messages that name it, would see an order of nothing. Such an order is
dealt out and announced when it is confirmed or sent as a quotation; until then whoever enters it
keeps it.
"""

from odoo import fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    assignment_deferred = fields.Boolean(
        readonly=True, copy=False, help="Rules deal it out when it is confirmed or sent."
    )
    notice_deferred = fields.Boolean(
        readonly=True,
        copy=False,
        help="The people of its channel are told when it is confirmed or sent.",
    )

    def _filter_begun_empty(self):
        """Those of these new orders whose lines a person is going to enter."""
        if not self._is_typed():
            return self.browse()
        return self.filtered(
            lambda order: (
                not order.shop_id
                and order.state == "draft"
                and not any(not line.display_type for line in order.order_line)
            )
        )

    def action_confirm(self):
        if self.env.context.get("retail_arrives_later"):
            return super().action_confirm()
        # its stage follows on the way, and is no reason to give it away in between
        result = super(SaleOrder, self.with_context(retail_arrives_later=True)).action_confirm()
        self._arrive()
        return result

    def write(self, vals):
        if "stage_id" not in vals or self.env.context.get("retail_arrives_later"):
            return super().write(vals)
        # whoever moves an order does all that its stage asks for, before a rule gives it away
        result = super(SaleOrder, self.with_context(retail_arrives_later=True)).write(vals)
        self.sudo().filtered(lambda order: order.state == "sale")._arrive()
        return result

    def action_quotation_sent(self):
        result = super().action_quotation_sent()
        self._arrive()
        return result

    def message_post(self, **kwargs):
        message = super().message_post(**kwargs)
        if self.env.context.get("mark_so_as_sent"):
            self._arrive()
        return message

    def _arrive(self):
        """Deal out and announce what has been waiting for its lines."""
        # sudo: the marks are the system's, whoever confirms: the customer, for example
        orders = self.sudo()
        waiting = orders.filtered("assignment_deferred")
        if waiting:
            waiting._write_assigned({"assignment_deferred": False})
            waiting._deal_new(typed=True)
        untold = orders.filtered("notice_deferred")
        if untold:
            untold._write_assigned({"notice_deferred": False})
            untold._tell_channel_people()
