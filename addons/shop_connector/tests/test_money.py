from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import ShopCase

MARIA = {"email": "maria.rossi@example.com", "firstname": "Maria", "lastname": "Rossi"}
CARD, TRANSFER = "ps_checkout", "ps_wirepayment"


class MoneyCase(ShopCase):
    """A shop with goods in stock and a bank journal for its card payments."""

    def setUp(self):
        super().setUp()
        self.bank = self.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", self.company.id)], limit=1
        )
        self.bank.currency_id = False
        # a shop without orders names the standard methods only
        self.env["shop.mapping"].create(
            {
                "shop_id": self.shop.id,
                "kind": "payment",
                "external_code": CARD,
                "name": "Card",
                "journal_id": self.bank.id,
            }
        )
        self.glass = self._product(stock=500, price=10.0).product_variant_ids
        self._product("CORK", stock=500, price=5.0, taxes_id=[(6, 0, self.vat10.ids)])
        self._sync()

    def _method(self, code):
        return self.shop.payment_mapping_ids.filtered(lambda row: row.external_code == code)

    def _buy(self, lines=(("GLASS", 4), ("CORK", 2)), **options):
        options = {"customer": MARIA, "payment": CARD} | options
        self.order_id = self.simulator.place_order(list(lines), **options)
        self._sync()
        return self._order(self.order_id)

    def _deliver(self, order):
        order.picking_ids.move_ids.picked = True
        order.picking_ids.button_validate()

    def _invoice(self, order):
        self._deliver(order)
        invoice = order._create_invoices()
        invoice.action_post()
        return invoice

    def _rows(self, order, kind="payment"):
        return order.shop_payment_ids.filtered(lambda row: row.kind == kind).sorted("id")


