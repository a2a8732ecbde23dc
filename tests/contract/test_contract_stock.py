"""Stock levels: only what differs, many in a call, one bad row stops nobody."""

from __future__ import annotations

from decimal import Decimal

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


def test_stock_writing_leaves_the_rest_of_the_product_alone(
    world: World, adapter: ShopAdapter
) -> None:
    (product,) = world.save(adapter, world.product("S"))
    held = world.held("S")
    adapter.push_stock([level(product, "5")])
    assert world.held("S") == held
    # a second connector sees the row where it belongs
    assert [o.written for o in world.open().push_stock([level(product, "5")])] == [False]


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


def test_many_levels_need_few_calls(world: World, adapter: ShopAdapter) -> None:
    ids = world.save(adapter, *[world.product(f"P{number}") for number in range(40)])
    world.sim.clear_log()
    adapter.push_stock([level(external_id, "2") for external_id in ids])
    assert len(world.sim.writes) == 1
    assert len(world.sim.log) <= 5


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
