"""Lists in portions."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopapi.errors import DataError, Unreachable
from shopapi.paging import bisect, by_change, chunks, pages


@given(st.integers(0, 60), st.integers(1, 20))
def test_every_row_comes_once_in_order(count: int, size: int) -> None:
    rows = list(range(count))
    calls: list[int] = []

    def fetch(offset: int, limit: int) -> list[int]:
        calls.append(offset)
        return rows[offset : offset + limit]

    assert list(pages(fetch, size)) == rows
    assert len(calls) == count // size + 1


def test_pages_are_fetched_only_when_needed() -> None:
    calls: list[int] = []

    def fetch(offset: int, limit: int) -> list[int]:
        calls.append(offset)
        return [1] * limit

    iterator = pages(fetch, 3)
    assert [next(iterator) for _ in range(3)] == [1, 1, 1]
    assert calls == [0]


@given(st.lists(st.integers(0, 9), max_size=40), st.integers(1, 7), st.booleans())
def test_changes_come_once_each_in_order(stamps: list[int], size: int, is_strict: bool) -> None:
    """Many may share a second, and filters may leave their own second out."""
    rows = sorted((f"{stamp:02}", str(number)) for number, stamp in enumerate(stamps))

    def fetch(lower: str, number: int) -> list[tuple[str, str]]:
        later = [row for row in rows if (row[0] > lower if is_strict else row[0] >= lower)]
        return later[number * size : (number + 1) * size]

    def restart(stamp: str) -> str:
        return f"{int(stamp) - 1:02}" if is_strict else stamp

    lower = "-1" if is_strict else "00"
    found = list(by_change(fetch, lambda row: (row[1], row[0]), restart, lower, size))
    assert found == rows


@given(st.lists(st.integers()), st.integers(1, 9))
def test_chunks_hold_everything(items: list[int], size: int) -> None:
    made = list(chunks(items, size))
    assert [item for chunk in made for item in chunk] == items
    assert all(1 <= len(chunk) <= size for chunk in made)


@given(st.lists(st.booleans(), max_size=70))
def test_bisect_names_exactly_the_bad_ones(bad: list[bool]) -> None:
    items = list(enumerate(bad))
    done: set[int] = set()

    def send(part: Sequence[tuple[int, bool]]) -> None:
        for number, is_bad in part:
            if is_bad:
                raise DataError(str(number))
            done.add(number)

    errors = bisect(items, send)
    assert [error is not None for error in errors] == bad
    assert [str(error) for error in errors if error] == [str(n) for n, b in items if b]
    assert done == {number for number, is_bad in items if not is_bad}


def test_bisect_needs_few_calls_for_one_culprit() -> None:
    calls: list[int] = []

    def send(part: Sequence[int]) -> None:
        calls.append(len(part))
        if 117 in part:
            raise DataError("no")

    bisect(list(range(200)), send)
    assert len(calls) <= 18


def test_bisect_lets_other_failures_through() -> None:
    def send(part: Sequence[int]) -> None:
        raise Unreachable("gone")

    with pytest.raises(Unreachable):
        bisect([1, 2], send)


@pytest.mark.parametrize("size", [0, -1])
def test_sizes_must_be_positive(size: int) -> None:
    with pytest.raises(ValueError, match="at least one"):
        list(chunks([1], size))
    with pytest.raises(ValueError, match="at least one"):
        list(pages(lambda offset, limit: [], size))