@tagged("post_install", "-at_install")
class TestPayments(MoneyCase):
    def test_the_payment_is_booked_and_cleared_when_the_invoice_is_posted(self):
        order = self._buy()
        row = self._rows(order)
        self.assertEqual(row.state, "waiting")
        self.assertFalse(row.payment_id)
        invoice = self._invoice(order)
        payment = row.payment_id
        self.assertEqual(row.state, "done")
        self.assertEqual(payment.journal_id, self.bank)
        self.assertEqual(payment.shop_order_id, order)
        self.assertIn(order.client_order_ref, payment.memo)
        self.assertAlmostEqual(payment.amount, order.shop_total, places=2)
        self.assertIn(payment.state, ("in_process", "paid"))
        self.assertIn(invoice.payment_state, ("in_payment", "paid"))
        self.assertEqual(invoice.amount_residual, 0.0)

    def test_reading_again_books_nothing_again(self):
        order = self._buy()
        self._invoice(order)
        before = self.env["account.payment"].search_count([])
        for _time in range(2):
            self.env["shop.job"]._mark_incoming(self.shop, "order", [str(self.order_id)])
            self.assertFalse(self._sync()["received"])
        self.assertEqual(self.env["account.payment"].search_count([]), before)
        self.assertEqual(len(self._rows(order)), 1)

    def test_a_payment_at_once_waits_as_credit_for_the_invoice(self):
        self.shop.payment_rule = "order"
        order = self._buy()
        payment = self._rows(order).payment_id
        self.assertTrue(payment)
        self.assertFalse(payment.is_reconciled)
        invoice = self._invoice(order)
        self.assertTrue(payment.is_reconciled)
        self.assertEqual(invoice.amount_residual, 0.0)

    def test_a_payment_after_the_invoice_is_found_without_a_change_of_the_order(self):
        self._method(TRANSFER).journal_id = self.bank
        self._method(TRANSFER).confirm_rule = "always"
        self.env["product.product"].search([]).invoice_policy = "order"
        order = self._buy(payment=TRANSFER)
        self.assertFalse(order.shop_payment_ids)
        invoice = order._create_invoices()
        invoice.action_post()
        half = round(order.shop_total / 2, 2)
        self.simulator.add_payment(self.order_id, str(half), "TRX-1")
        self._sync()
        self.assertEqual(invoice.payment_state, "partial")
        self.assertIn("TRX-1", self._rows(order).memo)
        self.simulator.add_payment(self.order_id, f"{order.shop_total - half:.2f}", "TRX-2")
        self._sync()
        self.assertEqual(len(self._rows(order)), 2)
        self.assertEqual(invoice.amount_residual, 0.0)

    def test_two_invoices_share_one_payment(self):
        self.glass.invoice_policy = "delivery"
        order = self._buy([("GLASS", 4)])
        picking = order.picking_ids
        picking.move_ids.quantity = 1
        picking.move_ids.picked = True
        picking.with_context(skip_backorder=True).button_validate()
        first = order._create_invoices()
        first.action_post()
        self.assertEqual(first.amount_residual, 0.0)
        picking.backorder_ids.move_ids.picked = True
        picking.backorder_ids.button_validate()
        second = order._create_invoices()
        second.action_post()
        self.assertEqual(second.amount_residual, 0.0)
        self.assertTrue(self._rows(order).payment_id.is_reconciled)

    def test_a_missing_journal_is_a_to_do_and_blocks_no_order(self):
        self._method(CARD).journal_id = False
        order = self._buy()
        self.assertEqual(order.state, "sale")
        invoice = self._invoice(order)
        row = self._rows(order)
        self.assertEqual(row.state, "waiting")
        self.assertIn("journal", row.reason)
        self.assertTrue(self._method(CARD).is_missing)
        self.assertTrue(self.shop.missing_mapping_count)
        self._method(CARD).journal_id = self.bank
        self.assertFalse(self._method(CARD).is_missing)
        self.assertEqual(row.state, "done")
        self.assertEqual(invoice.amount_residual, 0.0)

    def test_a_method_that_comes_up_with_an_order_gets_a_row_to_map(self):
        self._method(CARD).unlink()
        order = self._buy()
        self._invoice(order)
        self.assertTrue(self._method(CARD).is_missing)
        self._method(CARD).journal_id = self.bank
        self.assertEqual(self._rows(order).state, "done")

    def test_what_odoo_refuses_asks_a_person(self):
        order = self._buy()
        payment = self.env.registry["account.payment"]

        def refuse(_records):
            raise UserError(self.env._("The period is closed."))

        self.patch(payment, "action_post", refuse)
        self._invoice(order)
        row = self._rows(order)
        self.assertEqual(row.state, "decision")
        self.assertIn("The period is closed.", row.reason)
        self.assertTrue(order.activity_ids)
        self.assertEqual(self.shop.open_payment_count, 1)
        row.action_settle()
        self.assertEqual(row.state, "settled")

    def test_nothing_is_booked_when_the_shop_says_so(self):
        self.shop.payment_rule = "none"
        order = self._buy()
        self._invoice(order)
        self.assertFalse(order.shop_payment_ids)

    def test_a_split_carts_payment_is_shared_and_booked_once_for_each_order(self):
        self._product("HEAVY", stock=5, price=100.0, weight=40.0)
        self._sync()
        first = self._buy([("GLASS", 1), ("HEAVY", 1)], paid="500.00")
        orders = self.env["sale.order"].search(
            [("client_order_ref", "=", first.client_order_ref), ("shop_id", "=", self.shop.id)]
        )
        self.assertEqual(len(orders), 2)
        for order in orders:
            self.assertEqual(self._invoice(order).amount_residual, 0.0)
        self.assertEqual(len(set(orders.shop_payment_ids.mapped("external_id"))), 1)
        self.assertAlmostEqual(sum(orders.shop_payment_ids.mapped("amount")), 500.0, places=2)

    def test_a_payment_in_another_currency_keeps_it(self):
        forint = self.env.ref("base.HUF")
        forint.active = True
        self.env["product.pricelist"].create(
            {"name": "Forint", "currency_id": forint.id, "company_id": self.company.id}
        )
        self.shop.action_connect()
        order = self._buy(currency="HUF")
        invoice = self._invoice(order)
        row = self._rows(order)
        self.assertEqual(row.currency_id, forint)
        self.assertEqual(row.payment_id.currency_id, forint)
        self.assertEqual(invoice.amount_residual, 0.0)

    def test_a_currency_without_a_price_list_is_not_booked_as_another(self):
        forint = self.env.ref("base.HUF")
        forint.active = True
        self.shop.payment_rule = "order"
        order = self._buy(currency="HUF")
        self.assertTrue(order.shop_hold_reason)
        row = self._rows(order)
        self.assertEqual(row.currency_id, forint)
        self.assertEqual(row.payment_id.currency_id, forint)

    def test_a_payment_without_an_entry_of_its_own_is_noted_on_the_invoice(self):
        order = self._buy()
        accounting = patch.object(
            type(self.env["account.move"]),
            "_get_invoice_in_payment_state",
            lambda _self: "in_payment",
        )
        # with Odoo's accounting app a journal need not have an outstanding account
        self.bank.inbound_payment_method_line_ids.payment_account_id = False
        with accounting:
            invoice = self._invoice(order)
            payment = self._rows(order).payment_id
            self.assertFalse(payment.move_id)
            self.assertEqual(invoice.matched_payment_ids, payment)
            self.assertEqual(invoice.payment_state, "in_payment")

    def test_a_date_ahead_is_booked_today(self):
        order = self._buy(payment=TRANSFER)
        self._method(TRANSFER).journal_id = self.bank
        self.simulator.add_payment(self.order_id, "1.00", date="2099-01-01 00:00:00")
        self.shop.payment_rule = "order"
        self._sync()
        self.assertEqual(self._rows(order).payment_id.date, fields.Date.today())

    def test_an_amount_corrected_after_booking_asks_a_person(self):
        order = self._buy()
        self._invoice(order)
        store = self.simulator.shop.store
        record = store.find("order_payments", order_reference=order.client_order_ref)[0]
        store.set("order_payments", record, amount="1.00")
        self.env["shop.job"]._mark_incoming(self.shop, "order", [str(self.order_id)])
        self._sync()
        self.assertEqual(self._rows(order).state, "decision")

    def test_a_journal_of_the_same_name_is_proposed(self):
        row = self._method(TRANSFER)
        self.assertFalse(row.journal_id)
        self.bank.name = row.name.upper()
        self.shop.action_connect()
        self.assertEqual(row.journal_id, self.bank)


