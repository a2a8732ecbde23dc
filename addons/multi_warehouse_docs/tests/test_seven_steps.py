"""Goods ordered, received, sold, delivered, moved to another warehouse and back, given up.

The story every user of several warehouses knows, asserted after each step and for each warehouse:
on hand, committed to customers, ordered; type and number of the document.
"""

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .documents import DocumentCase

LIGHTS_OUT = "The lights went out"


@tagged("post_install", "-at_install")
@freeze_time("2026-11-22 10:00:00")
class TestSevenSteps(DocumentCase):
    # === HELPERS ===

    def _assert_stock(self, main, internal=(0, 0, 0)):
        """(on hand, committed to customers, ordered) of both; other figures and places agree."""
        names = ("on_hand", "committed_customer", "ordered")
        for warehouse, figures in ((self.main, main), (self.internal, internal)):
            with self.subTest(warehouse=warehouse.name):
                expected = dict(zip(names, figures, strict=True))
                self._assert_figures(self.laptop, warehouse, **expected)
        self._assert_like_odoo(self.laptop, self.main | self.internal)
        companies = [("company_id", "=", self.company.id)]
        self.assertFalse(self.env["document.series.gap"].search(companies))
        for warehouse in self.main | self.internal:
            ledger = self.env["stock.ledger.line"].search(
                [("product_id", "=", self.laptop.id), ("warehouse_id", "=", warehouse.id)]
            )
            on_hand = self._figures(self.laptop, warehouse)["on_hand"]
            self.assertEqual(sum(ledger.mapped("quantity")), on_hand)

    def _assert_document(self, document, kind, number):
        self.assertEqual(
            (document.document_type_id, document.document_number), (self._type(kind), number)
        )

    def _chain(self, transfers):
        """Validate the transfers that ``transfers()`` returns, and those that follow on them."""
        while waiting := transfers().filtered(lambda one: one.state not in ("done", "cancel")):
            free = waiting.filtered(
                lambda one: all(move.state == "done" for move in one.move_ids.move_orig_ids)
            )
            for transfer in free:
                self._validate(transfer)

    def _of(self, order):
        return lambda: self.env["stock.picking"].search([("id", "in", order.picking_ids.ids)])

    def _numbered(self, transfers):
        return transfers.filtered("document_number").sorted("id")

    def _two_steps_in(self, receipt):
        """The goods came into the entrance; put them away."""
        for move in receipt.move_ids.move_dest_ids:
            if move.state not in ("done", "cancel"):
                self._validate(move.picking_id)

    def _tell(self):
        """The seven steps; the warehouses may work in any number of steps inside."""
        # 1. a purchase order
        purchase = self._buy(5)
        self._assert_stock((0, 0, 0))
        self.assertFalse(purchase.document_number)
        purchase.button_confirm()
        self._assert_document(purchase, "purchase_order", "PO/2026/00001")
        self._assert_stock((0, 0, 5))
        # 2. a receipt in part
        receipt = purchase.picking_ids
        rest = self._validate(receipt, 3)
        self._two_steps_in(receipt)
        self._assert_document(receipt, "receipt", "GR/2026/00001")
        self.assertFalse(rest.document_number)
        self._assert_stock((3, 0, 2))
        # 3. a sales order
        sale = self._sell(1)
        self._assert_stock((3, 0, 2))
        self.assertFalse(sale.document_number)
        sale.action_confirm()
        self._assert_document(sale, "sale_order", "SO/2026/00001")
        self._assert_stock((3, 1, 2))
        # 4. its delivery, in as many steps as the warehouse has
        self._chain(self._of(sale))
        delivery = self._numbered(sale.picking_ids)
        self._assert_document(delivery, "delivery", "DN/2026/00001")
        self._assert_stock((2, 0, 2))
        return purchase

    def _tell_the_end(self, purchase):
        # 7. one piece is given up, then the rest
        line = purchase.order_line
        self._cancel_remaining(purchase, 1)
        self.assertEqual(line.product_qty, 4)
        self._assert_stock((2, 0, 1))
        self._cancel_remaining(purchase)
        self.assertEqual(line.product_qty, 3)
        self._assert_stock((2, 0, 0))
        done = purchase.picking_ids.filtered(lambda one: one.state == "done")
        self.assertIn("GR/2026/00001", done.mapped("document_number"))

    def _cancel_remaining(self, order, quantity=None):
        action = order.action_cancel_remaining()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        if quantity is not None:
            wizard.line_ids.quantity = quantity
        wizard.action_apply()

    def _move_there_and_back(self):
        # 5. an internal document takes one piece to the other warehouse
        there = self._transfer(1, self.main, self.internal)
        self.assertFalse(there.document_number or there.partner_id)
        self._assert_stock((2, 0, 2))
        self._validate(there)
        self._assert_document(there, "internal", "IT/2026/00001")
        self._assert_stock((1, 0, 2), (1, 0, 0))
        # 6. and another one takes it back
        back = self._transfer(1, self.internal, self.main)
        self._validate(back)
        self._assert_document(back, "internal", "IT/2026/00002")
        self._assert_stock((2, 0, 2))

    # === THE STORY ===

    def test_one_step(self):
        purchase = self._tell()
        self._move_there_and_back()
        self._tell_the_end(purchase)

    def test_pick_and_ship(self):
        self.main.delivery_steps = "pick_ship"
        purchase = self._tell()
        self._move_there_and_back()
        self._tell_the_end(purchase)

    def test_receipt_in_two_steps(self):
        self.main.reception_steps = "two_steps"
        purchase = self._tell()
        self._move_there_and_back()
        self._tell_the_end(purchase)

    def test_two_steps_in_and_three_out(self):
        self.main.write({"reception_steps": "two_steps", "delivery_steps": "pick_pack_ship"})
        purchase = self._tell()
        self._move_there_and_back()
        self._tell_the_end(purchase)

    def test_by_way_of_transit(self):
        purchase = self._tell()
        self._through_transit(self.main, self.internal, "IT/2026/00001", (1, 0, 2))
        self._assert_stock((1, 0, 2), (1, 0, 0))
        self._through_transit(self.internal, self.main, "IT/2026/00002", (1, 0, 2))
        self._assert_stock((2, 0, 2))
        self._tell_the_end(purchase)

    def _through_transit(self, source, target, number, main_on_the_way):
        """Two legs are one document, that of the leg that leaves."""
        transit = self.company.internal_transit_location_id
        transit.active = True
        first = self._leg(source.int_type_id, source.lot_stock_id, transit)
        self._validate(first)
        self._assert_document(first, "internal", number)
        self._assert_stock(main_on_the_way)
        second = self._leg(target.int_type_id, transit, target.lot_stock_id)
        self._validate(second)
        self.assertFalse(second.document_number or second.document_type_id)

    def _leg(self, operation, source, target):
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": operation.id,
                "location_id": source.id,
                "location_dest_id": target.id,
                "move_ids": [
                    (
                        0,
                        0,
                        {
                            "product_id": self.laptop.id,
                            "product_uom_qty": 1,
                            "location_id": source.id,
                            "location_dest_id": target.id,
                        },
                    )
                ],
            }
        )
        picking.action_confirm()
        return picking

    def test_a_failure_in_the_middle_leaves_no_gap(self):
        self._stock(self.laptop, 5, self.main)
        orders = [self._sell(1) for _number in range(3)]
        for order in orders:
            order.action_confirm()
        first, second, third = (order.picking_ids for order in orders)
        self._validate(first)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self._validate(second)
            self.assertEqual(second.document_number, "DN/2026/00002")
            raise UserError(LIGHTS_OUT)
        self.assertFalse(second.document_number)
        self._validate(third)
        self._validate(second)
        self.assertEqual(
            (third.document_number, second.document_number), ("DN/2026/00002", "DN/2026/00003")
        )
