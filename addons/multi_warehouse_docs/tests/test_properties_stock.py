import random

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import AvailabilityCase

OPEN = ("draft", "waiting", "confirmed", "assigned")


class Story:
    """Chance events in two warehouses: what a day may bring, in any order.

    Every event goes through the documents and wizards that people use. ``events`` keeps what
    happened, so that a failure can be read.
    """

    def __init__(self, case, seed):
        self.case = case
        self.env = case.env
        self.chance = random.Random(seed)
        self.products = case.products
        self.warehouses = case.main | case.internal
        self.sales = self.env["sale.order"]
        self.purchases = self.env["purchase.order"]
        self.transfers = self.env["stock.picking"]
        self.events = []

    def go_on(self):
        """One more event; the documents it needs may not be there, then nothing happens."""
        event = self.chance.choices(
            [
                self.buy,
                self.sell,
                self.plan_transfer,
                self.process,
                self.send_back,
                self.give_up,
                self.cancel_transfer,
                self.make_void,
            ],
            weights=[3, 3, 2, 8, 2, 2, 1, 1],
        )[0]
        self.events.append(event.__name__)
        event()

    # === EVENTS ===

    def buy(self):
        warehouse = self.chance.choice(self.warehouses)
        order = self.env["purchase.order"].create(
            {
                "partner_id": self.case.partner.id,
                "picking_type_id": warehouse.in_type_id.id,
                "order_line": [
                    Command.create({"product_id": product.id, "product_qty": self._quantity()})
                    for product in self._some_products()
                ],
            }
        )
        order.button_confirm()
        self.purchases |= order

    def sell(self):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.case.partner.id,
                "warehouse_id": self.chance.choice(self.warehouses).id,
                "order_line": [
                    Command.create({"product_id": product.id, "product_uom_qty": self._quantity()})
                    for product in self._some_products()
                ],
            }
        )
        order.action_confirm()
        self.sales |= order

    def plan_transfer(self):
        """From one warehouse to the other, or to a third party and back."""
        source, target = self.chance.sample(
            [*self.warehouses.lot_stock_id, self.case.outside, self.case.transit], 2
        )
        warehouse = source.warehouse_id or target.warehouse_id or self.case.main
        partner = self.case.partner if self.case.outside in (source, target) else None
        picking = self.env["stock.picking"].create(
            {
                "partner_id": partner and partner.id,
                "picking_type_id": warehouse.int_type_id.id,
                "location_id": source.id,
                "location_dest_id": target.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom_qty": self._quantity(),
                            "location_id": source.id,
                            "location_dest_id": target.id,
                        }
                    )
                    for product in self._some_products()
                ],
            }
        )
        picking.action_confirm()
        self.transfers |= picking

    def process(self):
        """Carry out an open transfer, in whole or in part; sometimes the rest is given up."""
        picking = self._one(self._all_transfers().filtered(lambda one: one.state in OPEN))
        if not picking:
            return
        moves = picking.move_ids.filtered(lambda move: move.state != "cancel")
        for move in moves:
            part = self.chance.choice([1, 1, 0.5])
            move.quantity = move.product_uom_qty * part
            move.picked = True
        if all(move.product_uom.is_zero(move.quantity) for move in moves):
            return
        action = picking.button_validate()
        if action is not True:
            wizard = Form.from_action(self.env, action).save()
            self.chance.choice([wizard.process, wizard.process, wizard.process_cancel_backorder])()

    def send_back(self):
        """Return goods of a transfer that was carried out, for a refund or not."""
        picking = self._one(
            self._all_transfers().filtered(
                lambda one: one.state == "done" and not one.return_id and not one.voided
            )
        )
        if not picking:
            return
        wizard = self.env["stock.return.picking"].create({"picking_id": picking.id})
        for line in wizard.product_return_moves:
            line.quantity = self.chance.choice([0, line.move_quantity, line.move_quantity / 2])
            line.to_refund = self.chance.random() < 0.5
        if not any(wizard.product_return_moves.mapped("quantity")):
            return
        self.transfers |= self.env["stock.picking"].browse(wizard.action_create_returns()["res_id"])

    def give_up(self):
        """Cancel what remains of an order, all or half of it."""
        order = self._one(self.chance.choice([self.sales, self.purchases]))
        if not order:
            return
        remaining = {line: line._get_cancellable_quantity() for line in order.order_line}
        quantities = {
            line: quantity * self.chance.choice([1, 0.5])
            for line, quantity in remaining.items()
            if quantity
        }
        if quantities:
            order.order_line._cancel_remaining(quantities)

    def cancel_transfer(self):
        picking = self._one(self._all_transfers().filtered(lambda one: one.state in OPEN))
        picking.action_cancel()

    def make_void(self):
        """Make a numbered transfer void, unless that is refused: part of it came back already."""
        numbered = self._all_transfers().filtered("can_make_void")
        picking = self._one(numbered)
        if not picking:
            return
        try:
            with self.env.cr.savepoint():
                picking.make_void("entered twice")
        except UserError:
            self.events.append("(refused)")

    # === HELP ===

    def _all_transfers(self):
        found = self.transfers | self.sales.picking_ids | self.purchases.picking_ids
        return found.filtered(lambda one: one.state != "cancel")

    def _one(self, records):
        return self.chance.choice(records) if records else records

    def _some_products(self):
        return self.chance.sample(list(self.products), self.chance.randint(1, len(self.products)))

    def _quantity(self):
        return self.chance.choice([1, 2, 4, 7, 10, 0.5])


