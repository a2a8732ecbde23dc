from odoo import fields, models


class ShopShop(models.Model):
    _inherit = "shop.shop"

    payment_rule = fields.Selection(
        [
            ("none", "Not at all"),
            ("invoice", "When the invoice is posted"),
            ("order", "As soon as the shop has the money"),
        ],
        "Book Payments",
        required=True,
        default="invoice",
        help="When a payment of the shop becomes a payment here. The journal is chosen for each "
        "payment method; with the invoice it is cleared by itself.",
    )
    open_payment_count = fields.Integer(compute="_compute_open_payment_count")

    def _compute_open_payment_count(self):
        groups = self.env["shop.payment"]._read_group(
            [("shop_id", "in", self.ids), ("state", "=", "decision")], ["shop_id"], ["__count"]
        )
        counts = dict(groups)
        for shop in self:
            shop.open_payment_count = counts.get(shop, 0)

    def action_view_payments(self):
        """Open the money of this shop's orders, what needs a decision first."""
        return self._open("shop_connector.shop_payment_action", {"search_default_attention": 1})
