"""A shop that breaks down on some records: those are found, the others are carried out."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopapi.breakdown import ServerFault, healed, in_parts
from shopapi.errors import DataError, Unreachable

Item = tuple[int, bool]


def alive() -> None:
    """The shop answers."""


@given(st.lists(st.booleans(), max_size=70))
def test_exactly_the_bad_ones_are_to_blame(bad: list[bool]) -> None:
    items = list(enumerate(bad))

    def work(part: Sequence[Item]) -> list[str]:
        if any(is_bad for _number, is_bad in part):
            raise ServerFault("500")
        return ["done"] * len(part)

    found = in_parts("record", items, work, lambda _item, error: str(error), alive)
    assert [result != "done" for result in found] == bad
    assert all("breaks down on this record" in result for result in found if result != "done")


def test_once_is_chance() -> None:
    tries: list[int] = []

    def work() -> str:
        tries.append(1)
        if len(tries) == 1:
            raise ServerFault("500")
        return "done"

    assert healed("order", work, alive) == "done"
    with pytest.raises(DataError, match="breaks down on this order"):
        healed("order", lambda: (_ for _ in ()).throw(ServerFault("500")), alive)


def test_a_shop_that_is_down_as_a_whole_blames_nobody() -> None:
    def work(_part: Sequence[int]) -> list[str]:
        raise ServerFault("500")

    def down() -> None:
        raise Unreachable("gone")

    with pytest.raises(Unreachable, match="gone"):
        in_parts("record", [1, 2], work, lambda _item, _error: "bad", down)
