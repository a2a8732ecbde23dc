"""Stock levels: read the rows, write those that differ, many in one call."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from ...breakdown import ServerFault, fault_of
from ...documents import Outcome, StockLevel
from ...errors import DataError, NotFound
from ...paging import bisect, chunks
from ...saving import compared_levels
from .client import Client
from .shop import Shop
from .wire import Draft, Record

#: rows in one call: 200 run at some 2,500 a second, one by one at 70
ROWS_AT_ONCE = 200
#: rows in one page when all are read: 1,000 run at some 6,600 a second
PAGE = 1000
#: rows read although nobody asked: an interval of ids is quicker for both sides than a list of them
SPARE = 0.1
#: ``out_of_stock``: what happens to orders beyond the quantity
DENY, ALLOW, SHOP_RULE = "0", "1", "2"
_BACKORDERS = {DENY: False, ALLOW: True}
_DISPLAY = (
    "id", "id_product", "id_product_attribute", "id_shop", "id_shop_group", "quantity",
    "out_of_stock",
)  # fmt: skip
_LARGEST = 2**31 - 1
_NO_VARIANT = "0"

#: (product, combination) -> row
Rows = Mapping[tuple[str, str], Record]
#: row id and the fields to write
Change = tuple[str, dict[str, str]]


class Stock:
    """Reads and sets quantities and back-order rules in a shop."""

    def __init__(self, client: Client, shop: Shop) -> None:
        self.client = client
        self.shop = shop

    # --- reading ----------------------------------------------------------------------------------

    def read(self) -> Iterator[StockLevel]:
        """Every level; rows are paged by id, so that none is missed when others go meanwhile."""
        rows = self._own_rows(self._every_row())
        with_variants = {product for product, variant in rows if variant != _NO_VARIANT}
        for (product, variant), row in rows.items():
            if variant == _NO_VARIANT and product in with_variants:
                continue
            yield StockLevel(
                product=product,
                variant=None if variant == _NO_VARIANT else variant,
                quantity=row.amount("quantity"),
                backorder=_BACKORDERS.get(row.required("out_of_stock").strip()),
            )

    def _every_row(self) -> Iterator[Record]:
        last = 0
        while True:
            interval = {"id": f"[{last + 1},{_LARGEST}]"}
            page = self.client.page("stock_availables", _DISPLAY, interval, limit=f"0,{PAGE}")
            yield from page
            if len(page) < PAGE:
                return
            following = int(page[-1].amount("id"))
            if following <= last:
                raise DataError("The shop lists its stock rows in no order.")
            last = following

    def _own_rows(self, records: Iterable[Record]) -> dict[tuple[str, str], Record]:
        """The rows by (product, combination) that our store sells from.

        Lists show the rows of every store.  Stores that share their stock have rows of their group
        with shop 0; one with neither was orphaned by a careless write, the shop does not count it.
        """
        found = list(records)
        rows: dict[tuple[str, str], Record] = {}
        several = len({row.reference("id_shop") for row in found} - {None}) > 1
        store = self.shop.options.store or (self.shop.default_store if several else None)
        for row in found:
            key = (row.required("id_product"), row.required("id_product_attribute"))
            holder = row.reference("id_shop")
            if holder is None and row.reference("id_shop_group") is None:
                if store is None:
                    rows.setdefault(key, row)
            elif self._is_ours(row, holder, store):
                rows[key] = row
        return rows

    def _is_ours(self, row: Record, holder: str | None, store: str | None) -> bool:
        if holder is not None:
            return store is None or holder == store
        return row.reference("id_shop_group") == self.shop.store_record.reference("id_shop_group")

    # --- writing ----------------------------------------------------------------------------------

    def push(self, levels: Sequence[StockLevel]) -> list[Outcome]:
        """Set the levels; each chunk is read just before it is written."""
        outcomes: dict[str, Outcome] = {}
        # neighbours together: an interval asks for them
        for chunk in chunks(sorted(levels, key=_place), ROWS_AT_ONCE):
            outcomes |= self._push_chunk(chunk)
        return [outcomes[level.key] for level in levels]

    def _push_chunk(self, levels: Sequence[StockLevel]) -> dict[str, Outcome]:
        products = [level.product for level in levels]
        rows = self._own_rows(
            self.client.find("stock_availables", "id_product", products, _DISPLAY, spare=SPARE)
        )
        with_variants = {product for product, variant in rows if variant != _NO_VARIANT}

        def look(level: StockLevel, quantity: int) -> tuple[str, Decimal, dict[str, str]]:
            row = _row_of(level, rows, with_variants)
            return row.id, row.amount("quantity"), _fields(level, row, quantity)

        found, changes = compared_levels(levels, look)
        self._carry_out(changes, _product_rules(changes, rows), found)
        return found

    def _carry_out(
        self,
        changes: Mapping[str, Change],
        rules: Mapping[str, Change],
        found: dict[str, Outcome],
    ) -> None:
        """Write everything in one call and note what was refused."""
        # a product's row, its old sum in it, must not come after the rows that change that sum
        refused = self._write(dict([*rules.values(), *changes.values()]))
        for key, (row_id, fields) in changes.items():
            error = refused[row_id]
            rule = rules.get(key.partition("/")[0])
            if rule and "out_of_stock" in fields:
                error = error or refused[rule[0]]
            if error:
                found[key] = Outcome(key=key, external_id=row_id, error=error)

    def _write(self, changes: Mapping[str, Mapping[str, str]]) -> dict[str, DataError | None]:
        """Write fields by row id; the error of each row that is refused."""

        def send(ids: Sequence[str]) -> None:
            drafts = {key: Draft(fields=changes[key]) for key in ids}
            try:
                self.client.update("stock_availables", drafts)
            except ServerFault as error:
                self.client.rights()  # raises when the whole shop is out of order
                raise fault_of("stock row", error) from error

        ids = list(changes)
        return dict(zip(ids, bisect(ids, send), strict=True))


def _place(level: StockLevel) -> tuple[int, str]:
    return (len(level.product), level.product)


def _row_of(level: StockLevel, rows: Rows, with_variants: set[str]) -> Record:
    row = rows.get((level.product, level.variant or _NO_VARIANT))
    if row is None:
        raise NotFound(f"The shop keeps no stock of {level.key}.")
    if level.variant is None and level.product in with_variants:
        raise DataError(
            f"Product {level.product} has variants in the shop; its stock is the sum of theirs."
        )
    return row


def _fields(level: StockLevel, row: Record, quantity: int) -> dict[str, str]:
    """What is to be written of a row: only what differs, so that a sale meanwhile is kept."""
    fields = {}
    if row.amount("quantity") != quantity:
        fields["quantity"] = str(quantity)
    rule = _rule(level)
    if rule is not None and row.required("out_of_stock").strip() != rule:
        fields["out_of_stock"] = rule
    return fields


def _rule(level: StockLevel) -> str | None:
    if level.backorder is not None:
        return ALLOW if level.backorder else DENY
    return SHOP_RULE if level.reset_backorder else None


def _product_rules(changes: Mapping[str, Change], rows: Rows) -> dict[str, Change]:
    """The rule of the products whose combinations get another one, by product.

    The shop asks the product's own row whatever combination is bought: beyond the stock is only
    sold what all combinations allow.
    """
    new = {
        tuple(key.split("/")): fields["out_of_stock"]
        for key, (_row_id, fields) in changes.items()
        if "out_of_stock" in fields
    }
    wanted = {product for product, variant in new if variant}
    rules: dict[str, set[str]] = {product: set() for product in wanted}
    for (product, variant), row in rows.items():
        if product in wanted and variant != _NO_VARIANT:
            rules[product].add(new.get((product, variant)) or row.required("out_of_stock").strip())
    found: dict[str, Change] = {}
    for product, of_variants in rules.items():
        parent = rows.get((product, _NO_VARIANT))
        rule = min(of_variants, key=[DENY, SHOP_RULE, ALLOW].index)
        if parent is not None and parent.required("out_of_stock").strip() != rule:
            found[product] = (parent.id, {"out_of_stock": rule})
    return found
