"""When the customer wants the goods, in figures and in words."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class SaleOrder(models.Model):
    _inherit = "sale.order"

    commitment_from = fields.Datetime(
        "Delivery From",
        copy=False,
        help="With the delivery date the time window that was promised: from then until then.",
    )
    delivery_wish = fields.Text(
        "Delivery Remark",
        copy=False,
        help="What the customer asked for, for example: ring at the neighbour's after six. "
        "Printed on nothing, shown on the order and on its deliveries.",
    )

    def write(self, vals):
        """Without the delivery date there is no window that ends with it."""
        if "commitment_from" not in vals and not vals.get("commitment_date", True):
            vals = {**vals, "commitment_from": False}
        return super().write(vals)

    @api.onchange("commitment_date")
    def _onchange_commitment_window(self):
        if not self.commitment_date:
            self.commitment_from = False

    @api.constrains("commitment_from", "commitment_date")
    def _check_commitment_window(self):
        for order in self.filtered("commitment_from"):
            if not order.commitment_date:
                raise ValidationError(
                    self.env._(
                        "%s: the time window for the delivery has no end. Enter the delivery date.",
                        order.name,
                    )
                )
            if order.commitment_from > order.commitment_date:
                raise ValidationError(
                    self.env._(
                        "%s: the time window for the delivery ends before it begins.", order.name
                    )
                )


class StockPicking(models.Model):
    _inherit = "stock.picking"

    commitment_from = fields.Datetime(related="sale_id.commitment_from")
    commitment_date = fields.Datetime("Delivery Until", related="sale_id.commitment_date")
    delivery_wish = fields.Text(related="sale_id.delivery_wish")
