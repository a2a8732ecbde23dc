"""Pushing stock levels: read the rows, write those that differ, many in one call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_FLOOR

from ...documents import Outcome, StockLevel
from ...errors import DataError, NotFound
from ...paging import bisect, chunks
from .client import Client, ServerFault
from .wire import Draft, Record

#: rows in one call: 200 run at some 2,500 a second, one by one at 70
ROWS_AT_ONCE = 200
_LARGEST = 2**31 - 1
_NO_VARIANT = "0"


def level_key(level: StockLevel) -> str:
    """What the outcome of a level is known by.

    >>> from decimal import Decimal
    >>> level_key(StockLevel(product="7", variant=None, quantity=Decimal(1)))
    '7/'
    """
    return f"{level.product}/{level.variant or ''}"


class StockWriter:
    """Sets quantities in a shop."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def push(self, levels: Sequence[StockLevel]) -> list[Outcome]:
        """Set the levels; each chunk is read just before it is written."""
        outcomes: list[Outcome] = []
        for chunk in chunks(levels, ROWS_AT_ONCE):
            outcomes += self._push_chunk(chunk)
        return outcomes

    def _push_chunk(self, levels: Sequence[StockLevel]) -> list[Outcome]:
        rows = self._rows([level.product for level in levels])
        found: dict[str, Outcome] = {}
        changes: dict[str, tuple[StockLevel, str]] = {}
        for level in levels:
            key = level_key(level)
            try:
                row, quantity = _row_of(level, rows), _whole(level)
            except DataError as error:
                found[key] = Outcome(key=key, error=error)
                continue
            if row.amount("quantity") == quantity:
                found[key] = Outcome(key=key, external_id=row.id, written=False)
            else:
                changes[row.id] = (level, str(quantity))
        refused = self._write({row_id: quantity for row_id, (_, quantity) in changes.items()})
        for row_id, (level, _quantity) in changes.items():
            key = level_key(level)
            found[key] = Outcome(key=key, external_id=row_id, error=refused[row_id])
        return [found[level_key(level)] for level in levels]

    def _rows(self, products: Sequence[str]) -> Mapping[tuple[str, str], Record]:
        """The rows by (product, combination); of several the one that belongs to a shop.

        A row with shop 0 was orphaned by a careless write: the shop does not count it.
        """
        display = ["id", "id_product", "id_product_attribute", "id_shop", "quantity"]
        rows: dict[tuple[str, str], Record] = {}
        for record in self.client.find("stock_availables", "id_product", products, display):
            key = (record.required("id_product"), record.required("id_product_attribute"))
            if key not in rows or rows[key].reference("id_shop") is None:
                rows[key] = record
        return rows

    def _write(self, quantities: Mapping[str, str]) -> dict[str, DataError | None]:
        """Write quantities by row id; the error of each row that is refused."""

        def send(ids: Sequence[str]) -> None:
            drafts = {key: Draft(fields={"quantity": quantities[key]}) for key in ids}
            try:
                self.client.update("stock_availables", drafts)
            except ServerFault as error:
                self.client.rights()  # raises when the whole shop is out of order
                raise DataError("The shop breaks down on this stock row.") from error

        ids = list(quantities)
        return dict(zip(ids, bisect(ids, send), strict=True))


def _row_of(level: StockLevel, rows: Mapping[tuple[str, str], Record]) -> Record:
    row = rows.get((level.product, level.variant or _NO_VARIANT))
    if row is None:
        raise NotFound(f"The shop keeps no stock of {level_key(level)}.")
    if level.variant is None and any(
        product == level.product and variant != _NO_VARIANT for product, variant in rows
    ):
        raise DataError(
            f"Product {level.product} has variants in the shop; its stock is the sum of theirs."
        )
    return row


def _whole(level: StockLevel) -> int:
    """Whole units, rounded down: never sell what is not quite there."""
    quantity = int(level.quantity.to_integral_value(ROUND_FLOOR))
    if abs(quantity) > _LARGEST:
        raise DataError(f"The shop cannot hold a quantity of {quantity}.")
    return quantity
