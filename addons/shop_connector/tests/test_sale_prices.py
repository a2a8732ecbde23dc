from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .test_second_system import OtherSystemCase


@tagged("post_install", "-at_install")
class TestSalePrices(OtherSystemCase):
    """Promotions of the price list, in a shop that knows one sale price and no price rules."""

    def setUp(self):
        super().setUp()
        self.now = fields.Datetime.now()
        self.start = self.now + timedelta(days=2)
        self.end = self.start + timedelta(days=3)

    def _promotion(self, **values):
        return self.env["product.pricelist.item"].create(
            {
                "pricelist_id": self.shop.pricelist_id.id,
                "date_start": self.start,
                "date_end": self.end,
                **values,
            }
        )

    def _fixed(self, template, price, **values):
        values = {"applied_on": "1_product", "product_tmpl_id": template.id, **values}
        return self._promotion(compute_price="fixed", fixed_price=price, **values)

    def _sale(self, sku):
        row = self.simulator.product_by_sku(sku)
        times = (row["date_on_sale_from"], row["date_on_sale_to"])
        return row["sale_price"], *(time and time.replace(tzinfo=None) for time in times)

    def test_a_promotion_is_the_sale_price_with_its_times(self):
        template = self._product("GLASS", price=10.0)
        self._fixed(template, 7.5)
        self._sync()
        self.assertEqual(self.simulator.product_by_sku("GLASS")["regular_price"], "12.20")
        self.assertEqual(self._sale("GLASS"), ("9.15", self.start, self.end))
        self.shop.action_compare_all()
        with self._writes(0):
            self._sync()

    def test_one_promotion_after_the_other(self):
        template = self._product("GLASS", price=10.0)
        self._fixed(template, 7.5)
        later = self.end + timedelta(days=5)
        self._fixed(template, 5.0, date_start=later, date_end=later + timedelta(days=1))
        self._sync()
        self.assertEqual(self._sale("GLASS")[:2], ("9.15", self.start))

    def test_a_promotion_that_was_taken_back_is_taken_out(self):
        template = self._product("GLASS", price=10.0)
        item = self._fixed(template, 7.5)
        self._sync()
        item.unlink()
        self._sync()
        self.assertEqual(self._sale("GLASS"), ("", None, None))

    def test_a_percentage_follows_the_prices_of_the_variants(self):
        template = self._product_with_formats("WINE", price=30.0, extras=(0.0, 35.0))
        self._promotion(compute_price="percentage", percent_price=20)
        self._sync()
        self.assertEqual(
            [self._sale(f"WINE-{number}")[0] for number in range(2)], ["26.40", "57.20"]
        )
        template.list_price = 20.0
        self._sync()
        self.assertEqual(
            [self._sale(f"WINE-{number}")[0] for number in range(2)], ["17.60", "48.40"]
        )

    def test_prices_for_quantities_are_not_spoken_of(self):
        template = self._product("GLASS", price=10.0)
        self._fixed(template, 8.0, min_quantity=6, date_start=False, date_end=False)
        figures = self._sync()
        self.assertFalse(figures["failed"])
        self.assertEqual(self._sale("GLASS")[0], "")

    def test_a_price_that_rises_for_a_time_is_told_on_the_product(self):
        template = self._product("GLASS", price=10.0)
        self._fixed(template, 12.0)
        self._sync()
        self.assertIn("not raise it", template.shop_problem)
        self.assertEqual(self.simulator.product_by_sku("GLASS")["regular_price"], "12.20")
