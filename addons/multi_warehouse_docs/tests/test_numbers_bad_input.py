"""Numbers and types that cannot be: refused or handled with a sentence that says what to do."""

from datetime import date

from odoo.exceptions import UserError, ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .documents import DocumentCase


@tagged("post_install", "-at_install")
@freeze_time("2026-11-22 10:00:00")
class TestNumbersBadInput(DocumentCase):
    def _series(self, **values):
        return self.env["document.series"].create(
            {
                "name": "Counter",
                "company_id": self.company.id,
                "document_model": "sale.order",
                **values,
            }
        )

    def test_a_number_in_an_import_is_refused(self):
        result = self.env["sale.order"].load(
            ["partner_id/.id", "document_number"], [[str(self.customer.id), "SO/2026/00077"]]
        )
        self.assertFalse(result["ids"])
        self.assertIn("come from their series", result["messages"][0]["message"])

    def test_a_number_by_way_of_a_default_is_no_number(self):
        series = self._type("sale_order").series_ids
        orders = self.env["sale.order"].with_context(
            default_document_number="SO/2026/00077",
            default_series_id=series.id,
            default_series_period="2026",
            default_series_number=77,
            default_voided=True,
        )
        order = orders.create({"partner_id": self.customer.id, "company_id": self.company.id})
        self.assertFalse(order.document_number or order.series_id or order.series_number)
        self.assertFalse(order.voided)

    def test_a_date_far_ahead_is_refused(self):
        slip = self._sell(1, document_date="2027-11-22")
        with self.assertRaisesRegex(UserError, "days ahead"), self.env.cr.savepoint():
            slip.action_confirm()
        series = self._type("sale_order").series_ids
        with self.assertRaisesRegex(UserError, "no earlier date"), self.env.cr.savepoint():
            slip.action_confirm()
        series.date_order = "ignore"
        with self.assertRaisesRegex(UserError, "days ahead. Correct"), self.env.cr.savepoint():
            slip.action_confirm()
        slip.document_date = "2026-12-01"
        slip.action_confirm()
        self.assertEqual(slip.document_number, "SO/2026/00001")

    def test_a_type_without_series_gives_no_number_and_stops_nothing(self):
        self._type("sale_order").series_ids = False
        order = self._sell(1)
        order.action_confirm()
        self.assertEqual((order.state, order.document_number), ("sale", False))
        with self.assertRaisesRegex(UserError, "no number yet"):
            order.make_void("No")
        order._action_cancel()
        order.unlink()

    def test_a_series_given_later_numbers_what_is_confirmed_later(self):
        series = self._type("sale_order").series_ids
        self._type("sale_order").series_ids = False
        early = self._sell(1)
        early.action_confirm()
        self._type("sale_order").series_ids = series
        late = self._sell(1)
        late.action_confirm()
        self.assertEqual((early.document_number, late.document_number), (False, "SO/2026/00001"))

    def test_a_date_in_a_closed_period_is_refused(self):
        self.company.fiscalyear_lock_date = date(2026, 10, 31)
        order = self._sell(1, document_date="2026-10-31")
        with self.assertRaisesRegex(UserError, "accounts are closed up to"):
            order.action_confirm()
        later = self._sell(1, document_date="2026-11-01")
        later.action_confirm()
        self.assertEqual(later.document_number, "SO/2026/00001")

    def test_a_transfer_dated_in_a_closed_period_does_not_move_goods(self):
        self.company.fiscalyear_lock_date = date(2026, 10, 31)
        self._stock(self.laptop, 5, self.main)
        transfer = self._transfer(1, self.main, self.internal, document_date="2026-10-30")
        with self.assertRaisesRegex(UserError, "Enter a later date"), self.env.cr.savepoint():
            self._validate(transfer)
        self._assert_figures(self.laptop, self.main, on_hand=5)
        self._assert_figures(self.laptop, self.internal, on_hand=0)

    def test_a_date_before_the_last_number_moves_no_goods(self):
        self._stock(self.laptop, 5, self.main)
        self._validate(self._transfer(1, self.main, self.internal))
        early = self._transfer(1, self.main, self.internal, document_date="2026-11-20")
        with self.assertRaisesRegex(UserError, "IT/2026/00001"), self.env.cr.savepoint():
            self._validate(early)
        self._assert_figures(self.laptop, self.internal, on_hand=1)

    def test_numbered_documents_are_not_deleted(self):
        self._stock(self.laptop, 5, self.main)
        transfer = self._transfer(1, self.main, self.internal)
        self._validate(transfer)
        purchase = self._buy(1)
        purchase.button_confirm()
        purchase.button_cancel()
        for document in (transfer, purchase):
            with self.assertRaisesRegex(UserError, "Make it void instead"):
                document.unlink()

    def test_type_series_and_date_stay_once_there_is_a_number(self):
        self._stock(self.laptop, 5, self.main)
        transfer = self._transfer(1, self.main, self.internal)
        self._validate(transfer)
        other = transfer.document_type_id.copy({"code": "IT2"})
        for values in ({"document_type_id": other.id}, {"document_date": "2026-11-23"}):
            with self.assertRaisesRegex(UserError, "make the document void"):
                transfer.write(values)
        transfer.write({"document_type_id": transfer.document_type_id.id})  # nothing changes

    def test_a_placeholder_that_nobody_knows_is_refused(self):
        for prefix in ("DDT/%(quarter)s/", "DDT/%s/", "DDT/%(year)/", "100%/"):
            with self.assertRaisesRegex(ValidationError, "cannot be read"):
                self._series(prefix=prefix)
        self.assertEqual(self._series(prefix="%(y)s%(month)s-%%").next_number, "2611-%00001")

    def test_two_series_for_one_warehouse_are_refused(self):
        order_type = self._type("sale_order")
        refused = ValidationError, "two series for the same warehouse"
        with self.assertRaisesRegex(*refused), self.env.cr.savepoint():
            order_type.series_ids += self._series()
        order_type.series_ids += self._series(warehouse_id=self.main.id, prefix="M")
        with self.assertRaisesRegex(*refused), self.env.cr.savepoint():
            order_type.series_ids += self._series(warehouse_id=self.main.id, prefix="N")

    def test_the_series_of_the_warehouse_comes_first(self):
        self._type("sale_order").series_ids += self._series(
            warehouse_id=self.internal.id, prefix="B%(y)s-"
        )
        orders = [self._sell(1), self._sell(1, warehouse_id=self.internal.id), self._sell(1)]
        for order in orders:
            order.action_confirm()
        self.assertEqual(
            [order.document_number for order in orders],
            ["SO/2026/00001", "B26-00001", "SO/2026/00002"],
        )

    def test_a_series_of_other_documents_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "numbers other documents"):
            self._type("delivery").series_ids = self._series()

    def test_a_series_of_another_company_is_refused(self):
        neighbour = self.env["res.company"].create({"name": "Neighbour"})
        with self.assertRaisesRegex(UserError, "ompan"):
            self._type("sale_order").series_ids = self._series(company_id=neighbour.id)

    def test_an_archived_series_gives_no_numbers_any_more(self):
        series = self._type("sale_order").series_ids
        first = self._sell(1)
        first.action_confirm()
        series.active = False
        second = self._sell(1)
        second.action_confirm()
        self.assertFalse(second.document_number)
        self.assertEqual(first.document_number, "SO/2026/00001")
        series.active = True
        third = self._sell(1)
        third.action_confirm()
        self.assertEqual(third.document_number, "SO/2026/00002")

    def test_a_series_with_numbers_keeps_what_made_them(self):
        self._sell(1).action_confirm()
        series = self._type("sale_order").series_ids
        for values in (
            {"reset": "never"},
            {"warehouse_id": self.main.id},
            {"document_model": "purchase.order"},
        ):
            with self.assertRaisesRegex(UserError, "has given numbers already"):
                series.write(values)
        with self.assertRaisesRegex(UserError, "Archive it instead"):
            series.unlink()
        series.prefix = "ORD/%(year)s/"  # the look may change, from the next number on
        order = self._sell(1)
        order.action_confirm()
        self.assertEqual(order.document_number, "ORD/2026/00002")

    def test_a_first_number_below_one_is_refused(self):
        with self.assertRaises(Exception) as caught, mute_logger("odoo.sql_db"):
            self._series(first_number=0)
        self.assertIn("document_series_positive", str(caught.exception))

    def test_the_same_delivery_validated_twice_keeps_its_number(self):
        self._stock(self.laptop, 5, self.main)
        transfer = self._transfer(1, self.main, self.internal)
        self._validate(transfer)
        transfer.button_validate()
        self.assertEqual(transfer.document_number, "IT/2026/00001")
        self._assert_figures(self.laptop, self.internal, on_hand=1)
