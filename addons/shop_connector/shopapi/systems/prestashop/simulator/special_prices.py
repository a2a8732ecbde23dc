"""Special prices of products: which of them a buyer gets, and which may not stand side by side.

The order of preference is that of the shop's own query (read in its code, not seen in an answer).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from .store import Record

if TYPE_CHECKING:
    from .cart import Buyer

#: the numbers that, with the two times, are the table's unique key
_KEY = (
    "id_product",
    "id_product_attribute",
    "id_customer",
    "id_cart",
    "id_shop",
    "id_shop_group",
    "id_currency",
    "id_country",
    "id_group",
    "from_quantity",
    "id_specific_price_rule",
)
_PARTICULAR = ((16, "id_shop"), (8, "id_currency"), (4, "id_country"), (2, "id_group"))


def special_price(
    rows: Iterable[Record], combination: int, quantity: int, buyer: Buyer, now: str
) -> Record | None:
    """Return the row of a product that counts for so many pieces, None for the ordinary price."""
    fitting = [row for row in rows if _fits(row, combination, quantity, buyer, now)]
    return max(fitting, key=_precedence, default=None)


def _fits(row: Record, combination: int, quantity: int, buyer: Buyer, now: str) -> bool:
    wanted = {
        "id_product_attribute": combination,
        "id_group": buyer.group,
        "id_currency": buyer.currency,
        "id_country": buyer.country,
        "id_cart": buyer.cart,
        # prices for one customer need a buyer whom we know
        "id_customer": 0,
        "id_shop": 1,
    }
    if any(row.number(name) not in {0, value} for name, value in wanted.items()):
        return False
    start, end = row.values["from"], row.values["to"]
    is_current = start <= now and (end.startswith("0000") or now <= end)
    return row.number("from_quantity") <= quantity and is_current


def _precedence(row: Record) -> tuple[object, ...]:
    """Sort by preference, the best last.

    One of a combination before one of the product, then one of this cart, then the one for more
    pieces, then one made by
    hand before one of a catalogue rule, then the most particular one, then the one that ends last.
    """
    return (
        row.number("id_product_attribute"),
        row.number("id_cart"),
        row.number("from_quantity"),
        -row.number("id_specific_price_rule"),
        sum(weight for weight, name in _PARTICULAR if row.number(name)),
        row.values["to"],
        row.values["from"],
    )


def special_key(row: Record) -> tuple[object, ...]:
    """Return what no two rows may have in common."""
    numbers = [row.number(name) for name in _KEY]
    times = [row.values.get(name, "") for name in ("from", "to")]
    return (*numbers, *("" if time.startswith("0000") else time for time in times))
