"""The rules made of prices give back those prices, whatever a shop prefers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from shopapi.documents import Price, PriceRule
from shopapi.pricing import Audience, Grid, Span, begun, rules, spans, variant_rules

D = Decimal
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
AUDIENCES: tuple[Audience, ...] = (None, "3", "4")
QUANTITIES = (D(1), D(6), D(12))


def price(net: int | str) -> Price:
    return Price(net=D(net), gross=D(net))


def at(days: int) -> datetime:
    return NOW + timedelta(days=days)


@st.composite
def grids(draw: st.DrawFn) -> Grid:
    """Grids of few different prices, so that many are equal."""
    amount = st.integers(8, 10).map(price)
    periods = draw(
        st.lists(st.tuples(st.integers(-5, 5), st.integers(0, 5)), max_size=3).map(
            lambda pairs: [(at(start), at(start + length)) for start, length in pairs]
        )
    )
    found = spans(periods, NOW)
    return Grid(
        ordinary=price(10),
        audiences=AUDIENCES,
        quantities=QUANTITIES,
        spans=found,
        prices={
            (audience, quantity, span): draw(amount)
            for audience in AUDIENCES
            for quantity in QUANTITIES
            for span in found
        },
        usual={(audience, q): draw(amount) for audience in AUDIENCES for q in QUANTITIES},
    )


def by_quantity(rule: PriceRule) -> tuple[object, ...]:
    return rule.min_quantity, rule.group is not None


def by_group(rule: PriceRule) -> tuple[object, ...]:
    return rule.group is not None, rule.min_quantity


def paid(
    grid: Grid,
    found: tuple[PriceRule, ...],
    buyer: tuple[Audience, Decimal, datetime],
    preference: Callable[[PriceRule], tuple[object, ...]],
) -> Decimal:
    """What a shop makes of the rules."""
    group, quantity, moment = buyer
    fitting = [
        rule
        for rule in found
        if rule.group in (None, group)
        and rule.min_quantity <= quantity
        and (rule.starts_at is None or rule.starts_at <= moment)
        and (rule.ends_at is None or moment <= rule.ends_at)
    ]
    best = max(fitting, key=preference, default=None)
    if best is None:
        return grid.ordinary.net
    assert best.price is not None
    return best.price.net


@given(grids())
def test_every_buyer_pays_the_price_of_the_grid(grid: Grid) -> None:
    found = rules(grid)
    for audience in AUDIENCES:
        for quantity in (D(1), D(5), D(6), D(11), D(12), D(99)):
            step = max(each for each in QUANTITIES if each <= quantity)
            for span in grid.spans:
                wanted = grid.prices[audience, step, span].net
                moments = {span.moment(NOW), span.ends_at or at(100)}
                for moment in moments:
                    buyer = (audience, quantity, moment)
                    assert paid(grid, found, buyer, by_quantity) == wanted
                    assert paid(grid, found, buyer, by_group) == wanted


@given(grids())
def test_no_two_rules_hold_for_the_same_buyer_at_the_same_time(grid: Grid) -> None:
    seen: dict[tuple[Audience, Decimal], list[PriceRule]] = {}
    for rule in rules(grid):
        seen.setdefault((rule.group, rule.min_quantity), []).append(rule)
    for same in seen.values():
        for one, other in pairwise(same):
            assert one.ends_at is not None and other.starts_at is not None
            assert one.ends_at < other.starts_at


@given(grids())
def test_only_a_lower_price_is_set_against_the_ordinary_one(grid: Grid) -> None:
    for rule in rules(grid):
        assert rule.price is not None
        assert rule.strike == (rule.ordinary is not None)
        assert not rule.strike or rule.price.net < grid.ordinary.net


def simple(prices: dict[tuple[Audience, int], int], found: list[Span] | None = None) -> Grid:
    """A grid of everybody and group 3, quantities 1 and 6, that costs 10 where nothing is said."""
    found = found or [Span()]
    audiences: tuple[Audience, ...] = (None, "3")
    full = {
        (audience, quantity): price(prices.get((audience, int(quantity)), 10))
        for audience in audiences
        for quantity in QUANTITIES[:2]
    }
    return Grid(
        ordinary=price(10),
        audiences=audiences,
        quantities=QUANTITIES[:2],
        spans=found,
        prices={(*key, span): value for key, value in full.items() for span in found},
        usual=full,
    )


def test_the_ordinary_price_needs_no_rule() -> None:
    assert rules(simple({})) == ()


def test_a_break_is_one_rule_that_strikes_nothing() -> None:
    (found,) = rules(simple({(None, 6): 9, ("3", 6): 9}))
    assert (found.group, found.min_quantity, found.price) == (None, 6, price(9))
    assert (found.strike, found.starts_at, found.ends_at) == (False, None, None)


def test_a_group_that_has_no_part_in_a_break_is_told_so() -> None:
    found = rules(simple({(None, 6): 9}))
    assert [(rule.group, rule.min_quantity) for rule in found] == [(None, 6), ("3", 6)]


def test_a_price_that_outlasts_a_promotion_is_one_rule() -> None:
    found = spans([(at(1), at(2))], NOW)
    assert len(found) == 3
    (one,) = rules(simple({("3", 1): 8, ("3", 6): 8}, found))
    assert (one.starts_at, one.ends_at) == (None, None)
    assert (one.strike, one.ordinary) == (True, price(10))


def test_spans_meet_without_a_hole() -> None:
    found = spans([(at(-2), at(3)), (at(1), None), (None, at(3))], NOW)
    assert [span.starts_at for span in found] == [
        at(-2),
        at(1),
        at(3) + timedelta(seconds=1),
    ]
    assert found[0].ends_at == at(1) - timedelta(seconds=1)
    assert found[-1].ends_at is None


def test_what_is_over_or_holds_for_good_makes_no_span() -> None:
    assert spans([(at(-9), at(-1)), (at(-3), None), (None, None)], NOW) == [Span()]


def test_what_has_begun_is_told_without_its_start() -> None:
    found = spans([(at(0), at(2)), (at(2) + timedelta(seconds=1), at(4))], NOW)
    made = [PriceRule(price=price(8), starts_at=s.starts_at, ends_at=s.ends_at) for s in found[:2]]
    told = begun(made, NOW)
    assert [(rule.starts_at, rule.ends_at) for rule in told] == [
        (None, at(2)),
        (at(2) + timedelta(seconds=1), at(4)),
    ]
    assert begun(made, NOW - timedelta(seconds=1)) == tuple(made)


def reduced(ordinary: str, share: str) -> Grid:
    """Group 3 pays that share of the ordinary price."""
    whole = price(ordinary)
    part = price(str((D(ordinary) * D(share)).quantize(D("0.000001"))))
    cells: dict[tuple[Audience, Decimal], Price] = {(None, D(1)): whole, ("3", D(1)): part}
    return Grid(
        ordinary=whole,
        audiences=(None, "3"),
        quantities=(D(1),),
        spans=[Span()],
        prices={(*key, Span()): value for key, value in cells.items()},
        usual=cells,
    )


def test_variants_with_one_percentage_off_share_a_rule() -> None:
    grids = {"1": reduced("30", "0.875"), "2": reduced("7.377049", "0.875")}
    (found,) = variant_rules(grids, price(30))
    assert (found.variant, found.percent, found.price) == (None, D("12.5"), None)


def test_variants_that_cost_the_same_share_a_price() -> None:
    (found,) = variant_rules({"1": reduced("30", "0.8"), "2": reduced("30", "0.8")}, price(30))
    assert (found.variant, found.percent) == (None, None)
    assert found.price is not None and found.price.net == 24


def test_variants_with_different_shares_are_told_apart() -> None:
    found = variant_rules({"1": reduced("30", "0.8"), "2": reduced("40", "0.7")}, price(30))
    assert [(rule.variant, rule.price and rule.price.net) for rule in found] == [
        ("1", 24),
        ("2", 28),
    ]


def test_a_share_without_an_exact_percentage_stays_a_price() -> None:
    grids = {"1": reduced("30", "0.666667"), "2": reduced("60", "0.666667")}
    assert all(rule.percent is None for rule in variant_rules(grids, price(30)))


@given(st.lists(st.tuples(st.decimals("0.01", "999", places=6), st.integers(1, 99)), min_size=1))
def test_variants_pay_their_own_price_however_it_is_said(pairs: list[tuple[Decimal, int]]) -> None:
    grids = {
        str(number): reduced(str(ordinary), str(D(share) / 100))
        for number, (ordinary, share) in enumerate(pairs)
    }
    found = variant_rules(grids, grids["0"].ordinary)
    for code, grid in grids.items():
        fitting = [rule for rule in found if rule.variant in (None, code)]
        wanted = grid.prices["3", D(1), Span()].net
        assert len(fitting) == (wanted != grid.ordinary.net)
        for rule in fitting:
            if rule.percent is None:
                assert rule.price is not None and rule.price.net == wanted
            else:
                share = 1 - rule.percent / 100
                assert abs(grid.ordinary.net * share - wanted) <= D("0.000001")


def test_a_product_without_variants_in_the_shop_has_no_rules() -> None:
    assert variant_rules({}, price(10)) == ()
