"""Stock levels: read, then write those that differ, many in one call."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from ...documents import Outcome, StockLevel
from ...errors import DataError, NotFound
from ...money import amount_of
from ...paging import chunks
from ...saving import compared_levels
from .client import PAGE, Client, Row
from .shop import Shop

#: WooCommerce takes at most 100 records in a call
AT_ONCE = 100
_FIELDS = "id,type,parent_id,manage_stock,stock_quantity,backorders,variations"
Key = tuple[str, str | None]


class Stock:
    """Reads and sets quantities and back-order rules."""

    def __init__(self, client: Client, shop: Shop) -> None:
        self.client = client
        self.shop = shop

    def read(self) -> Iterator[StockLevel]:
        """Every level that is managed in the shop."""
        for row in self.client.rows(
            "products",
            size=PAGE,
            orderby="id",
            order="asc",
            _fields=_FIELDS,
            **self.shop.main_language,
        ):
            product = str(row["id"])
            if row.get("type") != "variable":
                yield from _level(product, None, row)
                continue
            path = f"products/{product}/variations"
            for each in self.client.rows(path, size=PAGE, _fields=_FIELDS):
                yield from _level(product, str(each["id"]), each)

    def push(self, levels: Sequence[StockLevel]) -> list[Outcome]:
        """Set the levels; each chunk is read just before it is written."""
        outcomes: list[Outcome] = []
        for chunk in chunks(levels, AT_ONCE):
            outcomes += self.client.in_parts("stock level", chunk, self._push, _failed)
        return outcomes

    def _push(self, levels: Sequence[StockLevel]) -> list[Outcome]:
        rows = self._rows(levels)

        def look(level: StockLevel, quantity: int) -> tuple[str, Decimal | None, Row]:
            row = _row_of(level, rows)
            managed = row.get("manage_stock") is True
            held = amount_of(row["stock_quantity"]) if managed else None
            return str(row["id"]), held, _fields(level, row, quantity, held)

        found, changes = compared_levels(levels, look)
        paths: dict[str, list[str]] = {}
        for key in changes:
            product, _slash, variant = key.partition("/")
            path = f"products/{product}/variations" if variant else "products"
            paths.setdefault(path, []).append(key)
        for path, keys in paths.items():
            update = [{"id": int(changes[key][0]), **changes[key][1]} for key in keys]
            for key, result in zip(keys, self.client.batch(path, [], update), strict=True):
                if isinstance(result, DataError):
                    found[key] = Outcome(key=key, external_id=changes[key][0], error=result)
        return [found[level.key] for level in levels]

    def _rows(self, levels: Sequence[StockLevel]) -> dict[Key, Row]:
        """What the shop holds, by (product, variant)."""
        simple = [level.product for level in levels if not level.variant]
        held = self.client.read_by_id("products", simple, _fields=_FIELDS) if simple else {}
        rows: dict[Key, Row] = {(key, None): row for key, row in held.items()}
        for product in dict.fromkeys(level.product for level in levels if level.variant):
            path = f"products/{product}/variations"
            for row in self.client.rows(path, _fields=_FIELDS):
                rows[product, str(row["id"])] = row
        return rows


def _level(product: str, variant: str | None, row: Row) -> Iterator[StockLevel]:
    if row.get("manage_stock") is True:
        yield StockLevel(
            product=product,
            variant=variant,
            quantity=amount_of(row.get("stock_quantity")),
            backorder=row.get("backorders") != "no",
        )


def _row_of(level: StockLevel, rows: dict[Key, Row]) -> Row:
    row = rows.get((level.product, level.variant))
    if row is None:
        raise NotFound(f"The shop keeps no stock of {level.key}.")
    if level.variant is None and row.get("type") == "variable":
        raise DataError(f"Product {level.product} has variants in the shop: stock is on them.")
    return row


def _fields(level: StockLevel, row: Row, quantity: int, held: Decimal | None) -> Row:
    """Only what differs; a quantity counts only where stock is managed."""
    fields: Row = {}
    if held != quantity:
        fields = {"manage_stock": True, "stock_quantity": quantity}
    rule = None if level.backorder is None else ("yes" if level.backorder else "no")
    if level.backorder is None and level.reset_backorder:
        rule = "no"
    allowed = row.get("backorders") != "no"
    if rule is not None and allowed != (rule == "yes"):
        fields["backorders"] = rule
    return fields


def _failed(level: StockLevel, error: DataError) -> Outcome:
    return Outcome(key=level.key, error=error)
