"""A second store: what is its own, what it shares, who may see it."""

from __future__ import annotations

import pytest
from shop_client import ShopClient, codes

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


def test_a_product_of_another_store_is_not_found_with_a_reason(
    simulator: PrestaShopSimulator, client: ShopClient, outlet: int
) -> None:
    product = client.product("A")
    answer = client.send("GET", f"products/{product}?id_shop={outlet}")
    assert (answer.status_code, codes(answer)) == (404, [131])
    assert client.ids(f"products?id_shop={outlet}") == []
    assert client.ids("products?id_shop=all") == [product]


def test_a_key_is_good_for_its_stores(
    simulator: PrestaShopSimulator, client: ShopClient, outlet: int
) -> None:
    simulator.service.keys[simulator.api_key] = Key(stores=frozenset({1}))
    assert client.send("GET", "products").status_code == 200
    answer = client.send("GET", f"products?id_shop={outlet}")
    assert (answer.status_code, codes(answer)) == (403, [132])


def test_deleting_in_one_store_leaves_the_other(
    simulator: PrestaShopSimulator, client: ShopClient, outlet: int
) -> None:
    product = client.product("A", price="10.000000")
    body = f"<product><id>{product}</id><price>7</price></product>"
    client.send("PATCH", f"products?id_shop={outlet}", body)
    assert client.send("DELETE", f"products/{product}").status_code == 200
    with pytest.raises(KeyError):
        simulator.product_by_sku("A")
    with simulator.in_store(outlet):
        assert simulator.product_by_sku("A")["price"] == "7.000000"
