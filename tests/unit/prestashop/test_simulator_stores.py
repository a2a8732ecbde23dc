"""A second store: what is its own, what it shares, who may see it."""

from __future__ import annotations

import pytest
from shop_client import ShopClient

from shopapi.systems.prestashop.simulator import PrestaShopSimulator


@pytest.fixture
def outlet(simulator: PrestaShopSimulator) -> int:
    return simulator.add_store("Outlet")


def test_one_product_has_a_price_in_each_store(
    simulator: PrestaShopSimulator, client: ShopClient, outlet: int
) -> None:
    product = client.product("A", price="10.000000")
    with simulator.in_store(outlet), pytest.raises(KeyError):
        simulator.product_by_sku("A")
    body = f"<product><id>{product}</id><price>7</price><active>1</active></product>"
    client.send("PATCH", f"products?id_shop={outlet}", body)
    with simulator.in_store(outlet):
        assert simulator.product_by_sku("A")["price"] == "7.000000"
    assert simulator.product_by_sku("A")["price"] == "10.000000"
    # the code is common to all
    client.send(
        "PATCH", "products", f"<product><id>{product}</id><reference>B</reference></product>"
    )
    with simulator.in_store(outlet):
        assert simulator.product_by_sku("B")["price"] == "7.000000"
