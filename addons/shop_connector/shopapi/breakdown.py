"""When a shop breaks down without a word: chance once, then the fault of what it was about."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import TypeVar

from .errors import DataError, Unreachable

T = TypeVar("T")
R = TypeVar("R")


class ServerFault(Unreachable):
    """The shop broke down without saying why; maybe one record is to blame."""


def in_parts(
    what: str,
    items: Sequence[T],
    work: Callable[[Sequence[T]], list[R]],
    failed: Callable[[T, DataError], R],
    alive: Callable[[], object],
    *,
    is_first: bool = True,
) -> list[R]:
    """Work on all items; after a breakdown on the halves, until the bad ones stand alone.

    ``work`` must look what is there already.  ``failed`` makes the result of a bad item (``what``
    names such an item).  ``alive`` raises Unreachable when the whole shop is out of order.
    """
    if not items:
        return []
    try:
        return work(items)
    except ServerFault as error:
        alive()
        if len(items) == 1 and not is_first:
            return [failed(items[0], fault_of(what, error))]
    middle = max(len(items) // 2, 1)
    results: list[R] = []
    for half in (items[:middle], items[middle:]):
        results += in_parts(what, half, work, failed, alive, is_first=False)
    return results


def healed(what: str, work: Callable[[], R], alive: Callable[[], object]) -> R:
    """Do it, after a breakdown once more; then it is the record's fault: raises DataError."""

    def each(_items: Sequence[None]) -> list[R]:
        return [work()]

    def failed(_item: None, error: DataError) -> R:
        raise error

    return in_parts(what, [None], each, failed, alive)[0]


class Healing(ABC):
    """A client that knows how to ask whether the whole shop is out of order."""

    @abstractmethod
    def alive(self) -> object:
        """Raise Unreachable when the whole shop is out of order."""

    def healed(self, what: str, work: Callable[[], R]) -> R:
        """See `healed`."""
        return healed(what, work, self.alive)

    def in_parts(
        self,
        what: str,
        items: Sequence[T],
        work: Callable[[Sequence[T]], list[R]],
        failed: Callable[[T, DataError], R],
    ) -> list[R]:
        """See `in_parts`."""
        return in_parts(what, items, work, failed, self.alive)


def fault_of(what: str, error: ServerFault) -> DataError:
    """The breakdown as the fault of one record."""
    fault = DataError(f"The shop breaks down on this {what} (500 without an explanation).")
    fault.__cause__ = error
    return fault
