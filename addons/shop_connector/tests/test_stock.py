from odoo.tests import tagged

from .common import ShopCase


@tagged("post_install", "-at_install")
class TestStock(ShopCase):
    def test_stock_of_products_and_variants_reaches_the_shop(self):
        self._product(stock=7)
        self._product_with_formats(stock=5)
        self.assertEqual(self._sync()["sent"]["stock"], 3)
        self.assertEqual(self.simulator.stock_of("GLASS"), 7)
        self.assertEqual(self.simulator.stock_of("WINE-1"), 5)

    def test_a_movement_is_pushed_and_only_that(self):
        template = self._product(stock=7)
        self._product("OTHER", stock=3)
        self._sync()
        self._stock(template.product_variant_ids, 6)
        with self._writes(1):
            self.assertEqual(self._sync()["sent"], {"stock": 1})
        self.assertEqual(self.simulator.stock_of("GLASS"), 6)

    def test_the_link_tells_what_was_sent_and_when(self):
        template = self._product(stock=7)
        self._sync()
        link = template.product_variant_ids.shop_link_ids
        self.assertEqual(link.stock_sent, 7)
        self.assertTrue(link.stock_sent_at)

    def test_the_safety_stock_is_never_offered(self):
        self._product(stock=7)
        self._product("FEW", stock=2)
        self.shop.stock_buffer = 3
        self._sync()
        self.assertEqual(self.simulator.stock_of("GLASS"), 4)
        self.assertEqual(self.simulator.stock_of("FEW"), 0)

    def test_only_the_shops_warehouses_count(self):
        template = self._product(stock=7)
        other = self.env["stock.warehouse"].create({"name": "Internal", "code": "INT"})
        self.env["stock.quant"]._update_available_quantity(
            template.product_variant_ids, other.lot_stock_id, 50
        )
        self._sync()
        self.assertEqual(self.simulator.stock_of("GLASS"), 7)
        self.shop.warehouse_ids |= other
        self._sync()
        self.assertEqual(self.simulator.stock_of("GLASS"), 57)

    def test_goods_reserved_for_other_orders_are_not_offered(self):
        template = self._product(stock=7)
        self._sync()
        order = self.env["sale.order"].create(
            {
                "partner_id": self.env.user.partner_id.id,
                "order_line": [
                    (0, 0, {"product_id": template.product_variant_ids.id, "product_uom_qty": 2})
                ],
            }
        )
        order.action_confirm()
        self._sync()
        self.assertEqual(self.simulator.stock_of("GLASS"), 5)

    def test_an_unpaid_order_is_not_given_back_to_the_shop(self):
        template = self._product(stock=10)
        self._sync()
        order_id = self.simulator.place_order([("GLASS", 4)], payment="ps_wirepayment")
        self.assertEqual(self.simulator.stock_of("GLASS"), 6)
        self._stock(template.product_variant_ids, 12)
        self._sync()
        self.assertEqual(self._order(order_id).state, "draft")
        self.assertEqual(self.simulator.stock_of("GLASS"), 8)

    def test_a_paid_order_counts_once(self):
        self._product(stock=10)
        self._sync()
        self._place([("GLASS", 4)])
        self.assertEqual(self.simulator.stock_of("GLASS"), 6)
        self.shop.action_compare_all()
        with self._writes(0):
            self._sync()

    def test_cancelling_frees_the_goods_on_both_sides(self):
        self._product(stock=10)
        self._sync()
        order_id = self.simulator.place_order([("GLASS", 4)])
        self._sync()
        self._set_state(order_id, "cancelled")
        self._sync()
        self.assertEqual(self._order(order_id).state, "cancel")
        self.assertEqual(self.simulator.stock_of("GLASS"), 10)
        self.shop.action_compare_all()
        with self._writes(0):
            self._sync()

    def test_an_archived_variant_has_nothing_left_to_sell(self):
        template = self._product_with_formats(extras=(0.0, 5.0, 9.0), stock=5)
        self._sync()
        template.product_variant_ids[2].action_archive()
        self._sync()
        self.assertEqual(self.simulator.stock_of("WINE-2"), 0)
        self.assertEqual(self.simulator.stock_of("WINE-1"), 5)

    def test_a_shop_that_is_down_keeps_the_exchange_waiting(self):
        template = self._product(stock=7)
        self._sync()
        self._stock(template.product_variant_ids, 3)
        self.simulator.fail(503, times=None)
        self.assertEqual(self._sync()["failed"], {"shop": 1})
        self.assertTrue(self.shop.unreachable_since)
        self.assertEqual(self.shop.state, "connected")
        self.simulator.faults.clear()
        self.env["shop.job"].search([("shop_id", "=", self.shop.id)]).due_at = "2020-01-01"
        self._sync()
        self.assertFalse(self.shop.unreachable_since)
        self.assertEqual(self.simulator.stock_of("GLASS"), 3)

    def test_a_refused_key_stops_the_shop_and_asks_a_person(self):
        self._product(stock=7)
        self.shop.api_key = "WRONG" * 6 + "XX"
        self._sync()
        self.assertEqual(self.shop.state, "blocked")
        self.assertFalse(self.shop.cron_id.active)
        self.assertIn("did not let us in", self.shop.last_error)
        self.assertEqual(len(self.shop.activity_ids), 1)
        self.shop.api_key = self.simulator.api_key
        self.shop.action_connect()
        self.assertEqual(self.shop.state, "connected")
        self.assertFalse(self.shop.activity_ids)
        self._sync()
        self.assertEqual(self.simulator.stock_of("GLASS"), 7)
