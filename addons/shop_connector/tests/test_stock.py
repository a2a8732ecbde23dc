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

    def test_one_of_two_variants_archived_leaves_a_choice_of_one(self):
        template = self._product_with_formats(stock=5)
        self._sync()
        template.product_variant_ids[1].action_archive()
        self._stock(template.product_variant_ids, 3)
        self.assertFalse(self._sync()["failed"])
        self.assertEqual(self.simulator.stock_of("WINE-0"), 3)
        self.assertEqual(self.simulator.stock_of("WINE-1"), 0)

    def test_a_deleted_variant_has_nothing_left_to_sell(self):
        template = self._product_with_formats(extras=(0.0, 5.0, 9.0))
        self._stock(template.product_variant_ids[:2], 5)
        self._sync()
        external = template.product_variant_ids[2].shop_link_ids.external_id
        self.assertTrue(external)
        template.product_variant_ids[2].unlink()
        self.assertFalse(self._sync()["failed"])
        self.assertEqual(self.simulator.stock_of("WINE-2"), 0)

    def test_what_is_sold_during_a_long_run_is_read_before_stock_is_pushed(self):
        template = self._product(stock=10)
        self._sync()
        self._stock(template.product_variant_ids, 12)
        orders = []
        catalogue = self.env.registry["shop.sync.catalogue"]
        process = catalogue._process

        def sell_meanwhile(sync, *args):
            orders.append(self.simulator.place_order([("GLASS", 4)], payment="ps_checkout"))
            return process(sync, *args)

        self.patch(catalogue, "_process", sell_meanwhile)
        template.list_price = 11.0
        self._sync()
        self.assertEqual(self._order(orders[0]).state, "sale")
        self.assertEqual(self.simulator.stock_of("GLASS"), 8)

    def test_goods_of_an_order_that_could_not_be_read_in_are_not_offered(self):
        template = self._product(stock=10)
        self._sync()
        self.simulator.place_order([("GLASS", 4)], payment="ps_checkout")
        importer = self.env.registry["shop.sync.order"]
        self.patch(importer, "_create_orders", self._refuse)
        self.assertEqual(self._sync()["failed"], {"order": 1})
        self._stock(template.product_variant_ids, 12)
        self._sync()
        self.assertEqual(self.simulator.stock_of("GLASS"), 8)

    def _refuse(self, *_args):
        raise ValueError("Broken for the test")

    def test_goods_that_nobody_counts_can_always_be_bought(self):
        self._product("TASTING", type="service", is_storable=False)
        self._sync()
        self.assertGreater(self.simulator.stock_of("TASTING"), 1000)

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
