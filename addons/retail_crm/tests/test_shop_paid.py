"""Rows 62, 116: an order that its shop calls paid is paid, whether or not payments are booked."""

from odoo.tests import tagged

from odoo.addons.shop_connector.tests.common import ShopCase


@tagged("post_install", "-at_install")
class TestShopPaid(ShopCase):
    def setUp(self):
        super().setUp()
        self.env["base.automation"].search([]).active = False
        self.rule = self.env["base.automation"].create(
            {
                "name": "Thank for the payment",
                "retail_event": "order_paid",
                "task_type_id": self.env.ref("mail.mail_activity_data_todo").id,
            }
        )
        self._product(stock=50)
        self._sync()

    def _external(self, order):
        link = self.env["shop.binding"]._by_record(self.shop, "order", order.ids)
        return int(link[order.id].external_id)

    def _events(self, order):
        runs = self.env["retail.trigger.run"].search([("rule_id", "=", self.rule.id)])
        return runs.filtered(lambda run: run.res_id == order.id)

    def _assert_paid(self, order, status="paid"):
        self.assertEqual(order.payment_status, status)
        self.assertEqual(order._is_paid(), status == "paid")
        self.assertEqual(bool(order.paid_at), status == "paid")
        self.assertEqual(len(self._events(order)), int(status == "paid"))

    def test_062_a_shop_without_booked_payments(self):
        self.shop.payment_rule = "none"
        order = self._place([("GLASS", 2)], payment="ps_checkout")
        self.assertFalse(order.shop_payment_ids)
        self._assert_paid(order)

    def test_062_paid_later_and_then_shipped(self):
        self.shop.payment_rule = "none"
        order = self._place([("GLASS", 2)], payment="ps_wirepayment")
        self._assert_paid(order, "unpaid")
        for meaning in ("paid", "processing", "shipped"):
            self._set_state(self._external(order), meaning)
            self._sync()
            self._assert_paid(order)

    def test_062_what_was_never_paid_is_not_paid_by_being_shipped(self):
        self.shop.payment_rule = "none"
        order = self._place([("GLASS", 2)], payment="ps_wirepayment")
        self._set_state(self._external(order), "shipped")
        self._sync()
        self._assert_paid(order, "unpaid")

    def test_062_payments_without_a_journal_count_once(self):
        self.shop.payment_mapping_ids.journal_id = False
        order = self._place([("GLASS", 2)], payment="ps_checkout")
        self.assertTrue(order.shop_payment_ids)
        self._assert_paid(order)
        self._sync()
        self._assert_paid(order)

    def test_062_money_given_back_is_not_there(self):
        self.shop.payment_rule = "none"
        order = self._place([("GLASS", 2)], payment="ps_checkout")
        self._set_state(self._external(order), "refunded")
        self._sync()
        self.assertEqual(order.payment_status, "unpaid")

    def _confirm_unpaid(self):
        """An order that the shop takes for paid because we confirmed it."""
        self.shop.send_progress = True
        order = self._place([("GLASS", 2)], payment="ps_wirepayment")
        order.channel_id.invoice_policy = "payment"
        order.action_confirm()
        self._sync()
        self.simulator.clock.advance(5)
        self._sync()
        self.assertTrue(order.shop_payment_ids.is_noted)
        return order

    def test_062_what_the_shop_notes_by_our_status_is_not_paid(self):
        order = self._confirm_unpaid()
        self._assert_paid(order, "unpaid")
        self.assertFalse(order._has_money())
        self.assertFalse(order._why_not_to_pay())
        self.assertFalse(order.invoice_ids or order.invoice_is_due)

    def test_062_a_stage_that_sets_the_status_makes_it_no_more_paid(self):
        order = self._place([("GLASS", 2)], payment="ps_wirepayment")
        order.action_confirm()
        stage = self.env["retail.order.stage"].create(
            {"name": "Packing", "category": "assembly", "sequence": 35}
        )
        rows = self.shop.order_state_mapping_ids
        rows.filtered(lambda row: row.meaning == "processing")[:1].stage_id = stage
        order._enter_stage(stage)
        self._sync()
        self.simulator.clock.advance(5)
        self._sync()
        self.assertTrue(order.shop_payment_ids.is_noted)
        self._assert_paid(order, "unpaid")

    def test_062_what_was_real_after_all_is_paid(self):
        order = self._confirm_unpaid()
        order.shop_payment_ids.action_retry()
        self._assert_paid(order)
        self.assertTrue(order.invoice_ids)
