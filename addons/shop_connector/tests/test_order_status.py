from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import ShopCase

PAID = {"payment": "ps_checkout"}


@tagged("post_install", "-at_install")
class TestOrderStatus(ShopCase):
    """What became of an order here shows in the shop, and nobody is written to unasked."""

    def setUp(self):
        super().setUp()
        self._product(stock=50)
        self._sync()
        self.order = self._place([("GLASS", 4)], **PAID)
        self.external = int(self._link().external_id)

    def _link(self):
        return self.env["shop.binding"]._by_record(self.shop, "order", self.order.ids)[
            self.order.id
        ]

    def _deliver(self, picking, quantity=None):
        if quantity is not None:
            picking.move_ids.quantity = quantity
        picking.move_ids.picked = True
        picking.with_context(skip_backorder=True)._action_done()

    def test_a_status_is_set_once_and_without_mail(self):
        self.order._send_shop_status("cancelled")
        with self._writes(1):
            self._sync()
        self.assertEqual(self._meaning_of(self.external), "cancelled")
        self.assertEqual(self.simulator.shop.mails, [])
        self.order._send_shop_status("cancelled")
        with self._writes(0):
            self._sync()

    def test_the_shop_writes_to_the_customer_when_asked_to(self):
        rows = self.shop.order_state_mapping_ids.filtered(lambda row: row.meaning == "cancelled")
        rows.notify_customer = True
        self.order._send_shop_status("cancelled")
        self._sync()
        self.assertEqual(len(self.simulator.shop.mails), 1)

    def test_a_status_never_goes_back(self):
        self._deliver(self.order.picking_ids)
        self._sync()
        self.assertEqual(self._meaning_of(self.external), "shipped")
        self.order._send_shop_status("processing")
        with self._writes(0):
            self._sync()
        self.assertEqual(self._meaning_of(self.external), "shipped")

    def test_a_cancellation_without_a_status_for_it_is_told(self):
        rows = self.shop.order_state_mapping_ids.filtered(lambda row: row.meaning == "cancelled")
        rows.meaning = "other"
        self.order._send_shop_status("cancelled")
        self._sync()
        self.assertIn("page Mappings, Order Statuses", self._failed("status").error)
        rows[0].meaning = "cancelled"
        self._failed("status").action_retry()
        self._sync()
        self.assertEqual(self._meaning_of(self.external), "cancelled")
        self.assertFalse(self._failed("status"))

    def test_a_lost_answer_makes_one_change(self):
        self.simulator.fail(method="POST", path="order_histories", drop=True, after_work=True)
        self.order._send_shop_status("cancelled")
        self._sync()
        job = self.env["shop.job"].search([("kind", "=", "status"), ("state", "=", "pending")])
        job.due_at = "2020-01-01"
        self._sync()
        history = self.simulator.order(self.external)["history"]
        self.assertEqual(len(history), len(set(history)))
        self.assertEqual(self._meaning_of(self.external), "cancelled")

    def test_delivered_in_the_shop_is_delivered_here(self):
        self._deliver(self.order.picking_ids)
        self._sync()
        self._set_state(self.external, "delivered")
        self._sync()
        self.assertTrue(self.order.delivered_at)
        with self._writes(0):
            self._sync()

    def test_delivered_waits_for_the_goods_to_leave(self):
        with self.assertRaisesRegex(UserError, "not all goods have left"):
            self.order.action_mark_delivered()
        self._deliver(self.order.picking_ids)
        self.assertTrue(self.order.can_mark_delivered)
        self.order.action_mark_delivered()
        first = self.order.delivered_at
        self.assertTrue(first)
        self.order.action_mark_delivered()
        self.assertEqual(self.order.delivered_at, first)
        self.assertFalse(self.order.can_mark_delivered)
        self._sync()
        self.assertEqual(self._meaning_of(self.external), "delivered")
