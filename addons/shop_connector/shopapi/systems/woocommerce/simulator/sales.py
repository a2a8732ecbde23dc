"""What a product costs: a price that is stored, and moves with a write or when the clock strikes.

READ, not seen: WooCommerce keeps the price of the moment beside the ordinary and the sale price. A
write counts it anew when it changes one of them, or one of their times. What begins and ends
without a write is found by a job at midnight; from 10.5 on by one job for each product besides, at
the time itself. (``on_sale`` is told by the times alone, and may be ahead of the price.)
"""

from __future__ import annotations

from datetime import datetime, timedelta

from .shop import Row, Shop

#: what the price is counted from
_SOURCES = ("type", "regular_price", "sale_price", "date_on_sale_from", "date_on_sale_to")


def sources(row: Row) -> tuple[object, ...]:
    """What the price of a row is counted from, to see whether a write changed it."""
    return tuple(row[name] for name in _SOURCES)


class Sales:
    """Keeps the prices of the moment."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self._looked_at = shop.now()

    def is_on(self, row: Row, moment: datetime) -> bool:
        """Whether the sale price is good at a moment, by its times."""
        starts, ends = row["date_on_sale_from"], row["date_on_sale_to"]
        started = starts is None or starts <= moment
        return bool(row["sale_price"]) and started and (ends is None or moment <= ends)

    def count(self, row: Row) -> None:
        """Store what one costs now."""
        name = "sale_price" if self.is_on(row, self.shop.now()) else "regular_price"
        row["price"] = row[name]

    def settle(self) -> None:
        """Do what the jobs have done since the last look."""
        now = self.shop.now()
        last = now if self.shop.since(10, 5) else self._midnight(now)
        if self._looked_at < last:
            for row in list(self.shop.products.values()):
                self._move_on(row, last)
        if self._looked_at < now:
            self._looked_at = now

    def _midnight(self, now: datetime) -> datetime:
        """The last one of the shop's own clock."""
        local = self.shop.local(now).replace(hour=0, minute=0, second=0)
        found = self.shop.to_utc(local)
        return found if found <= now else found - timedelta(days=1)

    def _move_on(self, row: Row, moment: datetime) -> None:
        """Begin the sale of a row, or end it and take it out."""
        starts, ends = row["date_on_sale_from"], row["date_on_sale_to"]
        if ends is not None and ends < moment:
            changed: Row = {"price": row["regular_price"], "sale_price": ""}
            changed |= {"date_on_sale_from": None, "date_on_sale_to": None}
        elif starts is not None and starts < moment and row["price"] != row["sale_price"]:
            changed = {"price": row["sale_price"] or row["regular_price"]}
            changed["date_on_sale_from"] = None
        else:
            return
        row |= changed
        self.shop.touch(row)
