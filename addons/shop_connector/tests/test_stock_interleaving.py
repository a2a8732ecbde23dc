import random

from odoo.fields import Command
from odoo.tests import tagged

from .common import ShopCase

SEEDS = range(3)
STEPS = 24
SKUS = ("RED", "WHITE")
BUFFER = 1


class Ledger:
    """What there is and what was sold, kept apart from Odoo and the shop.

    ``oversold`` counts the units that the shop accepted although they were not there.
    """

    def __init__(self, stock):
        self.shelf = dict.fromkeys(SKUS, stock)
        self.promised = dict.fromkeys(SKUS, 0)
        self.oversold = 0

    def left(self, sku):
        return self.shelf[sku] - self.promised[sku]

    def sell(self, sku, units):
        self.oversold += max(units - max(self.left(sku), 0), 0)
        self.promised[sku] += units


class Interleaving:
    """Sales on both sides, cancellations, receipts, deliveries and exchanges in a random order.

    The shop refuses to sell more than it was told. Customers also buy in the middle of exchanges,
    before any request; before a writing one at most once in an exchange, which is the moment that
    an absolute quantity cannot close and that the last look at the orders puts right. What Odoo
    sells itself is sent before the next customer buys, as its commit does by waking the runner.
    """

    def __init__(self, case, seed):
        self.case = case
        self.random = random.Random(seed)
        self.shop = case.simulator
        self.products = {
            sku: case._product(f"{sku}-{seed}", stock=10, shop_backorder="deny").product_variant_ids
            for sku in SKUS
        }
        self.ledger = Ledger(10)
        self.web, self.own = {}, {}
        self.is_open = False
        self.wrote = False
        handle = self.shop.handle

        def buying(request):
            if self.is_open and not self.wrote and self.random.random() < 0.15:
                self.wrote = request.method in ("PATCH", "PUT")
                self.buy()
            return handle(request)

        self.shop.handle = buying

    def step(self):
        """One thing happens."""
        doing = (self.buy, self.buy, self.cancel, self.pay, self.receive, self.deliver)
        self.random.choice((*doing, self.sell, self.return_own, self.exchange, self.exchange))()

    def exchange(self, busy=True):
        """What the scheduled action does."""
        self.is_open, self.wrote = busy, False
        figures = self.case._sync()
        self.is_open = False
        self.case.assertFalse(figures["failed"])

    # === SHOP ===

    def buy(self):
        """A customer orders, if the shop lets him."""
        sku, units = self.random.choice(SKUS), self.random.randint(1, 5)
        payment = self.random.choice(("ps_checkout", "ps_wirepayment"))
        code = self.products[sku].default_code
        try:
            order_id = self.shop.place_order([(code, units)], payment=payment)
        except ValueError:
            return
        self.ledger.sell(sku, units)
        self.web[order_id] = (sku, units)

    def cancel(self):
        """A customer changes his mind; it counts here as soon as it was read."""
        if self.web:
            order_id = self.random.choice(sorted(self.web))
            sku, units = self.web.pop(order_id)
            self.case._set_state(order_id, "cancelled")
            self.ledger.promised[sku] -= units

    def pay(self):
        """Money for an order arrives."""
        if self.web:
            self.case._set_state(self.random.choice(sorted(self.web)), "paid")

    # === HERE ===

    def receive(self):
        """Goods come in."""
        sku, units = self.random.choice(SKUS), self.random.randint(1, 6)
        self.case.env["stock.quant"]._update_available_quantity(
            self.products[sku], self.case.warehouse.lot_stock_id, units
        )
        self.ledger.shelf[sku] += units

    def sell(self):
        """We sell ourselves what is free."""
        self.exchange(busy=False)
        sku = self.random.choice(SKUS)
        units = min(self.random.randint(1, 4), self.ledger.left(sku))
        if units < 1:
            return
        line = {"product_id": self.products[sku].id, "product_uom_qty": units}
        order = self.case.env["sale.order"].create(
            {
                "partner_id": self.case.env.user.partner_id.id,
                "order_line": [Command.create(line)],
            }
        )
        order.action_confirm()
        self.own[order] = (sku, units)
        self.ledger.promised[sku] += units
        self.exchange(busy=False)

    def return_own(self):
        """An order of ours is cancelled."""
        if self.own:
            order = self.random.choice(list(self.own))
            sku, units = self.own.pop(order)
            order._action_cancel()
            self.ledger.promised[sku] -= units

    def deliver(self):
        """A confirmed order leaves."""
        self.exchange(busy=False)
        orders = {self.case._order(order_id): order_id for order_id in self.web}
        ready = [
            order
            for order in [*orders, *self.own]
            if order.state == "sale" and set(order.picking_ids.mapped("state")) == {"assigned"}
        ]
        if not ready:
            return
        order = self.random.choice(ready)
        order.picking_ids.move_ids.picked = True
        order.picking_ids.button_validate()
        sold = self.own.pop(order) if order in self.own else self.web.pop(orders[order])
        sku, units = sold
        self.ledger.promised[sku] -= units
        self.ledger.shelf[sku] -= units


@tagged("post_install", "-at_install")
class TestStockInterleaving(ShopCase):
    """Nothing is sold twice, whatever happens in which order."""

    def test_nothing_is_sold_twice(self):
        self.shop.stock_buffer = BUFFER
        for seed in SEEDS:
            with self.subTest(seed=seed):
                self._play(Interleaving(self, seed))

    def _play(self, world):
        world.exchange(busy=False)
        for _step in range(STEPS):
            world.step()
        world.exchange(busy=False)
        self.shop.action_compare_all()
        with self._writes(0):
            world.exchange(busy=False)
        self.assertEqual(world.ledger.oversold, 0)
        for sku, product in world.products.items():
            offered = world.shop.stock_of(product.default_code)
            self.assertEqual(offered, max(world.ledger.left(sku) - BUFFER, 0), sku)
            self.assertEqual(product.shop_link_ids.stock_expected, offered)
