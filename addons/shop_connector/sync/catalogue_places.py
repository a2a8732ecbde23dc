from dataclasses import dataclass

from odoo import models

from ..shopapi.errors import DataError
from ..shopapi.registry import adapter_class


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a product stands in a shop: categories (ids there, the main one first) and groups."""

    categories: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()


class NotForEverybody(DataError):
    """The product would be seen by customers it is not meant for: the shop must not show it."""


class ShopSyncPlaces(models.AbstractModel):
    """Where products stand in a shop, and for whom.

    Systems that cannot keep a product for some customers can mostly keep a category for them: an
    exclusive product then stands in the categories reserved for its groups and nowhere else.
    """

    _name = "shop.sync.places"
    _description = "Placing Products in a Web Shop"

    def _used_categories(self, shop, templates):
        """The categories of ours that these products need in a shop."""
        by_product = adapter_class(shop.system).capabilities.exclusive_products
        return self.env["product.category"].union(
            *(
                template._shop_categories(shop)
                for template in templates
                if by_product or not template._shop_groups(shop)
            )
        )

    def _places(self, shop, templates, external):
        """``{template id: Place or NotForEverybody}``.

        ``external``: ``{category id: id in the shop}``.
        """
        by_product = adapter_class(shop.system).capabilities.exclusive_products
        places = {}
        for template in templates:
            groups = template._shop_groups(shop)
            codes = tuple(sorted(groups.mapped("external_code")))
            if groups and not by_product:
                places[template.id] = self._reserved(shop, groups, codes)
                continue
            categories = template._shop_categories(shop).ids
            found = tuple(external[each] for each in categories if each in external)
            places[template.id] = Place(categories=found, groups=codes)
        return places

    def _reserved(self, shop, groups, codes):
        """The place of a product that these groups alone may find."""
        without = groups.filtered(
            lambda group: not group.active or not group.reserved_category_id.active
        )
        if without:
            return NotForEverybody(
                self.env._(
                    "Only for %(groups)s, but no category of %(shop)s is reserved for them, so "
                    "everybody would find it. Make a category in the shop that only this group "
                    "sees, read the shop's settings again and choose it on the shop, page "
                    "Mappings, Customer Groups.",
                    groups=", ".join(without.mapped("name")),
                    shop=shop.name,
                )
            )
        reserved = groups.reserved_category_id.sorted("sequence").mapped("external_code")
        return Place(categories=tuple(reserved), groups=codes)
