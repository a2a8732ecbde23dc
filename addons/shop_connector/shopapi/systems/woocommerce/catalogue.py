"""Categories, brands, attributes and their values: terms that are known by their names."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from ...documents import Attribute, AttributeValue, Category, Entry, Manufacturer, Outcome
from ...errors import DataError, NotFound
from ...saving import due_fields, failed, nothing_to_say, planned, save_grouped, unwritten
from .client import Row, is_id, text_of
from .sending import Sender

_FIELDS = "id,name,parent,slug"
Term = Manufacturer | Category | Attribute | AttributeValue


class TermSaver(Sender):
    """Saves terms: looks for them by name, writes what differs, many in one call."""

    def save(self, entries: Sequence[Entry]) -> list[Outcome]:
        """Save terms of one kind; values of several attributes may come together."""
        return save_grouped(entries, lambda entry: self._path(_term(entry)), self._group)

    def _group(self, path: str, entries: Sequence[Entry]) -> list[Outcome]:
        work = partial(self._save_group, path)
        return self.client.in_parts("record", entries, work, failed)

    def _path(self, document: Term) -> str:
        if isinstance(document, Manufacturer):
            return f"products/{self.shop.brands}"
        if isinstance(document, Category):
            return "products/categories"
        if isinstance(document, Attribute):
            return "products/attributes"
        if not is_id(document.attribute):
            raise DataError(f"The shop has no attribute {document.attribute}.")
        return f"products/attributes/{document.attribute}/terms"

    def _save_group(self, path: str, entries: Sequence[Entry]) -> list[Outcome]:
        if all(nothing_to_say(entry) for entry in entries):
            return [unwritten(entry) for entry in entries]
        held = self._held(path)
        named = {_identity(row): row for row in reversed(held.values())}
        new: set[tuple[int, str]] = set()

        def plan(entry: Entry) -> tuple[Row, str | None]:
            wanted = self._wanted(_term(entry))
            if not wanted["name"]:
                raise DataError("name: it is empty.")
            if entry.external_id is not None:
                if entry.external_id not in held:
                    raise NotFound(f"The shop does not have this record of {path} any more.")
                row = held[entry.external_id]
                return _changes(entry, wanted, row), entry.external_id
            name = _identity(wanted)
            if name in named:
                return {}, str(named[name]["id"])
            if name in new:
                raise DataError("Named twice in one call.")
            new.add(name)
            return wanted, None

        outcomes, tasks = planned(entries, plan)
        outcomes |= self.send(path, tasks)
        return [outcomes[id(entry)] for entry in entries]

    def _held(self, path: str) -> dict[str, Row]:
        is_paged = path != "products/attributes"
        rows = self.client.rows(path, _fields=_FIELDS) if is_paged else self.client.page(path)
        return {str(row.get("id")): row for row in rows}

    def _wanted(self, document: Term) -> Row:
        if isinstance(document, Manufacturer):
            return {"name": document.name.strip()}
        wanted: Row = {"name": self.shop.text(document.name).strip()}
        if isinstance(document, Category):
            wanted["parent"] = int(document.parent or self.shop.root or 0)
        return wanted


def _term(entry: Entry) -> Term:
    if not isinstance(entry.document, Manufacturer | Category | Attribute | AttributeValue):
        raise TypeError("Not a term.")
    return entry.document


def _identity(row: Row) -> tuple[int, str]:
    """What the shop tells terms apart by: the name within its parent, in any letters."""
    return int(row.get("parent") or 0), " ".join(text_of(row["name"]).split()).casefold()


def _changes(entry: Entry, wanted: Row, held: Row) -> Row:
    """The fields that differ and are ours to write."""
    own = {"name": text_of(held["name"]), "parent": int(held.get("parent") or 0)}
    names = due_fields(entry, wanted)
    return {name: wanted[name] for name in names if own[name] != wanted[name]}
