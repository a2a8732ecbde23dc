"""Saving catalogue records: looking first, creating what is missing, changing what differs.

`Saver` holds the course of events once; each kind of document says how it is found and written.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from typing import Generic, TypeVar

from ...documents import (
    Attribute,
    AttributeValue,
    CatalogueDocument,
    Category,
    Entry,
    Manufacturer,
    Outcome,
    Texts,
)
from ...errors import DataError
from ...saving import failed
from . import wire_catalogue
from .client import Client
from .shop import Shop
from .wire import Draft, Record

D = TypeVar("D", bound=CatalogueDocument)


class Saver(ABC, Generic[D]):
    """Saves the entries of one kind of document.

    One empty 500 does not say whether the shop or the record is at fault: the entry is looked up
    and tried once more, and when the shop answers other calls the record is to blame.
    """

    resource: str

    def __init__(self, client: Client, shop: Shop) -> None:
        self.client = client
        self.shop = shop

    def save(self, entries: Sequence[Entry]) -> list[Outcome]:
        """Save all entries; the outcomes stand in the same order."""
        known = self.look_up([entry for entry in entries if entry.external_id is None])
        return [self._save_one(entry, known.get(entry.key)) for entry in entries]

    def _save_one(self, entry: Entry, found: str | None) -> Outcome:
        is_again = False

        def work() -> Outcome:
            nonlocal found, is_again
            if is_again and found is None and entry.external_id is None:
                found = self.look_up([entry]).get(entry.key)
            is_again = True
            return self._write(entry, found)

        try:
            return self.client.healed("record", work)
        except DataError as error:
            return failed(entry, error)

    def _write(self, entry: Entry, found: str | None) -> Outcome:
        document = self.document(entry)
        if entry.external_id is not None:
            written = self.update(entry.external_id, document, entry.changed, entry.kept)
            return Outcome(key=entry.key, external_id=entry.external_id, written=written)
        if found is not None:
            written = self.adopt(found, document, entry.kept)
            return Outcome(key=entry.key, external_id=found, adopted=True, written=written)
        return Outcome(key=entry.key, external_id=self.create(document))

    def document(self, entry: Entry) -> D:
        """The entry's document (the adapter has sorted the entries by their kind)."""
        return entry.document  # type: ignore[return-value]

    @abstractmethod
    def look_up(self, entries: Sequence[Entry]) -> dict[str, str]:
        """External ids, by key, of those new entries that the shop has already."""

    @abstractmethod
    def create(self, document: D) -> str:
        """Create a record that is not there; return its id."""

    @abstractmethod
    def drafts(self, document: D, kept: Mapping[str, Texts]) -> Mapping[str, Draft]:
        """What the document says, by its field names; ``kept``: texts that the shop holds."""

    def translated(self, document: D) -> Mapping[str, Texts]:
        """The document's translated fields, by their names in the document."""
        return {}

    def update(
        self,
        external_id: str,
        document: D,
        changed: frozenset[str] | None,
        kept: frozenset[str] = frozenset(),
    ) -> bool:
        """Bring a record up to date; return whether something had to be written.

        When it is known what changed, just that is sent, and never what the shop leads (``kept``).
        The record is read before when that is not known, or when the shop has a language we have no
        text for (it would be emptied).
        """
        if changed is not None and not changed - kept:
            return False
        texts = self.translated(document)
        partial = any(
            self.shop.lacks_language(text)
            for name, text in texts.items()
            if name not in kept and (changed is None or name in changed)
        )
        # a document without a name (one that only hides a product) has the shop's
        partial = partial or not texts.get("name", True)
        record: Record | None = None
        if changed is None or partial:
            record = self.client.get(self.resource, external_id)
        drafts = self.drafts(document, record.texts if record else {})
        draft = wire_catalogue.joined(
            drafts, (drafts.keys() if changed is None else changed) - kept
        )
        if changed is None and record is not None:
            draft = wire_catalogue.differing(draft, record)
        if not draft:
            return False
        self.client.update(self.resource, {external_id: draft})
        return True

    def adopt(self, external_id: str, document: D, kept: frozenset[str] = frozenset()) -> bool:
        """Bring a record that the shop had before us up to date; return whether it was written.

        What the document says nothing about stays as the merchant keeps it in the shop, and so does
        what the shop leads (``kept``).
        """
        record = self.client.get(self.resource, external_id)
        drafts = self.drafts(document, record.texts)
        draft = wire_catalogue.joined(drafts, drafts.keys() - self.unsaid(document) - kept)
        draft = wire_catalogue.differing(draft, record, adding=self.added_on_adoption(document))
        if not draft:
            return False
        self.client.update(self.resource, {external_id: draft})
        return True

    def added_on_adoption(self, document: D) -> frozenset[str]:
        """Lists in which an adopted record keeps what the shop has in addition to ours."""
        return frozenset()

    def unsaid(self, document: D) -> frozenset[str]:
        """The document's fields that are empty and so tell nothing about a record of the shop."""
        return frozenset()

    def completer(self, kept: Mapping[str, Texts] | None = None) -> wire_catalogue.Complete:
        """Fills texts up to all languages, from what the shop holds (by field) if it is told."""

        def complete(texts: Texts, field: str) -> dict[str, str]:
            return self.shop.complete(texts, (kept or {}).get(field))

        return complete

    def main_text(self, texts: Texts) -> str:
        """The text that a record is known by: the default language's."""
        return self.shop.complete(texts)[self.shop.default_language]

    def is_called(self, record: Record, texts: Texts) -> bool:
        """Whether the shop's record has that name in its default language."""
        held = record.translated("name").get(self.shop.default_language, "")
        return wire_catalogue.same_name(held, self.main_text(texts))


