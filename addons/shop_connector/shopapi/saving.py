"""What the savers of all systems have in common: entries in, outcomes out, in one order."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from decimal import ROUND_FLOOR, Decimal
from typing import Any, TypeVar

from .documents import CatalogueDocument, Entry, Outcome, StockLevel
from .errors import DataError, NotFound

D = TypeVar("D", bound=CatalogueDocument)
G = TypeVar("G", bound=Hashable)
R = TypeVar("R")
Fields = dict[str, Any]
#: entry, fields to write, id of the record (None: a new one)
Task = tuple[Entry, Fields, str | None]
_LARGEST = 2**31 - 1


def document(entry: Entry, kind: type[D]) -> D:
    """The document of an entry, which must be of that kind."""
    if not isinstance(entry.document, kind):
        raise TypeError(f"Not a {kind.__name__}.")
    return entry.document


def nothing_to_say(entry: Entry) -> bool:
    """Whether all that changed is the shop's to lead."""
    changed = entry.changed
    return entry.external_id is not None and changed is not None and not changed - entry.kept


def unwritten(entry: Entry) -> Outcome:
    """The outcome of an entry that was left alone."""
    return Outcome(key=entry.key, external_id=entry.external_id, written=False)


def failed(entry: Entry, error: DataError) -> Outcome:
    """The outcome of an entry that went wrong."""
    return Outcome(key=entry.key, external_id=entry.external_id, error=error)


def due_fields(entry: Entry, names: Iterable[str]) -> set[str]:
    """Those of the document's fields that are ours to write and may differ from the shop's."""
    due = set(names) - entry.kept
    return due if entry.changed is None else due & entry.changed


def planned(
    entries: Iterable[Entry], plan: Callable[[Entry], tuple[Fields, str | None]]
) -> tuple[dict[int, Outcome], list[Task]]:
    """Outcomes (by ``id`` of the entry) of what needs no writing, and what has to be written.

    ``plan`` compares an entry with what the shop holds: the fields that differ and the record's id,
    None for one that the shop has not.  It may raise DataError.
    """
    outcomes: dict[int, Outcome] = {}
    tasks: list[Task] = []
    for entry in entries:
        try:
            fields, key = plan(entry)
        except DataError as error:
            outcomes[id(entry)] = failed(entry, error)
            continue
        if fields or key is None:
            tasks.append((entry, fields, key))
        else:
            adopted = entry.external_id is None
            outcomes[id(entry)] = Outcome(
                key=entry.key, external_id=key, adopted=adopted, written=False
            )
    return outcomes, tasks


def understood(what: str, key: str, read: Callable[[], R]) -> R | Outcome:
    """What is made of a record's JSON; in its place what is wrong with it (``what`` names it)."""
    try:
        return read()
    except DataError as error:
        fault = error
    except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
        fault = DataError(f"{what} {key} is not understood: {error!r}")
    return Outcome(key=key, external_id=key, error=fault)


def compared_levels(
    levels: Iterable[StockLevel],
    look: Callable[[StockLevel, int], tuple[str, Decimal | None, Fields]],
) -> tuple[dict[str, Outcome], dict[str, tuple[str, Fields]]]:
    """Outcomes of stock levels and what has to be written: ``{key: (id of the row, fields)}``.

    ``look(level, whole units)``: id of the shop's row, what it holds (None = it does not count
    there), and the fields that differ.  It may raise DataError.  A level that the shop moved since
    it was last looked at is left alone, see `StockLevel.expected`.
    """
    found: dict[str, Outcome] = {}
    changes: dict[str, tuple[str, Fields]] = {}
    for level in levels:
        key = level.key
        try:
            quantity = whole_units(level.quantity)
            row, held, fields = look(level, quantity)
        except DataError as error:
            found[key] = Outcome(key=key, error=error)
            continue
        moved = level.expected is not None and held not in {level.expected, quantity, None}
        if fields and not moved:
            changes[key] = row, fields
        found[key] = Outcome(
            key=key, external_id=row, written=key in changes, moved=moved, held=held
        )
    return found, changes


def save_grouped(
    entries: Sequence[Entry],
    group_of: Callable[[Entry], G],
    save: Callable[[G, Sequence[Entry]], list[Outcome]],
) -> list[Outcome]:
    """Save entries group by group; the outcomes stand in the order of the entries."""
    groups: dict[G, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(group_of(entry), []).append(entry)
    found: dict[int, Outcome] = {}
    for name, group in groups.items():
        found |= dict(zip(map(id, group), save(name, group), strict=True))
    return [found[id(entry)] for entry in entries]


def remove_images(
    images: Sequence[tuple[str, str]], remove: Callable[[str, str], bool]
) -> list[Outcome]:
    """Remove pictures, each given as (product, image); one that is gone counts as done.

    ``remove`` tells whether it had to do something, or raises NotFound or DataError.
    """
    outcomes = []
    for product, image in images:
        try:
            written = remove(product, image)
        except NotFound:
            written = False
        except DataError as error:
            outcomes.append(Outcome(key=image, external_id=image, error=error))
            continue
        outcomes.append(Outcome(key=image, external_id=image, written=written))
    return outcomes


def whole_units(quantity: Decimal) -> int:
    """Whole units, rounded down: never sell what is not quite there. Raises DataError.

    >>> whole_units(Decimal("2.9"))
    2
    """
    units = int(quantity.to_integral_value(ROUND_FLOOR))
    if abs(units) > _LARGEST:
        raise DataError(f"The shop cannot hold a quantity of {units}.")
    return units
