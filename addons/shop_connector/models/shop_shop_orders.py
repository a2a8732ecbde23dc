from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..shopapi.registry import adapter_class

#: minutes between two looks at the carts
_CART_MINUTES = 15


class ShopShop(models.Model):
    """What is read from a shop besides its orders: customers, carts, and what was missed."""

    _inherit = "shop.shop"

    customer_base = fields.Selection(
        [("common", "Common: any customer we know"), ("separate", "Separate: this shop's own")],
        "Customers",
        required=True,
        default="common",
        help="Common: an order belongs to the customer with its e-mail address, wherever he came "
        "from. Separate: only to customers of this shop, or of shops with the same base.",
    )
    customer_base_id = fields.Many2one(
        "shop.customer.base",
        "Shared With",
        check_company=True,
        ondelete="restrict",
        help="Shops with the same base have their customers in common.",
    )
    can_read_carts = fields.Boolean(compute="_compute_can_read_carts")
    read_carts = fields.Boolean(
        "Read Abandoned Carts", help="Carts that customers filled and left are listed here."
    )
    cart_hours = fields.Integer(
        "Abandoned After (hours)", default=4, help="A cart changed later is still being filled."
    )
    cart_days = fields.Integer(
        "Expired After (days)", default=30, help="Older carts are no longer open."
    )
    cart_cursor = fields.Char(readonly=True, copy=False)
    cart_read_at = fields.Datetime(readonly=True, copy=False)
    cart_count = fields.Integer(compute="_compute_cart_count")
    touch_cursor = fields.Char(readonly=True, copy=False)
    touch_seen = fields.Json(readonly=True, copy=False)
    sweep_days = fields.Integer(
        "Daily Check (days)",
        default=7,
        help="Once a day the orders of so many days are compared one by one with those here.",
    )
    sweep_repaired = fields.Integer("Orders Found by the Daily Check", readonly=True, copy=False)
    sweep_at = fields.Datetime("Last Daily Check", readonly=True, copy=False)

    @api.depends("system")
    def _compute_can_read_carts(self):
        for shop in self:
            able = adapter_class(shop.system).capabilities if shop.system else None
            shop.can_read_carts = bool(able and able.abandoned_carts)

    def _compute_cart_count(self):
        groups = self.env["shop.cart"]._read_group(
            [("shop_id", "in", self.ids), ("state", "=", "open")], ["shop_id"], ["__count"]
        )
        counts = dict(groups)
        for shop in self:
            shop.cart_count = counts.get(shop, 0)

    @api.constrains("cart_hours", "cart_days", "sweep_days")
    def _check_periods(self):
        if any(shop.cart_hours < 0 or shop.cart_days < 1 or shop.sweep_days < 1 for shop in self):
            raise ValidationError(
                self.env._("Hours cannot be negative, and the periods are at least one day long.")
            )

    def _shops_of_base(self):
        """The shops that have their customers in common with this one; None: with everybody."""
        self.ensure_one()
        if self.customer_base != "separate":
            return None
        return self | self.customer_base_id.shop_ids

    def _poll_more(self, adapter, tally):
        """What is asked besides changed orders, each in its own rhythm."""
        able = adapter.capabilities
        now = fields.Datetime.now()
        sweep = self.env["shop.sync.sweep"]
        if able.touches:
            sweep._poll_touches(self, adapter)
        if not self.sweep_at or self.sweep_at.date() < now.date():
            sweep._sweep(self, adapter)
            self.env["shop.cart"]._expire(self)
        pause = timedelta(minutes=_CART_MINUTES)
        if (
            self.read_carts
            and able.abandoned_carts
            and (not self.cart_read_at or self.cart_read_at + pause <= now)
        ):
            self.cart_read_at = now
            self.env["shop.sync.cart"]._poll(self, adapter, tally)

    def action_view_carts(self):
        """Open the carts that customers left in this shop."""
        return self._open("shop_connector.shop_cart_action", {"search_default_open": 1})
