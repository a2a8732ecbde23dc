"""What leads where, and where our part of a shop's category tree begins."""

from odoo import api, fields, models

from ..shopapi.documents import Product, field_fingerprints

LEADERS = [("odoo", "Odoo"), ("shop", "The shop"), ("none", "Neither")]
#: what a person decides about -> kind of record -> fields of its document
LED_FIELDS = {
    "texts": {"product": ("name", "short_description", "description")},
    "seo": {"product": ("meta_title", "meta_description")},
    "prices": {"product": ("price",), "variant": ("price",)},
    "categories": {
        "product": ("category", "categories"),
        "category": ("name", "parent", "active"),
    },
    "details": {
        "product": ("sku", "barcode", "weight", "manufacturer", "tax", "is_virtual"),
        "variant": ("sku", "barcode", "weight", "is_default"),
        "manufacturer": ("name",),
        "attribute": ("name",),
        "attribute_value": ("name", "color"),
    },
    "visibility": {"product": ("active",)},
    # what the shop leads of these is passed over as a whole
    "images": {},
    "stock": {},
}
#: of these the shop's own values come back here where the shop leads them
RETURNING = ("texts", "seo", "details")


def _leader(string, help_text, **more):
    return fields.Selection(LEADERS, string, required=True, default="odoo", help=help_text, **more)


class ShopShop(models.Model):
    _inherit = "shop.shop"

    lead_texts = _leader(
        "Texts",
        "Name, short and long description of products. Led by the shop, what is written there "
        "stays and comes back to the products here, in every mapped language.",
    )
    lead_seo = _leader(
        "Search Engine Texts",
        "Title and description for search engines. Led by the shop, what is written there stays "
        "and comes back to the products here.",
    )
    lead_prices = _leader(
        "Prices",
        "Sales prices of products and variants. Not led by Odoo, a price is sent with a new "
        "product only.",
    )
    lead_categories = _leader(
        "Categories",
        "Names and places of categories, and which categories products stand in. Not led by Odoo, "
        "only new products and categories get theirs; a product that is for some customer groups "
        "only is always placed by Odoo.",
    )
    lead_images = _leader(
        "Pictures",
        "Pictures and their order. Not led by Odoo, pictures are sent with a new product only.",
    )
    lead_details = _leader(
        "Details",
        "Internal reference, barcode, weight, manufacturer and tax. Led by the shop, barcode and "
        "weight come back to the products here.",
    )
    lead_visibility = _leader(
        "Visibility",
        "Whether a product is shown. Not led by Odoo, a product that is archived here stays "
        "visible in the shop.",
    )
    lead_stock = _leader(
        "Stock", "How many can be bought. Not led by Odoo, no stock is sent to the shop at all."
    )
    category_mapping_ids = fields.One2many(
        "shop.mapping", "shop_id", "Categories in the Shop", domain=[("kind", "=", "category")]
    )
    root_category_id = fields.Many2one(
        "shop.mapping",
        domain="[('shop_id', '=', id), ('kind', '=', 'category')]",
        ondelete="restrict",
        copy=False,
        help="The shop's category below which ours stand. Left empty, it is the shop's home "
        "category.",
    )
    root_category = fields.Char(related="root_category_id.external_code", string="Root Category ID")
    product_cursor = fields.Char(readonly=True, copy=False)

    # === WHO LEADS ===

    def _leads(self, group):
        """Who leads a group of fields (see LED_FIELDS) in this shop: "odoo", "shop" or "none"."""
        self.ensure_one()
        return self[f"lead_{group}"]

    def _kept_fields(self, kind):
        """The fields of a kind's documents that are never written to what the shop has already."""
        self.ensure_one()
        return frozenset(
            name
            for group, kinds in LED_FIELDS.items()
            if self._leads(group) != "odoo"
            for name in kinds.get(kind, ())
        )

    def _returning_groups(self):
        """The groups of fields whose values come from the shop to here."""
        self.ensure_one()
        return [group for group in RETURNING if self._leads(group) == "shop"]

    # === CHANGING IT ===

    def write(self, vals):
        roots = {shop: shop.root_category for shop in self} if "root_category_id" in vals else {}
        leads = {name for name in vals if name.startswith("lead_")}
        if {name for name in leads if vals[name] == "shop"}:
            # whatever was edited there until now is looked at once
            vals = vals | {"product_cursor": False}
        result = super().write(vals)
        for shop, before in roots.items():
            if shop.root_category != before:
                shop._move_tree()
        if leads:
            self.env["shop.job"]._mark_shops("product", self)
        if "lead_stock" in leads:
            self.env["shop.job"]._mark_shops("stock", self)
        return result

    def _move_tree(self):
        """Another root: our categories and the products without one are to be placed again."""
        Binding = self.env["shop.binding"]
        links = Binding.search([("shop_id", "=", self.id), ("kind", "=", "category")])
        links.write({"sent": False})
        nowhere = field_fingerprints(Product(sku=None, name={}, price=None, tax=""))["category"]
        products = Binding.search([("shop_id", "=", self.id), ("kind", "=", "product")])
        for link in products.filtered(lambda p: (p.sent or {}).get("category") == nowhere):
            link.sent = link.sent | {"category": "", "categories": ""}
        self.env["shop.job"]._mark_shops("product", self)

    @api.model
    def _lead_titles(self):
        """``{group: its name on the screen}``."""
        return {
            group: self._fields[f"lead_{group}"]._description_string(self.env)
            for group in LED_FIELDS
        }
