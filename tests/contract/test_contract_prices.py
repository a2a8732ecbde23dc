"""Prices beside the ordinary one: for customer groups, for quantities, for a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from pieces import entries
from price_pieces import day, put, put_well, rule
from world import World

from shopapi.adapter import ShopAdapter
from shopapi.documents import Price, PriceRule, PriceRules
from shopapi.errors import AuthError, DataError, NotFound, Unreachable

D = Decimal
ORDINARY = D("12.20") / D("1.22")


pytestmark = pytest.mark.needs("price_rules")


def prices(
    world: World, sku: str, quantities: Sequence[int], group: str | None = None
) -> list[Decimal]:
    return [world.unit_price(sku, quantity, group) for quantity in quantities]


def test_a_price_by_quantity_holds_from_that_quantity(world: World, adapter: ShopAdapter) -> None:
    product = world.stocked(adapter, "W-1")
    put_well(adapter, product, rule("9", min_quantity=D(6)), rule("8", min_quantity=D(24)))
    assert prices(world, "W-1", [1, 5, 6, 23, 24]) == [10, 10, 9, 9, 8]


def test_a_part_of_a_piece_counts_as_the_next_whole_one(world: World, adapter: ShopAdapter) -> None:
    product = world.stocked(adapter, "W-1")
    put_well(adapter, product, rule("9", min_quantity=D("2.5")), rule("8", min_quantity=D("2.7")))
    assert prices(world, "W-1", [2, 3]) == [10, 8]


def test_a_group_pays_its_price_and_others_do_not(world: World, adapter: ShopAdapter) -> None:
    product = world.stocked(adapter, "W-1")
    group = world.group()
    put_well(
        adapter,
        product,
        rule("7.5", group=group),
        rule("7", group=group, min_quantity=D(6)),
        rule("9", min_quantity=D(6)),
    )
    assert prices(world, "W-1", [1, 6], group) == [D("7.5"), 7]
    assert prices(world, "W-1", [1, 6]) == [10, 9]


def test_a_promotion_begins_and_ends_by_the_shops_clock(world: World, adapter: ShopAdapter) -> None:
    product = world.stocked(adapter, "W-1")
    promotion = rule("8", starts_at=day(1), ends_at=day(10, end=True), strike=True)
    put_well(adapter, product, promotion)
    paid = {}
    for moment in ("2026-12-01T22:59:59", "2026-12-01T23:00:00", "2026-12-10T22:59:59"):
        world.travel_to(f"{moment}+00:00")
        paid[moment] = world.unit_price("W-1"), world.struck_price("W-1")
    assert list(paid.values()) == [(10, None), (8, 10), (8, 10)]
    world.travel_to("2026-12-10T23:00:00+00:00")
    assert (world.unit_price("W-1"), world.struck_price("W-1")) == (10, None)


def test_times_in_summer_are_the_shops_own(world: World, adapter: ShopAdapter) -> None:
    product = world.stocked(adapter, "W-1")
    start = datetime(2027, 7, 1, 22, 0, 0, tzinfo=UTC)  # midnight in Rome
    put_well(adapter, product, rule("8", starts_at=start))
    world.travel_to("2027-07-01T21:59:59+00:00")
    assert world.unit_price("W-1") == 10
    world.travel_to("2027-07-01T22:00:00+00:00")
    assert world.unit_price("W-1") == 8
    # the same in its other spelling is nothing new
    assert put_well(adapter, product, rule("8.000", starts_at=start)) == 0


def test_a_percentage_follows_the_ordinary_price(world: World, adapter: ShopAdapter) -> None:
    product = world.stocked(adapter, "W-1")
    put_well(adapter, product, PriceRule(percent=D("12.5"), group=world.group()))
    assert world.unit_price("W-1", group=world.group()) == D("8.75")
    assert world.unit_price("W-1") == 10


def test_amounts_are_kept_to_six_decimals(world: World, adapter: ShopAdapter) -> None:
    product = world.stocked(adapter, "W-1")
    put_well(adapter, product, rule("7.377049", strike=True))
    assert world.unit_price("W-1") == D("7.377049")
    put_well(adapter, product, rule("7.377049"))
    assert world.unit_price("W-1") == D("7.377049")
    assert world.struck_price("W-1") is None


def test_unchanged_rules_write_nothing(world: World, adapter: ShopAdapter) -> None:
    product = world.stocked(adapter, "W-1")
    rules = [
        rule("9", min_quantity=D(6)),
        rule("8", group=world.group(), strike=True),
        rule("7", starts_at=day(1), ends_at=day(10, end=True)),
        PriceRule(percent=D(10), min_quantity=D(12)),
    ]
    assert put_well(adapter, product, *rules) == 1
    held = world.price_rows("W-1")
    assert put_well(adapter, product, *reversed(rules)) == 0
    assert world.price_rows("W-1") == held


def test_a_changed_rule_is_one_writing_call_on_the_same_row(
    world: World, adapter: ShopAdapter
) -> None:
    product = world.stocked(adapter, "W-1")
    put_well(adapter, product, rule("9", min_quantity=D(6)), rule("8", min_quantity=D(12)))
    held = world.price_rows("W-1")
    assert put_well(adapter, product, rule("9", min_quantity=D(6)), rule("7", min_quantity=D(12)))
    assert prices(world, "W-1", [6, 12]) == [9, 7]
    assert world.price_rows("W-1") == held


def test_what_is_no_longer_named_is_taken_out(world: World, adapter: ShopAdapter) -> None:
    product = world.stocked(adapter, "W-1")
    put_well(adapter, product, rule("9", min_quantity=D(6)), rule("8", min_quantity=D(12)))
    assert put_well(adapter, product, rule("8", min_quantity=D(12))) == 1
    assert prices(world, "W-1", [6, 12]) == [10, 8]
    assert put_well(adapter, product) == 1
    assert world.price_rows("W-1") == set()
    assert put_well(adapter, product) == 0


def test_a_rule_only_the_shop_can_know_is_kept(world: World, adapter: ShopAdapter) -> None:
    product = world.stocked(adapter, "W-1")
    foreign = world.add_foreign_price("W-1")
    put_well(adapter, product, rule("9"))
    assert foreign in world.price_rows("W-1")
    put_well(adapter, product)
    assert world.price_rows("W-1") == {foreign}


def test_a_price_entered_in_the_shop_makes_way(world: World, adapter: ShopAdapter) -> None:
    product = world.stocked(adapter, "W-1")
    entered = world.add_own_price("W-1", "5")
    put_well(adapter, product, rule("9", min_quantity=D(6)))
    assert entered not in world.price_rows("W-1")
    # one that says the same as ours is taken over
    taken = world.add_own_price("W-1", "9.500000")
    assert put_well(adapter, product, rule("9.5"), rule("9", min_quantity=D(6))) == 0
    assert taken in world.price_rows("W-1")


def test_a_price_of_one_variant_is_its_whole_price(world: World, adapter: ShopAdapter) -> None:
    product, (first, second) = world.variants(adapter, "W", ["0", "18.30"])
    put_well(
        adapter,
        product,
        rule("9", variant=first, min_quantity=D(6)),
        rule("20", variant=second, min_quantity=D(6)),
    )
    assert prices(world, "W-1", [1, 6]) == [10, 9]
    assert prices(world, "W-2", [1, 6]) == [25, 20]


def test_a_product_without_rules_of_its_own_is_untouched(
    world: World, adapter: ShopAdapter
) -> None:
    one, two = world.stocked(adapter, "W-1"), world.stocked(adapter, "W-2")
    documents = [PriceRules(product=one, rules=(rule("9"),)), PriceRules(product=two)]
    before = adapter.writes
    outcomes = adapter.save(entries(*documents))
    assert [outcome.written for outcome in outcomes] == [True, False]
    assert adapter.writes == before + 1
    assert (world.unit_price("W-1"), world.unit_price("W-2")) == (9, 10)


def test_many_products_are_few_calls(world: World, adapter: ShopAdapter) -> None:
    documents = [world.product(f"W-{number}") for number in range(30)]
    products = world.save(adapter, *documents)
    sent = [PriceRules(product=each, rules=(rule("9", min_quantity=D(6)),)) for each in products]
    world.sim.clear_log()
    assert all(outcome.error is None for outcome in adapter.save(entries(*sent)))
    assert len(world.sim.writes) <= 2
    assert len(world.sim.log) <= 6
    assert all(world.unit_price(f"W-{number}", 6) == 9 for number in range(30))


@pytest.mark.parametrize(
    "bad",
    [
        PriceRule(price=Price(net=D(-1), gross=D(-1))),
        PriceRule(percent=D(101)),
        PriceRule(),
        rule("9", group="no id"),
    ],
    ids=["negative", "too much", "nothing", "group"],
)
def test_an_impossible_rule_stops_only_its_product(
    world: World, adapter: ShopAdapter, bad: PriceRule
) -> None:
    one, two = world.stocked(adapter, "W-1"), world.stocked(adapter, "W-2")
    documents = [PriceRules(product=one, rules=(bad,)), PriceRules(product=two, rules=(rule("9"),))]
    outcomes = adapter.save(entries(*documents))
    assert isinstance(outcomes[0].error, DataError)
    assert outcomes[1].error is None
    assert (world.unit_price("W-1"), world.unit_price("W-2")) == (10, 9)


def test_an_amount_the_shop_refuses_stops_only_its_product(
    world: World, adapter: ShopAdapter
) -> None:
    one, two = world.stocked(adapter, "W-1"), world.stocked(adapter, "W-2")
    huge = rule("1" + "0" * 12)
    documents = [
        PriceRules(product=one, rules=(huge,)),
        PriceRules(product=two, rules=(rule("9"),)),
    ]
    outcomes = adapter.save(entries(*documents))
    assert isinstance(outcomes[0].error, DataError)
    assert outcomes[1].error is None
    assert (world.unit_price("W-1"), world.unit_price("W-2")) == (10, 9)


def test_rules_of_a_product_that_is_gone_are_told(world: World, adapter: ShopAdapter) -> None:
    product = world.stocked(adapter, "W-1")
    (gone, kept) = adapter.save(
        entries(
            PriceRules(product="4711", rules=(rule("9"),)),
            PriceRules(product=product, rules=(rule("9"),)),
        )
    )
    assert isinstance(gone.error, NotFound)
    assert kept.error is None
    assert world.unit_price("W-1") == 9


def test_a_lost_answer_makes_no_twin(world: World, adapter: ShopAdapter) -> None:
    product = world.stocked(adapter, "W-1")
    rules = (rule("9", min_quantity=D(6)), rule("8", group=world.group()))
    world.sim.fail(drop=True, after_work=True, method="POST")
    with pytest.raises(Unreachable):
        put(adapter, product, *rules)
    assert put_well(adapter, product, *rules) == 0
    assert len(world.price_rows("W-1")) == 2


def test_a_missing_right_on_prices_is_named(world: World) -> None:
    with world.open() as full:
        product = world.stocked(full, "W-1")
    adapter = world.open(key=world.key_without("specific_prices"))
    assert any("specific_prices" in text for text in adapter.probe().missing_rights)
    with pytest.raises(AuthError):
        put(adapter, product, rule("9"))


def test_groups_tell_their_own_discount(world: World) -> None:
    rates = {code.external_id: code.rate for code in world.info.customer_groups}
    assert rates[world.group()] == 0
    assert any(rates.values())


def test_an_order_comes_back_with_the_price_of_group_and_quantity(
    world: World, adapter: ShopAdapter
) -> None:
    product = world.stocked(adapter, "W-1")
    group = world.group()
    put_well(
        adapter,
        product,
        rule("9", min_quantity=D(6)),
        rule("8", group=group, strike=True),
        rule("7.5", group=group, min_quantity=D(6), strike=True),
    )
    for quantity, unit in ((1, D(8)), (6, D("7.5"))):
        number = world.sim.place_order([("W-1", quantity)], {"group": group})
        (line,) = world.order(adapter, number).lines
        assert line.total_net == unit * quantity
