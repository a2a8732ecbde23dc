from datetime import timedelta

from odoo import api, fields, models


class ShopCart(models.Model):
    """A cart that a customer filled in a shop and left."""

    _name = "shop.cart"
    _description = "Abandoned Cart"
    _order = "changed_at desc, id desc"
    _rec_name = "external_id"

    shop_id = fields.Many2one(
        "shop.shop", "Web Shop", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="shop_id.company_id", store=True, index=True)
    external_id = fields.Char("ID in the Shop", required=True, readonly=True)
    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        readonly=True,
        index="btree_not_null",
        help="Empty while the visitor is no customer here.",
    )
    customer_name = fields.Char(readonly=True)
    buyer_name = fields.Char("Buyer", compute="_compute_buyer_name")
    email = fields.Char(readonly=True)
    changed_at = fields.Datetime("Left On", required=True, readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    amount = fields.Monetary(
        "Estimated Amount",
        readonly=True,
        help="The goods at the prices of the shop's price list, without tax and shipping.",
    )
    line_ids = fields.One2many("shop.cart.line", "cart_id", "Goods", readonly=True)
    state = fields.Selection(
        [("open", "Open"), ("ordered", "Ordered"), ("expired", "Expired")],
        required=True,
        default="open",
        readonly=True,
        index=True,
    )
    order_id = fields.Many2one(
        "sale.order", readonly=True, index="btree_not_null", ondelete="set null"
    )

    _external_uniq = models.UniqueIndex(
        "(shop_id, external_id)", "This cart of the shop is known already."
    )

    @api.depends("partner_id", "customer_name", "email")
    def _compute_buyer_name(self):
        for cart in self:
            known = cart.partner_id.display_name
            cart.buyer_name = known or cart.customer_name or cart.email

    @api.model
    def _expire(self, shop):
        """Nobody comes back to an old cart."""
        limit = fields.Datetime.now() - timedelta(days=shop.cart_days)
        old = self.search(
            [("shop_id", "=", shop.id), ("state", "=", "open"), ("changed_at", "<", limit)]
        )
        old.state = "expired"


class ShopCartLine(models.Model):
    _name = "shop.cart.line"
    _description = "Goods of an Abandoned Cart"

    cart_id = fields.Many2one(
        "shop.cart", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="cart_id.company_id", store=True, index=True)
    product_id = fields.Many2one("product.product", readonly=True)
    external_key = fields.Char("Product in the Shop", readonly=True)
    quantity = fields.Float(digits="Product Unit", readonly=True)
    currency_id = fields.Many2one(related="cart_id.currency_id")
    price = fields.Monetary("Unit Price", readonly=True)
