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

    # each shop asks every minute which rules began or ended
    _date_start_idx = models.Index("(date_start) WHERE date_start IS NOT NULL")
    _date_end_idx = models.Index("(date_end) WHERE date_end IS NOT NULL")

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

    def _mark_shop_prices(self, shops=None):
        """Prices may differ now in the shops that use these lists, directly or as their base.

        ``shops``: only these, by default every connected one.
        """
        Job = self.env["shop.job"]
        if shops is None:
            # a price list belongs to sales; which shops use it is not a secret of theirs
            shops = self.env["shop.shop"].sudo().search([("state", "!=", "draft")])
        sources = {shop.id: shop._price_sources() for shop in shops}
        for pricelist, items in self.grouped("pricelist_id").items():
            using = shops.filtered(lambda shop, used=pricelist: used in sources[shop.id])
            if not using:
                continue
            templates = items._named_templates()
            if templates is None:
                Job._mark_shops("product", using)
            else:
                Job._mark("product", templates.ids, using)

    def _named_templates(self):
        """The products that these rules are about; None when one of them is about all."""
        if any(item.applied_on == "3_global" for item in self):
            return None
        templates = self.product_tmpl_id | self.product_id.product_tmpl_id
        categories = self.filtered(lambda item: item.applied_on == "2_product_category").categ_id
        if categories:
            # only numbers are noted, also of products that the person may not see
            Template = self.env["product.template"].sudo().with_context(active_test=False)
            templates |= Template.search([("categ_id", "child_of", categories.ids)])
        return templates
