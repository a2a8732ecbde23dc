"""Exact money: strict reading, rounding half up, and who gets the odd cent.

All amounts are ``Decimal``; ``digits`` is the number of decimals of the currency (2 unless told).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from .errors import DataError

ZERO = Decimal(0)
HUNDRED = Decimal(100)
_PLAIN = re.compile(r"[+-]?[0-9]{1,20}(\.[0-9]{1,20})?")

Split = dict[Decimal, tuple[Decimal, Decimal]]


def parse_amount(text: str) -> Decimal:
    """Read a plain decimal with a point; raises DataError for anything else ("1,5", "NaN", "1e9").

    >>> parse_amount("23.770492")
    Decimal('23.770492')
    """
    text = text.strip()
    if not _PLAIN.fullmatch(text):
        raise DataError(f"Not an amount: {text[:40]!r}")
    return Decimal(text)


def amount_of(value: object) -> Decimal:
    """An amount out of JSON, told as a number or as text. Raises DataError for anything else.

    >>> amount_of("8.00"), amount_of(3)
    (Decimal('8.00'), Decimal('3'))
    """
    try:
        amount = Decimal(str(value))
    except ArithmeticError as error:
        raise DataError(f"Not an amount: {str(value)[:40]!r}") from error
    if not amount.is_finite():
        raise DataError(f"Not an amount: {str(value)[:40]!r}")
    return amount


def plain(amount: Decimal) -> str:
    """An amount as text, at least with two decimals and no more than six.

    >>> plain(Decimal("12.5")), plain(Decimal("0.1234567"))
    ('12.50', '0.123457')
    """
    text = format(amount.quantize(Decimal("0.000001")).normalize(), "f")
    whole, _point, decimals = text.partition(".")
    return f"{whole}.{decimals:0<2}"


def minor_unit(digits: int = 2) -> Decimal:
    """The smallest amount of the currency.

    >>> minor_unit(2)
    Decimal('0.01')
    """
    return Decimal(1).scaleb(-digits)


def round_money(amount: Decimal, digits: int = 2) -> Decimal:
    """Round to the currency's decimals, halves away from zero as shops do.

    >>> round_money(Decimal("8.365")), round_money(Decimal("-8.365"))
    (Decimal('8.37'), Decimal('-8.37'))
    """
    return amount.quantize(minor_unit(digits), ROUND_HALF_UP)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """How a stated total compares with the sum of its parts."""

    stated: Decimal
    computed: Decimal
    tolerance: Decimal

    @property
    def amount(self) -> Decimal:
        """Stated minus computed: what a rounding line would have to add."""
        return self.stated - self.computed

    @property
    def is_rounding(self) -> bool:
        """True when rounding alone explains it."""
        return abs(self.amount) <= self.tolerance

    def __str__(self) -> str:
        if not self.amount:
            return f"The total {self.stated} is the sum of its parts."
        kind = "rounding" if self.is_rounding else "more than rounding explains"
        return (
            f"The shop's total is {self.stated}, its parts sum up to {self.computed}: "
            f"a difference of {self.amount} ({kind})."
        )


def explain_difference(stated: Decimal, parts: Iterable[Decimal], digits: int = 2) -> Difference:
    """Compare a total with its parts; one minor unit a part counts as rounding.

    >>> explain_difference(Decimal("28.95"), [Decimal("23.90"), Decimal("5.04")]).is_rounding
    True
    """
    amounts = list(parts)
    return Difference(
        stated=stated,
        computed=sum(amounts, ZERO),
        tolerance=minor_unit(digits) * max(1, len(amounts)),
    )


def net_of(gross: Decimal, rate: Decimal) -> Decimal:
    """The amount without tax of ``rate`` percent, not rounded."""
    return gross / (1 + rate / HUNDRED)


def gross_of(net: Decimal, rate: Decimal) -> Decimal:
    """The amount with tax of ``rate`` percent, not rounded."""
    return net * (1 + rate / HUNDRED)


def implied_rate(
    net: Decimal, gross: Decimal, known: Iterable[Decimal], tolerance: Decimal = Decimal("0.01")
) -> Decimal | None:
    """The tax rate (percent) of two amounts that belong together.

    The known rate that explains them best within ``tolerance``, else None; ``net`` = ``gross``
    means no tax.

    >>> implied_rate(Decimal("5.74"), Decimal("7.00"), [Decimal(10), Decimal(22)])
    Decimal('22')
    """
    if net == gross:
        return ZERO
    fits = [(abs(gross_of(net, rate) - gross), rate) for rate in known]
    fits = [fit for fit in fits if fit[0] <= tolerance]
    return min(fits)[1] if fits else None


def share_out(
    amount: Decimal, weights: Mapping[Decimal, Decimal], digits: int = 2
) -> list[Decimal]:
    """Divide by weight and round; the sum stays exact, the odd cents go to the largest weight.

    >>> share_out(Decimal("10.00"), {Decimal(1): Decimal(1), Decimal(2): Decimal(2)})
    [Decimal('3.33'), Decimal('6.67')]
    """
    whole = sum(weights.values(), ZERO)
    if not weights:
        return []
    if not whole:
        return [amount, *[ZERO] * (len(weights) - 1)]
    shares = [round_money(amount * weight / whole, digits) for weight in weights.values()]
    return _settle(shares, amount, list(weights.values()))


def take_off(
    amounts: list[Decimal], discount: Decimal, chosen: Iterable[int], digits: int = 2
) -> list[Decimal]:
    """The amounts after a discount (negative) that is shared by the chosen ones among them.

    >>> take_off([Decimal(10), Decimal(20), Decimal(5)], Decimal(-3), [0, 1])
    [Decimal('9.00'), Decimal('18.00'), Decimal('5')]
    """
    weights = {Decimal(place): amounts[place] for place in chosen if amounts[place] > 0}
    left = list(amounts)
    for place, share in zip(weights, share_out(discount, weights, digits), strict=True):
        left[int(place)] += share
    return left


def spread_discount(
    net: Decimal, gross: Decimal, bases: Mapping[Decimal, Decimal], digits: int = 2
) -> Split:
    """Divide a discount over tax rates: ``{rate: (net, gross)}``, exact in both sums.

    ``bases`` are the gross amounts of the goods at each rate (percent).  The discount is taken as
    proportional to them when its net amount agrees with that; as belonging to one rate when that
    explains the net; with two rates as the one mixture that holds for net and gross; and as
    proportional otherwise.

    >>> spread_discount(Decimal("-4.10"), Decimal("-5.00"), {Decimal(22): Decimal("23.90")})
    {Decimal('22'): (Decimal('-4.10'), Decimal('-5.00'))}
    """
    bases = {rate: base for rate, base in bases.items() if base > 0}
    if not bases:
        raise DataError("A discount on an order without goods of any tax rate.")
    rates = list(bases)
    if len(rates) == 1:
        return {rates[0]: (net, gross)}
    even = share_out(gross, bases, digits)
    chosen = even
    if not _net_agrees(net, dict(zip(rates, even, strict=True)), digits):
        chosen = _one_rate(net, gross, rates, digits) or _mixture(net, gross, rates, digits) or even
    nets = [
        round_money(net_of(amount, rate), digits)
        for rate, amount in zip(rates, chosen, strict=True)
    ]
    nets = _settle(nets, net, [abs(amount) for amount in chosen])
    split = zip(rates, nets, chosen, strict=True)
    return {rate: (part, amount) for rate, part, amount in split if part or amount}


# --- helpers --------------------------------------------------------------------------------------


def _settle(shares: list[Decimal], total: Decimal, weights: list[Decimal]) -> list[Decimal]:
    """Put what is missing to the total on the share with the largest weight."""
    largest = max(range(len(shares)), key=lambda index: weights[index])
    settled = list(shares)
    settled[largest] += total - sum(shares, ZERO)
    return settled


def _net_agrees(net: Decimal, amounts: Mapping[Decimal, Decimal], digits: int) -> bool:
    exact = sum((net_of(amount, rate) for rate, amount in amounts.items()), ZERO)
    return abs(exact - net) <= minor_unit(digits) * len(amounts)


def _one_rate(
    net: Decimal, gross: Decimal, rates: list[Decimal], digits: int
) -> list[Decimal] | None:
    fits = [(abs(net_of(gross, rate) - net), index) for index, rate in enumerate(rates)]
    distance, chosen = min(fits)
    if distance > minor_unit(digits):
        return None
    return [gross if index == chosen else ZERO for index in range(len(rates))]


def _mixture(
    net: Decimal, gross: Decimal, rates: list[Decimal], digits: int
) -> list[Decimal] | None:
    """With two rates one pair of gross amounts fits both sums; of the same sign, or nothing."""
    if len(rates) != 2:
        return None
    first, second = (net_of(Decimal(1), rate) for rate in rates)
    share = round_money((net - gross * second) / (first - second), digits)
    rest = gross - share
    return [share, rest] if share * gross >= 0 and rest * gross >= 0 else None
