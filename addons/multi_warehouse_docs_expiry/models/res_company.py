from odoo import fields, models

from odoo.addons.multi_warehouse_docs.models.res_company_stock_figures import company_setting


class ResCompany(models.Model):
    _inherit = "res.company"

    stock_expiry_days = fields.Integer("Expiring within Days", default=30, required=True)

    _stock_expiry_days_ahead = models.Constraint(
        "CHECK (stock_expiry_days >= 0)",
        "Lots expire within a number of days from today: enter 0 or more.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    stock_expiry_days = company_setting(
        fields.Integer,
        "stock_expiry_days",
        "The turnover counts lots as expiring so many days ahead; 0 counts expired ones only.",
    )