class ManufacturerSaver(Saver[Manufacturer]):
    """Brands: found by name."""

    resource = "manufacturers"

    def look_up(self, entries: Sequence[Entry]) -> dict[str, str]:
        names = {entry.key: self.document(entry).name for entry in entries}
        records = self.client.find(self.resource, "name", names.values(), ["id", "name"])
        return first_by_key(
            (key, record.id)
            for key, name in names.items()
            for record in records
            if wire_catalogue.same_name(record.required("name"), name)
        )

    def create(self, document: Manufacturer) -> str:
        draft = wire_catalogue.manufacturer(document)
        fields = {"active": "1", **draft.fields}
        return self.client.create(self.resource, [Draft(fields=fields)])[0].id

    def drafts(self, document: Manufacturer, kept: Mapping[str, Texts]) -> Mapping[str, Draft]:
        return {"name": wire_catalogue.manufacturer(document)}


class CategorySaver(Saver[Category]):
    """Nodes of the tree: found by name among the children of their parent."""

    resource = "categories"

    def look_up(self, entries: Sequence[Entry]) -> dict[str, str]:
        parents = {entry.key: self._parent(self.document(entry)) for entry in entries}
        display = ["id", "id_parent", "name"]
        records = self.client.find(self.resource, "id_parent", parents.values(), display)
        return first_by_key(
            (entry.key, record.id)
            for entry in entries
            for record in records
            if record.reference("id_parent") == parents[entry.key]
            and self.is_called(record, self.document(entry).name)
        )

    def _parent(self, document: Category) -> str:
        return document.parent or self.shop.home_category

    def create(self, document: Category) -> str:
        draft = wire_catalogue.category(document, self.shop.home_category, self.completer())
        links = wire_catalogue.slugs(self.shop.complete(document.name), "category")
        fields = {**draft.fields, "link_rewrite": links}
        return self.client.create(self.resource, [Draft(fields=fields)])[0].id

    def drafts(self, document: Category, kept: Mapping[str, Texts]) -> Mapping[str, Draft]:
        draft = wire_catalogue.category(document, self.shop.home_category, self.completer(kept))
        sources = {"parent": "id_parent", "active": "active", "name": "name"}
        return {name: Draft(fields={field: draft.fields[field]}) for name, field in sources.items()}

    def translated(self, document: Category) -> Mapping[str, Texts]:
        return {"name": document.name}


class AttributeSaver(Saver[Attribute]):
    """Attribute groups ("Format"): found by name among all of them."""

    resource = "product_options"

    def look_up(self, entries: Sequence[Entry]) -> dict[str, str]:
        records = list(self.client.every(self.resource, ["id", "name"])) if entries else []
        return first_by_key(
            (entry.key, record.id)
            for entry in entries
            for record in records
            if self.is_called(record, self.document(entry).name)
        )

    def create(self, document: Attribute) -> str:
        draft = wire_catalogue.attribute(document, self.completer())
        fields = {"is_color_group": "0", "group_type": "select", **draft.fields}
        return self.client.create(self.resource, [Draft(fields=fields)])[0].id

    def drafts(self, document: Attribute, kept: Mapping[str, Texts]) -> Mapping[str, Draft]:
        return {"name": wire_catalogue.attribute(document, self.completer(kept))}

    def translated(self, document: Attribute) -> Mapping[str, Texts]:
        return {"name": document.name}


class AttributeValueSaver(Saver[AttributeValue]):
    """Values ("Magnum"): found by name within their attribute group."""

    resource = "product_option_values"

    def look_up(self, entries: Sequence[Entry]) -> dict[str, str]:
        groups = [self.document(entry).attribute for entry in entries]
        display = ["id", "id_attribute_group", "name"]
        records = self.client.find(self.resource, "id_attribute_group", groups, display)
        return first_by_key(
            (entry.key, record.id)
            for entry in entries
            for record in records
            if record.reference("id_attribute_group") == self.document(entry).attribute
            and self.is_called(record, self.document(entry).name)
        )

    def create(self, document: AttributeValue) -> str:
        draft = wire_catalogue.attribute_value(document, self.completer())
        return self.client.create(self.resource, [draft])[0].id

    def drafts(self, document: AttributeValue, kept: Mapping[str, Texts]) -> Mapping[str, Draft]:
        draft = wire_catalogue.attribute_value(document, self.completer(kept))
        sources = {"attribute": "id_attribute_group", "name": "name", "color": "color"}
        return {
            name: Draft(fields={field: draft.fields[field]})
            for name, field in sources.items()
            if field in draft.fields
        }

    def translated(self, document: AttributeValue) -> Mapping[str, Texts]:
        return {"name": document.name}


def first_by_key(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The first id found for each key (lists are sorted: the oldest record)."""
    found: dict[str, str] = {}
    for key, external_id in pairs:
        found.setdefault(key, external_id)
    return found
