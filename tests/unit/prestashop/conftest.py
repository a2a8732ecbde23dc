"""Fixtures: a fresh shop and a client for it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from shop_client import ShopClient

from shopapi.systems.prestashop.simulator import PrestaShopSimulator


@pytest.fixture
def simulator() -> Iterator[PrestaShopSimulator]:
    with PrestaShopSimulator() as shop:
        yield shop


@pytest.fixture
def client(simulator: PrestaShopSimulator) -> ShopClient:
    return ShopClient(simulator)
