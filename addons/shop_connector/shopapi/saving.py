"""What the savers of all systems have in common: entries in, outcomes out, in one order."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from decimal import ROUND_FLOOR, Decimal
from typing import TypeVar

from .documents import CatalogueDocument, Entry, Outcome
from .errors import DataError, NotFound

D = TypeVar("D", bound=CatalogueDocument)
G = TypeVar("G", bound=Hashable)
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
