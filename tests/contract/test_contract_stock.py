"""Stock levels: only what differs, many in a call, one bad row stops nobody."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from world import World

from shopapi.adapter import ShopAdapter
from shopapi.documents import Outcome, StockLevel
from shopapi.errors import DataError, NotFound

D = Decimal


def level(product: str, quantity: str, variant: str | None = None) -> StockLevel:
    return StockLevel(product=product, variant=variant, quantity=D(quantity))


def good(outcomes: list[Outcome]) -> list[bool]:
    return [outcome.error is None for outcome in outcomes]


def test_simple_product_and_variants(world: World, adapter: ShopAdapter) -> None:
    (simple,) = world.save(adapter, world.product("S"))
    product, (first, second) = world.variants(adapter, "W", ["0", "18.30"])
    outcomes = adapter.push_stock(
        [level(simple, "12"), level(product, "3", first), level(product, "0", second)]
    )
    assert good(outcomes) == [True, True, True]
    assert [outcome.key for outcome in outcomes] == [
        f"{simple}/",
        f"{product}/{first}",
        f"{product}/{second}",
    ]
    assert [world.sim.stock_of(sku) for sku in ("S", "W-1", "W-2")] == [12, 3, 0]


@pytest.mark.basic
def test_only_what_differs_is_written(world: World, adapter: ShopAdapter) -> None:
    ids = world.save(adapter, *[world.product(f"P{number}") for number in range(5)])
    levels = [level(external_id, "7") for external_id in ids]
    adapter.push_stock(levels)
    before = adapter.writes
    assert [outcome.written for outcome in adapter.push_stock(levels)] == [False] * 5
    assert adapter.writes == before
    levels[2] = level(ids[2], "8")
    outcomes = adapter.push_stock(levels)
    assert [outcome.written for outcome in outcomes] == [False, False, True, False, False]
    assert adapter.writes == before + 1
    assert world.sim.stock_of("P2") == 8


def test_outcomes_stand_in_the_order_asked_for(world: World, adapter: ShopAdapter) -> None:
    ids = world.save(adapter, *[world.product(f"P{number}") for number in range(12)])
    wanted = [*ids[::-2], *ids[::2]]
    outcomes = adapter.push_stock([level(key, key[-1]) for key in wanted])
    assert [outcome.key for outcome in outcomes] == [f"{key}/" for key in wanted]
    assert [world.sim.stock_of(f"P{n}") for n in range(12)] == [int(key[-1]) for key in ids]


@pytest.mark.basic
def test_stock_writing_leaves_the_rest_of_the_product_alone(
    world: World, adapter: ShopAdapter
) -> None:
    (product,) = world.save(adapter, world.product("S"))
    held = world.held("S")
    adapter.push_stock([level(product, "5")])
    assert world.held("S") == held
    # a second connector sees the row where it belongs
    assert [o.written for o in world.open().push_stock([level(product, "5")])] == [False]


@pytest.mark.basic
def test_one_bad_row_among_many(world: World, adapter: ShopAdapter) -> None:
    ids = world.save(adapter, *[world.product(f"P{number}") for number in range(24)])
    levels = [level(external_id, "9") for external_id in ids]
    levels[7] = level(ids[7], "99999999999")
    levels.insert(15, level("987654", "1"))
    outcomes = adapter.push_stock(levels)
    bad = [number for number, outcome in enumerate(outcomes) if outcome.error is not None]
    assert bad == [7, 15]
    assert isinstance(outcomes[7].error, DataError)
    assert isinstance(outcomes[15].error, NotFound)
    assert [world.sim.stock_of(f"P{number}") for number in (0, 6, 8, 23)] == [9] * 4


def test_row_that_breaks_the_shop_is_isolated(world: World, adapter: ShopAdapter) -> None:
    ids = world.save(adapter, *[world.product(f"P{number}") for number in range(8)])
    levels = [level(external_id, "4") for external_id in ids]
    world.sim.fail(500, method="PATCH")
    world.sim.fail(500, method="PUT")
    # the first call of all eight breaks down, the halves go through
    assert good(adapter.push_stock(levels)) == [True] * 8
    assert [world.sim.stock_of(f"P{number}") for number in range(8)] == [4] * 8


@pytest.mark.basic
def test_many_levels_need_few_calls(world: World, adapter: ShopAdapter) -> None:
    ids = world.save(adapter, *[world.product(f"P{number}") for number in range(40)])
    world.sim.clear_log()
    adapter.push_stock([level(external_id, "2") for external_id in ids])
    assert len(world.sim.writes) == 1
    assert len(world.sim.log) <= 5


@pytest.mark.basic
def test_pieces_of_a_unit_are_not_sold(world: World, adapter: ShopAdapter) -> None:
    below, zero = world.save(adapter, world.product("A"), world.product("B"))
    assert good(adapter.push_stock([level(below, "2.9"), level(zero, "-0.5")])) == [True, True]
    assert world.sim.stock_of("A") == 2


def test_level_of_a_product_that_has_variants_is_refused(
    world: World, adapter: ShopAdapter
) -> None:
    product, (first, _second) = world.variants(adapter, "W", ["0", "18.30"])
    outcomes = adapter.push_stock([level(product, "5"), level(product, "6", first)])
    assert good(outcomes) == [False, True]
    assert world.sim.stock_of("W-1") == 6


def test_repeating_after_a_lost_answer_changes_nothing_more(
    world: World, adapter: ShopAdapter
) -> None:
    (product,) = world.save(adapter, world.product("S"))
    for method in ("PATCH", "PUT"):
        world.sim.fail(500, method=method, after_work=True)
    adapter.push_stock([level(product, "5")])
    outcomes = world.open().push_stock([level(product, "5")])
    assert good(outcomes) == [True]
    assert world.sim.stock_of("S") == 5


def test_nothing_to_push_is_no_call(world: World, adapter: ShopAdapter) -> None:
    assert adapter.push_stock([]) == []
    assert not world.sim.log


# --- selling more than there is -------------------------------------------------------------------


def allowing(
    product: str, quantity: str, allowed: bool | None, variant: str | None = None
) -> StockLevel:
    return replace(level(product, quantity, variant), backorder=allowed)


def can_buy(world: World, sku: str, units: int) -> bool:
    try:
        world.sim.place_order([(sku, units)])
    except ValueError:
        return False
    return True


@pytest.mark.needs("backorders")
def test_back_orders_are_allowed_denied_and_left_to_the_shop(
    world: World, adapter: ShopAdapter
) -> None:
    (product,) = world.save(adapter, world.product("S"))
    adapter.push_stock([allowing(product, "1", True)])
    assert can_buy(world, "S", 3)
    assert world.sim.stock_of("S") == -2
    (outcome,) = adapter.push_stock([allowing(product, "1", False)])
    assert outcome.written
    assert not can_buy(world, "S", 3)
    # not spoken of: what was said stays
    adapter.push_stock([level(product, "2")])
    assert not can_buy(world, "S", 3)
    assert [held.backorder for held in adapter.read_stock() if held.product == product] == [False]
    adapter.push_stock([replace(level(product, "2"), reset_backorder=True)])
    # the shop's own rule: None where it is a rule of its own, else not to sell
    assert [held.backorder for held in adapter.read_stock() if held.product == product] in (
        [None],
        [False],
    )
    assert not can_buy(world, "S", 3)


@pytest.mark.needs("backorders")
def test_the_rule_is_sent_although_the_quantity_stays(world: World, adapter: ShopAdapter) -> None:
    product, (first, second) = world.variants(adapter, "W", ["0", "18.30"])
    levels = [allowing(product, "4", False, first), allowing(product, "5", False, second)]
    adapter.push_stock(levels)
    before = adapter.writes
    assert [outcome.written for outcome in adapter.push_stock(levels)] == [False, False]
    assert adapter.writes == before
    levels[1] = replace(levels[1], backorder=True)
    assert [outcome.written for outcome in adapter.push_stock(levels)] == [False, True]
    assert adapter.writes == before + 1
    assert [world.sim.stock_of(sku) for sku in ("W-1", "W-2")] == [4, 5]
    assert can_buy(world, "W-2", 6)
    assert not can_buy(world, "W-1", 6)


# --- somebody buys meanwhile ----------------------------------------------------------------------


def test_a_level_that_is_not_the_expected_one_is_left_alone(
    world: World, adapter: ShopAdapter
) -> None:
    ids = world.save(adapter, *[world.product(f"P{number}") for number in range(3)])
    adapter.push_stock([level(external_id, "10") for external_id in ids])
    world.sim.place_order([("P1", 4)])
    levels = [replace(level(external_id, "8"), expected=D(10)) for external_id in ids]
    outcomes = adapter.push_stock(levels)
    assert [outcome.moved for outcome in outcomes] == [False, True, False]
    assert [outcome.written for outcome in outcomes] == [True, False, True]
    assert [outcome.held for outcome in outcomes] == [10, 6, 10]
    assert [world.sim.stock_of(f"P{number}") for number in range(3)] == [8, 6, 8]
    # the sale is known now
    (outcome,) = adapter.push_stock([replace(levels[1], expected=D(6))])
    assert outcome.written and not outcome.moved
    assert world.sim.stock_of("P1") == 8


def test_a_level_that_the_shop_has_already_is_no_surprise(
    world: World, adapter: ShopAdapter
) -> None:
    (product,) = world.save(adapter, world.product("S"))
    adapter.push_stock([level(product, "5")])
    (outcome,) = adapter.push_stock([replace(level(product, "5"), expected=D(9))])
    assert (outcome.moved, outcome.written, outcome.error) == (False, False, None)


# --- reading --------------------------------------------------------------------------------------


def test_every_level_is_read_once(world: World, adapter: ShopAdapter) -> None:
    (simple,) = world.save(adapter, world.product("S"))
    product, variants = world.variants(adapter, "W", ["0", "18.30", "20"])
    pushed = [level(simple, "7")]
    pushed += [level(product, str(count), each) for count, each in enumerate(variants)]
    adapter.push_stock(pushed)
    held = list(adapter.read_stock())
    found = {(each.product, each.variant): each.quantity for each in held}
    assert len(found) == len(held)
    for each in pushed:
        assert found.pop((each.product, each.variant)) == each.quantity
    assert (product, None) not in found


def test_two_and_a_half_pages_of_levels_are_read(
    world: World, adapter: ShopAdapter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(*world.stock_page(4))
    before = len(list(adapter.read_stock()))
    ids = world.save(adapter, *[world.product(f"P{number}") for number in range(10 - before % 4)])
    assert good(adapter.push_stock([level(each, "3") for each in ids])) == [True] * len(ids)
    world.sim.clear_log()
    held = [each for each in world.open().read_stock() if each.product in ids]
    assert sorted(each.product for each in held) == sorted(ids)
    assert {each.quantity for each in held} == {3}
    assert len(world.sim.log) >= 3
