from odoo import models
from odoo.exceptions import UserError


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"
    _void_group = "purchase.group_purchase_manager"

    def _check_void(self):
        result = super()._check_void()
        for order in self:
            received = order.order_line.filtered(
                lambda line: line.qty_received_method == "stock_moves" and line.qty_received > 0
            )
            if received:
                raise UserError(
                    self.env._(
                        "%(order)s: goods have come with %(receipts)s. Make those void or send "
                        "the goods back first.",
                        order=order.document_number,
                        receipts=order.picking_ids._name_standing_transfers(),
                    )
                )
            if any(line.qty_invoiced > 0 for line in order.order_line):
                raise UserError(
                    self.env._(
                        "%s is billed. Cancel the bill or enter a refund first.",
                        order.document_number,
                    )
                )
        return result

    def _undo_for_void(self):
        orders = self.filtered(lambda order: order.state != "cancel")
        orders.locked = False  # it guards against changes, and this is none
        orders.button_cancel()
        return super()._undo_for_void()

    def button_draft(self):
        """Void orders stay void."""
        self._refuse_void()
        return super().button_draft()
