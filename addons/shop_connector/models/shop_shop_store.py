from dataclasses import replace

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..shopapi.registry import adapter_class


class ShopMapping(models.Model):
    # only the kind: the stores of a shop are listed like its other codes
    _inherit = "shop.mapping"

    kind = fields.Selection(selection_add=[("store", "Store")], ondelete={"store": "cascade"})


class ShopShop(models.Model):
    """Which store of a multistore is ours: each store is a shop of its own here."""

    _inherit = "shop.shop"

    store_mapping_ids = fields.One2many(
        "shop.mapping", "shop_id", "Stores", domain=[("kind", "=", "store")]
    )
    store_id = fields.Many2one(
        "shop.mapping",
        domain="[('shop_id', '=', id), ('kind', '=', 'store')]",
        ondelete="restrict",
        copy=False,
        tracking=True,
        help="Which store of a shop with several is meant: its products, prices, stock and orders, "
        "no others. Left empty, it is the store of the address. Each further store is a shop of "
        "its own here, with the same address and key.",
    )
    store_code = fields.Char(related="store_id.external_code", string="Store ID")
    has_stores = fields.Boolean(compute="_compute_has_stores")

    @api.depends("system", "store_mapping_ids.active")
    def _compute_has_stores(self):
        for shop in self:
            able = bool(shop.system) and adapter_class(shop.system).capabilities.stores
            shop.has_stores = able and len(shop.store_mapping_ids) > 1

    @api.constrains("store_id")
    def _check_store(self):
        for shop in self:
            if shop.store_id and (shop.store_id.shop_id, shop.store_id.kind) != (shop, "store"):
                raise ValidationError(self.env._("Choose one of this shop's own stores."))

    def write(self, vals):
        if "store_id" not in vals:
            return super().write(vals)
        moved = self.filtered(lambda shop: shop.store_id.id != (vals["store_id"] or False))
        for shop in moved:
            shop._check_unlinked()
        result = super().write(vals)
        # what was read up to now was another store's; its codes are read with the next connection
        moved.order_cursor = False
        moved.filtered(lambda shop: shop.state == "connected").state = "draft"
        return result

    def _check_unlinked(self):
        """Another store has other products and orders: links to the old ones would mix them."""
        self.ensure_one()
        if self.env["shop.binding"].search_count([("shop_id", "=", self.id)], limit=1):
            raise UserError(
                self.env._(
                    "%(shop)s has exchanged products or orders with its store already, so the "
                    "store stays. Make a web shop of its own for the other store, with the same "
                    "address and key.",
                    shop=self.name,
                )
            )

    def _adapter_options(self):
        options = super()._adapter_options()
        return replace(options, store=self.store_code or None)
