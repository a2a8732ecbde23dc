from odoo import fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    customer_note = fields.Text(
        "Customer's Note",
        readonly=True,
        copy=False,
        help="What the customer wrote with the order in the web shop.",
    )


class StockPicking(models.Model):
    _inherit = "stock.picking"

    customer_note = fields.Text(related="sale_id.customer_note", string="Customer's Note")
