from odoo import api, models


class ProductPricelist(models.Model):
    _inherit = "product.pricelist"

    def _with_bases(self):
        """These lists and all lists that their prices are computed from."""
        lists = seen = self
        while lists:
            lists = lists.item_ids.base_pricelist_id - seen
            seen |= lists
        return seen

    def _get_applicable_rules_domain(self, products, date, *, shop_ordinary=False, **kwargs):
        """With ``shop_ordinary`` only what holds for good, not what ends by itself one day.

        The argument travels with the price functions of Odoo, down to the lists that a list is
        based on.
        """
        domain = super()._get_applicable_rules_domain(products, date, **kwargs)
        return [*domain, ("date_end", "=", False)] if shop_ordinary else domain


class ProductPricelistItem(models.Model):
    _inherit = "product.pricelist.item"

    @api.model_create_multi
    def create(self, vals_list):
        items = super().create(vals_list)
        items._mark_shop_prices()
        return items

    def write(self, vals):
        self._mark_shop_prices()  # what the rule was for until now
        result = super().write(vals)
        self._mark_shop_prices()
        return result

    def unlink(self):
        self._mark_shop_prices()
        return super().unlink()

    def _mark_shop_prices(self):
        """Prices may differ now in the shops that use these lists, directly or as their base."""
        Job = self.env["shop.job"]
        # a price list belongs to sales; which shops use it is not a secret of theirs
        shops = self.env["shop.shop"].sudo().search([("state", "!=", "draft")])
        sources = {shop.id: shop._price_sources() for shop in shops}
        for item in self:
            using = shops.filtered(lambda shop, item=item: item.pricelist_id in sources[shop.id])
            if not using:
                continue
            if item.applied_on in ("1_product", "0_product_variant"):
                template = item.product_tmpl_id or item.product_id.product_tmpl_id
                Job._mark("product", template.ids, using)
            else:
                Job._mark_shops("product", using)
