import hashlib
import re

from odoo import api, fields, models
from odoo.exceptions import UserError

#: name, database id, fingerprint of the database: short enough for any shop's field
_KEY = re.compile(r".{1,10}/(?P<order>[0-9]{1,9})-(?P<database>[0-9a-f]{6})")
_NAME_LENGTH = 10


class SaleOrder(models.Model):
    """Orders made here for a web shop (by phone, at a fair) that its customer shall see there."""

    _inherit = "sale.order"

    shop_placing = fields.Boolean(
        "On Its Way to the Shop",
        readonly=True,
        copy=False,
        help="The order waits to be placed in the web shop of its sales channel.",
    )
    is_shop_placed = fields.Boolean(
        "Placed by Us",
        readonly=True,
        copy=False,
        help="The order was made here and placed in the web shop.",
    )
    can_place_in_shop = fields.Boolean(compute="_compute_can_place_in_shop")

    @api.depends("state", "channel_id", "shop_id", "shop_placing")
    def _compute_can_place_in_shop(self):
        for order in self:
            waits = order.state == "sale" and not order.shop_id and not order.shop_placing
            order.can_place_in_shop = waits and bool(order._get_channel_shop())

    def _get_channel_shop(self):
        """The connected shop whose channel this order carries, if it takes orders of ours."""
        self.ensure_one()
        # a salesperson places orders without access to the shop's settings
        Shop = self.env["shop.shop"].sudo()
        if not self.channel_id:
            return Shop
        shops = Shop.search(
            [
                ("channel_id", "=", self.channel_id.id),
                ("company_id", "=", self.company_id.id),
                ("state", "!=", "draft"),
            ]
        )
        return shops.filtered("can_place_orders")[:1]

    def action_place_in_shop(self):
        """Let the shop of the order's channel have it, so that the customer sees it there."""
        for order in self:
            if order.shop_id or order.shop_placing:
                continue
            shop = order._get_channel_shop()
            if not shop:
                raise UserError(
                    self.env._(
                        "%s: choose a sales channel that belongs to a connected web shop.",
                        order.name,
                    )
                )
            if order.state != "sale":
                raise UserError(self.env._("%s: confirm the order first.", order.name))
            order._place_in_shop(shop)
        return True

    def _place_in_shop(self, shop):
        self.write({"shop_placing": True, "shop_notice": False})
        self.env["shop.job"]._mark("placing", self.ids, shop)

    def action_confirm(self):
        result = super().action_confirm()
        for order in self.filtered(lambda o: o.channel_id and not o.shop_id and o.state == "sale"):
            shop = order._get_channel_shop()
            if shop.place_rule == "confirm":
                order._place_in_shop(shop)
        return result

    # === KEY ===

    def _get_shop_key(self):
        """What this order is known by in a shop, whatever happens on the way."""
        self.ensure_one()
        name = re.sub(r"[^\w/.-]", "", self.name)[-_NAME_LENGTH:]
        return f"{name}/{self.id}-{self._get_database_mark()}"

    def _get_database_mark(self):
        # a copy of the database has orders of the same numbers
        uuid = self.env["ir.config_parameter"].sudo().get_param("database.uuid")
        return hashlib.sha256((uuid or "").encode()).hexdigest()[:6]

    @api.model
    def _find_by_shop_key(self, key, company):
        """The order of this database that a key names; empty when it is not ours."""
        match = _KEY.fullmatch(key or "")
        if not match or match["database"] != self._get_database_mark():
            return self.browse()
        order = self.browse(int(match["order"])).exists()
        return order.filtered(lambda o: o.company_id == company and o._get_shop_key() == key)
