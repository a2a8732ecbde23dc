"""Several stores in one shop: which records are in which store, and what differs between them.

As recorded from a shop with two stores: a request says its stores (``id_shop``, ``id_group_shop``,
``all``) or gets the one of its address; prices, texts and switches are kept per store, codes and
measures are not; writing a product into a store where it was not puts it there, with nothing but
what was written.  Read in the published source, not seen: deleting in one store of several only
takes the record out of it; lists of orders and customers show those of the store.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from ....simulation import Clock
from .schema import Schema
from .store import Record, Rows, Store

DEFAULT = 1
#: records of these belong to stores; the first two are hidden from every other store's eyes
_HIDDEN = frozenset({"products", "combinations"})
_MEMBERS = _HIDDEN | {
    "categories",
    "manufacturers",
    "product_options",
    "product_option_values",
    "suppliers",
}
#: lists that show the records of the store that their own field names
_LISTED = frozenset({"orders", "customers"})
#: plain fields that each store has for itself (translated ones: all of `_OWN_TEXTS`)
_OWN_FIELDS = {
    "products": frozenset(
        [
            "id_category_default",
            "id_tax_rules_group",
            "on_sale",
            "online_only",
            "ecotax",
            "minimal_quantity",
            "low_stock_threshold",
            "low_stock_alert",
            "price",
            "wholesale_price",
            "unity",
            "unit_price",
            "unit_price_ratio",
            "additional_shipping_cost",
            "customizable",
            "text_fields",
            "uploadable_files",
            "active",
            "redirect_type",
            "id_type_redirected",
            "id_product_redirected",
            "available_for_order",
            "available_date",
            "show_condition",
            "condition",
            "show_price",
            "indexed",
            "visibility",
            "cache_default_attribute",
            "advanced_stock_management",
            "pack_stock_type",
            "date_add",
            "date_upd",
        ]
    ),
    "combinations": frozenset(
        [
            "price",
            "weight",
            "wholesale_price",
            "ecotax",
            "minimal_quantity",
            "default_on",
            "available_date",
            "unit_price_impact",
            "low_stock_threshold",
            "low_stock_alert",
        ]
    ),
    "categories": frozenset({"position"}),
}
_OWN_TEXTS = frozenset({"products", "categories"})


class MultiStore(Store):
    """The tables, seen from the stores that a request is about; with one store a plain `Store`.

    A record's table row holds what was written last; `_own` keeps, by record and store, the values
    of the stores that differ from it.
    """

    def __init__(self, schema: Schema, clock: Clock) -> None:
        super().__init__(schema, clock)
        #: the stores a request reads (the first) and writes (all)
        self.context: tuple[int, ...] = (DEFAULT,)
        self._members: dict[tuple[str, int], set[int]] = {}
        self._own: dict[tuple[str, int], dict[int, Record]] = {}

    # --- stores --------------------------------------------------------------------------------

    @property
    def stores(self) -> list[int]:
        """Ids of the stores."""
        return list(self.tables["shops"])

    @property
    def has_several(self) -> bool:
        """Tell whether there is more than one store."""
        return len(self.tables["shops"]) > 1

    @property
    def current(self) -> int:
        """Id of the store that is looked at."""
        return self.context[0]

    def group_of(self, shop: int) -> int:
        """Id of the group a store belongs to."""
        return super().one("shops", shop).number("id_shop_group")

    def shares_stock(self, shop: int) -> bool:
        """Tell whether the stores of this store's group sell from one stock."""
        group = super().get("shop_groups", self.group_of(shop))
        return group is not None and group.values["share_stock"] == "1"

    def add_store(self, name: str) -> int:
        """Open another store in the group of the first: with its categories, without products."""
        for resource in _MEMBERS:
            for key in self.tables[resource]:
                self._members.setdefault((resource, key), {DEFAULT})
        shop = self.add(
            "shops",
            {"name": name, "id_shop_group": 1, "id_category": 2, "active": 1},
        )
        for key in (1, 2):
            self._members["categories", key].add(shop.id)
        return shop.id

    @contextmanager
    def within(self, stores: Sequence[int]) -> Iterator[None]:
        """Look and write in these stores for a while."""
        before, self.context = self.context, tuple(stores)
        try:
            yield
        finally:
            self.context = before

    def is_member(self, resource: str, record_id: int) -> bool:
        """Tell whether a record is in one of the stores of the context."""
        if not self.has_several or resource not in _MEMBERS:
            return True
        return bool(self._members.get((resource, record_id), {DEFAULT}) & set(self.context))

    def is_listed(self, resource: str, record: Record) -> bool:
        """Tell whether a list of the web service shows a record in this context."""
        if self.has_several and resource in _LISTED:
            return record.number("id_shop") in self.context
        return self.is_member(resource, record.id)

    def attachable(self, resource: str, record_id: str) -> Record | None:
        """Return a record of another store as a write puts it into this one: without own values."""
        record = super().get(resource, record_id)
        if record is None or not self.has_several or resource not in _MEMBERS:
            return None
        bare = record.copy()
        bare.values.update(dict.fromkeys(_OWN_FIELDS.get(resource, ()), ""))
        if resource in _OWN_TEXTS:
            bare.texts = {}
        fields = self.schema.resources[resource].fields
        bare.values = {name: value for name, value in bare.values.items() if name in fields}
        return bare

    def leave(self, resource: str, record_id: int) -> bool:
        """Take a record out of the context's stores; False when no other store has it."""
        members = self._members.get((resource, record_id), {DEFAULT})
        if not self.has_several or resource not in _MEMBERS or members <= set(self.context):
            return False
        self._freeze(resource, record_id)
        self._members[resource, record_id] = members - set(self.context)
        for shop in self.context:
            self._own.get((resource, record_id), {}).pop(shop, None)
        return True

    # --- reading -------------------------------------------------------------------------------

    def get(self, resource: str, record_id: int | str) -> Record | None:
        """Return a record as the current store has it, or None."""
        record = super().get(resource, record_id)
        return self._seen(resource, record) if record is not None else None

    def all(self, resource: str) -> Iterator[Record]:
        """Iterate over a table in the order of the ids."""
        if not self.has_several:
            return super().all(resource)
        return (seen for record in super().all(resource) if (seen := self._seen(resource, record)))

    def find(self, resource: str, **values: object) -> list[Record]:
        """Return the records whose fields have exactly these values here, by id."""
        if not self.has_several:
            return super().find(resource, **values)
        own = _OWN_FIELDS.get(resource, frozenset())
        common = {name: value for name, value in values.items() if name not in own}
        return [
            seen
            for record in super().find(resource, **common)
            if (seen := self._seen(resource, record))
            and all(seen.values.get(name) == str(value) for name, value in values.items())
        ]

    def indexed(self, resource: str, name: str, value: str) -> list[Record] | None:
        """Return the records that have a value, whatever its case; None without an index."""
        if self.has_several and name in _OWN_FIELDS.get(resource, ()):
            return None
        found = super().indexed(resource, name, value)
        if found is None or not self.has_several:
            return found
        return [seen for record in found if (seen := self._seen(resource, record))]

    def _seen(self, resource: str, record: Record) -> Record | None:
        if not self.has_several:
            return record
        if resource in _HIDDEN and not self.is_member(resource, record.id):
            return None
        own = self._own.get((resource, record.id), {}).get(self.current)
        if own is None:
            return record
        seen = record.copy()
        seen.values.update(own.values)
        seen.texts.update({name: dict(text) for name, text in own.texts.items()})
        return seen

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
        """Store a new record, in the stores of the context."""
        record = super().add(
            resource, values, texts=texts, associations=associations, record_id=record_id
        )
        if self.has_several and resource in _MEMBERS:
            self._members[resource, record.id] = set(self.context)
        return record

    def replace(self, resource: str, record: Record) -> None:
        """Store a changed copy: in the stores of the context, which have the record from now on."""
        if self.has_several and resource in _MEMBERS:
            self._freeze(resource, record.id)
            self._members.setdefault((resource, record.id), {DEFAULT}).update(self.context)
            for shop in self.context:
                self._own.get((resource, record.id), {}).pop(shop, None)
        super().replace(resource, record)

    def set(self, resource: str, record: Record, **values: object) -> None:
        """Change plain fields of a stored record, own ones in the stores of the context."""
        base = self.tables[resource].get(record.id, record)
        names = _OWN_FIELDS.get(resource, frozenset())
        if self.has_several and not names.isdisjoint(values):
            if self.current in self._own.get((resource, record.id), {}):
                self._set_own(resource, base, record, values)
                return
            self._freeze(resource, record.id)
        super().set(resource, base, **values)
        if record is not base:
            known = base.values.keys() & values.keys()
            record.values.update({name: base.values[name] for name in known})

    def _set_own(
        self, resource: str, base: Record, record: Record, values: Mapping[str, object]
    ) -> None:
        names = _OWN_FIELDS[resource]
        common = {name: value for name, value in values.items() if name not in names}
        super().set(resource, base, **common)
        super().set(resource, record, **values)
        self._own[resource, record.id][self.current] = self._snapshot(resource, record)

    def delete(self, resource: str, record_id: int) -> None:
        """Remove a record from every store."""
        super().delete(resource, record_id)
        self._members.pop((resource, record_id), None)
        self._own.pop((resource, record_id), None)

    def _freeze(self, resource: str, record_id: int) -> None:
        """Keep what the stores outside the context have, before the table row changes."""
        base = self.tables[resource][record_id]
        own = self._own.setdefault((resource, record_id), {})
        for shop in self._members.get((resource, record_id), {DEFAULT}) - set(self.context):
            if shop not in own:
                own[shop] = self._snapshot(resource, base)

    @staticmethod
    def _snapshot(resource: str, record: Record) -> Record:
        names = _OWN_FIELDS.get(resource, frozenset())
        return Record(
            record.id,
            {name: value for name, value in record.values.items() if name in names},
            {name: dict(text) for name, text in record.texts.items()}
            if resource in _OWN_TEXTS
            else {},
        )