@tagged("post_install", "-at_install")
class TestStockProperties(AvailabilityCase):
    """Whatever happens, in whatever order: the views agree with Odoo and with each other."""

    EVENTS = 24

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.products = cls.laptop | cls._product("Wire") | cls._product("Glass")
        cls.outside = cls.env["stock.location"].create(
            {"name": "At third parties", "usage": "internal", "company_id": cls.company.id}
        )
        cls.transit = cls.env["stock.location"].create(
            {"name": "On the road", "usage": "transit", "company_id": cls.company.id}
        )

    def test_one_step(self):
        self._tell(range(2))

    def test_two_steps_in_and_out(self):
        self.main.write({"delivery_steps": "pick_ship", "reception_steps": "two_steps"})
        self._tell(range(10, 12))

    def test_three_steps_in_one_warehouse(self):
        self.main.write({"delivery_steps": "pick_pack_ship", "reception_steps": "three_steps"})
        self._tell(range(20, 21))

    def _tell(self, seeds):
        for seed in seeds:
            story = Story(self, seed)
            for number in range(self.EVENTS):
                story.go_on()
                if number % 6 == 5:
                    with self.subTest(seed=seed, events=" ".join(story.events)):
                        self._assert_agreement()

    def _assert_agreement(self):
        self.env.flush_all()
        self.env.invalidate_all()
        warehouses = self.main | self.internal
        self._assert_like_odoo(self.products, warehouses)
        self._assert_ledger(warehouses)
        self._assert_numbers()

    def _assert_ledger(self, warehouses):
        """The history adds up to what is on hand, and its last balance is the same."""
        figures = self.products._get_availability(warehouses)
        for product in self.products:
            for warehouse in warehouses:
                rows = self.env["stock.ledger.line"].search(
                    [("product_id", "=", product.id), ("warehouse_id", "=", warehouse.id)],
                    order="date, id",
                )
                on_hand = figures[product][warehouse]["on_hand"]
                where = f"{product.name} in {warehouse.code}"
                self.assertAlmostEqual(sum(rows.mapped("quantity")), on_hand, 5, where)
                if rows:
                    self.assertAlmostEqual(rows[-1].balance, on_hand, 5, where)

    def _assert_numbers(self):
        """Every series of this company is without gap and without double."""
        for model in ("stock.picking", "sale.order", "purchase.order"):
            documents = self.env[model].search(
                [("series_id", "!=", False), ("company_id", "=", self.company.id)]
            )
            groups = documents.grouped(lambda one: (one.series_id, one.series_period))
            for (series, _period), numbered in groups.items():
                numbers = sorted(numbered.mapped("series_number"))
                self.assertEqual(
                    numbers, [*range(numbers[0], numbers[0] + len(numbers))], series.name
                )
