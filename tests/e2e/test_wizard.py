"""A person connects a web shop that already has products, sees what would happen, and begins."""

import os
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from browsing import WebClient
from odoo_side import Odoo, prepare
from playwright.sync_api import expect

from shopapi.adapter import Credentials, ShopAdapter
from shopapi.documents import Category, Entry, Price, Product
from shopapi.registry import adapter_class
from suite import databases, templates
from suite.server import OdooServer

MERCHANT = """
for xmlid in ("product.group_product_pricelist", "stock.group_stock_multi_warehouses"):
    env.ref("base.group_user").implied_ids += env.ref(xmlid)
env.ref("base.user_admin").tour_enabled = False  # the hints for beginners cover the buttons
stocked("BARO-18", {
    "en_US": "Barolo, vintage 2018",
    "it_IT": "Barolo, annata 2018",
    "hu_HU": "Barolo, 2018-as évjárat",
}, 40.0, 25)
stocked("TWICE", {"en_US": "Grappa, old label"}, 20.0, 3)
stocked("TWICE", {"en_US": "Grappa, new label"}, 22.0, 4)
"""
SLOW = 180_000  # ms; a look at a shop on a busy machine


@pytest.fixture(scope="module")
def odoo() -> Iterator[OdooServer]:
    """Odoo of a merchant with some products and no shop yet."""
    with databases.temporary(templates.suite()) as database:
        prepare(database, MERCHANT)
        with OdooServer(database, cron=False) as server:
            yield server


@pytest.fixture
def filled(shop: Any) -> Any:
    """A shop whose merchant sold there before: three products in a category."""
    credentials = Credentials(base_url=shop.url, api_key=shop.api_key)
    with adapter_class("prestashop")(credentials) as adapter:
        info = adapter.probe()
        languages = [code.external_id for code in info.languages]
        tax = next(code.external_id for code in info.taxes if code.rate == 22)
        wine = _hold(adapter, Category(name=dict.fromkeys(languages, "Red Wine")))
        for sku, name, net in (
            ("BARO-18", "Barolo 2018", "36"),
            ("TWICE", "Grappa", "20"),
            ("NEBB-20", "Nebbiolo & friends", "18"),
        ):
            price = Price(net=Decimal(net), gross=Decimal(net) * Decimal("1.22"))
            names = dict.fromkeys(languages, name)
            _hold(
                adapter,
                Product(
                    sku=sku, name=names, price=price, tax=tax, category=wine, categories=(wine,)
                ),
            )
    shop.clear_log()
    return shop


def _hold(adapter: ShopAdapter, document: Any) -> str:
    (outcome,) = adapter.save([Entry(key="x", document=document)])
    assert outcome.error is None, outcome.error
    assert outcome.external_id
    return outcome.external_id


def test_a_shop_with_products_is_connected_looked_at_and_started(
    client: WebClient, odoo: OdooServer, filled: Any
) -> None:
    _open(client)
    look(client, "1-address")
    _wrong_key_first(client, filled)
    client.write("api_key", filled.api_key)
    client.answer("Connect", "The shop answered")
    look(client, "3-codes")
    client.answer("Next", "How orders of this shop")
    look(client, "4-orders")
    client.answer("Next", "Products are recognised by their SKU")
    look(client, "5-products")
    client.answer("Show What Would Happen", "Nothing has been changed yet", patience=SLOW)
    look(client, "6-preview")
    assert not filled.writes, "a look has written to the shop"
    rows = client.page.locator(".modal .o_field_widget[name=plan_line_ids] .o_data_row")
    expect(rows.filter(has_text="Nebbiolo & friends")).to_contain_text("Make")
    price = rows.filter(has_text="Price without tax")
    expect(price).to_contain_text(re.compile(r"36\.00 EUR.*40\.00 EUR", re.S))
    _decide(client)
    client.answer("Start", None)
    expect(client.page.get_by_role("button", name="Synchronize Now")).to_be_visible()
    expect(client.page.locator(".alert[name=first_import]")).to_contain_text("3 products")
    look(client, "7-started")

    client.press("Synchronize Now")
    expect(client.page.locator(".o_notification").last).to_contain_text("received: 3 Product")
    rpc = Odoo(odoo.url, odoo.database)
    links = rpc.call("shop.binding", "search_count", [("kind", "=", "product")])
    assert links == 3
    assert float(filled.product_by_sku("BARO-18")["price"]) == 40.0
    (made,) = rpc.call(
        "product.template", "search_read", [("default_code", "=", "NEBB-20")], ["name", "categ_id"]
    )
    assert (made["name"], made["categ_id"][1]) == ("Nebbiolo & friends", "Red Wine")
    expect(client.page.locator(".alert[name=first_import]")).to_be_hidden()
    look(client, "8-done")


# === STEPS ===


def look(client: WebClient, name: str) -> None:
    """Keep a picture of the step where somebody asked for pictures."""
    folder = os.environ.get("WIZARD_PICTURES")
    if folder:
        client.page.wait_for_timeout(500)
        client.page.screenshot(path=Path(folder) / f"{name}.png")


def _open(client: WebClient) -> None:
    """The shops are empty; the one button leads to the wizard."""
    client.open_app("Web Shops")
    look(client, "0-empty")
    client.page.get_by_role("button", name="Connect a Web Shop").click()
    expect(client.page.locator(".modal")).to_contain_text("Enter where the shop is")


def _wrong_key_first(client: WebClient, shop: Any) -> None:
    """A mistake is told in the wizard, and nothing typed is lost."""
    client.write("base_url", f"{shop.url}/api/")
    client.write("api_key", "NOT0THE0KEY0OF0THIS0SHOP00000001")
    client.answer("Connect", "The shop did not let us in")
    look(client, "2-wrong-key")
    expect(client.field("base_url").locator("input")).to_have_value(f"{shop.url}/api/")


def _decide(client: WebClient) -> None:
    """Two products here carry one SKU: choose the one with the new label."""
    row = client.page.locator(".modal .o_field_widget[name=decision_ids] .o_data_row")
    expect(row).to_contain_text("Several products here carry its code")
    row.locator("td[name=template_id]").click()
    box = row.locator("[name=template_id] input")
    box.press_sequentially("new label", delay=20)
    client.page.locator(".o-autocomplete--dropdown-item").get_by_text("new label").first.click()
