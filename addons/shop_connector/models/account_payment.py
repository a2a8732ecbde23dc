from odoo import fields, models


class AccountPayment(models.Model):
    _inherit = "account.payment"

    shop_order_id = fields.Many2one(
        "sale.order",
        "Web Order",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The order of a web shop that was paid.",
    )
