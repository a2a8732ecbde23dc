"""Reading from the simulator: order, filters, dates, formats, keys."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import requests
from shop_client import ShopClient, codes

from shopapi.systems.prestashop.simulator import PrestaShopSimulator


def test_list_without_sort_is_not_in_the_order_of_ids(client: ShopClient) -> None:
    numbers = [client.product(reference) for reference in "ABC"]
    client.write("PATCH", "products", f"<product><id>{numbers[1]}</id><active>0</active></product>")
    client.write(
        "PATCH", "products", f"<product><id>{numbers[1]}</id><indexed>0</indexed></product>"
    )
    assert client.ids("products") == [numbers[1], numbers[0], numbers[2]]
    assert client.ids("products?sort=[id_ASC]") == numbers


def test_order_states_come_by_their_module_first(client: ShopClient) -> None:
    assert client.ids("order_states") != sorted(client.ids("order_states"))
    assert client.ids("order_states?sort=[id_ASC]") == list(range(1, 14))


def test_greater_is_strict_at_one_second(
    client: ShopClient, simulator: PrestaShopSimulator
) -> None:
    number = client.product("A")
    stamp = client.one(f"products/{number}")["date_upd"]
    assert client.ids(f"products?date=1&filter[date_upd]=>[{stamp}]") == []
    assert client.ids(f"products?date=1&filter[date_upd]=[{stamp},{stamp}]") == [number]
    assert client.ids(f"products?date=1&filter[date_upd]=[{stamp}]") == [number]
    simulator.clock.advance(2)
    client.write("PATCH", "products", f"<product><id>{number}</id><price>2</price></product>")
    assert client.ids(f"products?date=1&filter[date_upd]=>[{stamp}]") == [number]


def test_greater_or_equal_is_ignored_and_everything_comes(client: ShopClient) -> None:
    numbers = [client.product(name) for name in "AB"]
    assert client.ids("products?date=1&filter[date_upd]=>=[2999-01-01]") == numbers
    assert client.ids("products?filter[id]=>=[2]") == numbers


def test_date_filter_needs_date_parameter(client: ShopClient) -> None:
    answer = client.send("GET", "products?filter[date_upd]=>[2020-01-01]")
    assert (answer.status_code, codes(answer)) == (400, [32])


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("filter[reference]=W1", [1]),
        ("filter[reference]=w1", [1]),
        ("filter[reference]=[W1|W3]", [1, 3]),
        ("filter[id]=[2,3]", [2, 3]),
        ("filter[reference]=[W]%25", [1, 2, 3]),
        ("filter[reference]=%25[2]%25", [2]),
        ("filter[id]=![2]", [1, 3]),
        ("filter[id]=<[3]", [1, 2]),
        ("filter[reference]=W9", []),
        ("filter[name]=[Vino]", [1, 2, 3]),
        ("filter[name]=[Vino]&language=1", []),
        ("limit=1,1", [2]),
        ("limit=2", [1, 2]),
        ("limit=9,2", []),
        ("limit=0", []),
        ("limit=abc", []),
        ("sort=[reference_DESC]", [3, 2, 1]),
        ("sort=[active_ASC,id_DESC]", [3, 2, 1]),
        ("unknown=1", [1, 2, 3]),
    ],
)
def test_list_parameters(client: ShopClient, query: str, expected: list[int]) -> None:
    for reference in ("W1", "W2", "W3"):
        client.product(reference)
    assert client.ids(f"products?{query}") == expected


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("filter[colour]=red", 32),
        ("filter[quantity]=1", 34),
        ("display=[id,colour]", 35),
        ("sort=[colour_ASC]", 38),
    ],
)
def test_unknown_fields_are_refused(client: ShopClient, query: str, code: int) -> None:
    answer = client.send("GET", f"products?{query}")
    assert (answer.status_code, codes(answer)) == (400, [code])


def test_missing_record_is_404_without_a_body(client: ShopClient) -> None:
    for path in ("products/99", "products/99?output_format=JSON", "products/abc"):
        answer = client.send("GET", path)
        assert (answer.status_code, answer.content) == (404, b"")
        assert "Content-Type" not in answer.headers


def test_other_host_name_is_redirected_without_an_error_document(
    client: ShopClient, simulator: PrestaShopSimulator
) -> None:
    answer = client.send("GET", "products", headers={"Host": "shop.example"})
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"{simulator.url}/?url=products"
    assert client.send("GET", "products?id_shop=99").status_code == 302


def test_401_for_a_resource_and_405_for_a_method(
    client: ShopClient, simulator: PrestaShopSimulator
) -> None:
    client.key = simulator.read_only_key
    forbidden = client.send("GET", "orders")
    assert (forbidden.status_code, codes(forbidden)) == (401, [26])
    not_this_way = client.send("POST", "products", "<product><price>1</price></product>")
    assert (not_this_way.status_code, codes(not_this_way)) == (405, [25])
    client.key = simulator.api_key
    never = client.send("DELETE", "stock_availables/1")
    assert (never.status_code, codes(never)) == (405, [101])
    unknown = client.send("OPTIONS", "products")
    assert (unknown.status_code, codes(unknown)) == (405, [23])


@pytest.mark.parametrize(
    ("key", "expected"), [("U" * 32, [20, 21]), ("SHORT", [18]), ("inactive", [20, 21])]
)
def test_bad_keys(
    client: ShopClient, simulator: PrestaShopSimulator, key: str, expected: list[int]
) -> None:
    client.key = simulator.inactive_key if key == "inactive" else key
    answer = client.send("GET", "products")
    assert (answer.status_code, codes(answer)) == (401, expected)
    assert answer.headers["PSWS-Version"] == "0"


def test_no_key_is_plain_text_and_the_parameter_lets_in(simulator: PrestaShopSimulator) -> None:
    url = f"{simulator.url}/api/languages"
    refused = requests.get(url, timeout=10)
    assert (refused.status_code, refused.text) == (401, "401 Unauthorized")
    assert requests.get(url, params={"ws_key": simulator.api_key}, timeout=10).ok


def test_single_json_drops_empty_fields_and_lists_keep_them(client: ShopClient) -> None:
    number = client.product("A")
    client.write("PATCH", "products", f"<product><id>{number}</id><active>0</active></product>")
    single = client.send("GET", f"products/{number}?output_format=JSON").json()["product"]
    listed = client.send("GET", "products?display=full&output_format=JSON").json()["products"][0]
    assert "active" not in single
    assert listed["active"] == "0"
    empty = client.send("GET", "products?filter[reference]=none&output_format=JSON")
    assert empty.json() == []


def test_single_json_keeps_everything_before_version_8() -> None:
    with PrestaShopSimulator(version="1.7.8.11") as shop:
        client = ShopClient(shop)
        number = client.product("A")
        single = client.send("GET", f"products/{number}?output_format=JSON").json()["product"]
        assert single["on_sale"] == "0"
        assert client.send("GET", "?output_format=JSON").json()[0] == "addresses"


def test_one_language_in_json_is_a_plain_string(client: ShopClient) -> None:
    number = client.product("A")
    answer = client.send("GET", f"products/{number}?output_format=JSON&language=2").json()
    assert answer["product"]["name"] == "Vino"


def test_dates_are_local_time_of_the_shop(
    client: ShopClient, simulator: PrestaShopSimulator
) -> None:
    number = client.product("A")
    settings = client.get("configurations?display=full&filter[name]=PS_TIMEZONE")[0][0]
    zone = ZoneInfo(settings.findtext("value") or "")
    shown = datetime.fromisoformat(client.one(f"products/{number}")["date_add"])
    really = simulator.clock.now().astimezone(zone).replace(tzinfo=None)
    assert abs((really - shown).total_seconds()) < 5


def test_answer_headers(client: ShopClient, simulator: PrestaShopSimulator) -> None:
    answer = client.send("GET", "languages")
    assert answer.headers["PSWS-Version"] == "8.2.1"
    assert abs(int(answer.headers["Access-Time"]) - simulator.clock.now().timestamp()) < 5
    known = {"Local-Content-Sha1": answer.headers["Content-Sha1"]}
    assert client.send("GET", "languages", headers=known).status_code == 304


def test_unknown_resource_lists_all(client: ShopClient) -> None:
    answer = client.send("GET", "widgets")
    assert codes(answer) == [27]
    assert '"stock_availables"' in answer.text


def test_computed_price_has_tax_and_reduction(client: ShopClient) -> None:
    number = client.product("A", price="10")
    special = "".join(
        f"<{name}>0</{name}>"
        for name in ("id_shop", "id_cart", "id_currency", "id_country", "id_group", "id_customer")
    )
    client.write(
        "POST",
        "specific_prices",
        f"<specific_price>{special}<id_product>{number}</id_product><price>-1</price>"
        "<from_quantity>1</from_quantity><reduction>0.1</reduction><reduction_tax>1</reduction_tax>"
        "<reduction_type>percentage</reduction_type><from>0000-00-00 00:00:00</from>"
        "<to>0000-00-00 00:00:00</to></specific_price>",
    )
    asked = "price[gross][use_tax]=1&price[full][use_tax]=0&price[full][use_reduction]=0"
    prices = client.one(f"products/{number}?{asked}")
    assert (prices["gross"], prices["full"]) == ("10.980000", "10.000000")
