import random

from odoo.tests import tagged

from .common import AvailabilityCase


@tagged("post_install", "-at_install")
class TestAvailabilityEquality(AvailabilityCase):
    """Whatever happens in the warehouses, the figures are those of Odoo's own fields."""

    def _places(self):
        transit = self.env["stock.location"].search(
            [("usage", "=", "transit"), ("company_id", "=", self.company.id)], limit=1
        )
        outside = self.env["stock.location"].create(
            {"name": "At third parties", "usage": "internal", "company_id": self.company.id}
        )
        loss = self.laptop.with_company(self.company).property_stock_inventory
        shelves = self.env["stock.location"].create(
            [
                {"name": "Shelf", "location_id": warehouse.lot_stock_id.id}
                for warehouse in (self.main, self.internal)
            ]
        )
        stocks = self.main.lot_stock_id | self.internal.lot_stock_id
        outputs = self.main.wh_output_stock_loc_id | self.internal.wh_output_stock_loc_id
        others = self.suppliers | self.customers | transit | outside | loss
        return list(stocks | shelves | outputs | others)

    def _random_moves(self, chance, products, count):
        """Planned moves between any two places, some going on from there, some carried out."""
        places, dozen = self._places(), self.env.ref("uom.product_uom_dozen")
        for _number in range(count):
            source, target = chance.sample(places, 2)
            product = chance.choice(products)
            move = self._move(
                product,
                chance.choice([1, 2.5, 0.1, 7, 0.33]),
                source,
                target,
                unit=dozen if chance.random() < 0.2 else None,
                final=chance.choice(places) if chance.random() < 0.3 else None,
            )
            fate = chance.choice(["wait", "assign", "done", "part", "cancel"])
            if fate == "assign":
                move._action_assign()
            elif fate == "done":
                self._do(move)
            elif fate == "part":
                self._do(move, move.product_uom_qty / 2)
            elif fate == "cancel":
                move._action_cancel()

    def test_figures_equal_those_of_odoo_after_any_moves(self):
        self.main.delivery_steps = self.internal.delivery_steps = "pick_ship"
        products = self.laptop | self._product("Wire") | self._product("Glass")
        warehouses = self.main | self.internal
        for product in products:
            self._stock(product, 40, self.main)
            self._stock(product, 3, self.internal)
        for seed in range(3):
            with self.subTest(seed=seed):
                self._random_moves(random.Random(seed), products, 40)
                self._assert_like_odoo(products, warehouses)
        states = {move.state for move in self.env["stock.move"].search([])}
        self.assertLessEqual({"confirmed", "assigned", "done", "cancel"}, states)

    def test_tenths_add_up(self):
        for quantity in (0.1, 0.2):
            self._stock(self.laptop, quantity, self.main)
            self._move(self.laptop, quantity, self.suppliers, self.main.lot_stock_id)
        self._assert_figures(self.laptop, self.main, on_hand=0.3, ordered=0.3, forecast=0.6)
