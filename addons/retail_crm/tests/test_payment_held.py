"""Rows 45, 116, 124: money that is held on a card, or went back, is not money that has come."""

from datetime import datetime, timedelta

from odoo.fields import Command
from odoo.tests import tagged

from .trigger_common import TriggerCase

NOON = datetime(2026, 5, 20, 12)
HOUR = timedelta(hours=1)


@tagged("post_install", "-at_install")
class TestPaymentHeld(TriggerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["account.payment.method"].create(
            {"name": "Online", "code": "none", "payment_type": "inbound"}
        )
        bank = cls.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", cls.company.id)], limit=1
        )
        cls.provider = cls.env["payment.provider"].create({"name": "Online", "code": "none"})
        cls.provider.write({"state": "test", "journal_id": bank.id})
        cls.glass.invoice_policy = "order"

    def setUp(self):
        super().setUp()
        self._at(NOON)
        self.paid = self._rule("order_paid")
        self.unpaid = self._rule("order_unpaid", wait_value=24, wait_unit="hours")
        self.order = self._order(user_id=self.anna.id)
        self.order.action_confirm()

    def _pay(self, state):
        payment = self.env["payment.transaction"].create(
            {
                "provider_id": self.provider.id,
                "payment_method_id": self.env["payment.method"].search([], limit=1).id,
                "reference": f"pay {self.order.name}",
                "amount": self.order.amount_total,
                "currency_id": self.order.currency_id.id,
                "partner_id": self.order.partner_id.id,
                "sale_order_ids": [Command.link(self.order.id)],
                "state": "draft",
            }
        )
        self._becomes(payment, state)
        return payment

    def _becomes(self, payment, state):
        self.env.flush_all()
        # by the database: Odoo asks the provider whether it can hold money
        self.env.cr.execute(
            "UPDATE payment_transaction SET state = %s WHERE id = %s", [state, payment.id]
        )
        self.env.invalidate_all()
        payment.modified(["state"])
        payment._post_process()
        self._work()

    def _assert_is(self, status, is_paid=False):
        self.assertEqual((self.order.payment_status, self.order._is_paid()), (status, is_paid))
        row = self.env["retail.order.desk"]._describe_order_briefly(self.order)
        self.assertEqual(row["is_paid"], is_paid)

    def _a_day_later(self):
        self._at(NOON + 25 * HOUR)
        self._work()

    def test_116_what_is_held_has_not_arrived(self):
        payment = self._pay("authorized")
        self._assert_is("held")
        self.assertFalse(self._runs(self.paid) or self.order.paid_at)
        self._becomes(payment, "done")
        self._assert_is("paid", is_paid=True)
        self._assert_run(self.paid, "done")

    def test_124_who_has_done_their_part_is_not_asked_again(self):
        self._pay("authorized")
        self._a_day_later()
        self.assertFalse(self._runs(self.unpaid))
        task = self.env["retail.courier.task"].new({"order_id": self.order.id})
        self.assertFalse(task.amount_to_collect)

    def test_124_held_between_planning_and_sending(self):
        self._at(NOON + 25 * HOUR)
        self.env["base.automation"]._sweep_retail_rules()
        self._pay("authorized")
        self._assert_run(self.unpaid, "skipped", "held on the customer's card")

    def test_124_what_is_let_go_is_unpaid(self):
        payment = self._pay("authorized")
        self._becomes(payment, "cancel")
        self._assert_is("unpaid")
        self._a_day_later()
        self._assert_run(self.unpaid, "done")

    def test_124_what_was_given_back_is_neither_paid_nor_asked_for(self):
        payment = self._pay("done")
        self._assert_is("paid", is_paid=True)
        self._at(NOON + 25 * HOUR)
        refund = payment.copy(
            {
                "reference": "back",
                "amount": -payment.amount,
                "operation": "refund",
                "source_transaction_id": payment.id,
                "sale_order_ids": [Command.link(self.order.id)],
            }
        )
        self._becomes(refund, "done")
        self._assert_is("unpaid")
        self.assertTrue(self.order.paid_at, "it was paid once")
        self._assert_run(self.unpaid, "skipped", "given back")

    def test_124_what_bounced_is_asked_for(self):
        """For example a direct debit that the bank takes back."""
        payment = self._pay("done")
        self._becomes(payment, "error")
        self._assert_is("unpaid")
        self._a_day_later()
        self._assert_run(self.unpaid, "done")
        self._assert_run(self.paid, "done")
