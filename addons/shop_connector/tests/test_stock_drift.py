from odoo.tests import tagged

from ..shopapi.errors import NotOffered
from ..shopapi.systems.prestashop.stock import Stock
from .common import ShopCase


@tagged("post_install", "-at_install")
class TestStockDrift(ShopCase):
    """Nothing the shop sold is overwritten, and what is wrong there is found and put right."""

    def setUp(self):
        super().setUp()
        self.template = self._product(stock=10)
        self.product = self.template.product_variant_ids
        self._sync()
        self.link = self.product.shop_link_ids

    def _meddle(self, quantity, sku="GLASS"):
        """Somebody types a quantity in the shop's back office."""
        shop = self.simulator.shop
        product = shop.store.one("products", self.simulator.product_by_sku(sku)["product_id"])
        shop.store.set("stock_availables", shop.stock.row(product.id, 0), quantity=quantity)

    def _buy_before(self, method, units, times=1):
        """Somebody buys just before the shop is asked for its rows (GET) or written to (PATCH)."""
        bought = []
        handle = self.simulator.handle

        def buying(request):
            if (
                request.method == method
                and request.path == "/api/stock_availables"
                and len(bought) < times
            ):
                bought.append(None)
                bought[-1] = self.simulator.place_order([("GLASS", units)], payment="ps_checkout")
            return handle(request)

        self.simulator.handle = buying
        return bought

    def _compare(self):
        self.shop.drift_checked_at = "2020-01-01"
        return self._sync()

    # === WRITING ===

    def test_what_is_expected_follows_the_orders(self):
        self.assertEqual(self.link.stock_expected, 10)
        order_id = self.simulator.place_order([("GLASS", 4)], payment="ps_wirepayment")
        self._sync()
        self.assertEqual(self.link.stock_expected, 6)
        self._set_state(order_id, "cancelled")
        self._sync()
        self.assertEqual(self.link.stock_expected, 10)
        self.assertEqual(self.simulator.stock_of("GLASS"), 10)

    def test_a_sale_after_the_orders_were_read_is_not_overwritten(self):
        bought = self._buy_before("GET", 4)
        self._stock(self.product, 12)
        figures = self._sync()
        self.assertFalse(figures["failed"])
        self.assertEqual(self._order(bought[0]).state, "sale")
        self.assertEqual(self.simulator.stock_of("GLASS"), 8)
        self.assertEqual(self.link.stock_sent, 8)

    def test_a_sale_while_the_level_is_written_is_put_right_in_the_same_run(self):
        bought = self._buy_before("PATCH", 4)
        self._stock(self.product, 12)
        self._sync()
        self.assertEqual(self._order(bought[0]).state, "sale")
        self.assertEqual(self.simulator.stock_of("GLASS"), 8)

    def test_a_level_that_never_rests_waits_and_is_not_forced(self):
        # orders that the shop does not list yet: nothing explains why the quantity moves
        reader = self.env.registry["shop.shop"]
        self.patch(reader, "_poll_orders", lambda *_args: False)
        self._buy_before("GET", 1, times=20)
        self._stock(self.product, 50)
        with self._writes(0):
            self._sync()
        job = self.env["shop.job"].search([("shop_id", "=", self.shop.id), ("kind", "=", "stock")])
        waiting = job.filtered(lambda each: each.state == "pending")
        self.assertEqual(len(waiting), 1)
        self.assertGreater(waiting.due_at, self.env.cr.now())
        self.assertLess(self.simulator.stock_of("GLASS"), 10)

    def test_a_quantity_typed_in_the_shop_is_replaced(self):
        self._meddle(77)
        self._stock(self.product, 12)
        self._sync()
        self.assertEqual(self.simulator.stock_of("GLASS"), 12)

    def test_goods_of_an_order_nobody_can_read_are_not_given_back(self):
        order_id = self.simulator.place_order([("GLASS", 4)], payment="ps_checkout")
        order = self.simulator.shop.store.one("orders", order_id)
        spoilt, order.values["total_discounts_tax_incl"] = (
            order.values["total_discounts_tax_incl"],
            "n/a",
        )
        self._stock(self.product, 12)
        self.assertEqual(self._sync()["failed"], {"order": 1})
        self.assertEqual(self.simulator.stock_of("GLASS"), 6)
        waiting = self.env["shop.job"].search(
            [("shop_id", "=", self.shop.id), ("kind", "=", "stock"), ("state", "=", "pending")]
        )
        self.assertIn("could not be read", waiting.error)
        # nor by the comparison
        self._compare()
        self.assertEqual(self.simulator.stock_of("GLASS"), 6)
        order.values["total_discounts_tax_incl"] = spoilt
        self._failed("order").action_retry()
        waiting.due_at = "2020-01-01"
        self._sync()
        self.assertEqual(self.simulator.stock_of("GLASS"), 8)

    # === COMPARING ===

    def test_drift_is_found_put_right_and_told(self):
        self._product("OTHER", stock=5)
        self._sync()
        self._meddle(77)
        self._compare()
        self.assertEqual(self.simulator.stock_of("GLASS"), 10)
        self.assertEqual(self.shop.drift_count, 1)
        said = self.shop.message_ids[0].body
        self.assertIn("Product GLASS", said)
        self.assertIn("77 in the shop, 10 is right", said)
        self.assertNotIn("OTHER", said)

    def test_a_comparison_that_finds_nothing_confirms_and_writes_nothing(self):
        self.link.stock_confirmed_at = "2020-01-01"
        sent_at = self.link.stock_sent_at
        messages = self.shop.message_ids
        with self._writes(0):
            self._compare()
        self.assertEqual(self.shop.drift_count, 0)
        self.assertEqual(self.shop.message_ids, messages)
        self.assertGreater(self.link.stock_confirmed_at, sent_at.replace(year=2021))
        self.assertEqual(self.link.stock_sent_at, sent_at)

    def test_it_is_not_repeated_before_it_is_due(self):
        checked = self.shop.drift_checked_at
        self._meddle(77)
        self._sync()
        self.assertEqual(self.shop.drift_checked_at, checked)
        self.assertEqual(self.simulator.stock_of("GLASS"), 77)

    def test_a_sale_during_the_comparison_is_no_drift(self):
        self._buy_before("GET", 3)
        self._compare()
        self.assertEqual(self.shop.drift_count, 0)
        self.assertEqual(self.simulator.stock_of("GLASS"), 7)

    def test_a_wrong_rule_for_orders_beyond_stock_is_drift(self):
        self.template.shop_backorder = "deny"
        self._sync()
        shop = self.simulator.shop
        product = self.simulator.product_by_sku("GLASS")["product_id"]
        shop.store.set("stock_availables", shop.stock.row(product, 0), out_of_stock=1)
        self._compare()
        self.assertEqual(self.shop.drift_count, 1)
        self.assertEqual(shop.stock.row(product, 0).values["out_of_stock"], "0")

    def test_a_product_that_vanished_from_the_shop_is_told(self):
        shop = self.simulator.shop
        product = self.simulator.product_by_sku("GLASS")["product_id"]
        shop.stock.remove(product)
        self._compare()
        self.assertEqual(self.shop.drift_count, 1)
        self.assertIn("nothing in the shop", self.shop.message_ids[0].body)
        self.assertIn("keeps no stock", self._failed("stock").error)

    def test_a_system_that_cannot_list_its_stock_is_sent_everything(self):
        def refuse(_stock):
            raise NotOffered("reading stock levels")

        self.patch(Stock, "read", refuse)
        self._meddle(77)
        self._compare()
        self.assertEqual(self.simulator.stock_of("GLASS"), 10)

    def test_many_differences_are_counted_and_some_named(self):
        drifted = [(f"Wine {number}", 1, 2) for number in range(53)]
        self.shop._report_drift(drifted)
        said = self.shop.message_ids[0].body
        self.assertIn("Wine 49", said)
        self.assertNotIn("Wine 50", said)
        self.assertIn("and 3 more", said)
        self.assertEqual(self.shop.drift_count, 53)
