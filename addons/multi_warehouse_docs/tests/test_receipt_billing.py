"""Receipts: the vendor's document, and bills made from them."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, new_test_user, tagged

from .invoices import InvoiceCase


@tagged("post_install", "-at_install")
@freeze_time("2026-11-22 10:00:00")
class TestReceiptBilling(InvoiceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.wine.purchase_method = "receive"
        cls.accountant = new_test_user(
            cls.env,
            "accountant",
            groups="account.group_account_invoice",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )

    def _receive(self, quantity=5, number=None, day="2026-11-20", received=None, **values):
        order = self._buy(quantity, self.wine, **values)
        order.button_confirm()
        receipt = order.picking_ids
        receipt.vendor_document_number = number
        receipt.vendor_document_date = number and day
        self._validate(receipt, received)
        return receipt

    def _wizard(self, **values):
        return (
            self.env["receipt.billing"]
            .with_user(self.accountant)
            .with_context(allowed_company_ids=self.company.ids)
            .create({"partner_id": self.vendor.id, **values})
        )

    def _bill(self, wizard):
        return self.env["account.move"].browse(wizard.action_create_bill()["res_id"])

    # === THE VENDOR'S DOCUMENT ===

    def test_the_vendors_document_may_be_required(self):
        self._type("receipt").require_vendor_reference = True
        with self.assertRaisesRegex(UserError, "vendor's delivery note"):
            self._receive()
        self.assertEqual(self._receive(number="77").document_number, "GR/2026/00001")

    def test_the_same_document_of_a_vendor_is_refused(self):
        first = self._receive(number="V 77")
        with self.assertRaisesRegex(UserError, first.document_number):
            self._receive(number="v77")
        self._receive(number="V 77", day="2025-11-20")
        other = self.env["res.partner"].create({"name": "Other"})
        self._receive(number="V 77", partner_id=other.id)
        later = self._receive(number="V 78")
        with self.assertRaisesRegex(UserError, first.document_number):
            later.vendor_document_number = "V 77"

    def test_a_void_receipt_sets_the_number_free(self):
        first = self._receive(number="77")
        first.make_void("wrong order")
        self.assertFalse(first.vendor_document_key)
        self.assertEqual(self._receive(number="77").state, "done")

    # === BILLS ===

    def test_a_bill_takes_what_was_received(self):
        receipts = self._receive(5, "77", received=3) | self._receive(2, "78")
        wizard = self._wizard(bill_number="B1")
        rows = [
            (
                row.vendor_document_number,
                row.ordered_quantity,
                row.received_quantity,
                row.billed_quantity,
                row.quantity,
                row.price_unit,
            )
            for row in wizard.line_ids
        ]
        self.assertEqual(rows, [("77", 5, 3, 0, 3, 5), ("78", 2, 2, 0, 2, 5)])
        self.assertEqual(wizard.amount_difference, 0)
        bill = self._bill(wizard)
        self.assertEqual((bill.ref, bill.amount_untaxed), ("B1", 25))
        self.assertEqual(bill.delivery_note_ids, receipts)
        self.assertEqual(receipts.mapped("invoice_state"), ["invoiced", "invoiced"])
        self.assertEqual(bill.invoice_line_ids.purchase_line_id.mapped("qty_invoiced"), [3, 2])
        self.assertIn("your document 77", bill.invoice_line_ids[0].name)
        self.assertFalse(self._wizard().line_ids)

    def test_differences_are_shown_and_noted(self):
        receipt = self._receive(5, "77")
        with Form(
            self.env["receipt.billing"]
            .with_user(self.accountant)
            .with_context(allowed_company_ids=self.company.ids)
        ) as form:
            form.partner_id = self.vendor
            with form.line_ids.edit(0) as line:
                line.quantity = 6
                line.price_unit = 5.5
                self.assertEqual(line.amount_difference, 8)
            self.assertEqual(form.amount_difference, 8)
        bill = self._bill(form.record)
        self.assertEqual(bill.amount_untaxed, 33)
        self.assertIn("differs", bill.message_ids.mapped("body")[0] + bill.message_ids[-1].body)
        self.assertEqual(self._links(bill), [(receipt.document_number, 5)])
        self.assertEqual(bill.invoice_line_ids.purchase_line_id.qty_invoiced, 6)

    def test_a_part_is_billed_and_the_rest_later(self):
        receipt = self._receive(5)
        wizard = self._wizard()
        wizard.line_ids.quantity = 2
        self._bill(wizard)
        self.assertEqual(receipt.invoice_state, "to_invoice")
        wizard = self._wizard()
        self.assertEqual((wizard.line_ids.billed_quantity, wizard.line_ids.quantity), (2, 3))

    def test_what_was_compared_in_two_tabs_is_billed_once(self):
        receipt = self._receive(5)
        first, second = self._wizard(), self._wizard()
        bill = self._bill(first)
        with self.assertRaisesRegex(UserError, "billed or changed meanwhile"):
            second.action_create_bill()
        self.assertEqual(receipt.purchase_id.invoice_ids, bill)
        part, rest = self._wizard(), self._wizard()
        self.assertFalse((part | rest).line_ids)

    def test_nobody_bills_in_a_company_that_is_not_his(self):
        receipt = self._receive(5)
        other = self.env["res.company"].create({"name": "Neighbour"})
        stranger = new_test_user(
            self.env,
            "stranger",
            groups="account.group_account_invoice",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        here = self.env(user=stranger, context={"allowed_company_ids": other.ids})
        wizard = here["receipt.billing"].create({"partner_id": self.vendor.id})
        self.assertFalse(wizard.line_ids)
        (own,) = self._wizard().line_ids
        wizard.sudo().line_ids = [Command.create(own.copy_data({"wizard_id": wizard.id})[0])]
        with self.assertRaises(AccessError):
            wizard.action_create_bill()
        self.assertEqual(receipt.invoice_state, "to_invoice")

    def test_goods_sent_back_reduce_the_bill_or_are_refunded(self):
        receipt = self._receive(5)
        self._bring_back(receipt, 1)
        bill = self._bill(self._wizard())
        self.assertEqual((bill.move_type, bill.amount_untaxed), ("in_invoice", 20))
        back = self._bring_back(receipt, 2)
        self.assertEqual(back.document_type_id.kind, "vendor_return")
        refund = self._bill(self._wizard())
        self.assertEqual((refund.move_type, refund.amount_untaxed), ("in_refund", 10))
        self.assertEqual(back.invoice_state, "invoiced")
        self.assertEqual(receipt.purchase_id.order_line.qty_invoiced, 2)

    def test_a_bill_of_the_order_knows_its_receipts(self):
        receipt = self._receive(5)
        receipt.purchase_id.action_create_invoice()
        self.assertEqual(receipt.invoice_state, "invoiced")
        self.assertEqual(receipt.purchase_id.invoice_ids.delivery_note_ids, receipt)

    def test_the_number_of_a_bill_comes_once(self):
        self._receive(5)
        bill = self._bill(self._wizard(bill_number="B1"))
        bill.action_post()
        self._receive(2)
        with self.assertRaisesRegex(UserError, "B1"):
            self._wizard(bill_number="B1").action_create_bill()
        other = self._bill(self._wizard(bill_number="B2"))
        other.ref = "b1"
        with self.assertRaisesRegex(UserError, bill.name):
            other.action_post()
        other.invoice_date = "2025-12-31"
        other.action_post()

    def test_another_currency_is_another_bill(self):
        euro = (
            self.env["res.currency"].with_context(active_test=False).search([("name", "=", "EUR")])
        )
        euro.active = True
        dollars = self._receive(5)
        euros = self._receive(2, currency_id=euro.id)
        wizard = self._wizard(currency_id=euro.id)
        self.assertEqual(wizard.line_ids.move_id, euros.move_ids)
        bill = self._bill(wizard)
        self.assertEqual((bill.currency_id, bill.amount_untaxed), (euro, 10))
        self.assertEqual(dollars.invoice_state, "to_invoice")

    def test_goods_without_order_have_the_vendors_price(self):
        self.wine.seller_ids = [Command.create({"partner_id": self.vendor.id, "price": 4})]
        receipt = self.env["stock.picking"].create(
            {
                "picking_type_id": self.main.in_type_id.id,
                "partner_id": self.vendor.id,
                "location_id": self.suppliers.id,
                "location_dest_id": self.main.lot_stock_id.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": self.wine.id,
                            "product_uom_qty": 3,
                            "location_id": self.suppliers.id,
                            "location_dest_id": self.main.lot_stock_id.id,
                        }
                    )
                ],
            }
        )
        receipt.action_confirm()
        self._validate(receipt)
        bill = self._bill(self._wizard())
        self.assertEqual(bill.amount_untaxed, 12)
        self.assertEqual(receipt.invoice_state, "invoiced")
