"""Sales in the shop while levels are sent: whatever the order of events, nothing is sold twice."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from world import World

from shopapi.adapter import ShopAdapter
from shopapi.documents import Order, StockLevel

SEEDS = range(6)
STEPS = 40
SKU = "WINE"
TRIES = 10


class BackOffice:
    """A back office of one product in the few lines that matter: what it knows and what it sends.

    It reads orders before it sends a level, sends what is on the shelf without what it knows was
    sold, and expects the shop to hold what it last confirmed without what was sold since.
    """

    def __init__(self, adapter: ShopAdapter, product: str, shelf: int) -> None:
        self.adapter = adapter
        self.product = product
        self.shelf = shelf
        self.cursor: str | None = None
        self.seen: dict[str, tuple[str, str]] = {}
        self.sold: dict[str, Decimal] = {}
        self.expected: Decimal | None = None

    def poll(self) -> bool:
        """Read what changed; whether there was anything new."""
        stamps = list(self.adapter.changed_orders(self.cursor))
        news = [
            each.external_id
            for each in stamps
            if self.seen.get(each.external_id) != (each.stamp, each.state)
        ]
        for each in stamps:
            self.seen[each.external_id] = (each.stamp, each.state)
            self.cursor = max(self.cursor or "", each.stamp)
        for order in self.adapter.fetch_orders(news) if news else ():
            assert isinstance(order, Order), order
            units = sum(
                (line.quantity for line in order.lines if order.holds_stock), start=Decimal(0)
            )
            if self.expected is not None:
                self.expected -= units - self.sold.get(order.external_id, Decimal(0))
            self.sold[order.external_id] = units
        return bool(news)

    def push(self) -> None:
        """Send the level, again and again while sales come in between."""
        for _try in range(TRIES):
            self.poll()
            if self._push_once():
                break
        else:
            raise AssertionError("The level never came to rest.")
        # who bought in the moment of writing
        if self.poll():
            self.push()

    def _push_once(self) -> bool:
        quantity = max(self.shelf - sum(self.sold.values(), start=Decimal(0)), Decimal(0))
        level = StockLevel(
            product=self.product,
            variant=None,
            quantity=quantity,
            backorder=False if self.adapter.capabilities.backorders else None,
            expected=self.expected,
        )
        (outcome,) = self.adapter.push_stock([level])
        if outcome.moved:
            if self.poll():
                return False
            # no order explains it: nobody's sale is overwritten
            (outcome,) = self.adapter.push_stock([replace(level, expected=outcome.held)])
        assert outcome.error is None
        if outcome.moved:
            return False
        self.expected = quantity
        return True


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_is_sold_twice_in_any_order_of_events(
    world: World, adapter: ShopAdapter, seed: int
) -> None:
    chance = random.Random(seed)
    product = world.stocked(adapter, SKU)
    office = BackOffice(adapter, product, shelf=8)
    office.push()
    oversold = 0
    active: dict[int, int] = {}
    is_busy = False

    def buy() -> None:
        nonlocal oversold
        units = chance.randint(1, 4)
        try:
            order_id = world.sim.place_order([(SKU, units)])
        except ValueError:
            return
        active[order_id] = units
        oversold += max(sum(active.values()) - office.shelf, 0)

    handle = world.simulator.handle

    def buying(request: Any) -> Any:
        if is_busy and request.method == "GET" and chance.random() < 0.2:
            buy()
        return handle(request)

    world.simulator.handle = buying
    for _step in range(STEPS):
        event = chance.choice(["buy", "buy", "cancel", "receive", "push", "push"])
        if event == "buy":
            buy()
        elif event == "cancel" and active:
            order_id = chance.choice(sorted(active))
            world.sim.set_order_state(order_id, world.state("cancelled"))
            del active[order_id]
        elif event == "receive":
            office.shelf += chance.randint(1, 3)
        elif event == "push":
            is_busy = True
            office.push()
            is_busy = False
    office.push()
    assert oversold == 0
    assert world.sim.stock_of(SKU) == office.shelf - sum(active.values())
