"""State of the simulated shop: tables of records, all values as the database would show them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from ....simulation import Clock
from .schema import Field, Schema

Rows = list[dict[str, str]]

# fields that are looked up by value often; the rest is searched through
_INDEXED = {
    "products": ("reference", "ean13", "id_category_default", "id_manufacturer"),
    "combinations": ("reference", "ean13", "id_product"),
    "stock_availables": ("id_product",),
    "specific_prices": ("id_product",),
    "addresses": ("id_customer",),
    "customers": ("email",),
    "categories": ("id_parent",),
    "product_option_values": ("id_attribute_group",),
    "orders": ("reference", "id_cart", "id_customer"),
    "order_details": ("id_order",),
    "order_histories": ("id_order",),
    "order_carriers": ("id_order",),
    "order_cart_rules": ("id_order",),
    "order_invoices": ("id_order",),
    "order_payments": ("order_reference",),
    "order_slip": ("id_order",),
    "customer_messages": ("id_customer_thread",),
    "configurations": ("name",),
    "tax_rules": ("id_tax_rules_group",),
}


@dataclass(slots=True)
class Record:
    """One row: plain values, texts per language id, lists of related rows."""

    id: int
    values: dict[str, str] = field(default_factory=dict)
    texts: dict[str, dict[int, str]] = field(default_factory=dict)
    associations: dict[str, Rows] = field(default_factory=dict)

    def copy(self) -> Record:
        """Return an independent copy."""
        return Record(
            self.id,
            dict(self.values),
            {name: dict(text) for name, text in self.texts.items()},
            {name: [dict(row) for row in rows] for name, rows in self.associations.items()},
        )

    def number(self, name: str) -> int:
        """Return an integer field, 0 when empty."""
        return int(self.values.get(name) or 0)

    def amount(self, name: str) -> Decimal:
        """Return a decimal field, 0 when empty."""
        return Decimal(self.values.get(name) or 0)

    def text(self, name: str, language: int) -> str:
        """Return a translated field in one language."""
        return self.texts.get(name, {}).get(language, "")


def stored(field: Field, value: str) -> str:
    """Return a plain value as the database gives it back after it was written."""
    value = value.strip() if field.kind != "text" else value
    if value == "":
        return field.blank
    if field.kind == "int":
        return str(int(Decimal(value))) if _is_number(value) else field.blank
    if field.kind.startswith("decimal:"):
        if not _is_number(value):
            return field.blank
        places = Decimal(1).scaleb(-int(field.kind.partition(":")[2]))
        return str(Decimal(value).quantize(places, rounding=ROUND_HALF_UP))
    if field.kind == "datetime" and len(value) == 10:
        return f"{value} 00:00:00"
    return value


def _is_number(value: str) -> bool:
    try:
        return Decimal(value).is_finite()
    except InvalidOperation:
        return False


class Store:
    """Tables of records with their next ids, and the shop's local time."""

    def __init__(self, schema: Schema, clock: Clock) -> None:
        self.schema = schema
        self.clock = clock
        self.tables: dict[str, dict[int, Record]] = {name: {} for name in schema.resources}
        self._last_ids: dict[str, int] = dict.fromkeys(schema.resources, 0)
        self._indexes: dict[tuple[str, str], dict[str, dict[int, None]]] = {
            (resource, name): {} for resource, names in _INDEXED.items() for name in names
        }
        self.products_of_category: dict[int, dict[int, None]] = {}

    # --- reading -------------------------------------------------------------------------------

    def get(self, resource: str, record_id: int | str) -> Record | None:
        """Return a record or None."""
        try:
            return self.tables[resource].get(int(record_id or 0))
        except ValueError:
            return None

    def one(self, resource: str, record_id: int | str) -> Record:
        """Return a record; KeyError when there is none."""
        record = self.get(resource, record_id)
        if record is None:
            raise KeyError(f"{resource} {record_id} does not exist")
        return record

    def all(self, resource: str) -> Iterator[Record]:
        """Iterate over a table in the order of the ids."""
        return iter(list(self.tables[resource].values()))

    def find(self, resource: str, **values: object) -> list[Record]:
        """Return the records whose fields have exactly these values, by id."""
        wanted = {name: str(value) for name, value in values.items()}
        candidates: list[Record] | None = None
        for name, value in wanted.items():
            candidates = self.indexed(resource, name, value)
            if candidates is not None:
                break
        if candidates is None:
            candidates = list(self.tables[resource].values())
        return [
            record
            for record in candidates
            if all(record.values.get(name) == value for name, value in wanted.items())
        ]

    def indexed(self, resource: str, name: str, value: str) -> list[Record] | None:
        """Return the records that have a value, whatever its case; None without an index."""
        index = self._indexes.get((resource, name))
        if index is None:
            return None
        table = self.tables[resource]
        return [table[key] for key in sorted(index.get(value.casefold(), {}))]

    def first(self, resource: str, **values: object) -> Record | None:
        """Return the first record with these values or None."""
        return next(iter(self.find(resource, **values)), None)

    def configuration(self, name: str) -> str:
        """Return a setting of the shop, "" when it is not set."""
        record = self.first("configurations", name=name)
        return record.values["value"] if record else ""

    @property
    def languages(self) -> list[int]:
        """Ids of the shop's languages."""
        return list(self.tables["languages"])

    def now(self) -> str:
        """Return the present in the shop's local time, as it stands in date fields."""
        zone = ZoneInfo(self.configuration("PS_TIMEZONE") or "Europe/Rome")
        return self.clock.now().astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")

    # --- writing -------------------------------------------------------------------------------

    def add(
        self,
        resource: str,
        values: Mapping[str, object] | None = None,
        *,
        texts: Mapping[str, Mapping[int, str]] | None = None,
        associations: Mapping[str, Rows] | None = None,
        record_id: int | None = None,
    ) -> Record:
        """Store a new record; what is not given gets the database's default."""
        given = {name: str(value) for name, value in (values or {}).items()}
        fields = self.schema.resources[resource].fields
        record = Record(record_id or self._last_ids[resource] + 1)
        self._last_ids[resource] = max(self._last_ids[resource], record.id)
        now = self.now() if "date_add" in fields or "date_upd" in fields else ""
        for name, each in fields.items():
            if each.translated:
                text = (texts or {}).get(name, {})
                record.texts[name] = {key: text.get(key, "") for key in self.languages}
            elif name in {"date_add", "date_upd"} and not given.get(name):
                record.values[name] = now
            else:
                record.values[name] = stored(each, given.get(name, ""))
        record.associations = {
            name: [dict(row) for row in rows] for name, rows in (associations or {}).items()
        }
        self.tables[resource][record.id] = record
        self._index(resource, record)
        return record

    def replace(self, resource: str, record: Record) -> None:
        """Store a changed copy in the place of the record with its id."""
        before = self.tables[resource][record.id]
        if resource == "products":
            # a product keeps its place in the categories that it stays in
            for category in _categories(before) - _categories(record):
                self.products_of_category.get(category, {}).pop(record.id, None)
        self._unindex(resource, before)
        self.tables[resource][record.id] = record
        self._index(resource, record)

    def set(self, resource: str, record: Record, **values: object) -> None:
        """Change plain fields of a stored record."""
        fields = self.schema.resources[resource].fields
        self._unindex(resource, record)
        for name, value in values.items():
            # a version of the shop that lacks the field has nowhere to put the value
            if name in fields:
                record.values[name] = stored(fields[name], str(value))
        self._index(resource, record)

    def delete(self, resource: str, record_id: int) -> None:
        """Remove a record."""
        record = self.tables[resource].pop(record_id)
        self._unindex(resource, record)
        if resource == "products":
            for category in _categories(record):
                self.products_of_category.get(category, {}).pop(record_id, None)

    def _index(self, resource: str, record: Record) -> None:
        for name in _INDEXED.get(resource, ()):
            value = record.values.get(name, "").casefold()
            self._indexes[resource, name].setdefault(value, {})[record.id] = None
        if resource == "products":
            for category in _categories(record):
                self.products_of_category.setdefault(category, {})[record.id] = None

    def _unindex(self, resource: str, record: Record) -> None:
        for name in _INDEXED.get(resource, ()):
            value = record.values.get(name, "").casefold()
            self._indexes[resource, name].get(value, {}).pop(record.id, None)


def _categories(product: Record) -> set[int]:
    rows = product.associations.get("categories", ())
    return {int(row["id"]) for row in rows if row.get("id", "").isdigit()}
