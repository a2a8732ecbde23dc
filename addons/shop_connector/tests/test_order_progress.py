from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .test_money import TRANSFER, MoneyCase
from .test_second_system import OtherSystemCase


@tagged("post_install", "-at_install")
class TestOrderProgress(MoneyCase):
    """What is paid or confirmed in Odoo shows in the shop, and comes back as nothing new."""

    def setUp(self):
        super().setUp()
        self.shop.send_progress = True
        self._method(TRANSFER).journal_id = self.bank
        self.order = self._buy(payment=TRANSFER)
        self.assertEqual((self._meaning_of(self.order_id), self.order.state), ("waiting", "draft"))

    def _unmap(self, meaning):
        rows = self.shop.order_state_mapping_ids.filtered(lambda row: row.meaning == meaning)
        rows.meaning = "other"

    def _bill(self):
        """The invoice of everything, before anything has left."""
        self.order.order_line.product_id.invoice_policy = "order"
        invoice = self.order._create_invoices()
        invoice.action_post()
        return invoice

    def _pay(self, invoice, amount=None):
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        values = {"journal_id": self.bank.id} | ({"amount": amount} if amount else {})
        wizard.create(values)._create_payments()

    def test_an_order_confirmed_by_a_person_is_in_preparation(self):
        self.order.action_confirm()
        with self._writes(1):
            self._sync()
        self.assertEqual(self._meaning_of(self.order_id), "processing")
        self.assertEqual(self.simulator.shop.mails, [])
        with self._writes(0):
            self._sync()

    def test_an_order_paid_in_odoo_is_paid_in_the_shop(self):
        self._unmap("processing")
        self.order.action_confirm()
        self._pay(self._bill())
        with self._writes(1):
            self._sync()
        self.assertEqual(self._meaning_of(self.order_id), "paid")
        self.assertEqual(self.simulator.shop.mails, [])

    def test_the_payment_that_the_shop_notes_of_it_is_not_booked_again(self):
        self.order.action_confirm()
        self._sync()
        self.simulator.clock.advance(5)
        self._sync()
        row = self._rows(self.order)
        self.assertEqual(row.state, "settled")
        self.assertIn("by itself", row.reason)
        invoice = self._bill()
        self.assertEqual(invoice.payment_state, "not_paid")
        self._pay(invoice)
        self._sync()
        self.assertIn(invoice.payment_state, ("in_payment", "paid"))
        self.assertFalse(row.payment_id)

    def test_a_part_of_the_money_is_not_all_of_it(self):
        self._unmap("processing")
        self.order.action_confirm()
        invoice = self._bill()
        self._pay(invoice, 1.0)
        with self._writes(0):
            self._sync()
        self._pay(invoice)
        self._sync()
        self.assertEqual(self._meaning_of(self.order_id), "paid")

    def test_a_down_payment_of_everything_counts(self):
        self._unmap("processing")
        self.order.action_confirm()
        wizard = self.env["sale.advance.payment.inv"].with_context(active_ids=self.order.ids)
        wizard = wizard.create({"advance_payment_method": "percentage", "amount": 100})
        wizard.create_invoices()
        self.order.invoice_ids.action_post()
        self._pay(self.order.invoice_ids)
        self._sync()
        self.assertEqual(self._meaning_of(self.order_id), "paid")

    def _transaction(self, state):
        provider = self.env["payment.provider"].create({"name": "Bank", "code": "none"})
        self.bank.inbound_payment_method_line_ids[0].payment_provider_id = provider
        self.env.flush_all()
        provider.invalidate_recordset(["journal_id"])
        return self.env["payment.transaction"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": self.env["payment.method"].search([], limit=1).id,
                "amount": self.order.amount_total,
                "currency_id": self.order.currency_id.id,
                "partner_id": self.order.partner_id.id,
                "reference": "Q-1",
                "state": state,
                "sale_order_ids": [Command.set(self.order.ids)],
            }
        )

    def test_money_held_on_a_card_has_not_come(self):
        transaction = self._transaction("draft")
        self.env.flush_all()
        # by the database: Odoo asks the provider whether it can hold money
        self.env.cr.execute(
            "UPDATE payment_transaction SET state = 'authorized' WHERE id = %s", [transaction.id]
        )
        self.env.invalidate_all()
        self.assertIn("authorized", self.order.transaction_ids.mapped("state"))
        self.assertFalse(self.order._has_money())
        self.order._tell_shop_paid()
        with self._writes(0):
            self._sync()
        transaction.state = "done"
        self.assertTrue(self.order._has_money())

    def test_a_payment_on_the_quotation_counts(self):
        transaction = self._transaction("done")
        self._unmap("processing")
        transaction._post_process()
        self._sync()
        self.assertEqual((self._meaning_of(self.order_id), self.order.state), ("paid", "sale"))

    def test_what_the_shop_says_is_not_said_back(self):
        self._set_state(self.order_id, "paid")
        with self._writes(0):
            self._sync()
        self.assertEqual((self._meaning_of(self.order_id), self.order.state), ("paid", "sale"))
        with self._writes(0):
            # the shop's money clears the invoice
            self.assertIn(self._bill().payment_state, ("in_payment", "paid"))
            self._sync()
        self.assertEqual(self._meaning_of(self.order_id), "paid")

    def test_a_shop_is_not_told_unless_the_merchant_wants_it(self):
        self.assertFalse(self.env["shop.shop"].new().send_progress)
        self.shop.send_progress = False
        self.order.action_confirm()
        self._pay(self._bill())
        with self._writes(0):
            self._sync()
        self.assertEqual(self._meaning_of(self.order_id), "waiting")

    def test_a_salesperson_without_rights_on_shops_confirms(self):
        seller = new_test_user(
            self.env, "progress_seller", groups="sales_team.group_sale_salesman_all_leads"
        )
        self.order.with_user(seller).action_confirm()
        self._sync()
        self.assertEqual(self._meaning_of(self.order_id), "processing")

    def test_what_has_left_stays_shipped(self):
        self.order.action_confirm()
        self._sync()
        self._deliver(self.order)
        self._sync()
        self.assertEqual(self._meaning_of(self.order_id), "shipped")
        self._pay(self._bill())
        with self._writes(0):
            self._sync()
        self.assertEqual(self._meaning_of(self.order_id), "shipped")


@tagged("post_install", "-at_install")
class TestOrderProgressElsewhere(OtherSystemCase):
    """A shop that calls paid orders "Processing" and has no status of its own for the money."""

    def setUp(self):
        super().setUp()
        self.shop.send_progress = True
        self.glass = self._product(stock=50).product_variant_ids
        self._sync()
        self.number = self.simulator.place_order([("GLASS", 2)], payment="bacs", state="on-hold")
        self._sync()
        self.order = self._order(self.number)
        self.assertEqual((self._state(self.number), self.order.state), ("on-hold", "draft"))

    def test_a_paid_order_is_processed(self):
        self.shop.send_progress = False
        self.order.action_confirm()
        self.shop.send_progress = True
        self.glass.invoice_policy = "order"
        self.order.order_line.product_id.invoice_policy = "order"
        invoice = self.order._create_invoices()
        invoice.action_post()
        bank = self.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", self.company.id)], limit=1
        )
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        wizard.create({"journal_id": bank.id})._create_payments()
        with self._writes(1):
            self._sync()
        self.assertEqual(self._state(self.number), "processing")

    def test_the_payment_it_notes_is_settled(self):
        self.order.action_confirm()
        self._sync()
        self._sync()
        self.assertEqual(self._state(self.number), "processing")
        self.assertEqual(self.order.shop_payment_ids.state, "settled")
