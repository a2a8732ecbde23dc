"""Stock rows of the simulator: made by the shop, summed by the shop, lost by a careless PUT."""

from __future__ import annotations

import pytest
from shop_client import ShopClient, codes, fields

from shopapi.systems.prestashop.simulator import PrestaShopSimulator


def put_row(client: ShopClient, row: int, quantity: int, *, with_shop: bool) -> None:
    known = client.one(f"stock_availables/{row}")
    kept = ["id", "id_product", "id_product_attribute", "depends_on_stock", "out_of_stock"]
    kept += ["id_shop", "id_shop_group"] if with_shop else []
    values = {**{name: known[name] for name in kept}, "quantity": str(quantity)}
    inner = "".join(f"<{name}>{value}</{name}>" for name, value in values.items())
    client.write("PUT", "stock_availables", f"<stock_available>{inner}</stock_available>")


def rows(client: ShopClient, product: int) -> list[dict[str, str]]:
    found = client.get(f"stock_availables?display=full&filter[id_product]={product}")[0]
    return [fields(row) for row in found]


def test_row_is_made_with_the_product_and_with_each_combination(client: ShopClient) -> None:
    product = client.product("A")
    client.combination(product, "A1")
    shown = [(row["id_product_attribute"], row["id_shop"]) for row in rows(client, product)]
    assert shown == [("0", "1"), ("1", "1")]


def test_row_zero_is_the_sum_and_a_direct_write_sticks_until_the_next(client: ShopClient) -> None:
    product = client.product("A")
    first, second = client.combination(product, "A1"), client.combination(product, "A2")
    client.stock(product, 5, first)
    client.stock(product, 7, second)
    assert rows(client, product)[0]["quantity"] == "12"
    client.stock(product, 99)
    assert rows(client, product)[0]["quantity"] == "99"
    client.stock(product, 6, first)
    assert rows(client, product)[0]["quantity"] == "13"


def test_put_without_shop_moves_the_row_out_of_the_shop(
    client: ShopClient, simulator: PrestaShopSimulator
) -> None:
    product = client.product("A")
    combination = client.combination(product, "A1")
    client.stock(product, 5, combination)
    put_row(client, client.stock_row(product, combination), 8, with_shop=True)
    assert simulator.stock_of("A1") == 8
    put_row(client, client.stock_row(product, combination), 9, with_shop=False)
    lost = rows(client, product)[1]
    assert (lost["id_shop"], lost["quantity"]) == ("0", "9")
    assert rows(client, product)[0]["quantity"] == "0"
    with pytest.raises(KeyError):
        simulator.stock_of("A1")


def test_sum_gets_a_second_row_when_its_own_was_lost(client: ShopClient) -> None:
    product = client.product("A")
    combination = client.combination(product, "A1")
    put_row(client, client.stock_row(product), 3, with_shop=False)
    client.stock(product, 4, combination)
    sums = [row for row in rows(client, product) if row["id_product_attribute"] == "0"]
    assert [(row["id_shop"], row["quantity"]) for row in sums] == [("0", "3"), ("1", "4")]


def test_patch_needs_only_id_and_quantity_but_put_needs_all(client: ShopClient) -> None:
    product = client.product("A")
    row = client.stock_row(product)
    client.stock(product, -4)
    assert client.one(f"stock_availables/{row}")["quantity"] == "-4"
    content = f"<stock_available><id>{row}</id><quantity>1</quantity></stock_available>"
    assert codes(client.send("PUT", "stock_availables", content)) == [41]
    halves = content.replace("<quantity>1<", "<quantity>1.5<")
    assert codes(client.send("PATCH", "stock_availables", halves)) == [85]


def test_old_shops_show_the_quantity_on_the_combination() -> None:
    with PrestaShopSimulator(version="1.7.8.11") as shop:
        client = ShopClient(shop)
        product = client.product("A")
        combination = client.combination(product, "A1")
        put_row(client, client.stock_row(product, combination), 8, with_shop=True)
        assert client.one(f"combinations/{combination}")["quantity"] == "8"
