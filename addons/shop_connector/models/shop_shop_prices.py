from odoo import fields, models
from odoo.fields import Domain

from ..shopapi.registry import adapter_class


class ShopShop(models.Model):
    _inherit = "shop.shop"

    customer_group_mapping_ids = fields.One2many(
        "shop.mapping", "shop_id", "Customer Groups", domain=[("kind", "=", "customer_group")]
    )

    prices_checked_at = fields.Datetime(
        "Price List Followed Until",
        readonly=True,
        copy=False,
        help="Promotions that begin or end after this moment are sent to the shop when it comes.",
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

    def _follow_promotions(self):
        """Mark what a rule of the price lists began or ceased to be for since the last look.

        Nobody writes anything when a date goes by. Shops that keep promotions with their times get
        them ahead, but not all begin and end them to the minute, and few can hold the one after the
        next; a price that rises for good from some day on is known by no shop.
        """
        self.ensure_one()
        now, since = fields.Datetime.now(), self.prices_checked_at
        self.prices_checked_at = now
        if not since or self._leads("prices") != "odoo":
            return
        # a rule is in force from its start to its end, both included
        began = Domain("date_start", ">", since) & Domain("date_start", "<=", now)
        ended = Domain("date_end", ">=", since) & Domain("date_end", "<", now)
        items = self.env["product.pricelist.item"].search(began | ended)
        if items:
            items._mark_shop_prices(self)
            self.env["shop.job"]._flush_marks()
