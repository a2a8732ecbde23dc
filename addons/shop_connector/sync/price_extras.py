"""Prices of variants as surcharges of their attribute values: numbers in, numbers out."""

from collections.abc import Hashable, Mapping, Sequence
from decimal import Decimal


def split_prices(
    prices: Mapping[Hashable, tuple[Sequence[Hashable], Decimal]],
) -> tuple[dict[Hashable, Decimal], dict[Hashable, Decimal]]:
    """``{variant: (its values, price above the product's)}`` -> surcharges and what they miss.

    A shop gives each variant a price of its own, Odoo adds up surcharges of attribute values.
    Returns ``({value: surcharge}, {variant: price above the product's})``; the second holds the
    variants whose price the sum does not give.

    >>> split_prices({"a": (("S",), Decimal(0)), "b": (("M",), Decimal(2))})
    ({'S': Decimal('0'), 'M': Decimal('2')}, {})
    """
    if not prices:
        return {}, {}
    base_values, base = next(iter(prices.values()))
    # the first variant's own price rests on its first value; its other values cost nothing
    extras: dict[Hashable, Decimal] = dict.fromkeys(base_values, Decimal(0))
    if base_values:
        extras[base_values[0]] = base
    pending = list(prices.values())
    while pending:
        left = [row for row in pending if not _learn(extras, *row)]
        if len(left) == len(pending):
            # nothing more follows from what is known: assume that one value costs nothing
            unknown = next(value for value in left[0][0] if value not in extras)
            extras[unknown] = Decimal(0)
        pending = left
    missed = {
        variant: price
        for variant, (values, price) in prices.items()
        if sum((extras[value] for value in values), Decimal(0)) != price
    }
    return extras, missed


def _learn(extras: dict[Hashable, Decimal], values: Sequence[Hashable], price: Decimal) -> bool:
    """Fill in the only value of a variant that is not known; whether all are known now."""
    unknown = [value for value in values if value not in extras]
    if len(unknown) > 1:
        return False
    if unknown:
        known = sum((extras[value] for value in values if value in extras), Decimal(0))
        extras[unknown[0]] = price - known
    return True
