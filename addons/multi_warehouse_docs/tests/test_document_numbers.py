"""Numbers: when they are drawn, from which series, and that they stay."""

from datetime import date

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .documents import DocumentCase


@tagged("post_install", "-at_install")
@freeze_time("2026-11-22 10:00:00")
class TestDocumentNumbers(DocumentCase):
    def test_an_order_is_numbered_when_it_is_confirmed(self):
        order = self._sell(1)
        self.assertEqual(order.document_type_id, self._type("sale_order"))
        self.assertFalse(order.document_number)
        order.action_confirm()
        self.assertEqual(order.document_number, "SO/2026/00001")
        self.assertEqual(order.document_date, date(2026, 11, 22))

    def test_a_transfer_is_numbered_when_it_is_done_and_its_backorder_later(self):
        order = self._buy(5)
        order.button_confirm()
        self.assertEqual(order.document_number, "PO/2026/00001")
        receipt = order.picking_ids
        self.assertFalse(receipt.document_number)
        rest = self._validate(receipt, 3)
        self.assertEqual(receipt.document_number, "GR/2026/00001")
        self.assertEqual(rest.document_type_id, receipt.document_type_id)
        self.assertFalse(rest.document_number)
        self._validate(rest)
        self.assertEqual(rest.document_number, "GR/2026/00002")

    def test_returns_are_documents_of_their_own(self):
        self._stock(self.laptop, 5, self.main)
        order = self._sell(2)
        order.action_confirm()
        delivery = order.picking_ids
        self._validate(delivery)
        back = self._return(delivery, 1)
        self._validate(back)
        self.assertEqual(back.document_type_id, self._type("customer_return"))
        self.assertEqual(back.document_number, "CR/2026/00001")

    def test_steps_inside_a_warehouse_are_no_documents(self):
        self.main.delivery_steps = "pick_ship"
        self._stock(self.laptop, 5, self.main)
        order = self._sell(2)
        order.action_confirm()
        pick = order.picking_ids
        self.assertFalse(pick.document_type_id)
        self._validate(pick)
        self.assertFalse(pick.document_number)
        ship = order.picking_ids - pick
        self._validate(ship)
        self.assertEqual(ship.document_number, "DN/2026/00001")

    def test_the_number_and_what_is_printed_with_it_stay(self):
        order = self._sell(1)
        order.action_confirm()
        for values in (
            {"document_number": "SO/2026/00009"},
            {"series_number": 9},
            {"document_date": "2026-11-01"},
            {"document_type_id": False},
        ):
            with self.subTest(values), self.assertRaises(UserError):
                order.write(values)
        order._action_cancel()
        with self.assertRaises(UserError):
            order.unlink()
        order.action_draft()
        order.action_confirm()
        self.assertEqual(order.document_number, "SO/2026/00001")

    def test_a_copy_starts_without_number(self):
        order = self._sell(1)
        order.action_confirm()
        copy = order.copy()
        self.assertFalse(copy.document_number or copy.series_id or copy.document_date)

    def test_no_number_by_hand(self):
        with self.assertRaises(UserError):
            self._sell(1, document_number="SO/2026/00009")
        with self.assertRaises(UserError):
            self._sell(1).write({"series_number": 7})

    def test_the_period_follows_the_date_of_the_document(self):
        late = self._sell(1, document_date="2025-12-31")
        late.action_confirm()
        self.assertEqual(late.document_number, "SO/2025/00001")
        now = self._sell(1)
        now.action_confirm()
        self.assertEqual(now.document_number, "SO/2026/00001")

    def test_a_date_before_the_last_number_is_refused(self):
        self._sell(1).action_confirm()
        early = self._sell(1, document_date="2026-11-20")
        with self.assertRaisesRegex(UserError, "SO/2026/00001"):
            early.action_confirm()
        early = self._sell(1, document_date="2026-11-20")
        early.document_type_id.series_ids.date_order = "warn"
        early.action_confirm()
        self.assertEqual(early.document_number, "SO/2026/00002")
