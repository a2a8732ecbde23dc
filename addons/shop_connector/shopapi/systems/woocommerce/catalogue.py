"""Categories, brands, attributes and their values: terms that are known by their names."""

from __future__ import annotations

from collections.abc import Sequence

from ...documents import Attribute, AttributeValue, Category, Entry, Manufacturer, Outcome
from ...errors import DataError, NotFound
from ...paging import chunks
from .client import BATCH, Client, Row, is_id, text_of
from .shop import Shop

_FIELDS = "id,name,parent,slug"
Term = Manufacturer | Category | Attribute | AttributeValue


class TermSaver:
    """Saves terms: looks for them by name, writes what differs, many in one call."""

    def __init__(self, client: Client, shop: Shop) -> None:
        self.client = client
        self.shop = shop

    def save(self, entries: Sequence[Entry]) -> list[Outcome]:
        """Save terms of one kind; values of several attributes may come together."""
        groups: dict[str, list[Entry]] = {}
        for entry in entries:
            groups.setdefault(self._path(_term(entry)), []).append(entry)
        found: dict[int, Outcome] = {}
        for path, group in groups.items():
            outcomes = self.client.in_parts("record", group, self._work(path), _failed)
            found |= dict(zip(map(id, group), outcomes, strict=True))
        return [found[id(entry)] for entry in entries]

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

    def _work(self, path: str):  # type: ignore[no-untyped-def]
        return lambda entries: self._save_group(path, entries)

    def _save_group(self, path: str, entries: Sequence[Entry]) -> list[Outcome]:
        if all(_nothing_to_say(entry) for entry in entries):
            return [_unwritten(entry) for entry in entries]
        held = self._held(path)
        named = {_identity(row): row for row in reversed(held.values())}
        outcomes: dict[int, Outcome] = {}
        tasks: list[tuple[Entry, Row, str | None]] = []
        pending: dict[tuple[int, str], Entry] = {}
        for entry in entries:
            wanted = self._wanted(_term(entry))
            if not wanted["name"]:
                error = DataError("name: it is empty.")
                outcomes[id(entry)] = Outcome(key=entry.key, error=error)
                continue
            row = held.get(entry.external_id or "")
            adopted = entry.external_id is None
            if adopted:
                row = named.get(_identity(wanted))
                if row is None and _identity(wanted) not in pending:
                    pending[_identity(wanted)] = entry
                    tasks.append((entry, wanted, None))
                    continue
            if row is None:
                error = DataError("Named twice in one call.") if adopted else _gone(path)
                outcomes[id(entry)] = Outcome(key=entry.key, error=error)
                continue
            changes = {} if adopted else _changes(entry, wanted, row)
            key = str(row["id"])
            if changes:
                tasks.append((entry, changes, key))
            else:
                outcomes[id(entry)] = Outcome(
                    key=entry.key, external_id=key, adopted=adopted, written=False
                )
        for chunk in chunks(tasks, BATCH):
            outcomes |= self._send(path, chunk)
        return [outcomes[id(entry)] for entry in entries]

    def _send(
        self, path: str, tasks: Sequence[tuple[Entry, Row, str | None]]
    ) -> dict[int, Outcome]:
        ordered = [each for each in tasks if each[2] is None]
        create = [content for _entry, content, _key in ordered]
        ordered += [each for each in tasks if each[2] is not None]
        update = [{"id": int(key), **content} for _entry, content, key in ordered if key]
        results = self.client.batch(path, create, update)
        return {
            id(entry): Outcome(key=entry.key, external_id=key, error=result)
            if isinstance(result, DataError)
            else Outcome(key=entry.key, external_id=str(result["id"]))
            for (entry, _content, key), result in zip(ordered, results, strict=True)
        }

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
    names = set(wanted) - entry.kept
    if entry.changed is not None:
        names &= entry.changed
    is_same = {
        "name": lambda: text_of(held["name"]) == wanted["name"],
        "parent": lambda: int(held.get("parent") or 0) == wanted["parent"],
    }
    return {name: wanted[name] for name in names if not is_same[name]()}


def _nothing_to_say(entry: Entry) -> bool:
    changed = entry.changed
    return entry.external_id is not None and changed is not None and not changed - entry.kept


def _unwritten(entry: Entry) -> Outcome:
    return Outcome(key=entry.key, external_id=entry.external_id, written=False)


def _gone(path: str) -> DataError:
    return NotFound(f"The shop does not have this record of {path} any more.")


def _failed(entry: Entry, error: DataError) -> Outcome:
    return Outcome(key=entry.key, external_id=entry.external_id, error=error)
