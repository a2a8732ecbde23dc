"""The scenarios shipped as tours: an administrator starts them in a database with demo data."""

from collections.abc import Callable, Iterator

import pytest
from browsing import PATIENCE, Browser, WebClient
from odoo_side import Odoo
from playwright.sync_api import Locator, Page, expect

from suite import databases, templates
from suite.server import OdooServer

# the tests use one server
pytestmark = pytest.mark.xdist_group("demo_tours")
FIRST, NEW_CUSTOMER, KNOWN, LEAD = (
    f"retail_crm_scenario_{name}"
    for name in ("web_order", "phone_order", "shop_phone_order", "lead")
)


@pytest.fixture(scope="module")
def odoo() -> Iterator[OdooServer]:
    """Odoo with the demo data of our addons."""
    with (
        databases.temporary(templates.demo()) as database,
        OdooServer(database, cron=False) as server,
    ):
        yield server


@pytest.fixture
def read(odoo: OdooServer) -> Callable[..., list[dict]]:
    """Reads sales orders."""
    rpc = Odoo(odoo.url, odoo.database)

    def search(domain: list, *names: str) -> list[dict]:
        """The fields of the orders of this condition, the latest first."""
        return rpc.call("sale.order", "search_read", domain, list(names), order="id desc")

    return search


def test_the_tours_run_by_themselves(
    person: Browser, odoo: OdooServer, read: Callable[..., list[dict]]
) -> None:
    page = _log_in(person, odoo)
    for tour in (FIRST, NEW_CUSTOMER, KNOWN, LEAD):
        with page.expect_console_message(
            lambda message: "tour succeeded" in message.text, timeout=2 * PATIENCE
        ):
            _start(page, odoo, tour, "o_test_tour")
    [web] = read([("client_order_ref", "=", "WEB-1907")], "stage_category")
    assert web["stage_category"] == "done"
    for name in ("Chiara Bianchi", "Luca Neri"):
        [order] = read([("partner_id.name", "=", name)], "state")
        assert order["state"] == "sale"


def test_a_person_is_led_through_a_tour(person: Browser, odoo: OdooServer) -> None:
    page = _log_in(person, odoo)
    _start(page, odoo, NEW_CUSTOMER, "o_start_tour")
    expect(page.locator(".o_tour_pointer")).to_be_visible()
    _type(page, "[data-focus=finder]", "0577112233")
    _click(page, ".o_desk_hits .dropdown-item:has(.fa-plus)")
    _type(page, "#o_inquiry_name", "Sara Ricci")
    _click(page, ".modal-footer button[data-hotkey=v]")
    _type(page, "[data-focus=product]", "BARO-18")
    _click(page, ".o_desk_what .o_desk_hits .dropdown-item")
    _type(page, "[data-focus=quantity]", "1")
    page.keyboard.press("Enter")
    _type(page, "#o_desk_wish", "after six")
    page.keyboard.press("Enter")
    _click(page, ".o_desk_steps button[name=confirm]")
    with page.expect_console_message(
        lambda message: "tour succeeded" in message.text, timeout=2 * PATIENCE
    ):
        _click(page, ".o_desk_steps button[name=payment]")
    expect(page.locator(".o_desk_customer")).to_contain_text("Sara Ricci")


def _type(page: Page, box: str, text: str) -> None:
    """Type into the box that the tour waits for."""
    _look(page, box).press_sequentially(text, delay=20)


def _click(page: Page, what: str) -> None:
    """Click what the tour waits for."""
    _look(page, what).click()


def _look(page: Page, what: str) -> Locator:
    """A person looks before he acts; meanwhile the tour finds the next box, too, and listens."""
    wanted = page.locator(what).first
    expect(wanted).to_be_visible()
    page.wait_for_timeout(1000)
    return wanted


def _log_in(person: Browser, odoo: OdooServer) -> Page:
    client = WebClient(person.new_page(), odoo.url)
    client.log_in()
    return client.page


def _start(page: Page, odoo: OdooServer, tour: str, button: str) -> None:
    """Press a button of a tour in the list of tours."""
    page.goto(f"{odoo.url}/odoo/action-web_tour.tour_action")
    page.locator(".o_data_row").filter(has=page.get_by_text(tour, exact=True)).locator(
        f".{button}"
    ).click()
