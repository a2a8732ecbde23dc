"""A person at the screen: from an empty Odoo to an invoice on paper, in a real browser."""

import re
import subprocess
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from browsing import Browser, WebClient
from odoo_side import Odoo, prepare
from playwright.sync_api import Page, expect

from suite import databases, templates
from suite.server import OdooServer

# both tests use one server
pytestmark = pytest.mark.xdist_group("browser")
MERCHANT = """
for xmlid in ("product.group_product_pricelist", "stock.group_stock_multi_warehouses"):
    env.ref("base.group_user").implied_ids += env.ref(xmlid)
env.ref("base.user_admin").tour_enabled = False  # the hints for beginners cover the buttons
warehouse.name = "Main"
env["stock.warehouse"].create({"name": "Internal", "code": "INT"})
stocked("BARO-18", {
    "en_US": "Barolo, vintage 2018",
    "it_IT": "Barolo, annata 2018",
    "hu_HU": "Barolo, 2018-as évjárat",
}, 40.0, 25)
stocked("FLUT-06", {
    "en_US": "Six flutes", "it_IT": "Sei calici da spumante", "hu_HU": "Hat pezsgőspohár",
}, 12.5, 60)
"""
IN_ITALIAN = {
    "Barolo, annata 2018": ("48,80", "25 disponibili"),
    "Sei calici da spumante": ("15,25", "60 disponibili"),
}
VISITOR = {
    "email": "chiara.bianchi@example.com",
    "firstname": "Chiara",
    "lastname": "Bianchi",
    "address1": "Via Mazzini 4",
    "postcode": "40121",
    "city": "Bologna",
}


@pytest.fixture(scope="module")
def odoo() -> Iterator[OdooServer]:
    """Odoo of a merchant with two products in three languages and no shop yet."""
    with databases.temporary(templates.suite()) as database:
        prepare(database, MERCHANT)
        with OdooServer(database, cron=False) as server:
            yield server


def test_from_an_empty_odoo_to_a_printed_invoice(
    client: WebClient, person: Browser, odoo: OdooServer, shop: Any, tmp_path: Path
) -> None:
    _connect(client, shop)
    _put_on_sale(client, odoo)
    _synchronize(client, r"sent: 2 Product, 2 Stock")

    visitor = person.new_page()
    total = _buy(visitor, shop.url)

    _synchronize(client, r"received: 1 Order")
    order = _open_order(client, odoo, total)
    invoice = _deliver_and_invoice(odoo, order)
    _synchronize(client, r"sent: 1 Shipment")
    visitor.reload()
    expect(visitor.locator(".badge")).to_have_text("Spedito")

    text = _print_invoice(client, invoice, tmp_path)
    assert "Enoteca Prova" in text
    assert "Barolo, annata 2018" in text, "the customer bought in Italian"
    assert f"{total.replace('.', ',')} €" in text


def test_a_wrong_key_is_told_in_a_sentence_and_can_be_mended(client: WebClient, shop: Any) -> None:
    _fill_in(client, shop.url, "NOT0THE0KEY0OF0THIS0SHOP00000001", name="Outlet")
    client.answer("Connect", "The shop did not let us in")
    dialog = client.page.get_by_role("dialog")
    expect(dialog).to_contain_text("Check the address and the key in the shop's back office")

    client.write("api_key", shop.api_key)
    client.answer("Connect", "The shop answered")


# === STEPS ===


def _fill_in(client: WebClient, address: str, key: str, name: str = "Cellar Online") -> None:
    client.open_app("Web Shops")
    client.page.get_by_role("button", name="Connect a Web Shop").click()
    client.write("name", name)
    expect(client.field("system").locator("input, select, span").first).to_be_visible()
    client.write("base_url", address)
    client.write("api_key", key)


def _connect(client: WebClient, shop: Any) -> None:
    """Enter the shop, connect it, look at what was proposed."""
    _fill_in(client, shop.url, shop.api_key)
    client.answer("Connect", "The shop answered")
    proposals = {
        "Languages": ("Italiano (Italian)", "Italian / Italiano"),
        "Taxes": ("IT Standard Rate (22%)", "IVA 22 %"),
        "Currencies": ("Euro", "Web"),
        "Order Statuses": ("Shipped", "Shipped"),
    }
    for page, (theirs, ours) in proposals.items():
        client.open_page(page)
        rows = client.page.locator(".o_notebook .tab-pane.active .o_data_row")
        row = rows.filter(has_text=theirs).first
        expect(row).to_contain_text(re.compile(f"{re.escape(theirs)}.*{re.escape(ours)}", re.S))
    client.answer("Next", "How orders of this shop")
    client.answer("Next", "Products are recognised by their SKU")
    client.answer("Show What Would Happen", "Nothing has been changed yet")
    client.answer("Start", None)
    expect(client.page.get_by_role("button", name="Synchronize Now")).to_be_visible()
    expect(client.field("shop_version")).to_contain_text(shop.version)


