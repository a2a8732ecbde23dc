"""The dry run tells prices beside the ordinary one, and looks at a large catalogue in sets."""

from odoo.fields import Command
from odoo.tests import tagged

from .test_first_import import HeldCase


@tagged("post_install", "-at_install")
class TestPlanPrices(HeldCase):
    def _quantity_price(self, template, quantity, price):
        self.pricelist.item_ids = [
            Command.create(
                {
                    "applied_on": "1_product",
                    "product_tmpl_id": template.id,
                    "min_quantity": quantity,
                    "compute_price": "fixed",
                    "fixed_price": price,
                }
            )
        ]

    def _price_lines(self):
        with self._writes(0):
            self.shop.action_dry_run()
        return self.shop.plan_line_ids.filtered(lambda line: line.kind == "price")

    def test_prices_for_quantities_are_told_until_they_are_sent(self):
        template = self._product("BARO", 10.0)
        self._product("PLAIN", 5.0)
        self._quantity_price(template, 6, 8.0)
        line = self._price_lines()
        self.assertEqual((line.direction, line.action), ("out", "create"))
        self.assertEqual(line.res_id, template.id)
        self.assertEqual(line.after, "everybody, from 6 pieces: 8.00 EUR")
        self._sync()
        self.assertFalse(self._price_lines())
        self._quantity_price(template, 12, 7.0)
        line = self._price_lines()
        self.assertEqual(line.action, "update")
        self.assertIn("from 12 pieces: 7.00 EUR", line.after)
        self.pricelist.item_ids.unlink()
        self.assertEqual(self._price_lines().after, "none any more")

    def test_variants_that_are_new_in_the_shop_have_theirs_too(self):
        template = self._product_with_formats()
        self._quantity_price(template, 6, 8.0)
        self.assertIn("from 6 pieces: 8.00 EUR", self._price_lines().after)

    def test_where_the_shop_leads_prices_none_are_told(self):
        self._quantity_price(self._product("BARO", 10.0), 6, 8.0)
        self.shop.lead_prices = "shop"
        self.assertFalse(self._price_lines())

    def test_a_price_list_in_another_currency_is_a_problem_once(self):
        self._product("BARO", 10.0)
        dollars = self.env["product.pricelist"].create(
            {"name": "Dollars", "currency_id": self.env.ref("base.USD").id}
        )
        group = self.shop.customer_group_mapping_ids[:1]
        group.pricelist_id = self.pricelist.copy()
        group.pricelist_id.currency_id = dollars.currency_id
        self.assertIn("is not in EUR", self._price_lines().problem)

    def _queries(self, count):
        """Queries of a dry run over so many more products that are in step."""
        for number in range(count):
            self._product(f"P{count}-{number}", 10.0)
        self._sync()
        self.shop.action_dry_run()
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.shop.action_dry_run()
        return self.env.cr.sql_log_count - before

    def test_more_products_of_a_page_cost_hardly_more_queries(self):
        few, many = self._queries(4), self._queries(36)
        self.assertLess(many - few, 36, f"{few} queries, then {many}")
