"""Entries in, outcomes out; trees; quantities."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopapi.documents import Entry, Manufacturer, Outcome, StockLevel
from shopapi.errors import DataError, NotFound
from shopapi.saving import (
    Fields,
    compared_levels,
    due_fields,
    nothing_to_say,
    planned,
    remove_images,
    save_grouped,
    understood,
    whole_units,
)
from shopapi.trees import below


def entry(key: str, **more: object) -> Entry:
    return Entry(key=key, document=Manufacturer(name=key[0]), **more)  # type: ignore[arg-type]


@given(st.lists(st.sampled_from("abc"), max_size=30))
def test_outcomes_stand_in_the_order_of_the_entries(groups: list[str]) -> None:
    entries = [entry(f"{group}{number}") for number, group in enumerate(groups)]
    calls: list[str] = []

    def save(group: str, part: Sequence[Entry]) -> list[Outcome]:
        calls.append(group)
        assert {each.key[0] for each in part} == {group}
        return [Outcome(key=each.key) for each in part]

    outcomes = save_grouped(entries, lambda each: each.key[0], save)
    assert [outcome.key for outcome in outcomes] == [each.key for each in entries]
    assert len(calls) == len(set(calls)) == len(set(groups))


def test_what_the_shop_leads_is_nothing_to_say() -> None:
    changed = frozenset({"name"})
    assert nothing_to_say(entry("a", external_id="1", changed=changed, kept=changed))
    assert not nothing_to_say(entry("a", external_id="1", changed=changed))
    assert not nothing_to_say(entry("a", external_id="1"))
    assert not nothing_to_say(entry("a", changed=changed, kept=changed)), "it is new"


def test_due_is_what_changed_and_is_ours() -> None:
    kept, changed = frozenset({"name"}), frozenset({"name", "sku"})
    names = ("name", "sku", "price")
    assert due_fields(entry("a", kept=kept, changed=changed), names) == {"sku"}
    assert due_fields(entry("a", kept=kept), names) == {"sku", "price"}


def test_only_what_differs_or_is_missing_is_planned() -> None:
    held: dict[str, tuple[Fields, str | None]] = {
        "same": ({}, "1"),
        "other": ({"name": "x"}, "2"),
        "new": ({}, None),
    }

    def plan(each: Entry) -> tuple[Fields, str | None]:
        if each.key not in held:
            raise DataError("refused")
        return held[each.key]

    entries = [entry("same"), entry("other"), entry("new"), entry("bad", external_id="9")]
    outcomes, tasks = planned(entries, plan)
    assert [(each.key, fields, key) for each, fields, key in tasks] == [
        ("other", {"name": "x"}, "2"),
        ("new", {}, None),
    ]
    same, bad = outcomes[id(entries[0])], outcomes[id(entries[3])]
    assert (same.external_id, same.adopted, same.written) == ("1", True, False)
    assert (bad.external_id, str(bad.error)) == ("9", "refused")
    assert len(outcomes) == 2


def test_what_is_not_understood_stands_in_the_place_of_the_record() -> None:
    assert understood("Order", "7", lambda: 5) == 5
    row: dict[str, int] = {}
    found = understood("Order", "7", lambda: row["total"])
    assert isinstance(found, Outcome)
    assert (found.key, found.external_id) == ("7", "7")
    assert "Order 7 is not understood" in str(found.error)
    gone = NotFound("gone")

    def fail() -> int:
        raise gone

    told = understood("Order", "7", fail)
    assert isinstance(told, Outcome) and told.error is gone


def test_a_level_that_the_shop_moved_meanwhile_is_left_alone() -> None:
    held = {"1": Decimal(4), "2": Decimal(7), "3": None, "4": Decimal(9)}
    levels = [
        StockLevel(product=key, variant=None, quantity=Decimal(9), expected=Decimal(4))
        for key in "12345"
    ]

    def look(level: StockLevel, units: int) -> tuple[str, Decimal | None, Fields]:
        if level.product not in held:
            raise NotFound("gone")
        own = held[level.product]
        return f"row{level.product}", own, {} if own == units else {"quantity": units}

    found, changes = compared_levels(levels, look)
    assert changes == {"1/": ("row1", {"quantity": 9}), "3/": ("row3", {"quantity": 9})}
    assert [each.moved for each in found.values()] == [False, True, False, False, False]
    assert [each.written for each in list(found.values())[:4]] == [True, False, True, False]
    assert isinstance(found["5/"].error, NotFound)


def test_a_picture_that_is_gone_counts_as_removed() -> None:
    faults = {"2": NotFound("gone"), "3": DataError("refused")}

    def remove(_product: str, image: str) -> bool:
        if image in faults:
            raise faults[image]
        return True

    found = remove_images([("7", image) for image in "123"], remove)
    assert [(each.key, each.written) for each in found[:2]] == [("1", True), ("2", False)]
    assert [str(each.error) for each in found] == ["None", "None", "refused"]


@pytest.mark.parametrize(("quantity", "units"), [("2.9", 2), ("-0.1", -1), ("5", 5)])
def test_units_are_rounded_down(quantity: str, units: int) -> None:
    assert whole_units(Decimal(quantity)) == units


def test_a_quantity_that_no_shop_holds_is_refused() -> None:
    with pytest.raises(DataError, match="cannot hold a quantity"):
        whole_units(Decimal("1e12"))


@given(st.dictionaries(st.integers(1, 20), st.integers(0, 20), max_size=20))
def test_every_node_that_can_be_reached_comes_once_behind_its_parent(
    parents: dict[int, int],
) -> None:
    found = list(below("0", parents.items(), lambda node: str(node[0]), lambda node: str(node[1])))
    depths = {node: depth for (node, _parent), depth in found}
    assert len(depths) == len(found), "a node came twice"
    for (node, parent), depth in found:
        assert depth == depths.get(parent, 0) + 1
        assert parent == 0 or depths[parent] < depths[node]
    reached = {0, *depths}
    assert not any(node not in reached and above in reached for node, above in parents.items())
