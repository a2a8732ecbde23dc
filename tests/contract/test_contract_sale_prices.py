"""A lower price for everybody, for a time: what also systems without price rules can do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from price_pieces import day, put, put_well, rule
from world import World

from shopapi.adapter import ShopAdapter
from shopapi.documents import PriceRule
from shopapi.errors import DataError, NotFound

D = Decimal
BEFORE, DURING, AFTER = "2026-11-30T12:00:00", "2026-12-05T12:00:00", "2026-12-20T12:00:00"

pytestmark = pytest.mark.needs("sale_prices")


def paid(world: World, sku: str, moment: str) -> tuple[Decimal, Decimal | None]:
    """What one piece costs at a moment, and the price that is struck through beside it; net."""
    world.travel_to(f"{moment}+00:00")
    cent, struck = D("0.01"), world.struck_price(sku)
    return world.unit_price(sku).quantize(cent), struck.quantize(cent) if struck else None


def at(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=UTC)


def test_a_sale_begins_and_ends_by_itself(world: World, adapter: ShopAdapter) -> None:
    product = world.stocked(adapter, "W-1")
    sale = rule("8", starts_at=day(1), ends_at=day(10, end=True), strike=True)
    assert put_well(adapter, product, sale) == 1
    assert [paid(world, "W-1", moment) for moment in (BEFORE, DURING, AFTER)] == [
        (10, None),
        (8, 10),
        (10, None),
    ]


def test_the_same_sale_is_written_once_and_another_one_again(
    world: World, adapter: ShopAdapter
) -> None:
    product = world.stocked(adapter, "W-1")
    sale = rule("8", starts_at=day(1), ends_at=day(10, end=True), strike=True)
    put_well(adapter, product, sale)
    assert put_well(adapter, product, sale) == 0
    later = rule("8", starts_at=day(1), ends_at=day(15, end=True), strike=True)
    assert put_well(adapter, product, later) > 0
    assert put_well(adapter, product, rule("7.5", strike=True)) > 0
    assert paid(world, "W-1", BEFORE) == (D("7.5"), 10)


def test_a_sale_that_is_said_again_when_it_begins_holds_at_once(
    world: World, adapter: ShopAdapter
) -> None:
    """Shops that look at the times once a day learn of it from the write."""
    product = world.stocked(adapter, "W-1")
    starts, ends = at("2026-12-02T10:00:00"), at("2026-12-04T17:59:59")
    put_well(adapter, product, rule("8", starts_at=starts, ends_at=ends, strike=True))
    assert paid(world, "W-1", "2026-12-02T09:59:00") == (10, None)
    world.travel_to("2026-12-02T10:00:30+00:00")
    running = rule("8", ends_at=ends, strike=True)
    put_well(adapter, product, running)
    assert paid(world, "W-1", "2026-12-02T10:01:00") == (8, 10)
    assert put_well(adapter, product, running) == 0


def test_the_next_sale_begins_at_once_when_it_is_said_then(
    world: World, adapter: ShopAdapter
) -> None:
    product = world.stocked(adapter, "W-1")
    noon, evening = at("2026-12-03T12:00:00"), at("2026-12-03T18:59:59")
    first = rule("8", ends_at=noon - timedelta(seconds=1), strike=True)
    put_well(adapter, product, first, rule("6", starts_at=noon, ends_at=evening, strike=True))
    assert paid(world, "W-1", "2026-12-03T11:00:00")[0] == 8
    world.travel_to("2026-12-03T12:00:10+00:00")
    put_well(adapter, product, rule("6", ends_at=evening, strike=True))
    assert paid(world, "W-1", "2026-12-03T12:00:20")[0] == 6
    world.travel_to("2026-12-03T19:00:10+00:00")
    put_well(adapter, product)
    assert paid(world, "W-1", "2026-12-03T19:00:20") == (10, None)


def test_a_sale_that_is_taken_back_is_over(world: World, adapter: ShopAdapter) -> None:
    product = world.stocked(adapter, "W-1")
    put_well(adapter, product, rule("8", strike=True))
    assert put_well(adapter, product) == 1
    assert paid(world, "W-1", DURING) == (10, None)
    assert put_well(adapter, product) == 0


def test_a_percentage_is_off_the_ordinary_price(world: World, adapter: ShopAdapter) -> None:
    product = world.stocked(adapter, "W-1")
    put_well(adapter, product, PriceRule(percent=D("12.5")))
    assert paid(world, "W-1", DURING)[0] == D("8.75")


def test_one_variant_is_on_sale(world: World, adapter: ShopAdapter) -> None:
    product, (first, _second) = world.variants(adapter, "W", ["0", "18.30"])
    before = paid(world, "W-2", DURING)
    put_well(adapter, product, rule("3", variant=first, strike=True))
    assert paid(world, "W-1", DURING)[0] == 3
    assert paid(world, "W-2", DURING) == before


def test_a_product_that_is_gone_is_told(world: World, adapter: ShopAdapter) -> None:
    world.stocked(adapter, "W-1")
    assert isinstance(put(adapter, "987654", rule("8")).error, NotFound)


def test_a_price_that_rises_for_a_time_is_held_or_refused(
    world: World, adapter: ShopAdapter
) -> None:
    product = world.stocked(adapter, "W-1")
    outcome = put(adapter, product, rule("12", starts_at=day(1)))
    if outcome.error is None:
        assert paid(world, "W-1", DURING)[0] == 12
    else:
        assert isinstance(outcome.error, DataError)
        assert "not raise" in str(outcome.error)
        assert paid(world, "W-1", DURING)[0] == 10


def test_a_refused_price_leaves_no_old_sale(world: World, adapter: ShopAdapter) -> None:
    product = world.stocked(adapter, "W-1")
    put_well(adapter, product, rule("8", strike=True))
    outcome = put(adapter, product, rule("12", starts_at=day(1), ends_at=day(10, end=True)))
    during = paid(world, "W-1", DURING)[0]
    assert during == (12 if outcome.error is None else 10)
    assert paid(world, "W-1", AFTER) == (10, None)


def test_what_can_be_lowered_is_lowered_beside_what_cannot(
    world: World, adapter: ShopAdapter
) -> None:
    product, (first, second) = world.variants(adapter, "W", ["0", "18.30"])
    lower, higher = rule("3", variant=first, strike=True), rule("900", variant=second)
    put(adapter, product, lower, higher)
    assert paid(world, "W-1", DURING)[0] == 3
