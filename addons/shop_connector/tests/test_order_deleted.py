from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common import ShopCase


@tagged("post_install", "-at_install")
class TestOrderDeleted(ShopCase):
    """Orders that somebody deleted in the shop: told once, and nothing waits for them."""

    def setUp(self):
        super().setUp()
        self.glass = self._product(stock=50).product_variant_ids
        self._sync()

    def _delete(self, external_id):
        self.simulator.shop.store.delete("orders", int(external_id))

    def _sweep(self):
        self.shop.sweep_at = fields.Datetime.now() - timedelta(days=1)
        return self._sync()

    def _external(self, order):
        link = self.env["shop.binding"]._by_record(self.shop, "order", order.ids)
        return link[order.id].external_id

    def _notes(self, order):
        return [body for body in order.message_ids.mapped("body") if "deleted in the web" in body]

    def _offered(self):
        return self.simulator.stock_of("GLASS")

    def test_the_daily_check_notices_it_and_gives_its_goods_free(self):
        order = self._place([("GLASS", 4)], payment="ps_wirepayment")
        self.assertEqual((order.state, order.shop_holds_stock), ("draft", True))
        self._sync()
        self.assertEqual(self._offered(), 46)
        self._delete(self._external(order))
        self._sync()
        self.assertFalse(self._notes(order))
        self._sweep()
        self.assertEqual(len(self._notes(order)), 1)
        self.assertEqual((order.state, order.shop_holds_stock), ("draft", False))
        self._sync()
        self.assertEqual(self._offered(), 50)

    def test_it_is_told_once(self):
        order = self._place([("GLASS", 4)])
        self._delete(self._external(order))
        for _night in range(3):
            self._sweep()
        self.env["shop.job"]._mark_incoming(self.shop, "order", [self._external(order)])
        self._sync()
        self.assertEqual(len(self._notes(order)), 1)
        self.assertFalse(self._failed("order"))

    def test_what_the_shop_has_is_not_read_again(self):
        order = self._place([("GLASS", 4)])
        jobs = [("kind", "=", "order"), ("key", "=", self._external(order))]
        before = self.env["shop.job"].search(jobs)
        self._sweep()
        self.assertEqual(self.env["shop.job"].search(jobs), before)
        self.assertFalse(self._notes(order))

    def test_one_that_was_gone_before_it_was_read_holds_nothing_up(self):
        order_id = self.simulator.place_order([("GLASS", 4)])
        self._delete(order_id)
        self.env["shop.job"]._mark_incoming(self.shop, "order", [str(order_id)])
        self.assertFalse(self._sync()["failed"])
        self.assertFalse(self.env["shop.sync.stock"]._has_unread_orders(self.shop))
        self.assertFalse(self.env["shop.job"].search([("key", "=", str(order_id))]))

    def test_one_that_could_not_be_read_and_is_gone_is_let_go(self):
        order_id = self.simulator.place_order([("GLASS", 4)])
        store = self.simulator.shop.store
        store.one("orders", order_id).values["total_paid_tax_incl"] = "twelve"
        self._sync()
        self.assertEqual(self._failed("order").key, str(order_id))
        self.assertTrue(self.env["shop.sync.stock"]._has_unread_orders(self.shop))
        self._delete(order_id)
        self._sweep()
        self.assertFalse(self._failed("order"))
        self.assertFalse(self.env["shop.sync.stock"]._has_unread_orders(self.shop))
