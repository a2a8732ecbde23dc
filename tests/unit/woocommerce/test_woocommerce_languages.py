"""Shops with a multilingual plugin, as its documentation describes it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from shopapi.adapter import Credentials, ShopAdapter
from shopapi.documents import Entry, HeldProduct, Order, Price, Product
from shopapi.registry import adapter_class
from shopapi.systems.woocommerce.simulator import WooCommerceSimulator

TEXTS = {"it": "Vino", "en": "Wine", "hu": "Bor"}
WINE = Product(
    sku="W-1",
    name=TEXTS,
    price=Price(net=Decimal(10), gross=Decimal("12.20")),
    tax="standard",
    description={"it": "<p>Rosso</p>", "en": "<p>Red</p>"},
)


@pytest.fixture
def simulator() -> Iterator[WooCommerceSimulator]:
    with WooCommerceSimulator() as shop:
        shop.add_languages("it", "en", "hu")
        yield shop


@pytest.fixture
def adapter(simulator: WooCommerceSimulator) -> Iterator[ShopAdapter]:
    login = Credentials(
        base_url=simulator.url, api_key=simulator.api_key, api_secret=simulator.api_secret
    )
    with adapter_class("woocommerce")(login) as opened:
        yield opened


def save(adapter: ShopAdapter, document: Product, key: str | None = None, *changed: str) -> Any:
    names = frozenset(changed) if changed else None
    (outcome,) = adapter.save([Entry(key="1", document=document, external_id=key, changed=names)])
    assert outcome.error is None
    return outcome


def products(simulator: WooCommerceSimulator) -> dict[str, dict[str, Any]]:
    return {row["lang"]: row for row in simulator.shop.products.values()}


def test_the_first_look_tells_the_languages(adapter: ShopAdapter) -> None:
    languages = adapter.probe().languages
    assert [(code.iso, code.is_default) for code in languages] == [
        ("it", True),
        ("en", False),
        ("hu", False),
    ]


def test_each_language_is_a_linked_product_and_only_the_first_is_sold(
    simulator: WooCommerceSimulator, adapter: ShopAdapter
) -> None:
    key = save(adapter, WINE).external_id
    made = products(simulator)
    assert {code: row["name"] for code, row in made.items()} == TEXTS
    assert {row["translation_of"] for row in made.values()} == {int(key)}
    assert [row["sku"] for row in made.values()] == ["W-1", "", ""]
    assert not any(row["manage_stock"] for code, row in made.items() if code != "it")
    # what stands there is not sent again, and found again by somebody who knows nothing
    writes = adapter.writes
    assert save(adapter, WINE, key).written is False
    assert save(adapter, WINE).adopted
    assert adapter.writes == writes


def test_one_text_in_one_language_is_one_call(
    simulator: WooCommerceSimulator, adapter: ShopAdapter
) -> None:
    key = save(adapter, WINE).external_id
    before = adapter.writes
    edited = replace(WINE, name={**TEXTS, "en": "Old wine & more"})
    assert save(adapter, edited, key, "name").written
    assert adapter.writes == before + 1
    assert products(simulator)["en"]["name"] == "Old wine &amp; more"
    assert products(simulator)["it"]["name"] == "Vino"


def test_a_product_is_read_once_in_all_languages(
    simulator: WooCommerceSimulator, adapter: ShopAdapter
) -> None:
    key = save(adapter, WINE).external_id
    (held,) = adapter.read_products()
    assert isinstance(held, HeldProduct)
    assert (held.external_id, held.product.name) == (key, TEXTS)
    assert held.product.description == WINE.description
    assert [seen.external_id for seen in adapter.changed_products(None)] == [key]
    assert [level.product for level in adapter.read_stock()] == [key]


def test_an_order_in_another_language_names_the_original(
    simulator: WooCommerceSimulator, adapter: ShopAdapter
) -> None:
    key = save(adapter, WINE).external_id
    number = simulator.place_order([], {"email": "a@shop.example"})
    order = simulator.shop.orders[number]
    order["lang"] = "en"
    line = simulator.routes.orders._goods({"product_id": products(simulator)["en"]["id"]})
    order["line_items"].append(line | {"taxes": {}, "subtotal_taxes": {}})
    assert [stamp.external_id for stamp in adapter.changed_orders(None)] == [str(number)]
    (found,) = adapter.fetch_orders([str(number)])
    assert isinstance(found, Order)
    assert [row.product for row in found.lines] == [key]


def test_a_shop_without_a_plugin_asks_nothing_more() -> None:
    with WooCommerceSimulator() as plain:
        login = Credentials(base_url=plain.url, api_key=plain.api_key, api_secret=plain.api_secret)
        with adapter_class("woocommerce")(login) as adapter:
            save(adapter, replace(WINE, name={"it_IT": "Vino"}, description={}))
        assert len(plain.shop.products) == 1
        assert not any("lang=" in each.query for each in plain.log)
