from odoo import fields, models

from ..shopapi.registry import adapter_class


class ShopShop(models.Model):
    _inherit = "shop.shop"

    customer_group_mapping_ids = fields.One2many(
        "shop.mapping", "shop_id", "Customer Groups", domain=[("kind", "=", "customer_group")]
    )

    def _sends_price_rules(self):
        """Whether prices beside the ordinary one go to this shop."""
        self.ensure_one()
        able = adapter_class(self.system).capabilities
        return (able.price_rules or able.sale_prices) and self._leads("prices") == "odoo"

    def _has_price_rules(self):
        """Whether the shop's system knows rules: from some quantity, in percent of the price."""
        self.ensure_one()
        return adapter_class(self.system).capabilities.price_rules

    def _price_lists(self):
        """``{code of a customer group: price list}``; None is everybody."""
        self.ensure_one()
        rows = self.customer_group_mapping_ids.filtered("pricelist_id")
        groups = {row.external_code: row.pricelist_id for row in rows}
        return {None: self.pricelist_id, **groups}

    def _price_sources(self):
        """The shop's price lists and all lists that their prices are computed from."""
        lists = self.pricelist_id | self.customer_group_mapping_ids.pricelist_id
        return lists._with_bases()
