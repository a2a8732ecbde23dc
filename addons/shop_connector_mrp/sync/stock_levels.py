from collections import defaultdict
from decimal import Decimal

from odoo import models

from odoo.addons.shop_connector.sync.stock_levels import exact


class ShopSyncStockLevels(models.AbstractModel):
    """Kits have no stock of their own: as many can be sold as their components make."""

    _inherit = "shop.sync.stock.levels"

    def _get_left(self, shop, products):
        recipes = self._get_recipes(shop, products)
        if not recipes:
            return super()._get_left(shop, products)
        components = self.env["product.product"].union(
            *(component for _yield, parts in recipes.values() for component in parts)
        )
        kits = self.env["product.product"].concat(*recipes)
        left = super()._get_left(shop, (products - kits) | components)
        for kit, (units, parts) in recipes.items():
            runs = [
                left[component.id] / quantity
                for component, quantity in parts.items()
                if component.id in left
            ]
            if runs:
                left[kit.id] = min(runs) * units
        return {product.id: left[product.id] for product in products if product.id in left}

    def _get_unconfirmed(self, shop):
        """Kits sold but not reserved are so many of their components."""
        taken = super()._get_unconfirmed(shop)
        sold = self.env["product.product"].browse(taken).exists()
        for kit, (units, parts) in self._get_recipes(shop, sold).items():
            runs = taken.pop(kit.id) / units
            for component, quantity in parts.items():
                taken[component.id] += runs * quantity
        return taken

    def _get_recipes(self, shop, products):
        """``{kit: (units of the kit that the bill makes, {component: units of it})}``.

        Kits in kits are taken apart; parts that are needed in no number are left out.
        """
        boms = self.env["mrp.bom"]._bom_find(
            products, company_id=shop.company_id.id, bom_type="phantom"
        )
        recipes = {}
        for kit in products:
            if not (bom := boms.get(kit)):
                continue
            parts = defaultdict(Decimal)
            for line, data in bom.explode(kit, 1)[1]:
                component = line.product_id
                quantity = line.product_uom_id._compute_quantity(
                    data["qty"], component.uom_id, round=False, raise_if_failure=False
                )
                if quantity > 0:
                    parts[component] += exact(quantity)
            made = bom.product_uom_id._compute_quantity(bom.product_qty, kit.uom_id, round=False)
            recipes[kit] = (exact(made), dict(parts))
        return recipes
