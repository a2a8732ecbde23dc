"""Every scenario of this folder runs against every adapter and version in the table below."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from prestashop_world import PrestaShopWorld
from world import World

from shopapi.adapter import ShopAdapter

#: the systems and versions that are promised to work
WORLDS: list[tuple[type[World], str]] = [
    (PrestaShopWorld, "9.0.0"),
    (PrestaShopWorld, "8.2.1"),
    (PrestaShopWorld, "1.7.8.11"),
    (PrestaShopWorld, "1.6.1.24"),
]


@pytest.fixture(params=WORLDS, ids=lambda param: f"{param[0].system}-{param[1]}")
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    """A fresh shop that is running."""
    kind, version = request.param
    made: World = kind(version)
    made.sim.start()
    yield made
    made.close()


@pytest.fixture
def adapter(world: World) -> ShopAdapter:
    """A connector of that shop, with the full key."""
    return world.open()