@tagged("post_install", "-at_install")
class TestRefunds(MoneyCase):
    def _refund(self, *arguments, **options):
        self.simulator.refund_order(self.order_id, *arguments, **options)
        self._sync()

    def test_a_partial_refund_becomes_a_draft_of_these_goods(self):
        order = self._buy()
        invoice = self._invoice(order)
        self._refund({0: 1})
        row = self._rows(order, "refund")
        note = row.move_id
        self.assertEqual(row.state, "done")
        self.assertEqual(note.state, "draft")
        self.assertEqual(note.move_type, "out_refund")
        self.assertEqual(note.reversed_entry_id, invoice)
        self.assertAlmostEqual(note.amount_total, 12.20, places=2)
        self.assertEqual(note.invoice_line_ids.product_id, self.glass)
        self.assertEqual(note.invoice_line_ids.quantity, 1.0)
        self.assertTrue(note.activity_ids)
        self.assertIn("12.20", " ".join(order.message_ids.mapped("body")))

    def test_a_second_refund_with_shipping_is_a_second_note(self):
        order = self._buy()
        invoice = self._invoice(order)
        self._refund({0: 1})
        self._refund({0: 1, 1: 2}, shipping=True)
        first, second = self._rows(order, "refund")
        self.assertNotEqual(first.move_id, second.move_id)
        shipping = sum(order.order_line.filtered("is_delivery").mapped("price_total"))
        self.assertAlmostEqual(second.move_id.amount_total, 12.20 + 11.0 + shipping, places=2)
        self._sync()
        self.assertEqual(len(self._rows(order, "refund")), 2)
        (first | second).move_id.action_post()
        self.assertEqual(invoice.state, "posted")

    def test_a_refund_of_everything_credits_the_whole_invoice(self):
        order = self._buy(voucher="WINE10")
        invoice = self._invoice(order)
        whole = f"{order.shop_total:.2f}"
        self._refund({0: 4}, gross=whole)
        note = self._rows(order, "refund").move_id
        self.assertAlmostEqual(note.amount_total, invoice.amount_total, places=2)
        self.assertEqual(len(note.invoice_line_ids), len(invoice.invoice_line_ids))

    def test_another_amount_than_the_price_is_a_line_of_its_own(self):
        order = self._buy()
        self._invoice(order)
        self._refund({0: 2}, gross="10.00")
        note = self._rows(order, "refund").move_id
        self.assertAlmostEqual(note.amount_total, 10.0, places=2)
        self.assertEqual(len(note.invoice_line_ids), 2)
        self.assertIn("another amount", note.activity_ids.note)

    def test_a_refund_before_the_invoice_waits_and_asks(self):
        order = self._buy()
        self._refund({0: 1})
        row = self._rows(order, "refund")
        self.assertEqual(row.state, "waiting")
        self.assertTrue(order.activity_ids)
        self._invoice(order)
        self.assertEqual(row.state, "done")
        self.assertAlmostEqual(row.move_id.amount_total, 12.20, places=2)

    def test_goods_taken_off_the_order_need_no_credit_note(self):
        order = self._buy()
        self._refund({0: 1})
        order.order_line.filtered("shop_line_ref")[0].product_uom_qty = 3
        self._invoice(order)
        row = self._rows(order, "refund")
        self.assertEqual(row.state, "settled")
        self.assertFalse(row.move_id)

    def test_only_the_refund_whose_goods_were_taken_off_needs_no_credit_note(self):
        order = self._buy()
        self._refund({0: 1})
        order.order_line.filtered("shop_line_ref")[0].product_uom_qty = 3
        self._invoice(order)
        self._refund({0: 1})
        first, second = self._rows(order, "refund")
        self.assertEqual(first.state, "settled")
        self.assertEqual(second.state, "done")
        self.assertAlmostEqual(second.move_id.amount_total, 12.20, places=2)

    def test_shipping_given_back_is_not_settled_by_goods_taken_off(self):
        order = self._buy()
        self._refund({0: 1}, shipping=True)
        order.order_line.filtered("shop_line_ref")[0].product_uom_qty = 3
        self._invoice(order)
        row = self._rows(order, "refund")
        self.assertEqual(row.state, "decision")
        self.assertFalse(row.move_id)

    def test_a_refund_of_an_unknown_line_asks_a_person(self):
        order = self._buy()
        self._invoice(order)
        order.order_line.filtered("shop_line_ref")[0].shop_line_ref = "gone"
        self._refund({0: 1})
        row = self._rows(order, "refund")
        self.assertEqual(row.state, "decision")
        self.assertIn("not on this order", row.reason)
        self.assertTrue(order.activity_ids)

    def test_a_refund_long_ago_is_dated_no_earlier_than_its_invoice(self):
        order = self._buy()
        invoice = self._invoice(order)
        self.simulator.clock.advance(-timedelta(days=20).total_seconds())
        self.simulator.refund_order(self.order_id, {0: 1})
        self.simulator.clock.advance(timedelta(days=20).total_seconds())
        self.env["shop.job"]._mark_incoming(self.shop, "order", [str(self.order_id)])
        self._sync()
        note = self._rows(order, "refund").move_id
        self.assertEqual(note.invoice_date, invoice.date)
