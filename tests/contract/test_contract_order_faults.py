"""One order that cannot be read: it is named, and all others of the batch are read."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from world import World

from shopapi.adapter import ShopAdapter
from shopapi.documents import Order, Outcome
from shopapi.errors import DataError, NotFound, Unreachable

Spoil = Callable[[World, int], None]

FAULTS: dict[str, Spoil] = {
    "breakdown": lambda world, order: world.break_on_order(order),
    "order": lambda world, order: world.spoil_order(order, "order"),
    "line": lambda world, order: world.spoil_order(order, "line"),
    "payment": lambda world, order: world.spoil_order(order, "payment"),
}


@pytest.fixture
def orders(world: World, adapter: ShopAdapter) -> list[int]:
    """Five paid orders of five people."""
    world.stocked(adapter, "W-1")
    return [
        int(world.sim.place_order([("W-1", 1)], {"email": f"c{index}@shop.example"}, paid="12.20"))
        for index in range(5)
    ]


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("place", [0, 3])
def test_bad_order_does_not_stop_the_others(
    world: World, adapter: ShopAdapter, orders: list[int], fault: str, place: int
) -> None:
    FAULTS[fault](world, orders[place])
    found = adapter.fetch_orders([str(key) for key in orders])
    bad = found.pop(place)
    assert isinstance(bad, Outcome)
    assert (bad.key, bad.external_id) == (str(orders[place]), str(orders[place]))
    assert isinstance(bad.error, DataError) and not isinstance(bad.error, NotFound)
    good = [str(key) for key in orders if key != orders[place]]
    assert [each.external_id for each in found if isinstance(each, Order)] == good
    assert all(each.payments for each in found if isinstance(each, Order))


def test_order_alone_that_breaks_the_shop(
    world: World, adapter: ShopAdapter, orders: list[int]
) -> None:
    world.break_on_order(orders[0])
    (bad,) = adapter.fetch_orders([str(orders[0])])
    assert isinstance(bad, Outcome)
    assert isinstance(bad.error, DataError)
    assert "breaks down on this order" in str(bad.error)


@pytest.mark.parametrize("count", [1, 5])
def test_one_breakdown_while_reading_is_healed(
    world: World, adapter: ShopAdapter, orders: list[int], count: int
) -> None:
    keys = [str(key) for key in orders[:count]]
    adapter.fetch_orders(keys)
    fault = world.sim.fail(500)
    assert all(isinstance(each, Order) for each in adapter.fetch_orders(keys))
    assert fault.hits == 1


def test_gone_orders_keep_their_place(
    world: World, adapter: ShopAdapter, orders: list[int]
) -> None:
    world.break_on_order(orders[1])
    keys = ["987654", str(orders[0]), "none", str(orders[1])]
    gone, good, strange, bad = adapter.fetch_orders(keys)
    assert isinstance(gone, Outcome) and isinstance(gone.error, NotFound)
    assert isinstance(good, Order)
    assert isinstance(strange, Outcome) and isinstance(strange.error, NotFound)
    assert isinstance(bad, Outcome) and not isinstance(bad.error, NotFound)


@pytest.mark.parametrize("warm", [False, True])
def test_shop_that_is_down_is_nobodys_fault(
    world: World, adapter: ShopAdapter, orders: list[int], warm: bool
) -> None:
    keys = [str(key) for key in orders]
    if warm:
        adapter.fetch_orders(keys)
    world.sim.clear_log()
    world.sim.fail(500, times=None)
    with pytest.raises(Unreachable):
        adapter.fetch_orders(keys)
    assert len(world.sim.log) <= 2
