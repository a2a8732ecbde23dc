"""Shop connector and document types installed together: "Delivered" does what both promise."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.shop_connector.tests.common import ShopCase


@tagged("post_install", "-at_install")
class TestMarkDelivered(ShopCase):
    def setUp(self):
        super().setUp()
        self._product(stock=50)
        self._sync()
        self.order = self._place([("GLASS", 4)], payment="ps_checkout")
        link = self.env["shop.binding"]._by_record(self.shop, "order", self.order.ids)
        self.external = int(link[self.order.id].external_id)
        self.order.document_type_id.movement_trigger = "delivered"

    def _meaning(self):
        state = self.simulator.order(self.external)["current_state"]
        rows = self.shop.order_state_mapping_ids
        return rows.filtered(lambda row: row.external_code == state).meaning

    def _take_stock(self, quantity):
        """Goods disappear, reserved ones too."""
        self.order.picking_ids.do_unreserve()
        place = self.warehouse.lot_stock_id
        goods = self.order.order_line.product_id
        self.env["stock.quant"]._update_available_quantity(goods[:1], place, -quantity)

    def test_a_person_delivers_and_the_shop_hears_of_it(self):
        self.assertEqual(self.order.picking_ids.state, "assigned")
        self.order.action_mark_delivered()
        self.assertEqual(self.order.picking_ids.state, "done")
        self.assertTrue(self.order.picking_ids.document_number)
        self.assertTrue(self.order.delivered_at)
        self._sync()
        self.assertEqual(self._meaning(), "delivered")

    def test_missing_goods_stop_both(self):
        self._take_stock(48)
        with self.assertRaisesRegex(UserError, "wanted 4 .*available 2"):
            self.order.action_mark_delivered()
        self.assertFalse(self.order.delivered_at)

    def test_what_is_validated_by_hand_has_to_leave_first(self):
        self.order.document_type_id.movement_trigger = "manual"
        with self.assertRaisesRegex(UserError, "not all goods have left"):
            self.order.action_mark_delivered()

    def test_delivered_in_the_shop_writes_off_the_goods_here(self):
        self._set_state(self.external, "delivered")
        self._sync()
        self.assertEqual(self.order.picking_ids.state, "done")
        self.assertTrue(self.order.delivered_at)

    def test_delivered_in_the_shop_without_goods_here_is_a_task(self):
        self._take_stock(48)
        self._set_state(self.external, "delivered")
        self._sync()
        self.assertFalse(self.order.delivered_at)
        self.assertNotEqual(self.order.picking_ids.state, "done")
        notes = " ".join(str(note) for note in self.order.activity_ids.mapped("note"))
        self.assertIn("wanted 4", notes)
