from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.shop_connector.tests.common import ShopCase


@tagged("post_install", "-at_install")
class TestKits(ShopCase):
    """Two glasses and a bottle make a box."""

    def setUp(self):
        super().setUp()
        self.glass = self._product("GLASS", stock=10).product_variant_ids
        self.bottle = self._product("BOTTLE", stock=20).product_variant_ids
        self.box = self._product("BOX", is_storable=False)
        self.bom = self._kit(self.box, [(self.glass, 2), (self.bottle, 1)])
        self._sync()

    def _kit(self, template, parts, **values):
        return self.env["mrp.bom"].create(
            {
                "product_tmpl_id": template.id,
                "type": "phantom",
                "product_qty": 1,
                "bom_line_ids": [
                    Command.create({"product_id": product.id, "product_qty": quantity})
                    for product, quantity in parts
                ],
                **values,
            }
        )

    def _assert_offered(self, **expected):
        self.assertFalse(self._sync()["failed"])
        found = {sku: self.simulator.stock_of(sku) for sku in expected}
        self.assertEqual(found, expected)

    def test_a_kit_is_offered_as_often_as_its_components_make_it(self):
        self._assert_offered(BOX=5, GLASS=10, BOTTLE=20)

    def test_a_component_that_moves_changes_the_kit(self):
        self._stock(self.glass, 7)
        self._assert_offered(BOX=3, GLASS=7)

    def test_a_bill_that_changes_changes_the_kit(self):
        self.bom.bom_line_ids[0].product_qty = 5
        self._assert_offered(BOX=2)
        self.bom.bom_line_ids[0].unlink()
        self._assert_offered(BOX=20)
        self.bom.bom_line_ids = [Command.create({"product_id": self.glass.id, "product_qty": 10})]
        self._assert_offered(BOX=1)
        self.bom.type = "normal"
        self._assert_offered(BOX=9999)

    def test_a_kit_in_a_kit_is_taken_apart(self):
        crate = self._product("CRATE", is_storable=False)
        self._kit(crate, [(self.box.product_variant_ids, 2)])
        self._assert_offered(CRATE=2)
        self._stock(self.glass, 8)
        self._assert_offered(CRATE=2, BOX=4)
        self._stock(self.glass, 3)
        self._assert_offered(CRATE=0, BOX=1)

    def test_an_unpaid_kit_is_taken_off_its_components_and_their_other_kits(self):
        self._kit(self._product("PAIR", is_storable=False), [(self.glass, 2)])
        self._assert_offered(PAIR=5)
        self.simulator.place_order([("BOX", 2)], payment="ps_wirepayment")
        self._assert_offered(BOX=3, GLASS=6, BOTTLE=18, PAIR=3)

    def test_an_unpaid_component_is_taken_off_its_kits(self):
        self.simulator.place_order([("GLASS", 3)], payment="ps_wirepayment")
        self._assert_offered(GLASS=7, BOX=3)

    def test_a_paid_kit_counts_once(self):
        order = self._place([("BOX", 2)], payment="ps_checkout")
        self.assertEqual(order.state, "sale")
        self.assertEqual(order.picking_ids.move_ids.product_id, self.glass | self.bottle)
        self._assert_offered(BOX=3, GLASS=6, BOTTLE=18)
        self.shop.action_compare_all()
        with self._writes(0):
            self._sync()

    def test_a_kit_that_waits_for_a_component_is_not_offered_again(self):
        self._stock(self.glass, 0)
        self.box.shop_backorder = "allow"
        self._sync()
        order = self._place([("BOX", 2)], payment="ps_checkout")
        self.assertEqual(order.state, "sale")
        self.env["stock.quant"]._update_available_quantity(
            self.glass, self.warehouse.lot_stock_id, 10
        )
        self._assert_offered(BOX=3, GLASS=6, BOTTLE=18)

    def test_a_cancelled_kit_gives_everything_back(self):
        order_id = self.simulator.place_order([("BOX", 2)], payment="ps_checkout")
        self._sync()
        self._set_state(order_id, "cancelled")
        self._assert_offered(BOX=5, GLASS=10, BOTTLE=20)

    def test_parts_that_nobody_counts_do_not_limit(self):
        paper = self._product("PAPER", is_storable=False).product_variant_ids
        self.bom.bom_line_ids = [Command.create({"product_id": paper.id, "product_qty": 3})]
        self._assert_offered(BOX=5)
        self._kit(self._product("WRAPPING", is_storable=False), [(paper, 1)])
        self._assert_offered(WRAPPING=9999)

    def test_limits_of_the_shop_hold_for_the_kit(self):
        self.shop.stock_buffer = 1
        self._assert_offered(BOX=4, GLASS=9)
        self.shop.write({"stock_buffer": 0, "stock_cap": 2})
        self._assert_offered(BOX=2, GLASS=2)

    def test_a_bill_for_several_kits_in_dozens_of_parts(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        tray = self._product("TRAY", is_storable=False)
        bom = self._kit(tray, [(self.bottle, 1)], product_qty=6)
        bom.bom_line_ids.product_uom_id = dozen
        self._assert_offered(TRAY=10)

    def test_the_nightly_comparison_knows_kits(self):
        self.shop.drift_checked_at = "2020-01-01"
        with self._writes(0):
            self._sync()
        self.assertEqual(self.shop.drift_count, 0)

    def test_marking_costs_one_query_more(self):
        self.env["shop.job"]._flush_marks()
        self.env.flush_all()
        self.env["shop.job"]._mark("stock", self.glass.ids)
        with self.assertQueryCount(2, flush=False):
            self.env["shop.job"]._write_marks()
