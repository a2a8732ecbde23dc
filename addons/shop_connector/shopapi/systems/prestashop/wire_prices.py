"""Price rules <-> specific prices, the shop's rows of prices beside a product's own.

Fields: ``schema=synopsis`` of 8.2.1 and 1.7.8.11, which is the same.  A row says one of two things:
a ``price`` of its own (without tax) or -1 for the product's, and a ``reduction`` taken off that.
The shop strikes through what stands before a reduction, so a struck price is written as the
ordinary price with the difference as reduction: the result stays right when the product's own price
changes before the rule does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_CEILING, Decimal
from zoneinfo import ZoneInfo

from ...documents import PriceRule, PriceRules
from ...errors import DataError
from .wire import Draft, Record, is_same
from .wire_catalogue import number, switch

_ANY = "0"
_NO_TIME = "0000-00-00 00:00:00"
_HUNDRED = Decimal(100)
#: whom or what else a row may be for, which no rule of ours can say: such rows stay as they are
_FOREIGN = (
    "id_shop_group",
    "id_cart",
    "id_customer",
    "id_specific_price_rule",
    "id_country",
    "id_currency",
)
_FIGURES = ("price", "reduction", "reduction_tax", "reduction_type")


@dataclass(frozen=True, slots=True)
class RowKey:
    """What tells the rows of a product apart: the shop refuses a second one with the same key."""

    variant: str
    group: str
    quantity: int
    starts: str
    ends: str


def rule_rows(document: PriceRules, zone: ZoneInfo) -> dict[RowKey, Draft]:
    """The figures of each row that the rules ask for. Raises DataError for an impossible rule.

    The shop counts whole pieces: a rule from 2.5 pieces holds from 3; of two that come down to the
    same number the higher one counts, as it would for that many pieces.
    """
    ordered = sorted(document.rules, key=lambda rule: rule.min_quantity)
    return {_key(rule, zone): _figures(rule) for rule in ordered}


def new_row(product: str, key: RowKey, figures: Draft, store: str | None) -> Draft:
    """The whole row: the shop requires nearly every field."""
    return Draft(
        fields={
            **dict.fromkeys(_FOREIGN, _ANY),
            "id_shop": store or _ANY,
            "id_product": product,
            "id_product_attribute": key.variant,
            "id_group": key.group,
            "from_quantity": str(key.quantity),
            **figures.fields,
            "from": key.starts,
            "to": key.ends,
        }
    )


def row_key(row: Record) -> RowKey:
    """The key of a row of the shop."""
    return RowKey(
        variant=row.reference("id_product_attribute") or _ANY,
        group=row.reference("id_group") or _ANY,
        quantity=max(1, int(row.amount("from_quantity"))),
        starts=_time_text(row, "from"),
        ends=_time_text(row, "to"),
    )


def is_ours(row: Record, stores: frozenset[str]) -> bool:
    """Whether rules decide about the row; it may be for one of these stores, or for all."""
    store = row.reference("id_shop")
    return not any(row.reference(name) for name in _FOREIGN) and (store is None or store in stores)


def changed_figures(row: Record, figures: Draft) -> Draft:
    """What of the figures the shop does not hold yet."""
    fields = {
        name: value
        for name, value in figures.fields.items()
        if not is_same(row.fields.get(name, ""), value)
    }
    return Draft(fields=fields)


def _key(rule: PriceRule, zone: ZoneInfo) -> RowKey:
    return RowKey(
        variant=_digits(rule.variant),
        group=_digits(rule.group),
        quantity=max(1, int(rule.min_quantity.to_integral_value(ROUND_CEILING))),
        starts=_local(rule.starts_at, zone),
        ends=_local(rule.ends_at, zone),
    )


def _figures(rule: PriceRule) -> Draft:
    if rule.percent is not None:
        if not 0 <= rule.percent <= _HUNDRED:
            raise DataError(f"The shop cannot take off {rule.percent} percent.")
        return _draft(Decimal(-1), rule.percent / _HUNDRED, "percentage", with_tax=True)
    if rule.price is None or rule.price.net < 0:
        raise DataError("A price rule needs a price that is not negative, or a percentage.")
    price, ordinary = rule.price.net, rule.ordinary
    if rule.strike and ordinary is not None and ordinary.net > price:
        return _draft(ordinary.net, ordinary.net - price, "amount", with_tax=False)
    return _draft(price, Decimal(0), "amount", with_tax=False)


def _draft(price: Decimal, reduction: Decimal, kind: str, *, with_tax: bool) -> Draft:
    values: Mapping[str, str] = {
        "price": number(price),
        "reduction": number(reduction),
        "reduction_tax": switch(with_tax),
        "reduction_type": kind,
    }
    return Draft(fields={name: values[name] for name in _FIGURES})


def _digits(code: str | None) -> str:
    if code is None:
        return _ANY
    if not code.isascii() or not code.isdigit():
        raise DataError(f"Not an id of this shop system: {code[:40]!r}")
    return code


def _local(moment: datetime | None, zone: ZoneInfo) -> str:
    """The shop's own time, to the second."""
    return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S") if moment else _NO_TIME


def _time_text(row: Record, name: str) -> str:
    text = row.text(name)
    return _NO_TIME if text is None or text.startswith("0000") else text
