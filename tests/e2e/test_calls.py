"""The card of who is calling, on a real screen, told by a telephone system over HTTP."""

import json
import random
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
import requests
from browsing import Browser, WebClient
from odoo_side import Odoo, prepare
from playwright.sync_api import Page, expect

from suite import databases, templates
from suite.server import OdooServer

# the tests use one server
pytestmark = pytest.mark.xdist_group("calls")
#: seconds from the event of the telephone system to the card on the screen: it is there within one,
#: but a busy machine may be slower, and no poll of anything would be as quick as this
SOON = 8.0
MERCHANT = """
env.ref("base.user_admin").tour_enabled = False  # the hints for beginners cover the buttons
admin = env.ref("base.user_admin")
stocked("BARO-18", {"en_US": "Barolo, vintage 2018"}, 40.0, 25)
product = env["product.product"].search([("default_code", "=", "BARO-18")])
customer = env["res.partner"].create({"name": "Maria Rossi", "phone": "+39 055 123 4567"})
env["sale.order"].create({
    "partner_id": customer.id, "user_id": admin.id,
    "order_line": [Command.create({"product_id": product.id, "product_uom_qty": 1})]})
env["retail.pbx"].create({
    "name": "Office", "extension_ids": [Command.create({"extension": "101", "user_id": admin.id})]})
"""


@pytest.fixture(scope="module")
def odoo() -> Iterator[OdooServer]:
    """Odoo of a merchant with a telephone system, a customer and an open order."""
    with databases.temporary(templates.suite()) as database:
        prepare(database, MERCHANT)
        with OdooServer(database, cron=False) as server:
            yield server


@pytest.fixture
def tell(odoo: OdooServer) -> Callable[..., requests.Response]:
    """Sends an event as the telephone system does."""
    [pbx] = Odoo(odoo.url, odoo.database).call("retail.pbx", "search_read", [], ["url", "token"])

    def send(event: str, call_id: str, **values: str) -> requests.Response:
        """One event; fails when it is refused."""
        answer = requests.post(
            f"{odoo.url}/retail_crm/call/{pbx['id']}",
            json={"event": event, "call_id": call_id, **values},
            headers={"Authorization": f"Bearer {pbx['token']}"},
            timeout=30,
        )
        assert answer.status_code in (200, 201), answer.text
        return answer

    return send


def test_101_the_card_comes_up_and_goes_with_the_call(
    person: Browser, odoo: OdooServer, tell: Callable[..., requests.Response]
) -> None:
    page = _log_in(person, odoo)
    tell("ringing", "0", number="0551234567", extension="101")
    card = page.locator(".o_call_card")
    expect(card).to_contain_text("Maria Rossi")  # the browser listens by now
    tell("ended", "0")
    expect(card).to_have_count(0)

    began = time.monotonic()
    tell("ringing", "1", number="0551234567", extension="101")
    expect(card).to_contain_text("Maria Rossi", timeout=SOON * 1000)
    assert time.monotonic() - began < SOON
    expect(card).to_contain_text("48.80")  # the open order
    page.reload()
    expect(card).to_contain_text("Maria Rossi")
    card.get_by_role("button", name="Note").click()
    page.locator(".modal .o_field_widget[name=note] textarea").fill("Asks for a gift box")
    page.locator(".modal").get_by_role("button", name="Save").click()
    expect(page.locator(".modal")).to_have_count(0)
    card.get_by_role("button", name="Open Card").click()
    expect(page.locator(".o_desk_customer")).to_contain_text("Maria Rossi")
    card.get_by_role("button", name="New Order").click()
    expect(page.locator(".o_form_view .o_field_widget[name=partner_id] input")).to_have_value(
        "Maria Rossi"
    )
    tell("answered", "1", extension="101")
    tell("ended", "1", duration="42")
    expect(card).to_have_count(0)
    [call] = Odoo(odoo.url, odoo.database).call(
        "retail.call", "search_read", [("external_id", "=", "1")], ["note", "state", "duration"]
    )
    assert (call["note"], call["state"], call["duration"]) == ("Asks for a gift box", "ended", 42)


def test_101_a_stranger_becomes_a_customer(
    person: Browser, odoo: OdooServer, tell: Callable[..., requests.Response]
) -> None:
    page = _log_in(person, odoo)
    tell("ringing", "2", number="+39 045 999 8877", extension="101")
    card = page.locator(".o_call_card").filter(has_text="999 8877")
    expect(card.locator(".o_call_name")).to_have_text("+39 045 999 8877")
    card.get_by_role("button", name="Open Card").click()
    expect(page.locator(".modal")).to_contain_text("Inquiry")
    values = page.locator(".modal input").evaluate_all("boxes => boxes.map(box => box.value)")
    assert "+39 045 999 8877" in values
    page.locator(".modal .btn-close").click()
    card.get_by_role("button", name="Close").click()
    expect(card).to_have_count(0)
    tell("missed", "2")


def test_103_events_that_come_at_once_are_one_call_each(
    odoo: OdooServer, tell: Callable[..., requests.Response]
) -> None:
    events = [
        {"event": "ringing", "number": "0551234567", "extension": "101"},
        {"event": "answered", "extension": "101"},
        {"event": "ended", "duration": "60"},
    ]
    jobs = [{"call_id": f"race {number}", **event} for number in range(8) for event in events]
    random.Random(7).shuffle(jobs)
    with ThreadPoolExecutor(max_workers=4) as pool:
        list(pool.map(lambda job: tell(**job), [*jobs, *jobs]))
    calls = Odoo(odoo.url, odoo.database).call(
        "retail.call", "search_read", [("external_id", "like", "race")], ["state", "partner_id"]
    )
    assert [call["state"] for call in calls] == ["ended"] * 8
    assert {call["partner_id"][1] for call in calls} == {"Maria Rossi"}


def test_104_a_number_on_the_screen_calls_by_the_telephone_system(
    person: Browser, odoo: OdooServer
) -> None:
    asked: list[dict] = []

    class Telephones(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # name of the library
            length = int(self.headers["Content-Length"])
            asked.append(json.loads(self.rfile.read(length)))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            """Nothing on the screen of the tests."""

    server = HTTPServer(("127.0.0.1", 0), Telephones)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        rpc = Odoo(odoo.url, odoo.database)
        address = f"http://127.0.0.1:{server.server_port}/call"
        rpc.call(
            "retail.pbx",
            "write",
            rpc.call("retail.pbx", "search", []),
            {"call_method": "http", "call_url": address},
        )
        [customer] = rpc.call("res.partner", "search", [("name", "=", "Maria Rossi")])
        client = WebClient(person.new_page(), odoo.url)
        client.log_in()
        client.open_path(f"res.partner/{customer}")
        # it is in sight while the mouse is over its field
        client.page.locator("a[href^='tel:']").first.dispatch_event("click")
        expect(client.page.locator(".o_notification")).to_contain_text("Your telephone rings")
    finally:
        server.shutdown()
        server.server_close()
    assert [(one["number"], one["extension"]) for one in asked] == [("+390551234567", "101")]


def _log_in(person: Browser, odoo: OdooServer) -> Page:
    client = WebClient(person.new_page(), odoo.url)
    client.log_in()
    client.open_path("calls")
    return client.page
