"""The order desk on a phone, 390 px wide, and what only a real browser can show."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest
from browsing import Browser, WebClient
from odoo_side import Odoo, prepare
from playwright.sync_api import Locator, Page, expect

from suite import databases, templates
from suite.server import OdooServer

# the tests use one server
pytestmark = pytest.mark.xdist_group("phone")
#: a common phone
WIDTH, HEIGHT = 390, 844
#: height of the courier's two buttons, in CSS pixels: a thumb in a glove hits 44
BIG = 60
MERCHANT = """
from datetime import datetime, timedelta
from odoo.tests import new_test_user

# the hints for beginners and the chat of the bot cover the buttons
env.ref("base.user_admin").write({"tour_enabled": False, "odoobot_state": "disabled"})
stocked("BARO-18", {"en_US": "Barolo, vintage 2018"}, 40.0, 25)
carlo = new_test_user(
    env, "carlo", "base.group_user,retail_crm.group_courier", password="carlo", tz="Europe/Rome")
customer = env["res.partner"].create({
    "name": "Chiara Bianchi", "street": "Via Mazzini 4", "zip": "40121", "city": "Bologna",
    "phone": "+39 051 765432", "country_id": env.ref("base.it").id})
product = env["product.product"].search([("default_code", "=", "BARO-18")])

def order(buyer=customer):
    new = env["sale.order"].create({
        "partner_id": buyer.id, "user_id": env.ref("base.user_admin").id,
        "order_line": [Command.create({"product_id": product.id, "product_uom_qty": 1})]})
    new.action_confirm()
    return new

slip = env["ir.attachment"].create({"name": "slip.txt", "raw": b"one bottle"})
for text in ("Hand over the wine", "Ring at the back door"):
    env["retail.courier.task"].create({
        "order_id": order().id, "courier_id": carlo.id, "text": text,
        "deadline": datetime.now() + timedelta(hours=3), "document_ids": slip.ids})
for name in ("Paolo Verdi", "Giulia Neri"):
    order(customer.copy({"name": name}))
order().activity_schedule(
    "mail.mail_activity_data_call", summary="Ring about the glasses",
    user_id=env.ref("base.user_admin").id)
