from odoo import api, models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    @api.depends("move_ids.picking_id.causal_id")
    def _compute_qty_to_invoice(self):
        """Goods given away, as samples or in exchange are delivered but never to invoice."""
        result = super()._compute_qty_to_invoice()
        for line in self:
            if line.state != "sale" or line.display_type:
                continue
            free = line._get_free_quantity()
            if free:
                line.qty_to_invoice -= free
        return result

    def _get_free_quantity(self):
        """Return what was delivered, less returns, by documents whose causal is not invoiced."""
        free = 0.0
        for move in self.move_ids.filtered(lambda one: one.state == "done"):
            if move.product_id == self.product_id and move._is_given_away():
                quantity = move.product_uom._compute_quantity(
                    move.quantity, self.product_uom_id, rounding_method="HALF-UP"
                )
                free += move._get_direction("sale") * quantity
        return free
