"""What the parts of one dry run share: the shop's words, and how values are shown."""

import html
import re
from decimal import Decimal

from ..shopapi.documents import Price
from ..shopapi.registry import adapter_class
from .catalogue_match import default_language, pick
from .mappings import Mappings

#: characters of a value that are shown
SHOWN = 250


class PlanContext:
    """What all parts of one dry run share."""

    def __init__(self, shop):
        self.shop = shop
        self.env = shop.env
        self.mappings = Mappings(shop)
        self.code, self.lang = default_language(shop)
        self.difference = adapter_class(shop.system).capabilities.variant_difference
        self.tree = []
        #: products of the shop that would be made here, and those that are one of ours
        self.imported, self.matched = {}, {}
        self.templates = shop.env["product.template"]
        #: product here by the id that its link has or would have in the shop
        self.variants = {}
        #: keys of customers told already
        self.customers = set()
        self.chosen = {
            match.external_id: match for match in shop.match_ids if match.found_by == "person"
        }
        self.labels = self._labels()

    def _labels(self):
        translate = self.env._
        return {
            "name": translate("Name"),
            "short_description": translate("Short description"),
            "description": translate("Description"),
            "price": translate("Price without tax"),
            "tax": translate("Tax"),
            "sku": translate("SKU"),
            "barcode": translate("Barcode"),
            "weight": translate("Weight (kg)"),
            "active": translate("Shown in the shop"),
            "manufacturer": translate("Manufacturer"),
            "category": translate("Category"),
            "categories": translate("Categories"),
            "has_variants": translate("Sold in variants"),
            "is_virtual": translate("Nothing to ship"),
            "meta_title": translate("Title for search engines"),
            "meta_description": translate("Description for search engines"),
            "groups": translate("Customer groups"),
        }

    def change(self, field, theirs, mine):
        """The values of a line that tells one changed field."""
        before, after = theirs, mine
        if isinstance(mine, dict):
            codes = [code for code in mine if mine[code] != theirs.get(code, "")]
            before = " / ".join(_plain(theirs.get(code, "")) for code in codes)
            after = " / ".join(_plain(mine[code]) for code in codes)
        elif field in ("category", "categories"):
            before, after = self._category_names(theirs), self._category_names(mine)
        return {
            "field": self.labels.get(field, field),
            "before": self._show(before),
            "after": self._show(after),
        }

    def _category_names(self, ids):
        names = {held.external_id: pick(held.category.name, self.code) for held in self.tree}
        ids = (ids,) if isinstance(ids, str) else ids or ()
        return ", ".join(names[key] for key in ids if key in names)

    def _show(self, value):
        if value is None or value == "":
            return False
        if isinstance(value, bool):
            return self.env._("yes") if value else self.env._("no")
        if isinstance(value, Price):
            return self.money(value)
        if isinstance(value, Decimal):
            return _number(value)
        if isinstance(value, tuple):
            return ", ".join(value)
        return str(value)[:SHOWN]

    def money(self, price):
        """A net price with the shop's currency."""
        return f"{_number(price.net)} {self.shop.currency_id.name or ''}".strip()

    def names_here(self, kind):
        """Names by which a part of a product would be recognised here."""
        models_of = {
            "category": ("product.category", []),
            "manufacturer": ("res.partner", [("is_company", "=", True)]),
            "attribute": ("product.attribute", [("create_variant", "!=", "no_variant")]),
        }
        model, domain = models_of[kind]
        records = self.env[model].with_context(lang=self.lang).search(domain)
        names = records.mapped("name")
        return names + records.mapped("shop_name") if kind == "category" else names

    def wanted_categories(self):
        """Categories of the shop in which products that would be made here stand."""
        by_id = {held.external_id: held for held in self.tree}
        wanted = {}
        for held in self.imported.values():
            for external_id in held.product.categories:
                current = by_id.get(external_id)
                while current and current.external_id not in wanted:
                    wanted[current.external_id] = current
                    current = by_id.get(current.category.parent)
        return sorted(wanted.values(), key=lambda held: held.depth)

    def wanted_names(self):
        """Manufacturers and attributes of the products that would be made here."""
        names = {"manufacturer": set(), "attribute": set()}
        for held in self.imported.values():
            if held.manufacturer_name:
                names["manufacturer"].add(held.manufacturer_name)
            for each in held.variants:
                names["attribute"] |= {pick(v.attribute_name, self.code) for v in each.values}
        return names

    def categories_to_send(self):
        """Our categories, with their parents, that are not linked and would go to the shop."""
        places = self.env["shop.sync.places"]
        categories = places._used_categories(self.shop, self.templates)
        lineage = categories._lineage().filtered(lambda each: each._is_shown_in(self.shop))
        linked = self.env["shop.binding"]._by_record(self.shop, "category", lineage.ids)
        return lineage.filtered(lambda category: category.id not in linked).with_context(
            lang=self.lang
        )


def _plain(text):
    """A text without its markup, on one line."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", text)).split())[:SHOWN]


def _number(value):
    text = format(value.quantize(Decimal("0.000001")).normalize(), "f")
    whole, _point, cents = text.partition(".")
    return f"{whole}.{cents.ljust(2, '0')}"
