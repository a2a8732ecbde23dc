from odoo import fields, models


def company_setting(field, name, text):
    """Return a field of the settings that shows and changes the company's field of that name."""
    return field(related=f"company_id.{name}", readonly=False, help=text)


class ResCompany(models.Model):
    _inherit = "res.company"

    stock_slow_days = fields.Integer("Slow after Days without Sale", default=180, required=True)
    stock_dead_days = fields.Integer(
        "Dispose of after Days without Sale", default=365, required=True
    )
    stock_abc_a = fields.Float("Class A up to %", default=80.0, required=True)
    stock_abc_b = fields.Float("Class B up to %", default=95.0, required=True)
    low_stock_user_id = fields.Many2one("res.users", "Responsible for Supply")

    _stock_days_ascend = models.Constraint(
        "CHECK (0 < stock_slow_days AND stock_slow_days <= stock_dead_days)",
        "Goods must be slow before they are to be disposed of: enter more days for the latter.",
    )
    _stock_abc_ascends = models.Constraint(
        "CHECK (0 < stock_abc_a AND stock_abc_a <= stock_abc_b AND stock_abc_b <= 100)",
        "The limits of the classes A and B must rise and lie between 0 and 100 %.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    stock_slow_days = company_setting(
        fields.Integer,
        "stock_slow_days",
        "Goods on hand that no customer bought for so many days are slow; for example, 180.",
    )
    stock_dead_days = company_setting(
        fields.Integer,
        "stock_dead_days",
        "Goods on hand that no customer bought for so many days are to be disposed of.",
    )
    stock_abc_a = company_setting(
        fields.Float,
        "stock_abc_a",
        "The best sellers that together make this part of the value sold are class A.",
    )
    stock_abc_b = company_setting(
        fields.Float,
        "stock_abc_b",
        "Those that come next, up to this part of the value sold, are class B; the rest is C.",
    )
    low_stock_user_id = company_setting(
        fields.Many2one,
        "low_stock_user_id",
        "Gets the low stock mail for reordering rules without a responsible of their own.",
    )


class StockWarehouse(models.Model):
    _inherit = "stock.warehouse"

    slow_days = fields.Integer(
        "Slow after Days", help="Of this warehouse only; 0 takes the days of the company."
    )
    dead_days = fields.Integer(
        "Dispose of after Days", help="Of this warehouse only; 0 takes the days of the company."
    )
