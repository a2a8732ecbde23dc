"""The register of numbers and the list of missing ones, and the figures on the series."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, new_test_user, tagged
from odoo.tools import SQL

from .documents import DocumentCase


@tagged("post_install", "-at_install")
@freeze_time("2026-11-22 10:00:00")
class TestDocumentRegister(DocumentCase):
    def _register(self, **where):
        domain = [("company_id", "=", self.company.id)]
        domain += [(name, "=", value) for name, value in where.items()]
        self.env.invalidate_all()
        return self.env["document.register"].search(domain)

    def _orders(self, count, **values):
        orders = self.env["sale.order"].concat(*(self._sell(1, **values) for _ in range(count)))
        for order in orders:
            order.action_confirm()
        return orders

    def _gaps(self):
        self.env.invalidate_all()
        rows = self.env["document.series.gap"].search([("company_id", "=", self.company.id)])
        return [(row.series_period, row.first_missing, row.last_missing) for row in rows]

    def _lose(self, order):
        """What no screen can do: take a number out of the database."""
        self.env.cr.execute(SQL("UPDATE sale_order SET series_id = NULL WHERE id = %s", order.id))

    def test_every_number_is_listed_with_its_document(self):
        self._stock(self.laptop, 5, self.main)
        order = self._orders(1)
        self._validate(order.picking_ids)
        purchase = self._buy(2)
        purchase.button_confirm()
        rows = self._register()
        self.assertEqual(
            {(row.document_number, row.document_model, row.res_id) for row in rows},
            {
                ("SO/2026/00001", "sale.order", order.id),
                ("DN/2026/00001", "stock.picking", order.picking_ids.id),
                ("PO/2026/00001", "purchase.order", purchase.id),
            },
        )
        self.assertEqual(rows.warehouse_id, self.main)
        self.assertEqual(set(rows.mapped("kind")), {"sale_order", "delivery", "purchase_order"})
        row = self._register(document_model="sale.order")
        self.assertEqual(
            (row.partner_id, row.name, row.state), (self.customer, order.name, "valid")
        )
        action = row.action_open_document()
        self.assertEqual((action["res_model"], action["res_id"]), ("sale.order", order.id))

    def test_cancelled_and_void_numbers_stay_in_the_register(self):
        first, second, _third = self._orders(3)
        first._action_cancel()
        second.make_void("Twice")
        states = {row.document_number: row.state for row in self._register()}
        self.assertEqual(
            states,
            {"SO/2026/00001": "cancel", "SO/2026/00002": "void", "SO/2026/00003": "valid"},
        )
        row = self._register(state="void")
        self.assertEqual((row.void_reason, row.void_user_id), ("Twice", self.env.user))
        series = second.series_id
        self.assertEqual((series.number_count, series.void_count, series.gap_count), (3, 1, 0))
        action = series.action_open_void()
        self.assertEqual(action["domain"], [("series_id", "in", series.ids)])
        self.assertFalse(self._gaps())

    def test_a_number_taken_out_of_the_database_is_told(self):
        orders = self._orders(4)
        series = orders.series_id
        self._lose(orders[1])
        self._lose(orders[2])
        self.assertEqual(self._gaps(), [("2026", 2, 3)])
        self.assertEqual(series.gap_count, 2)
        self._lose(orders[0])
        self.assertEqual(self._gaps(), [("2026", 1, 3)])
        self.assertEqual(series.gap_count, 3)

    def test_a_first_number_is_no_gap(self):
        series = self._type("sale_order").series_ids
        series.write({"first_number": 120, "first_date": "2026-11-01"})
        self.assertEqual(series.next_number, "SO/2026/00120")
        self.assertEqual(self._orders(1).document_number, "SO/2026/00120")
        earlier = self._sell(1, document_date="2025-12-31")
        earlier.action_confirm()
        self.assertEqual(earlier.document_number, "SO/2025/00001")
        self.assertFalse(self._gaps())
        self.assertEqual((series.number_count, series.gap_count), (2, 0))

    def test_first_numbers_are_imported_from_another_program(self):
        series = self._type("sale_order").series_ids
        result = self.env["document.series"].load(
            [".id", "first_number", "first_date"], [[str(series.id), "701", "2026-01-01"]]
        )
        self.assertFalse(result["messages"])
        self.assertEqual(self._orders(1).document_number, "SO/2026/00701")

    def test_a_first_number_for_a_period_with_numbers_is_refused(self):
        series = self._orders(1).series_id
        with self.assertRaisesRegex(UserError, "has numbers of this period already"):
            series.write({"first_number": 50, "first_date": "2026-11-22"})
        with self.assertRaisesRegex(UserError, "has numbers of this period already"):
            series.first_number = 50
        series.write({"first_number": 50, "first_date": "2027-01-01"})
        later = self._sell(1, document_date="2027-01-02")
        with freeze_time("2026-12-30 10:00:00"):
            later.action_confirm()
        self.assertEqual(later.document_number, "SO/2027/00050")
        self.assertFalse(self._gaps())

    def test_a_series_that_never_starts_again(self):
        series = self.env["document.series"].create(
            {
                "name": "For Ever",
                "company_id": self.company.id,
                "document_model": "sale.order",
                "reset": "never",
                "prefix": "E",
                "suffix": "-%(month)s",
                "padding": 3,
            }
        )
        self._type("sale_order").series_ids = series
        self._sell(1, document_date="2025-12-31").action_confirm()
        last = self._orders(1)
        self.assertEqual(last.document_number, "E002-11")
        self.assertEqual((series.last_number, series.next_number), ("E002-11", "E003-11"))
        self.assertFalse(self._gaps())

    def test_the_list_of_series_asks_few_queries(self):
        self._orders(2)
        series = self.env["document.series"].search([("company_id", "=", self.company.id)])
        self.assertGreater(len(series), 5)
        self.env.flush_all()
        self.env.invalidate_all()
        names = ["next_number", "last_number", "number_count", "void_count", "gap_count"]
        # series, documents of three sorts: last ones, the documents themselves, counts
        with self.assertQueryCount(10):
            series.read(names)

    def test_rights(self):
        self._orders(1)
        row = self._register()
        reader, seller = (
            new_test_user(
                self.env,
                f"register_{number}",
                f"base.group_user,{group}",
                company_id=self.company.id,
                company_ids=[(6, 0, self.company.ids)],
            )
            for number, group in enumerate(
                (
                    "multi_warehouse_docs.group_multi_warehouse_docs_user",
                    "sales_team.group_sale_salesman",
                )
            )
        )
        self.assertEqual(row.with_user(reader).document_number, "SO/2026/00001")
        with self.assertRaises(AccessError):
            row.with_user(seller).read(["document_number"])
        neighbour = self.env["res.company"].create({"name": "Neighbour"})
        reader.write({"company_ids": [(6, 0, neighbour.ids)], "company_id": neighbour.id})
        found = self.env["document.register"].with_user(reader)
        found = found.with_context(allowed_company_ids=neighbour.ids)
        self.assertFalse(found.search([("res_id", "=", row.res_id)]))
        with self.assertRaises(AccessError):
            row.with_user(reader).unlink()
