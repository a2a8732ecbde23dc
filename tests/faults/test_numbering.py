"""Numbers under load: several processes validate at once, some are broken off, none is missing."""

from collections.abc import Iterator

import pytest

from suite import databases, templates
from suite.benchmarks import Context

PROCESSES = 6
DELIVERIES = 48


@pytest.fixture
def documents() -> Iterator[str]:
    """Name of a fresh database with document types and nothing else of ours."""
    with databases.temporary(templates.suite({"multi_warehouse_docs"})) as name:
        yield name


def test_broken_off_validations_leave_no_gap(documents: str) -> None:
    found = Context().inside(
        documents, "numbering.under_load", size=DELIVERIES, processes=PROCESSES, fail_every=10
    )

    assert not found["lost"]
    # 5 of 48 were broken off after they had their number, and asked for again
    assert found["attempts"] >= DELIVERIES + 5
    assert sorted(found["numbers"]) == list(range(1, DELIVERIES + 1))
    state = Context().inside(documents, "numbering.state")
    assert state["numbers"] == list(range(1, DELIVERIES + 1))
    assert len(set(state["texts"])) == DELIVERIES
    assert state["gaps"] == 0
    assert state["moved"] == DELIVERIES


def test_two_users_validate_the_same_delivery_at_once(documents: str) -> None:
    found = Context().inside(documents, "numbering.same_at_once", processes=2)

    assert not found["lost"]
    state = Context().inside(documents, "numbering.state")
    assert state["numbers"] == [1]
    assert state["moved"] == 1
