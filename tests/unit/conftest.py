"""Fixtures of the tests that need neither a shop nor Odoo."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from raw_server import RawServer


@pytest.fixture
def raw_server() -> Iterator[RawServer]:
    server = RawServer()
    yield server
    server.close()
