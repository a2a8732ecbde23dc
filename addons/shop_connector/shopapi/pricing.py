"""From what articles cost whom, for how many and when, to the fewest rules that say so.

A price list knows prices, not rules: it is asked for every audience, quantity and span of time in
which an answer can differ (a `Grid`), and `rules` writes down what differs from the ordinary price.
Of several fitting rules some shops take the one for the highest quantity, others the one for the
customer's group: a rule is written wherever one of the two would find another price.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from .documents import Price, PriceRule

_SECOND = timedelta(seconds=1)
_HUNDRED = Decimal(100)
_TWO_DIGITS = Decimal("0.01")
#: prices have six decimals
_NOISE = Decimal("0.000001")
#: everybody (None) or the code of a customer group
Audience = str | None


@dataclass(frozen=True, slots=True)
class Span:
    """A time in which no price changes; both ends belong to it, None = open."""

    starts_at: datetime | None = None
    ends_at: datetime | None = None

    def moment(self, now: datetime) -> datetime:
        """A moment in the span, the present one if it can be."""
        return now if self.starts_at is None else max(self.starts_at, now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """What one piece of one article costs.

    ``prices[audience, quantity, span]`` and ``usual[audience, quantity]``, the price outside of any
    promotion; ``audiences`` begin with everybody, ``quantities`` ascend from 1, ``spans`` are in
    order and without holes.
    """

    ordinary: Price
    audiences: Sequence[Audience]
    quantities: Sequence[Decimal]
    spans: Sequence[Span]
    prices: Mapping[tuple[Audience, Decimal, Span], Price]
    usual: Mapping[tuple[Audience, Decimal], Price]


def spans(periods: Iterable[tuple[datetime | None, datetime | None]], now: datetime) -> list[Span]:
    """The spans from now on in which none of the periods (start, end; both included) changes.

    Periods that are over are of no account; the span that holds ``now`` keeps its own start, so
    that what is derived from it does not change from day to day.
    """
    borders: set[datetime] = set()
    for start, end in periods:
        if end is not None and end < now:
            continue
        if start is not None and (start > now or end is not None):
            borders.add(start)
        if end is not None:
            borders.add(end + _SECOND)
    started = max((border for border in borders if border <= now), default=None)
    starts: list[datetime | None] = [started, *sorted(each for each in borders if each > now)]
    ends = [start - _SECOND for start in starts[1:] if start is not None]
    return [Span(*pair) for pair in zip(starts, [*ends, None], strict=True)]


def rules(grid: Grid) -> tuple[PriceRule, ...]:
    """The rules that make the ordinary price into the prices of the grid."""
    needed = {span: _needed(grid, span) for span in grid.spans}
    return tuple(
        rule
        for audience in grid.audiences
        for quantity in grid.quantities
        for rule in _merged(grid, needed, audience, quantity)
    )


def begun(found: Iterable[PriceRule], now: datetime) -> tuple[PriceRule, ...]:
    """The rules; those that hold already without their start.

    For shops that keep the price of the moment and look at the times only once a day, or when a
    price is written: the start that falls away is the write that makes the sale begin.
    """
    return tuple(
        replace(rule, starts_at=None) if rule.starts_at and rule.starts_at <= now else rule
        for rule in found
    )


def variant_rules(
    grids: Mapping[str, Grid], product: Price, *, in_percent: bool = True
) -> tuple[PriceRule, ...]:
    """The rules of a product's variants, by external id; ``product``: its own ordinary price.

    They are said once, for the product, where that comes to the same: variants that cost what the
    product does and have the same prices, or the same percentage off whatever each costs. Not so
    with ``in_percent`` False, for shops that know amounts only: there every rule names its variant,
    because the shop may have variants that nobody here knows.
    """
    if not grids:
        return ()
    made = {code: rules(grid) for code, grid in grids.items()}
    is_plain = all(grid.ordinary == product for grid in grids.values())
    if in_percent and is_plain and _same(made.values()):
        return next(iter(made.values()))
    shares = [
        tuple(_in_percent(rule, grids[code].ordinary) for rule in found)
        for code, found in made.items()
    ]
    if in_percent and _same(shares) and all(rule.percent is not None for rule in shares[0]):
        return shares[0]
    return tuple(replace(rule, variant=code) for code, found in made.items() for rule in found)


def _same(values: Iterable[object]) -> bool:
    first, *others = values
    return all(other == first for other in others)


def _in_percent(rule: PriceRule, ordinary: Price) -> PriceRule:
    """The rule as a percentage of at most two decimals, or as it is where none is exact."""
    if rule.price is None or not 0 <= rule.price.net < ordinary.net:
        return rule
    percent = ((1 - rule.price.net / ordinary.net) * _HUNDRED).quantize(_TWO_DIGITS)
    if abs(ordinary.net * (1 - percent / _HUNDRED) - rule.price.net) > _NOISE:
        return rule
    return replace(rule, price=None, percent=percent, strike=True, ordinary=None)


def _needed(grid: Grid, span: Span) -> set[tuple[Audience, Decimal]]:
    """Where a rule is needed in a span, because a shop would find another price without it."""
    needed: set[tuple[Audience, Decimal]] = set()
    for audience in grid.audiences:
        before, has_own = grid.ordinary.net, False
        for quantity in grid.quantities:
            price = grid.prices[audience, quantity, span].net
            everybody = grid.prices[None, quantity, span].net
            is_set = audience is not None and (None, quantity) in needed
            by_quantity = everybody if is_set else before
            by_group = before if audience is None or has_own else everybody
            if price != by_quantity or price != by_group:
                needed.add((audience, quantity))
                has_own = True
            before = price
    return needed


def _merged(
    grid: Grid,
    needed: Mapping[Span, set[tuple[Audience, Decimal]]],
    audience: Audience,
    quantity: Decimal,
) -> Iterator[PriceRule]:
    """The rules of one audience and quantity; spans in a row with one price are one rule."""
    run: list[Span] = []
    for span in grid.spans:
        is_needed = (audience, quantity) in needed[span]
        price = grid.prices[audience, quantity, span]
        if run and not (is_needed and grid.prices[audience, quantity, run[0]] == price):
            yield _rule(grid, run, audience, quantity)
            run = []
        if is_needed:
            run.append(span)
    if run:
        yield _rule(grid, run, audience, quantity)


def _rule(grid: Grid, run: Sequence[Span], audience: Audience, quantity: Decimal) -> PriceRule:
    price = grid.prices[audience, quantity, run[0]]
    # more pieces for less is no bargain to be struck through, a group's price or a promotion is
    is_offer = audience is not None or price.net < grid.usual[audience, quantity].net
    strike = is_offer and price.net < grid.ordinary.net
    return PriceRule(
        group=audience,
        min_quantity=quantity,
        price=price,
        starts_at=run[0].starts_at,
        ends_at=run[-1].ends_at,
        strike=strike,
        ordinary=grid.ordinary if strike else None,
    )
