from odoo import models
from odoo.exceptions import UserError


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", "document.scan"]

    def _get_scanned_products(self):
        return self.order_line.product_id

    def _take_goods(self, goods):
        if self.state == "cancel" or self.locked:
            raise UserError(
                self.env._("%s takes no more lines: it is locked or cancelled.", self.display_name)
            )
        if not goods.product.sale_ok:
            raise UserError(self.env._("%s is not for sale.", goods.product.display_name))
        return _count_up(self, goods, "product_uom_qty")


class PurchaseOrder(models.Model):
    _name = "purchase.order"
    _inherit = ["purchase.order", "document.scan"]

    def _get_scanned_products(self):
        return self.order_line.product_id

    def _take_goods(self, goods):
        if self.state == "cancel" or self.locked:
            raise UserError(
                self.env._("%s takes no more lines: it is locked or cancelled.", self.display_name)
            )
        if not goods.product.purchase_ok:
            raise UserError(self.env._("%s is not bought.", goods.product.display_name))
        return _count_up(self, goods, "product_qty")


def _count_up(order, goods, name):
    """Count up the line of the product, the last if there are several; return a sentence."""
    line = order.order_line.filtered(lambda one: one.product_id == goods.product)[-1:]
    if line:
        unit = line.product_uom_id
        line[name] += goods.product.uom_id._compute_quantity(goods.quantity, unit)
    else:
        line = line.create(
            {
                "order_id": order.id,
                "product_id": goods.product.id,
                name: goods.quantity,
                "product_uom_id": goods.product.uom_id.id,
            }
        )
    return order._say_count(goods, line[name], line.product_uom_id)