def _put_on_sale(client: WebClient, odoo: OdooServer) -> None:
    """Choose the shop on the products' page Web Shops."""
    rpc = Odoo(odoo.url, odoo.database)
    for product in rpc.call("product.template", "search", [("is_storable", "=", True)]):
        client.open_path(f"shop-products/{product}")
        client.open_page("Web Shops")
        client.choose("shop_ids", "Cellar Online")
        client.save()


def _synchronize(client: WebClient, told: str) -> None:
    """Press the button on the shop and read the notification."""
    client.open_path("web-shops")
    client.page.locator(".o_kanban_record").get_by_text("Cellar Online", exact=True).click()
    client.press("Synchronize Now")
    expect(client.page.locator(".o_notification").last).to_contain_text(re.compile(told))


def _buy(visitor: Page, address: str) -> str:
    """Look at the shop in Italian and order two bottles and a box; the total that was shown."""
    visitor.goto(f"{address}/")
    assert visitor.url.endswith("/it/")
    for name, (price, stock) in IN_ITALIAN.items():
        card = visitor.locator("article.card").filter(has_text=name)
        expect(card.locator(".price")).to_contain_text(price)
        expect(card.locator(".stock")).to_have_text(stock)
    for name, quantity in zip(IN_ITALIAN, ("2", "1"), strict=True):
        visitor.goto(f"{address}/it/")
        visitor.get_by_role("heading", name=name).click()
        visitor.fill("form.buy input[name=quantity]", quantity)
        visitor.click("form.buy button")
    visitor.get_by_role("link", name="Vai alla cassa").click()
    for name, value in VISITOR.items():
        visitor.fill(f"form.checkout input[name={name}]", value)
    visitor.select_option("select[name=state]", label="Bologna")
    visitor.check("input[name=payment][value=ps_checkout]")
    visitor.click("form.checkout .right button")
    expect(visitor.locator(".thanks")).to_be_visible()
    shown = visitor.locator("article.order tfoot b").inner_text()
    return shown.removesuffix("€").strip().replace(" ", "").replace(",", ".")


def _open_order(client: WebClient, odoo: OdooServer, total: str) -> int:
    """Find the order below Web Shops > Orders and compare it with what the visitor saw."""
    client.open_app("Web Shops")
    client.open_menu("Orders")
    client.page.locator(".o_list_view .o_data_row").get_by_text("Chiara Bianchi").first.click()
    expect(client.field("partner_id")).to_be_visible()
    state = client.page.locator(".o_form_view [name=state] .o_arrow_button_current")
    expect(state).to_have_text("Sales Order")
    shown = client.page.locator(".oe_subtotal_footer, .o_field_account-tax-totals-field").last
    assert total in shown.inner_text().replace(",", "")
    rpc = Odoo(odoo.url, odoo.database)
    (order,) = rpc.call(
        "sale.order",
        "search_read",
        [("shop_id", "!=", False)],
        ["amount_total", "state", "channel_id"],
    )
    assert Decimal(str(order["amount_total"])) == Decimal(total)
    assert order["state"] == "sale"
    assert order["channel_id"][1] == "Cellar Online"
    return int(order["id"])


def _deliver_and_invoice(odoo: OdooServer, order: int) -> int:
    """Send the goods, then make and post the invoice; returns its id."""
    rpc = Odoo(odoo.url, odoo.database)
    pickings = rpc.call("stock.picking", "search", [("sale_id", "=", order)])
    rpc.call("stock.picking", "write", pickings, {"carrier_tracking_ref": "TRACK-1907"})
    rpc.call("stock.picking", "button_validate", pickings, context={"skip_sms": True})
    (picking,) = rpc.call("stock.picking", "read", pickings, ["state"])
    assert picking["state"] == "done"
    wizard = rpc.call(
        "sale.advance.payment.inv",
        "create",
        {"advance_payment_method": "delivered", "sale_order_ids": [[6, 0, [order]]]},
        context={"active_ids": [order]},
    )
    rpc.call("sale.advance.payment.inv", "create_invoices", [wizard])
    (found,) = rpc.call("sale.order", "read", [order], ["invoice_ids"])
    (invoice,) = found["invoice_ids"]
    rpc.call("account.move", "action_post", [invoice])
    return int(invoice)


def _print_invoice(client: WebClient, invoice: int, folder: Path) -> str:
    """Open the invoice, download it, and return the text on its pages."""
    client.open_path(f"action-account.action_move_out_invoice_type/{invoice}")
    expect(client.page.locator(".o_form_view .o_arrow_button_current")).to_have_text("Posted")
    answer = client.page.request.get(
        f"{client.url}/report/pdf/account.account_invoices/{invoice}", timeout=120_000
    )
    content = answer.body()
    assert answer.status == 200
    assert content.startswith(b"%PDF")
    file = folder / "invoice.pdf"
    file.write_bytes(content)
    facts = _run("pdfinfo", file)
    assert re.search(r"^Pages:\s+[1-9]", facts, re.M), facts
    return " ".join(_run("pdftotext", "-layout", file, "-").split())


def _run(*command: str | Path) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
