from odoo import models
from odoo.exceptions import UserError


class SaleOrder(models.Model):
    _inherit = "sale.order"
    _void_group = "sales_team.group_sale_manager"

    def _check_void(self):
        result = super()._check_void()
        for order in self:
            sent = order.order_line.filtered(
                lambda line: line.qty_delivered_method == "stock_move" and line.qty_delivered > 0
            )
            if sent:
                raise UserError(
                    self.env._(
                        "%(order)s: goods have left with %(deliveries)s. Make those void or take "
                        "the goods back first.",
                        order=order.document_number,
                        deliveries=order.picking_ids._name_standing_transfers(),
                    )
                )
            if any(line.qty_invoiced > 0 for line in order.order_line):
                raise UserError(
                    self.env._(
                        "%s is invoiced. Cancel the invoice or make a credit note first.",
                        order.document_number,
                    )
                )
        return result

    def _undo_for_void(self):
        # past the lock of confirmed orders: it guards against changes, and this is none
        self.filtered(lambda order: order.state != "cancel")._action_cancel()
        return super()._undo_for_void()

    def action_draft(self):
        """Void orders stay void."""
        self._refuse_void()
        return super().action_draft()
