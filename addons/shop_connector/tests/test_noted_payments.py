from odoo.tests import tagged

from .test_money import TRANSFER, MoneyCase


@tagged("post_install", "-at_install")
class TestNotedPayments(MoneyCase):
    """A shop notes a payment by a status of ours; that is told from what a customer paid."""

    def setUp(self):
        super().setUp()
        self.shop.send_progress = True
        self._method(TRANSFER).journal_id = self.bank
        self.env["product.product"].search([]).invoice_policy = "order"
        self.order = self._buy(payment=TRANSFER)
        self.assertEqual(self.order.state, "draft")

    def _read_later(self, seconds=5):
        self.simulator.clock.advance(seconds)
        self._sync()
        return self._rows(self.order)

    def _customer_pays(self, seconds=5):
        """The merchant marks the transfer as received in the shop."""
        self.simulator.clock.advance(seconds)
        self._set_state(self.order_id, "paid")
        return self._read_later()

    def _assert_booked(self, rows):
        self.assertEqual((rows.mapped("is_noted"), rows.mapped("state")), ([False], ["waiting"]))
        invoice = self.order._create_invoices()
        invoice.action_post()
        self.assertEqual(rows.state, "done")
        self.assertIn(invoice.payment_state, ("in_payment", "paid"))

    def _only_meaning(self, code, meaning):
        """Of the shop's statuses only this one stands for the meaning."""
        rows = self.shop.order_state_mapping_ids
        rows.filtered(lambda row: row.meaning == meaning).meaning = "other"
        rows.filtered(lambda row: row.external_code == code).meaning = meaning

    def _repeat_status(self):
        domain = [("kind", "=", "status"), ("state", "=", "pending")]
        self.env["shop.job"].search(domain).due_at = "2020-01-01"
        self._sync()

    def test_one_that_was_real_after_all_is_booked_by_a_person(self):
        self.order.action_confirm()
        self._sync()
        row = self._read_later()
        self.assertEqual((row.is_noted, row.state), (True, "settled"))
        self.assertFalse(self.order.shop_noted_at)
        row.action_retry()
        self._assert_booked(row)

    def test_it_is_not_booked_with_what_waits(self):
        self.order.action_confirm()
        self._sync()
        noted = self._read_later()
        waiting = self._rows(self._buy(customer={"email": "other@example.com"}))
        (noted | waiting).action_retry()
        self.assertEqual((noted.is_noted, noted.state), (True, "settled"))

    def test_a_corrected_amount_of_it_asks_nobody(self):
        self.order.action_confirm()
        self._sync()
        row = self._read_later()
        row.amount = 1.0
        self.env["shop.job"]._mark_incoming(self.shop, "order", [str(self.order_id)])
        self._sync()
        self.assertAlmostEqual(row.amount, self.order.shop_total, places=2)
        self.assertEqual(row.state, "settled")

    def test_after_a_status_that_the_shop_refused_the_payment_is_money(self):
        self.simulator.fail(400, method="POST", path="order_histories")
        self.order.action_confirm()
        self._sync()
        self.assertTrue(self._failed("status"))
        self.assertFalse(self.order.shop_noted_at)
        self._assert_booked(self._customer_pays())

    def test_after_a_status_that_notes_nothing_the_payment_is_money(self):
        # "On backorder (not paid)"
        self._only_meaning("12", "processing")
        self.order.action_confirm()
        self._sync()
        self.assertFalse(self._read_later())
        self.assertEqual(self.order.shop_state, "12")
        self._assert_booked(self._customer_pays(seconds=3600))

    def test_one_that_was_there_before_our_status_is_money(self):
        self.order.action_confirm()
        self.simulator.clock.advance(-600)
        self._set_state(self.order_id, "paid")
        self.simulator.clock.advance(600)
        self._sync()
        self._assert_booked(self._read_later())

    def test_the_answer_was_lost(self):
        self.simulator.fail(method="POST", path="order_histories", drop=True, after_work=True)
        self.order.action_confirm()
        self._sync()
        self._repeat_status()
        self.assertTrue(self._read_later().is_noted)

    def test_the_shop_broke_down_after_it_had_written(self):
        self.simulator.fail(500, method="POST", path="order_histories", after_work=True)
        self.order.action_confirm()
        self._sync()
        self.assertTrue(self._read_later().is_noted)

    def test_the_money_of_a_courier_has_not_come_when_the_goods_leave(self):
        self.shop.send_progress = False
        self.order.action_confirm()
        self._sync()
        self._deliver(self.order)
        self._sync()
        row = self._read_later()
        self.assertEqual((row.is_noted, row.state), (True, "settled"))
        invoice = self.order._create_invoices()
        invoice.action_post()
        self.assertEqual(invoice.payment_state, "not_paid")
