from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    senior_order_amount = fields.Monetary(
        "Orders for Seniors Above",
        help="Orders with a higher total are hidden from operators unless they entered them or "
        "were given them, and only seniors confirm them. 0: no limit.",
    )

    _senior_order_amount_positive = models.Constraint(
        "CHECK(senior_order_amount >= 0)", "The amount is 0 (no limit) or more."
    )