"""


@pytest.fixture(scope="module")
def odoo() -> Iterator[OdooServer]:
    """Odoo of a merchant with a courier, two tasks of his and a call that is due."""
    with databases.temporary(templates.suite()) as database:
        prepare(database, MERCHANT)
        with OdooServer(database, cron=False) as server:
            yield server


@pytest.fixture
def phone(watched: Callable[..., AbstractContextManager[Browser]]) -> Iterator[Browser]:
    """A browser as narrow as a phone; as ``person`` otherwise."""
    with watched(width=WIDTH, height=HEIGHT) as opened:
        yield opened


@pytest.fixture
def rpc(odoo: OdooServer) -> Odoo:
    return Odoo(odoo.url, odoo.database)


def test_100_the_courier_has_two_big_buttons(phone: Browser, odoo: OdooServer, rpc: Odoo) -> None:
    page = _courier(phone, odoo)
    expect(page.locator("a.card")).to_have_count(2)
    _assert_fits(page)

    page.get_by_text("Hand over the wine").click()
    expect(page.get_by_role("link", name="Call +39 051 765432")).to_have_attribute(
        "href", "tel:+39051765432"
    )
    expect(page.get_by_role("link", name="Map")).to_have_attribute(
        "href", re.compile("openstreetmap.org/search.*Via\\+Mazzini")
    )
    with page.expect_download() as download:
        page.get_by_role("link", name="slip.txt").click()
    assert download.value.path().read_bytes() == b"one bottle"
    _assert_fits(page)
    for button in (page.get_by_role("button", name="Done", exact=True), page.locator("summary")):
        box = button.bounding_box()
        assert box and box["height"] >= BIG and box["width"] > WIDTH * 0.8
    page.get_by_role("button", name="Done", exact=True).click()
    expect(page.locator("h2")).to_have_text("Finished today")
    _assert_states(rpc, {"Hand over the wine": "done", "Ring at the back door": "todo"})

    page.get_by_text("Ring at the back door").click()
    page.locator("summary").click()
    page.get_by_label("Why not?").fill("Nobody at home")
    _assert_fits(page)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Nothing to do now")).to_be_visible()
    expect(page.get_by_text("Nobody at home")).to_be_visible()
    _assert_states(rpc, {"Hand over the wine": "done", "Ring at the back door": "not_done"})


def test_098_my_day_on_the_phone(phone: Browser, odoo: OdooServer) -> None:
    client = WebClient(phone.new_page(), odoo.url)
    client.log_in()
    client.open_path("my-day")
    card = client.page.locator(".o_kanban_record").filter(has_text="Ring about the glasses")
    expect(card).to_be_visible()
    _assert_fits(client.page)
    card.get_by_role("button", name="Open").click()
    expect(client.page.locator(".o_form_view")).to_contain_text("Chiara Bianchi")
    client.open_path("my-day")
    card.get_by_role("button", name="Done").click()
    expect(card).to_have_count(0)


def test_100_an_order_goes_on_by_one_big_button(
    phone: Browser, odoo: OdooServer, rpc: Odoo
) -> None:
    client = WebClient(phone.new_page(), odoo.url)
    client.log_in()
    client.open_path("current-orders")
    card = client.page.locator(".o_kanban_record").filter(has_text="Paolo Verdi")
    button = card.get_by_role("button", name="On Its Way")
    button.scroll_into_view_if_needed()
    box = button.bounding_box()
    assert box and box["height"] >= 40 and box["width"] > WIDTH * 0.3
    with client.page.expect_response(re.compile(r"/web/dataset/call_button/")):
        button.click()
    assert _stage(rpc, "Paolo Verdi") == "On Its Way"


def test_042_a_card_is_dragged_where_it_may_go(
    person: Browser, odoo: OdooServer, rpc: Odoo
) -> None:
    client = WebClient(person.new_page(), odoo.url)
    client.log_in()
    client.open_path("current-orders")
    client.page.locator(".o_switch_view.o_kanban").click()
    _drag(client.page, "Giulia Neri", "On Its Way")
    expect(_column(client.page, "On Its Way")).to_contain_text("Giulia Neri")
    assert _stage(rpc, "Giulia Neri") == "On Its Way"

    _drag(client.page, "Giulia Neri", "New")
    expect(client.page.get_by_role("dialog")).to_contain_text("cannot go back to New")
    assert _stage(rpc, "Giulia Neri") == "On Its Way"


def test_091_a_reminder_comes_up_and_leads_to_the_order(
    person: Browser, odoo: OdooServer, rpc: Odoo
) -> None:
    client = WebClient(person.new_page(), odoo.url)
    client.log_in()
    [order] = rpc.call("sale.order", "search", [("activity_ids", "=", False)], limit=1)
    rpc.call(
        "mail.activity",
        "create",
        {
            "res_model_id": rpc.call("ir.model", "search", [("model", "=", "sale.order")])[0],
            "res_id": order,
            "summary": "Ask about the parcel",
            "user_id": rpc.call("res.users", "search", [("login", "=", "admin")])[0],
            "remind_at": "2026-01-01 08:00:00",
        },
    )
    reminder = client.page.locator(".o_notification").filter(has_text="Ask about the parcel")
    cron = rpc.call("ir.cron", "search", [("cron_name", "=", "Order Desk: reminders of tasks")])
    rpc.call("ir.cron", "method_direct_trigger", cron)
    expect(reminder).to_be_visible()
    client.page.reload()
    expect(reminder).to_be_visible()  # until somebody reacts
    reminder.get_by_role("button", name="Open").click()
    [shown] = rpc.call("sale.order", "read", [order], ["name"])
    expect(client.page.locator(".o_breadcrumb")).to_contain_text(shown["name"])
    expect(reminder).to_have_count(0)


def _column(page: Page, name: str) -> Locator:
    """The column of the board with that stage."""
    header = page.locator(".o_column_title").filter(has_text=name)
    return page.locator(".o_kanban_group").filter(has=header).first


def _drag(page: Page, customer: str, stage: str) -> None:
    """Take the customer's card with the mouse and let it go over the column."""
    card = page.locator(".o_kanban_record").filter(has_text=customer)
    card.locator("a, span, div").filter(has_text=customer).last.hover()
    page.mouse.down()
    target = _column(page, stage).bounding_box()
    assert target
    for part in (0.3, 0.5, 0.6):
        page.mouse.move(target["x"] + target["width"] * part, target["y"] + 120, steps=10)
    with page.expect_response(re.compile(r"/web_save|/web_resequence|/write")):
        page.mouse.up()


def _stage(rpc: Odoo, customer: str) -> str:
    domain = [("partner_id.name", "=", customer)]
    [order] = rpc.call("sale.order", "search_read", domain, ["stage_id"])
    return str(order["stage_id"][1])


def _courier(phone: Browser, odoo: OdooServer) -> Page:
    """The courier logs in and is on his page."""
    page = phone.new_page()
    page.goto(f"{odoo.url}/my/courier")
    page.fill("input[name=login]", "carlo")
    page.fill("input[name=password]", "carlo")
    page.click("button[type=submit]")
    expect(page.locator("h1")).to_have_text("My Courier Tasks")
    return page


def _assert_fits(page: Page) -> None:
    """Nothing has to be pushed sideways."""
    assert page.evaluate("document.documentElement.scrollWidth") <= WIDTH


def _assert_states(rpc: Odoo, expected: dict[str, str]) -> None:
    rows: list[dict[str, Any]] = rpc.call(
        "retail.courier.task", "search_read", [], ["text", "state"]
    )
    assert {row["text"]: row["state"] for row in rows} == expected
