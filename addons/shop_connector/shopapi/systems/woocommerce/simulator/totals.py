"""Order arithmetic: net amounts kept to six decimals, tax rounded line by line."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from .shop import Row, Shop

ZERO = Decimal(0)
_PRECISE = Decimal("0.000001")


def exact(value: Any) -> Decimal:
    """An amount as it is stored."""
    return Decimal(str(value or 0)).quantize(_PRECISE, ROUND_HALF_UP)


def rounded(value: Decimal) -> Decimal:
    """An amount as it is shown."""
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)


def money(value: Decimal) -> str:
    """An amount as text."""
    return str(rounded(value))


def rates_for(shop: Shop, tax_class: str, country: str, *, shipping: bool = False) -> list[Row]:
    """The tax rates of a class in a country."""
    return [
        rate
        for rate in shop.tax_rates.values()
        if rate["class"] == (tax_class or "standard")
        and rate["country"] in {country, ""}
        and (rate["shipping"] or not shipping)
    ]


def _percent(rates: Iterable[Row]) -> Decimal:
    return sum((Decimal(rate["rate"]) for rate in rates), ZERO)


def net_price(shop: Shop, price: Decimal, tax_class: str) -> Decimal:
    """A catalogue price without the shop's own tax."""
    if not shop.settings.prices_include_tax:
        return price
    own = _percent(rates_for(shop, tax_class, shop.settings.country))
    return price / (1 + own / 100)


def calculate(shop: Shop, order: Row) -> None:
    """Taxes of all lines and the order's sums."""
    country = order["shipping"].get("country") or order["billing"].get("country")
    country = country or shop.settings.country
    for line in order["line_items"]:
        rates = rates_for(shop, line["tax_class"], country)
        line["taxes"] = {rate["id"]: _tax(line["total"], rate) for rate in rates}
        line["subtotal_taxes"] = {rate["id"]: _tax(line["subtotal"], rate) for rate in rates}
    for line in order["shipping_lines"]:
        rates = rates_for(shop, "", country, shipping=True)
        line["taxes"] = {rate["id"]: _tax(line["total"], rate) for rate in rates}
    for line in order["fee_lines"]:
        line["taxes"] = _fee_taxes(shop, order, line, country)


def _tax(amount: Decimal, rate: Row) -> Decimal:
    return (amount * Decimal(rate["rate"]) / 100).quantize(_PRECISE, ROUND_HALF_UP)


def _fee_taxes(shop: Shop, order: Row, line: Row, country: str) -> dict[int, Decimal]:
    """The taxes of a fee; a negative one is spread over the classes of goods (READ)."""
    if line["tax_status"] != "taxable":
        return {}
    if line["total"] >= 0:
        return {
            rate["id"]: _tax(line["total"], rate)
            for rate in rates_for(shop, line["tax_class"], country)
        }
    goods: dict[str, Decimal] = {}
    for each in order["line_items"]:
        goods[each["tax_class"]] = goods.get(each["tax_class"], ZERO) + each["total"]
    whole = sum(goods.values(), ZERO)
    taxes: dict[int, Decimal] = {}
    for tax_class, amount in goods.items():
        for rate in rates_for(shop, tax_class, country):
            share = line["total"] * amount / whole if whole else ZERO
            taxes[rate["id"]] = taxes.get(rate["id"], ZERO) + _tax(share, rate)
    return taxes


def line_tax(line: Row, name: str = "taxes") -> Decimal:
    """The tax of a line, each rate rounded."""
    return sum((rounded(tax) for tax in line[name].values()), ZERO)


def tax_lines(shop: Shop, order: Row) -> dict[int, tuple[Decimal, Decimal]]:
    """Rate -> tax on goods and fees, tax on shipping."""
    found: dict[int, tuple[Decimal, Decimal]] = {}
    keep = (lambda tax: tax) if shop.settings.round_at_subtotal else rounded
    for kind in ("line_items", "fee_lines", "shipping_lines"):
        for line in order[kind]:
            for rate, tax in line["taxes"].items():
                goods, carriage = found.get(rate, (ZERO, ZERO))
                if kind == "shipping_lines":
                    found[rate] = (goods, carriage + keep(tax))
                else:
                    found[rate] = (goods + keep(tax), carriage)
    return found


def sums(order: Row) -> dict[str, Decimal]:
    """All totals of an order."""
    goods = sum((rounded(line["total"]) for line in order["line_items"]), ZERO)
    fees = sum((rounded(line["total"]) for line in order["fee_lines"]), ZERO)
    carriage = sum((rounded(line["total"]) for line in order["shipping_lines"]), ZERO)
    cart_tax = sum(
        (line_tax(line) for kind in ("line_items", "fee_lines") for line in order[kind]), ZERO
    )
    shipping_tax = sum((line_tax(line) for line in order["shipping_lines"]), ZERO)
    before = sum((line["subtotal"] for line in order["line_items"]), ZERO)
    after = sum((line["total"] for line in order["line_items"]), ZERO)
    tax_before = sum((line_tax(line, "subtotal_taxes") for line in order["line_items"]), ZERO)
    tax_after = sum((line_tax(line) for line in order["line_items"]), ZERO)
    return {
        "discount_total": before - after,
        "discount_tax": tax_before - tax_after,
        "shipping_total": carriage,
        "shipping_tax": shipping_tax,
        "cart_tax": cart_tax,
        "total": goods + fees + carriage + cart_tax + shipping_tax,
        "total_tax": cart_tax + shipping_tax,
    }
