"""Long lists in small portions: pages in, chunks out, and the culprit of a batch by halving."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

from .errors import DataError

T = TypeVar("T")


def pages(fetch: Callable[[int, int], Sequence[T]], size: int) -> Iterator[T]:
    """Every row of a list that is read as ``fetch(offset, size)``; a short page is the last one."""
    if size < 1:
        raise ValueError("A page holds at least one row.")
    offset = 0
    while True:
        rows = fetch(offset, size)
        yield from rows
        if len(rows) < size:
            return
        offset += len(rows)


def chunks(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """The items in lists of at most ``size``, in their order.

    >>> list(chunks("abcde", 2))
    [['a', 'b'], ['c', 'd'], ['e']]
    """
    if size < 1:
        raise ValueError("A chunk holds at least one item.")
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk


def by_change(
    fetch: Callable[[str, int], Sequence[T]],
    known: Callable[[T], tuple[str, str]],
    restart: Callable[[str], str],
    lower: str,
    size: int,
) -> Iterator[T]:
    """Every row of a list sorted by its last change, the oldest first, each once.

    ``fetch(lower, number)``: the page of that number (0, 1...) of what changed since ``lower``.
    ``known``: id and stamp of a row.  A page starts at the time of the last row of the page before
    (``restart`` makes a lower limit of its stamp), not at its number: a record that changes
    meanwhile moves to the end and would make a numbered page skip its neighbour.
    """
    number = 0
    seen: set[tuple[str, str]] = set()
    while True:
        rows = fetch(lower, number)
        for row in rows:
            if known(row) not in seen:
                seen.add(known(row))
                yield row
        if len(rows) < size:
            return
        following = restart(known(rows[-1])[1])
        lower, number = (lower, number + 1) if following <= lower else (following, 0)


def bisect(items: Sequence[T], send: Callable[[Sequence[T]], None]) -> list[DataError | None]:
    """Send all items in one call; when it is refused, halve until the bad ones stand alone.

    ``send`` must be harmless to repeat (the shop may have carried out a part of it).  Returns for
    each item the error that it alone causes, or None.  Other failures than DataError pass through.
    """
    if not items:
        return []
    try:
        send(items)
    except DataError as error:
        if len(items) == 1:
            return [error]
        half = len(items) // 2
        return bisect(items[:half], send) + bisect(items[half:], send)
    return [None] * len(items)
