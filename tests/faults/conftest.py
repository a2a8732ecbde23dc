"""Databases and shops of the fault trials: real ones, each test's own, gone afterwards."""

from collections.abc import Iterator

import pytest

from suite import databases, templates


@pytest.fixture
def database() -> Iterator[str]:
    """Name of a fresh database with all our addons and no demo data."""
    with databases.temporary(templates.suite()) as name:
        yield name
