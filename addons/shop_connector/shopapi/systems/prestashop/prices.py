"""Saving price rules: the specific prices of products, each product's as a whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ...breakdown import ServerFault, fault_of
from ...documents import Entry, Outcome, PriceRules
from ...errors import DataError, NotFound
from ...paging import chunks
from ...saving import document
from .client import Client
from .shop import Shop
from .wire import Draft, Record
from .wire_prices import RowKey, changed_figures, is_ours, new_row, row_key, rule_rows

_PRODUCTS_AT_ONCE = 50
_ROWS_AT_ONCE = 100
_RESOURCE = "specific_prices"

Rows = Mapping[RowKey, Draft]


@dataclass(slots=True)
class _Work:
    """What has to be written to bring some products into step, and which of them it concerns."""

    created: list[Draft] = field(default_factory=list)
    updated: dict[str, Draft] = field(default_factory=dict)
    deleted: list[str] = field(default_factory=list)
    products: set[str] = field(default_factory=set)


class PriceSaver:
    """Makes the rows of products say what their rules say.

    Rows for one customer, one cart, one country, one currency, another store, or made by a
    catalogue price rule of the shop are left alone: no rule of ours can mean them.
    """

    def __init__(self, client: Client, shop: Shop, store: str | None = None) -> None:
        self.client = client
        self.shop = shop
        self.store = store

    def save(self, entries: Sequence[Entry]) -> list[Outcome]:
        """Save all entries; the id of the rules of a product is that of the product."""
        outcomes: dict[str, Outcome] = {}
        for chunk in chunks(entries, _PRODUCTS_AT_ONCE):
            outcomes |= self._save_together(chunk)
        return [outcomes[entry.key] for entry in entries]

    def _save_together(self, entries: Sequence[Entry]) -> dict[str, Outcome]:
        outcomes: dict[str, Outcome] = {}
        wanted: dict[str, Rows] = {}
        for entry in entries:
            try:
                wanted[_product(entry)] = rule_rows(_rules(entry), self.shop.zone)
            except DataError as error:
                outcomes[entry.key] = Outcome(key=entry.key, error=error)
        sent = [entry for entry in entries if entry.key not in outcomes]
        try:
            written, gone = self._write(wanted)
        except (DataError, ServerFault) as error:
            if len(sent) > 1:
                # a refused call does not say which product is at fault: each is tried alone
                for entry in sent:
                    outcomes |= self._save_together([entry])
                return outcomes
            fault = self._fault(error)
            return outcomes | {entry.key: Outcome(key=entry.key, error=fault) for entry in sent}
        for entry in sent:
            outcomes[entry.key] = _outcome(entry, written, gone)
        return outcomes

    def _fault(self, error: DataError | ServerFault) -> DataError:
        if isinstance(error, DataError):
            return error
        self.client.rights()  # raises when the whole shop is out of order
        return fault_of("price", error)

    def _write(self, wanted: Mapping[str, Rows]) -> tuple[set[str], set[str]]:
        """Write what differs; the products that were written and those that are gone.

        New rows come before old ones go, so that no price is missing in between.
        """
        if not wanted:
            return set(), set()
        there = {record.id for record in self.client.find("products", "id", wanted, ["id"])}
        work = self._compare({key: rows for key, rows in wanted.items() if key in there})
        for ids in chunks(work.updated, _ROWS_AT_ONCE):
            self.client.update(_RESOURCE, {row_id: work.updated[row_id] for row_id in ids})
        for drafts in chunks(work.created, _ROWS_AT_ONCE):
            self.client.create(_RESOURCE, drafts)
        for ids in chunks(work.deleted, _ROWS_AT_ONCE):
            self.client.delete(_RESOURCE, ids)
        return work.products, wanted.keys() - there

    def _compare(self, wanted: Mapping[str, Rows]) -> _Work:
        held: dict[str, list[Record]] = {product: [] for product in wanted}
        for row in self.client.find(_RESOURCE, "id_product", wanted):
            if is_ours(row, self._stores):
                held[row.required("id_product")].append(row)
        work = _Work()
        for product, rows in wanted.items():
            self._compare_product(product, rows, held[product], work)
        return work

    def _compare_product(
        self, product: str, wanted: Rows, held: Sequence[Record], work: _Work
    ) -> None:
        missing = dict(wanted)
        for row in held:
            figures = missing.pop(row_key(row), None)
            if figures is None:
                work.deleted.append(row.id)
                work.products.add(product)
            elif draft := changed_figures(row, figures):
                work.updated[row.id] = draft
                work.products.add(product)
        for key, figures in missing.items():
            work.created.append(new_row(product, key, figures, self.store))
            work.products.add(product)

    @property
    def _stores(self) -> frozenset[str]:
        """Stores whose rows are ours; a shop with one store may write its number or none."""
        return frozenset({self.store or self.shop.settings.get("PS_SHOP_DEFAULT", "1")})


def _rules(entry: Entry) -> PriceRules:
    return document(entry, PriceRules)


def _product(entry: Entry) -> str:
    return _rules(entry).product


def _outcome(entry: Entry, written: set[str], gone: set[str]) -> Outcome:
    product = _product(entry)
    if product in gone:
        error = NotFound(f"The shop does not have the product {product}.")
        return Outcome(key=entry.key, error=error)
    return Outcome(key=entry.key, external_id=product, written=product in written)
