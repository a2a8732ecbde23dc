"""Computed prices that a reader asks for with ``price[my_name][option]=value``."""

from __future__ import annotations

import re
from decimal import Decimal

from .cart import Buyer, cents, six
from .query import Args
from .shop import Shop
from .store import Record

_PARAMETER = re.compile(r"^price\[(?P<name>\w+)\]\[(?P<option>\w+)\]$")


def computed_prices(shop: Shop, product: Record, args: Args) -> dict[str, str]:
    """Return the asked prices under their names, rounded to the currency, six decimals shown."""
    asked: dict[str, dict[str, str]] = {}
    for key, value in args.items():
        match = _PARAMETER.match(key)
        if match:
            asked.setdefault(match["name"], {})[match["option"]] = value
    return {
        name: str(six(cents(_price(shop, product, options)))) for name, options in asked.items()
    }


def _price(shop: Shop, product: Record, options: dict[str, str]) -> Decimal:
    buyer = Buyer(
        country=int(options.get("country") or shop.home_country),
        group=int(options.get("group") or 1),
        currency=int(options.get("currency") or 1),
    )
    combination = shop.store.get("combinations", options.get("product_attribute", ""))
    if combination is None:
        combination = shop.views.default_combination(product.id)
    quantity = int(options.get("quantity") or 1)
    line = shop.pricing.line(product, combination, quantity, buyer)
    net = line.unit_net if options.get("use_reduction", "1") == "1" else line.original
    return net * (1 + line.rate) if options.get("use_tax", "1") == "1" else net
