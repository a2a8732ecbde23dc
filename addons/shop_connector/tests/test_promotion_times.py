from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from ..shopapi.registry import simulator_class
from .common import ShopCase
from .test_second_system import OtherSystemCase


class PromotionCase(ShopCase):
    """Promotions whose hour comes while nobody writes anything."""

    def setUp(self):
        super().setUp()
        self.start = fields.Datetime.now() + timedelta(hours=2)
        self.end = self.start + timedelta(hours=3)

    def _travel(self, moment):
        """Move the clocks of Odoo and of the shop on; the date of the daily comparison stays."""
        clock = self.simulator.clock
        clock.advance((moment - clock.now().replace(tzinfo=None)).total_seconds())
        self.enterContext(patch.object(fields.Datetime, "now", lambda *_args: moment))

    def _rule(self, **values):
        return self.env["product.pricelist.item"].create(
            {
                "pricelist_id": self.pricelist.id,
                "compute_price": "percentage",
                "percent_price": 25,
                "date_start": self.start,
                "date_end": self.end,
                **values,
            }
        )

    def _pending(self):
        jobs = self.env["shop.job"].search(
            [("shop_id", "=", self.shop.id), ("kind", "=", "product"), ("state", "=", "pending")]
        )
        return {int(key) for key in jobs.mapped("key")}

    def _sold(self, *skus):
        templates = self.env["product.template"].union(*map(self._product, skus))
        self._sync()
        return templates


@tagged("post_install", "-at_install")
class TestPromotionTimes(PromotionCase):
    def test_only_the_products_of_a_rule_are_looked_at_when_its_hour_comes(self):
        glass, wine, beer = self._sold("GLASS", "WINE", "BEER")
        drinks = self.env["product.category"].create({"name": "Drinks"})
        wine.categ_id = self.env["product.category"].create(
            {"name": "Wines", "parent_id": drinks.id}
        )
        self._rule(applied_on="1_product", product_tmpl_id=glass.id)
        self._rule(applied_on="2_product_category", categ_id=drinks.id)
        self._sync()
        self.assertFalse(self._pending())
        for moment in (self.start, self.end + timedelta(seconds=1)):
            self._travel(moment)
            self.shop._follow_promotions()
            self.assertEqual(self._pending(), {glass.id, wine.id})
            self.assertNotIn(beer.id, self._pending())
            self._sync()
        self._travel(self.end + timedelta(minutes=2))
        self.shop._follow_promotions()
        self.assertFalse(self._pending(), "Once")

    def test_what_happened_while_the_runner_stood_still_is_made_up_for(self):
        glass = self._sold("GLASS")
        self._rule(applied_on="1_product", product_tmpl_id=glass.id)
        self._sync()
        self._travel(self.end + timedelta(hours=9))
        self.shop._follow_promotions()
        self.assertEqual(self._pending(), {glass.id})

    def test_a_rule_of_a_base_list_counts_and_one_of_another_list_does_not(self):
        glass = self._sold("GLASS")
        base, other = self.env["product.pricelist"].create(
            [{"name": name, "currency_id": self.euro.id} for name in ("Base", "Other")]
        )
        values = {"applied_on": "1_product", "product_tmpl_id": glass.id}
        self._rule(**values, pricelist_id=other.id)
        self._sync()
        self._travel(self.start)
        self.shop._follow_promotions()
        self.assertFalse(self._pending())
        self._rule(
            base="pricelist", base_pricelist_id=base.id, applied_on="3_global", date_start=False
        )
        self._rule(**values, pricelist_id=base.id, date_start=self.start + timedelta(minutes=9))
        self._sync()
        self._travel(self.start + timedelta(minutes=9))
        self.shop._follow_promotions()
        self.assertEqual(self._pending(), {glass.id})

    def test_a_price_that_changes_for_good_follows_in_the_same_minute(self):
        glass = self._sold("GLASS")
        self._rule(applied_on="1_product", product_tmpl_id=glass.id, date_end=False)
        self._sync()
        self.assertEqual(float(self.simulator.product_by_sku("GLASS")["price"]), 10.0)
        self._travel(self.start)
        self._sync()
        self.assertEqual(float(self.simulator.product_by_sku("GLASS")["price"]), 7.5)

    def test_a_promotion_that_the_shop_begins_by_itself_is_not_sent_again(self):
        glass = self._sold("GLASS")
        self._rule(applied_on="1_product", product_tmpl_id=glass.id)
        self._sync()
        self._travel(self.start)
        with self._writes(0):
            self._sync()
        self._travel(self.end + timedelta(seconds=1))
        with self._writes(1):
            self._sync()

    def test_a_minute_without_promotions_is_one_query_and_one_write(self):
        self._sold("GLASS")
        self.env.flush_all()
        with self.assertQueryCount(2):
            self.shop._follow_promotions()
            self.env.flush_all()


@tagged("post_install", "-at_install")
class TestSaleTimes(OtherSystemCase, PromotionCase):
    """In a shop that looks at the times of a sale price at midnight only."""

    @classmethod
    def _open_simulator(cls):
        return simulator_class(cls.system)(seed="demo", version="8.2.2")

    def _paid(self):
        return self.simulator.product_by_sku("GLASS")["price"]

    def test_a_promotion_begins_and_ends_in_time(self):
        glass = self._sold("GLASS")
        self._rule(applied_on="1_product", product_tmpl_id=glass.id)
        self._sync()
        row = self.simulator.product_by_sku("GLASS")
        self.assertEqual((row["price"], row["sale_price"]), ("12.20", "9.15"))
        self._travel(self.start + timedelta(seconds=30))
        self.assertEqual(self._paid(), "12.20", "The shop does not notice by itself")
        with self._writes(1):
            self._sync()
        self.assertEqual(self._paid(), "9.15")
        self._travel(self.end + timedelta(seconds=30))
        with self._writes(1):
            self._sync()
        self.assertEqual(self._paid(), "12.20")
        self.shop.action_compare_all()
        with self._writes(0):
            self._sync()

    def test_one_promotion_follows_the_other(self):
        glass = self._sold("GLASS")
        values = {"applied_on": "1_product", "product_tmpl_id": glass.id}
        self._rule(**values)
        later = self.end + timedelta(hours=2)
        self._rule(**values, percent_price=50, date_start=self.end, date_end=later)
        self._sync()
        found = []
        for moment in (self.start, self.end + timedelta(seconds=1), later + timedelta(seconds=1)):
            self._travel(moment)
            self._sync()
            found.append(self._paid())
        self.assertEqual(found, ["9.15", "6.10", "12.20"])
