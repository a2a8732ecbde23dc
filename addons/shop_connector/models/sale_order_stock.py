"""Orders of web shops that hold goods without having reserved them change what shops may sell."""

from odoo import api, models

#: fields of a line that say what is sold
WATCHED = frozenset({"product_id", "product_uom_qty", "product_uom_id"})


class SaleOrder(models.Model):
    _inherit = "sale.order"

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        orders.filtered("shop_holds_stock")._mark_shop_stock()
        return orders

    def _shop_progress(self):
        """How much has left, as ``delivery_status``; goods that a vendor sends count too."""
        self.ensure_one()
        if self.delivery_status == "full" and self._waits_for_transfers():
            return "partial"
        return self.delivery_status

    def _waits_for_transfers(self):
        """Whether goods have no transfer yet, as those that a vendor sends straight to the customer
        before the purchase is confirmed.
        """
        self.ensure_one()
        return any(
            line.product_id.type == "consu"
            and line.qty_delivered < line.product_uom_qty
            and not line.move_ids
            for line in self.order_line
        )


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._mark_shop_stock()
        return lines

    def write(self, vals):
        if not WATCHED & vals.keys():
            return super().write(vals)
        self._mark_shop_stock()  # the product it was until now
        result = super().write(vals)
        self._mark_shop_stock()
        return result

    def unlink(self):
        self._mark_shop_stock()
        return super().unlink()

    def _mark_shop_stock(self):
        """Goods of confirmed orders move by themselves: their stock is marked where they do."""
        holding = self.filtered(
            lambda line: line.order_id.shop_holds_stock and line.state in ("draft", "sent")
        )
        if holding:
            self.env["shop.job"]._mark("stock", holding.product_id.ids)
