"""Sale prices: core knows one for everybody, for a time, on a product or on a variant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from ...documents import Entry, Outcome, PriceRule, PriceRules
from ...errors import DataError, NotFound
from ...money import HUNDRED, amount_of, plain
from ...paging import chunks
from ...saving import document, failed
from .changes import naive
from .client import BATCH, Row
from .comparing import is_held, not_taken
from .sending import Sender

_FIELDS = "id,type,regular_price,sale_price,date_on_sale_from_gmt,date_on_sale_to_gmt"
#: before every sale that begins some time
_ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)


class PriceSaver(Sender):
    """Makes the sale price of products say what their rules say."""

    def save(self, entries: Sequence[Entry]) -> list[Outcome]:
        """Save all entries; the id of the rules of a product is that of the product."""
        return self.client.in_parts("price", entries, self._save, failed)

    def _save(self, entries: Sequence[Entry]) -> list[Outcome]:
        products = [document(entry, PriceRules).product for entry in entries]
        held = self.client.read_by_id("products", products, context="edit", _fields=_FIELDS)
        outcomes: dict[int, Outcome] = {}
        changes: dict[str, list[tuple[Entry, Row]]] = {}
        refused: dict[int, DataError | None] = {}
        for entry, product in zip(entries, products, strict=True):
            outcomes[id(entry)] = Outcome(key=entry.key, external_id=product, written=False)
            try:
                for path, row in self._rows(product, held):
                    fields, fault = self._fields(document(entry, PriceRules).rules, row)
                    if fields:
                        changes.setdefault(path, []).append((entry, {"id": row["id"], **fields}))
                    # what can be said is said all the same: an old sale must not go on for it
                    refused[id(entry)] = refused.get(id(entry)) or fault
            except DataError as error:
                outcomes[id(entry)] = failed(entry, error)
        for path, tasks in changes.items():
            self._send(path, [task for task in tasks if not outcomes[id(task[0])].error], outcomes)
        for key, fault in refused.items():
            outcomes[key] = replace(outcomes[key], error=outcomes[key].error or fault)
        return [outcomes[id(entry)] for entry in entries]

    def _rows(self, product: str, held: dict[str, Row]) -> Iterator[tuple[str, Row]]:
        """What carries the prices of a product, each with the path where it is written."""
        if product not in held:
            raise NotFound(f"The shop does not have product {product} any more.")
        if held[product]["type"] != "variable":
            yield "products", held[product]
            return
        path = f"products/{product}/variations"
        for row in self.client.rows(path, context="edit", _fields=_FIELDS):
            yield path, row

    def _send(
        self, path: str, tasks: Sequence[tuple[Entry, Row]], outcomes: dict[int, Outcome]
    ) -> None:
        """Write the fields and note the outcomes; several variants may share one entry."""
        for chunk in chunks(tasks, BATCH):
            results = self.client.batch(path, [], [fields for _entry, fields in chunk])
            for (entry, fields), result in zip(chunk, results, strict=True):
                error = result if isinstance(result, DataError) else not_taken(fields, result)
                before = outcomes[id(entry)]
                outcomes[id(entry)] = replace(before, written=True, error=before.error or error)

    def _fields(self, rules: Iterable[PriceRule], row: Row) -> tuple[Row, DataError | None]:
        """What has to be written so that the row has the first sale of these rules, or none.

        Beside it stands why one of the rules cannot be held.
        """
        wanted = {"sale_price": "", "date_on_sale_from_gmt": "", "date_on_sale_to_gmt": ""}
        own, fault = self._prices(rules, row)
        if own:
            # the next one follows when this one is over
            first, price = min(own, key=lambda pair: pair[0].starts_at or _ALWAYS)
            wanted = {
                "sale_price": price,
                "date_on_sale_from_gmt": naive(first.starts_at) if first.starts_at else "",
                "date_on_sale_to_gmt": naive(first.ends_at) if first.ends_at else "",
            }
        is_same = all(is_held(name, text, row) for name, text in wanted.items())
        return {} if is_same else wanted, fault

    def _prices(
        self, rules: Iterable[PriceRule], row: Row
    ) -> tuple[list[tuple[PriceRule, str]], DataError | None]:
        """The rules that are for the row, with their prices, and why one cannot be held."""
        own: list[tuple[PriceRule, str]] = []
        fault = None
        for rule in rules:
            if rule.variant in {None, str(row["id"])}:
                try:
                    own.append((rule, self._price(rule, row)))
                except DataError as error:
                    fault = error
        return own, fault

    def _price(self, rule: PriceRule, row: Row) -> str:
        """The price of a rule as the shop wants it. Raises DataError when it can hold none such."""
        if rule.group is not None or rule.min_quantity > 1:
            raise DataError("The shop has no prices for customer groups or quantities.")
        regular = amount_of(row["regular_price"] or 0)
        price = (
            regular * (1 - (rule.percent or Decimal(0)) / HUNDRED)
            if rule.price is None
            else self.shop.price(rule.price)
        )
        if price >= regular:
            raise DataError(
                f"The shop can lower a price for a time, not raise it from {plain(regular)} to "
                f"{plain(price)}."
            )
        return plain(price)
