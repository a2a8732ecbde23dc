"""Which orders changed: every one is seen, whatever pages, clocks and changes do meanwhile."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from world import World

from shopapi.adapter import ShopAdapter
from shopapi.documents import StatusChange
from shopapi.errors import DataError

D = Decimal


def place(world: World, lines: list[tuple[str, int]], customer: Any = None) -> int:
    return int(world.sim.place_order(lines, customer))


def small_pages(adapter: ShopAdapter, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    """Every system keeps its page size as ``PAGE`` in its module ``changes``."""
    package = type(adapter).__module__.rpartition(".")[0]
    monkeypatch.setattr(f"{package}.changes.PAGE", size)


def changed(adapter: ShopAdapter, since: str | None = None) -> list[str]:
    return [stamp.external_id for stamp in adapter.changed_orders(since)]


@pytest.mark.parametrize("count", [0, 1, 3, 4, 7])
def test_page_edges(
    world: World, adapter: ShopAdapter, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_pages(adapter, monkeypatch, 3)
    world.stocked(adapter, "W-1")
    numbers = []
    for index in range(count):
        numbers.append(str(place(world, [("W-1", 1)], {"email": f"c{index}@shop.example"})))
        if index % 2:
            world.sim.clock.advance(1)
    assert changed(adapter) == numbers


def test_many_orders_in_one_second_across_pages(
    world: World, adapter: ShopAdapter, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_pages(adapter, monkeypatch, 2)
    world.stocked(adapter, "W-1")
    numbers = [str(place(world, [("W-1", 1)])) for _ in range(7)]
    assert sorted(changed(adapter)) == numbers


def test_order_that_changes_while_pages_are_read_hides_no_other(
    world: World, adapter: ShopAdapter, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_pages(adapter, monkeypatch, 2)
    world.stocked(adapter, "W-1")
    numbers = []
    for _ in range(6):
        numbers.append(place(world, [("W-1", 1)]))
        world.sim.clock.advance(10)
    seen = []
    for stamp in adapter.changed_orders(None):
        seen.append(stamp.external_id)
        if len(seen) == 2:
            world.sim.set_order_state(numbers[0], world.state("paid"))
    assert set(seen) == {str(number) for number in numbers}


def test_stamps_say_what_to_read_again(world: World, adapter: ShopAdapter) -> None:
    world.stocked(adapter, "W-1")
    number = place(world, [("W-1", 1)])
    (before,) = adapter.changed_orders(None)
    assert before.placed_at is not None and before.placed_at.utcoffset() is not None
    world.sim.clock.advance(5)
    world.sim.set_order_state(number, world.state("paid"))
    (after,) = adapter.changed_orders(before.stamp)
    assert after.stamp != before.stamp
    assert after.state == world.state("paid") == world.order(adapter, number).state
    assert after.stamp == world.order(adapter, number).stamp


def test_reading_overlaps_so_that_nothing_falls_through(world: World, adapter: ShopAdapter) -> None:
    world.stocked(adapter, "W-1")
    world.sim.clock.advance(-5 * 3600)  # what lies ahead of the present counts as the present
    old = str(place(world, [("W-1", 1)]))
    world.sim.clock.advance(3 * 3600)
    recent = str(place(world, [("W-1", 1)]))
    world.sim.clock.advance(600)
    latest = str(place(world, [("W-1", 1)]))
    stamps = {stamp.external_id: stamp.stamp for stamp in adapter.changed_orders(None)}
    found = changed(adapter, stamps[latest])
    assert recent in found and latest in found
    assert old not in found


def test_orders_in_the_hour_that_autumn_repeats_are_all_seen(
    world: World, adapter: ShopAdapter
) -> None:
    world.stocked(adapter, "W-1")
    world.travel_to("2027-10-31T00:50:00+00:00")  # 02:50, summer time
    first = str(place(world, [("W-1", 1)]))
    (stamp,) = adapter.changed_orders(None)
    world.travel_to("2027-10-31T01:05:00+00:00")  # 02:05 again, winter time
    second = str(place(world, [("W-1", 1)]))
    assert set(changed(adapter, stamp.stamp)) == {first, second}


def test_order_that_is_dated_ahead_hides_no_later_one(world: World, adapter: ShopAdapter) -> None:
    world.stocked(adapter, "W-1")
    world.sim.clock.advance(30 * 86400)
    ahead = str(place(world, [("W-1", 1)]))
    (cursor,) = adapter.changed_orders(None)
    world.sim.clock.advance(-30 * 86400)
    later = str(place(world, [("W-1", 1)]))
    assert changed(adapter, cursor.stamp) == [later, ahead]


def test_dates_are_aware_and_right_in_summer_and_winter(world: World, adapter: ShopAdapter) -> None:
    world.stocked(adapter, "W-1")
    for moment in ("2027-01-15T12:00:00+00:00", "2027-07-15T12:00:00+00:00"):
        world.travel_to(moment)
        placed = world.order(adapter, place(world, [("W-1", 1)])).placed_at
        assert placed.isoformat()[:18] == moment[:18]


def test_stamp_of_another_shop_is_a_data_error(world: World, adapter: ShopAdapter) -> None:
    with pytest.raises(DataError):
        list(adapter.changed_orders("yesterday"))


def test_reading_never_writes(world: World, adapter: ShopAdapter) -> None:
    world.stocked(adapter, "W-1")
    number = place(world, [("W-1", 1)])
    before = adapter.writes
    world.order(adapter, number)
    changed(adapter)
    assert not adapter.change_status(
        StatusChange(order=str(number), state=world.order(adapter, number).state)
    )
    assert adapter.writes == before
