"""Scanning on orders: the line of the product counts up, on sales and purchase orders alike."""

from odoo import models
from odoo.exceptions import UserError


class DocumentScanOrder(models.AbstractModel):
    """An order on whose screen products are scanned."""

    _name = "document.scan.order"
    _inherit = "document.scan"
    _description = "Order with Scanner"

    _scanned_field = None  # name of the quantity on the order's lines

    def _get_scanned_products(self):
        return self.order_line.product_id

    def _take_goods(self, goods):
        if self.state == "cancel" or self.locked:
            raise UserError(
                self.env._("%s takes no more lines: it is locked or cancelled.", self.display_name)
            )
        self._check_scanned(goods.product)
        line = self.order_line.filtered(lambda one: one.product_id == goods.product)[-1:]
        if line:
            unit = line.product_uom_id
            line[self._scanned_field] += goods.product.uom_id._compute_quantity(
                goods.quantity, unit
            )
        else:
            line = line.create(
                {
                    "order_id": self.id,
                    "product_id": goods.product.id,
                    self._scanned_field: goods.quantity,
                    "product_uom_id": goods.product.uom_id.id,
                }
            )
        return self._say_count(goods, line[self._scanned_field], line.product_uom_id)

    def _check_scanned(self, product):
        """Refuse a product that does not belong on such an order."""


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", "document.scan.order"]

    _scanned_field = "product_uom_qty"

    def _check_scanned(self, product):
        if not product.sale_ok:
            raise UserError(self.env._("%s is not for sale.", product.display_name))


class PurchaseOrder(models.Model):
    _name = "purchase.order"
    _inherit = ["purchase.order", "document.scan.order"]

    _scanned_field = "product_qty"

    def _check_scanned(self, product):
        if not product.purchase_ok:
            raise UserError(self.env._("%s cannot be purchased.", product.display_name))
