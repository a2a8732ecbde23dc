from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    senior_order_amount = fields.Monetary(
        related="company_id.senior_order_amount",
        currency_field="company_currency_id",
        readonly=False,
    )
