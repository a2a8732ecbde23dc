"""The visitor's pages: catalogue in each language, cart, checkout by form, the order's page."""

from __future__ import annotations

import re

import pytest
import requests
from shop_client import ShopClient, texts
from test_simulator_writing import upload

from shopapi.systems.prestashop.simulator import PrestaShopSimulator

FORM = {
    "email": "mario@shop.example",
    "firstname": "Mario",
    "lastname": "Rossi",
    "address1": "Via Po 1",
    "postcode": "10100",
    "city": "Torino",
    "state": "TO",
    "country": "IT",
    "carrier": "2",
    "payment": "ps_checkout",
}


@pytest.fixture
def shop(client: ShopClient) -> ShopClient:
    names = texts("name", "Red", "Rossi", "Vörös") + texts("link_rewrite", "red", "rossi", "voros")
    category = f"<category><id_parent>2</id_parent><active>1</active>{names}</category>"
    client.write("POST", "categories", category)
    number = client.product("W1", price="12.295082")
    client.stock(number, 6)
    upload(client, f"products/{number}")
    sized = client.product("W2", price="20")
    for reference, impact in (("W2-075", "0"), ("W2-150", "22.5")):
        combination = client.combination(sized, reference, extra=f"<price>{impact}</price>")
        client.stock(sized, 4, combination)
    return client


def page(shop: ShopClient, path: str) -> str:
    answer = requests.get(shop.simulator.url + path, timeout=10)
    assert answer.status_code == 200, answer.text
    return answer.text


@pytest.mark.parametrize(
    ("language", "name", "category"),
    [("en", "Wine", "Red"), ("it", "Vino", "Rossi"), ("hu", "Bor", "Vörös")],
)
def test_catalogue_in_each_language(
    shop: ShopClient, language: str, name: str, category: str
) -> None:
    html = page(shop, f"/{language}/")
    assert f"<h2>{name}</h2>" in html
    assert f">{category}</a>" in html
    assert "15,00 €" in html
    assert f'<html lang="{language}">' in html


def test_picture_and_stock_are_shown(shop: ShopClient) -> None:
    html = page(shop, "/it/product/1")
    assert "6 disponibili" in html
    source = re.search(r'src="(/img/\d+/medium_default)"', html)
    assert source is not None
    picture = requests.get(shop.simulator.url + source[1], timeout=10)
    assert picture.headers["Content-Type"] == "image/png"


def test_choice_of_combination_changes_the_price(shop: ShopClient) -> None:
    assert "24,40 €" in page(shop, "/en/product/2")
    assert "51,85 €" in page(shop, "/en/product/2?option=2")


def test_visitor_buys(shop: ShopClient) -> None:
    simulator = shop.simulator
    visitor = requests.Session()
    for line in (
        {"product": "1", "quantity": "2"},
        {"product": "2", "combination": "2", "quantity": "1"},
    ):
        visitor.post(f"{simulator.url}/it/cart", data=line, timeout=10)
    assert "81,85 €" in visitor.get(f"{simulator.url}/it/cart", timeout=10).text
    form = {
        **FORM,
        "company": "1",
        "company_name": "Bar Rossi srl",
        "vat_number": "IT01234567897",
        "delivery": "1",
        "delivery_address1": "Via Roma 5",
        "delivery_city": "Milano",
        "voucher": "WINE10",
        "gift": "1",
        "gift_message": "Auguri",
        "note": "Citofono 3",
    }
    answer = visitor.post(f"{simulator.url}/it/checkout", data=form, timeout=10)
    assert answer.status_code == 200
    order = simulator.order(1)
    assert f"/it/confirmation/{order['reference']}" in answer.url
    assert (order["gift_message"], order["current_state"]) == ("Auguri", "2")
    note = simulator.shop.store.first("messages", id_order=int(order["id"]))
    assert note and note.values["message"] == "Citofono 3"
    assert order["total_paid_tax_incl"] == "83.710000"
    assert order["id_address_delivery"] != order["id_address_invoice"]
    assert (simulator.stock_of("W1"), simulator.stock_of("W2-150")) == (4, 3)
    assert "<b>0</b>" in answer.text
    # a visitor's forms are no writing calls of the web service
    assert {each.path.split("/")[1] for each in simulator.writes} == {"api"}


def test_script_may_post_its_lines_at_once(shop: ShopClient) -> None:
    form = {**FORM, "lines": "1-0:1", "guest": "1", "country": "HU", "currency": "HUF"}
    answer = requests.post(f"{shop.simulator.url}/hu/checkout", data=form, timeout=10)
    assert answer.status_code == 200
    order = shop.simulator.order(1)
    assert (order["id_lang"], order["id_currency"]) == ("3", "2")
    assert shop.one(f"customers/{order['id_customer']}")["is_guest"] == "1"


@pytest.mark.parametrize(
    "change", [{"voucher": "NONE"}, {"email": ""}, {"lines": "1-0:7"}, {"firstname": "M4rio"}]
)
def test_refused_checkout_says_why_and_keeps_the_form(
    shop: ShopClient, change: dict[str, str]
) -> None:
    form = {**FORM, "lines": "1-0:1", **change}
    url = f"{shop.simulator.url}/it/checkout"
    answer = requests.post(url, data=form, timeout=10, cookies={"cart": "1-0:1"})
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    assert shop.simulator.holdings()["orders"] == 0


def test_order_is_found_by_reference_and_email_only(
    shop: ShopClient, simulator: PrestaShopSimulator
) -> None:
    order = simulator.order(simulator.place_order([("W1", 1)], {"email": "a@shop.example"}))
    shipment = shop.ids("order_carriers")[0]
    tracked = (
        f"<order_carrier><id>{shipment}</id><tracking_number>L-7</tracking_number></order_carrier>"
    )
    shop.write("PATCH", "order_carriers", tracked)
    simulator.set_order_state(order["id"], 4)
    query = f"reference={order['reference'].lower()}"
    html = page(shop, f"/it/orders?{query}&email=a@shop.example")
    assert "Spedito" in html
    assert "https://lampo.example/track/L-7" in html
    assert "Nessun ordine" in page(shop, f"/it/orders?{query}&email=b@shop.example")


def test_unknown_pages(shop: ShopClient, simulator: PrestaShopSimulator) -> None:
    for path in ("/xx/", "/it/product/99", "/it/category/99", "/it/confirmation/NONE", "/img/9/x"):
        assert requests.get(simulator.url + path, timeout=10).status_code == 404
