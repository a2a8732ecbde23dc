"""Price rules as the scenarios about them need them."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from pieces import entries

from shopapi.adapter import ShopAdapter
from shopapi.documents import Outcome, Price, PriceRule, PriceRules

D = Decimal


def price(net: str) -> Price:
    amount = D(net)
    return Price(net=amount, gross=amount * D("1.22"))


def rule(net: str, **more: object) -> PriceRule:
    values: dict[str, object] = {"price": price(net), "strike": False, **more}
    if values["strike"]:
        values["ordinary"] = price("10")
    return PriceRule(**values)  # type: ignore[arg-type]


def put(adapter: ShopAdapter, product: str, *rules: PriceRule) -> Outcome:
    (outcome,) = adapter.save(entries(PriceRules(product=product, rules=rules)))
    return outcome


def put_well(adapter: ShopAdapter, product: str, *rules: PriceRule) -> int:
    """Save rules that must be taken; how many writing calls that took."""
    before = adapter.writes
    outcome = put(adapter, product, *rules)
    assert outcome.error is None, outcome.error
    assert outcome.external_id == product
    assert outcome.written == (adapter.writes > before)
    return adapter.writes - before


def day(number: int, month: int = 12, *, end: bool = False) -> datetime:
    hour, minute, second = (22, 59, 59) if end else (23, 0, 0)
    return datetime(2026, month, number, hour, minute, second, tzinfo=UTC)
