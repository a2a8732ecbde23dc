from odoo import models
from odoo.fields import Command

from .order_line_cancellation import OPEN_STATES


class SaleOrderLine(models.Model):
    _name = "sale.order.line"
    _inherit = ["sale.order.line", "order.line.cancellation"]

    _ordered_field = "product_uom_qty"
    _done_field = "qty_delivered"
    _open_state = "sale"
    _cancellation_group = "sales_team.group_sale_salesman"

    def _get_live_moves(self):
        """A drop shipment belongs to its purchase order: that one cancels it."""
        return self.move_ids.filtered(
            lambda move: (
                move.state in OPEN_STATES
                and move.product_id == self.product_id
                and not move.purchase_line_id
                and (not move.origin_returned_move_id or move.to_refund)
                and (move.location_final_id or move.location_dest_id)._is_outgoing()
            )
        )

    def _write_ordered(self, quantity, procure):
        order = self.order_id.with_context(skip_procurement=not procure)
        order.write({"order_line": [Command.update(self.id, {"product_uom_qty": quantity})]})

    def action_cancel_remaining(self):
        """Ask how much of this line to cancel."""
        return self.env["order.cancel.remaining"]._open(self.order_id, self)


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def action_cancel_remaining(self):
        """Ask how much of each line to cancel."""
        self.ensure_one()
        return self.env["order.cancel.remaining"]._open(self, self.order_line)
