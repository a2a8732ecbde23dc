from odoo import fields, models


class ShopCustomerBase(models.Model):
    """Customers that several shops have in common, apart from those of the other shops."""

    _name = "shop.customer.base"
    _description = "Customer Base"
    _order = "name, id"

    name = fields.Char(required=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    shop_ids = fields.One2many("shop.shop", "customer_base_id", "Web Shops")
