from odoo import fields, models


class AccountMove(models.Model):
    _inherit = "account.move"

    channel_id = fields.Many2one(
        "sales.channel",
        "Sales Channel",
        index="btree_not_null",
        check_company=True,
        help="The sales channel of the order behind this invoice.",
    )
