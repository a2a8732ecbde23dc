from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from .common import AvailabilityCase


class LedgerCase(AvailabilityCase):
    def _moved(self, product, quantity, source, target, days_ago=0, **values):
        """A move carried out so many days ago."""
        move = self._move(product, quantity, source, target)
        move.write(values)
        self._do(move)
        move.date = fields.Datetime.now() - timedelta(days=days_ago)
        return move

    def _bought(self, quantity, days_ago=0, product=None, warehouse=None, **values):
        target = (warehouse or self.main).lot_stock_id
        return self._moved(
            product or self.laptop, quantity, self.suppliers, target, days_ago, **values
        )

    def _sold(self, quantity, days_ago=0, product=None, warehouse=None, **values):
        source = (warehouse or self.main).lot_stock_id
        return self._moved(
            product or self.laptop, quantity, source, self.customers, days_ago, **values
        )


@tagged("post_install", "-at_install")
class TestStockLedger(LedgerCase):
    def _rows(self, *domain, product=None, order="date, id"):
        self.env.invalidate_all()
        mine = [("product_id", "=", (product or self.laptop).id), *domain]
        return self.env["stock.ledger.line"].search(mine, order=order)

    def _history(self, rows):
        return [(row.warehouse_id.code, row.quantity, row.balance) for row in rows]

    def test_a_row_for_each_move_and_warehouse(self):
        code = self.main.code
        self._bought(5, 9)
        self._sold(1, 8)
        self._moved(self.laptop, 2, self.main.lot_stock_id, self.internal.lot_stock_id, 7)
        self._moved(self.laptop, 1, self.customers, self.main.lot_stock_id, 6)
        self._move(self.laptop, 3, self.main.lot_stock_id, self.customers)
        self.assertEqual(
            sorted(self._history(self._rows())),
            sorted(
                [(code, 5, 5), (code, -1, 4), (code, -2, 2), ("INT", 2, 2), (code, 1, 3)],
            ),
        )
        self.assertEqual(
            self._rows(("warehouse_id", "=", self.main.id)).mapped("counterpart"),
            ["supplier", "customer", "internal", "customer"],
        )

    def test_the_balance_is_right_under_any_filter_and_order(self):
        for days_ago in range(9, 4, -1):
            self._bought(3, days_ago)
            self._sold(1, days_ago - 0.5)
        outgoing = self._rows(("quantity", "<", 0), order="date desc")
        self.assertEqual(outgoing.mapped("balance"), [10, 8, 6, 4, 2])
        recent = self._rows(("date", ">", fields.Datetime.now() - timedelta(days=6)))
        self.assertEqual(recent.mapped("balance"), [8, 11, 10])
        self.assertEqual(recent[0].quantity_out, 1)
        self.assertEqual(recent[0].quantity_in, 0)

    def test_a_page_costs_two_queries(self):
        for days_ago in range(5, 0, -1):
            self._bought(3, days_ago, product=self._product(f"Mouse {days_ago}"))
        names = ["product_id", "warehouse_id", "quantity", "balance"]
        self.env.flush_all()
        self.env.invalidate_all()
        Ledger = self.env["stock.ledger.line"]
        with self.assertQueryCount(4):
            # the rows, their balances, and once the precision of quantities
            Ledger.search_fetch([("warehouse_id", "=", self.main.id)], names).mapped("balance")

    def test_moves_within_a_warehouse_and_goods_not_stocked_are_no_history(self):
        self._bought(5)
        shelf = self.env["stock.location"].create(
            {"name": "Shelf", "location_id": self.main.lot_stock_id.id}
        )
        self._moved(self.laptop, 2, self.main.lot_stock_id, shelf)
        self.assertEqual(len(self._rows()), 1)
        flyer = self._product("Flyer", is_storable=False)
        self._sold(2, product=flyer)
        self.assertFalse(self._rows(product=flyer))

    def test_the_value_is_what_came_in_and_left_at_cost(self):
        self.laptop.standard_price = 7
        self._bought(3, 3)
        self._sold(1, 2)
        self._moved(self.laptop, 1, self.main.lot_stock_id, self.internal.lot_stock_id, 1)
        rows = self._rows(("warehouse_id", "=", self.main.id))
        self.assertEqual(rows.mapped("value"), [21, -7, 0])

    def test_several_lines_of_a_move_are_one_row(self):
        self._bought(2)
        shelf = self.env["stock.location"].create(
            {"name": "Shelf", "location_id": self.main.lot_stock_id.id}
        )
        self._moved(self.laptop, 2, self.main.lot_stock_id, shelf)
        self._bought(3)
        move = self._move(self.laptop, 5, self.main.lot_stock_id, self.customers)
        move._action_assign()
        self.assertEqual(len(move.move_line_ids), 2)
        self._do(move)
        row = self._rows(("quantity", "<", 0))
        self.assertEqual((row.quantity, row.balance), (-5, 0))

    def test_a_dozen_is_twelve_and_a_corrected_quantity_counts(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        move = self._move(self.laptop, 2, self.suppliers, self.main.lot_stock_id, unit=dozen)
        self._do(move)
        self.assertEqual(self._rows().balance, 24)
        move.move_line_ids.quantity = 1
        self.assertEqual(self._rows().balance, 12)
        self._assert_figures(self.laptop, self.main, on_hand=12)

    def test_counts_have_a_row(self):
        quant = self.env["stock.quant"].with_context(inventory_mode=True)
        quant = quant.create(
            {
                "product_id": self.laptop.id,
                "location_id": self.main.lot_stock_id.id,
                "inventory_quantity": 7,
            }
        )
        quant.action_apply_inventory()
        row = self._rows()
        self.assertEqual((row.quantity, row.counterpart), (7, "inventory"))
        self.assertTrue(row.document)
        self.assertEqual(row.action_open_document()["res_model"], "stock.move")

    def test_the_ways_to_the_ledger(self):
        child = self.env["res.partner"].create({"name": "Dock", "parent_id": self.partner.id})
        other = self._product("Mouse")
        self._bought(5, partner_id=child.id)
        self._bought(2, product=other)
        for record, count in (
            (self.laptop, 1),
            (self.laptop.product_tmpl_id, 1),
            (child, 1),
            (self.main, 2),
            (self.internal, 0),
        ):
            action = record.action_view_stock_ledger()
            found = self.env["stock.ledger.line"].search(action["domain"])
            self.assertEqual(len(found), count, record)
            self.assertIn(record.display_name.partition(",")[0], action["name"])
        for record in (self.laptop, self.laptop.product_tmpl_id, self.partner, self.main):
            with self.subTest(form=record._name):
                Form(record)

    def test_a_row_names_document_type_and_causal(self):
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": self.main.in_type_id.id,
                "partner_id": self.partner.id,
                "location_id": self.suppliers.id,
                "location_dest_id": self.main.lot_stock_id.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": self.laptop.id,
                            "product_uom_qty": 2,
                            "location_id": self.suppliers.id,
                            "location_dest_id": self.main.lot_stock_id.id,
                        }
                    )
                ],
            }
        )
        picking.action_confirm()
        picking.move_ids.write({"quantity": 2, "picked": True})
        picking.with_context(skip_sanity_check=True)._action_done()
        row = self._rows()
        self.assertTrue(picking.document_number)
        self.assertEqual(row.document, picking.document_number)
        self.assertEqual(row.document_type_id, picking.document_type_id)
        self.assertEqual(row.causal_id, picking.move_ids.causal_id)
        self.assertTrue(row.causal_id)
        self.assertEqual(row.commercial_partner_id, self.partner)
        self.assertEqual(row.action_open_document()["res_id"], picking.id)

    def test_the_ledger_can_be_grouped(self):
        self._bought(5, 2)
        self._sold(2, 1)
        Ledger = self.env["stock.ledger.line"]
        found = Ledger._read_group(
            [("product_id", "=", self.laptop.id)],
            ["counterpart"],
            ["quantity:sum", "quantity_in:sum", "quantity_out:sum"],
        )
        self.assertEqual(found, [("customer", -2, 0, 2), ("supplier", 5, 5, 0)])

    def test_each_company_sees_its_own_history(self):
        self._bought(5)
        neighbour = self.env["res.company"].create({"name": "Neighbour"})
        other = self._warehouse_of(neighbour)
        self.env["stock.quant"]._update_available_quantity(self.laptop, other.lot_stock_id, 9)
        for company, group, count in (
            (self.company, "stock.group_stock_user", 1),
            (neighbour, "stock.group_stock_user", 0),
        ):
            user = new_test_user(
                self.env,
                f"user of {company.name}",
                f"base.group_user,{group}",
                company_id=company.id,
                company_ids=[(6, 0, company.ids)],
            )
            Ledger = self.env["stock.ledger.line"].with_user(user)
            Ledger = Ledger.with_context(allowed_company_ids=company.ids)
            rows = Ledger.search([("product_id", "=", self.laptop.id)])
            self.assertEqual(len(rows), count)
            self.assertEqual(rows.mapped("balance"), [5] * count)
            with self.assertRaises(AccessError):
                rows.write({"quantity": 1}) if rows else Ledger.create({})
        seller = new_test_user(
            self.env, "a seller", "base.group_user,sales_team.group_sale_salesman"
        )
        with self.assertRaises(AccessError):
            self.env["stock.ledger.line"].with_user(seller).search([])
