"""Take the pictures of the order desk's manual from a running demo (``scripts/demo``).

Run with the project's Python: .local/venv/bin/python tests/e2e/desk_pictures.py [--url URL]
With --lang it_IT or hu_HU and --folder elsewhere, to see what people see who work in that language.
"""

import argparse
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import requests

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / each) for each in ("scripts", "tests/e2e", "addons/shop_connector")]

from browsing import WebClient, browser  # noqa: E402
from odoo_side import Odoo  # noqa: E402
from playwright.sync_api import expect  # noqa: E402

from suite import console, databases, paths  # noqa: E402

DESCRIPTION = paths.ADDONS / "retail_crm/static/description"
SIZE = {"width": 1280, "height": 860}
PHONE = {"width": 390, "height": 844}
NUMBER = "0458001234"
#: address -> picture
SCREENS = {
    "order-board": "order_board",
    "current-orders": "current_orders",
    "calls": "calls",
    "my-day": "my_day",
    "courier-tasks": "courier_tasks",
    "action-retail_crm.crm_team_member_board_action": "team_board",
    "action-retail_crm.retail_assignment_rule_action": "assignment_rules",
    "action-retail_crm.retail_order_stage_action": "stages",
    "order-desk-rules": "rules",
    "channel-analysis": "channel_analysis",
}
#: action, model, domain of the record, picture of its form
FORMS = (
    ("sales-channels", "sales.channel", [("channel_type", "=", "phone")], "channel"),
    ("telephone-systems", "retail.pbx", [], "telephone_system"),
    ("lead-forms", "retail.lead.form", [], "lead_form"),
    ("order-desk-rules", "base.automation", [("name", "ilike", "cart")], "recipe"),
)
READY = "document.fonts.status === 'loaded' && [...document.images].every(one => one.complete)"
#: people, a telephone system, calls, tasks and orders on their way; harmless twice
SCENE = """
from datetime import timedelta
from odoo import fields
from odoo.fields import Command

admin = env.ref("base.user_admin")
admin.write({"tour_enabled": False, "lang": LANG,
             "group_ids": [Command.link(env.ref("retail_crm.group_courier").id)]})
env = env(user=admin.id)
now = fields.Datetime.now()
orders = env["sale.order"].search([("state", "=", "sale")], limit=4)
if not env["retail.pbx"].search_count([]):
    maria = env["res.partner"].create({"name": "Maria Rossi", "phone": "+39 045 800 1234",
                                       "email": "maria.rossi@example.com", "user_id": admin.id})
    wine = env["product.product"].search([("is_storable", "=", True)], limit=1)
    env["sale.order"].create({"partner_id": maria.id, "user_id": admin.id, "order_line": [
        Command.create({"product_id": wine.id, "product_uom_qty": 6})]})
    env["retail.pbx"].create({
        "name": "Office", "extension_ids": [Command.create({"extension": "101",
                                                            "user_id": admin.id})]})
    channel = env["sales.channel"].search([("channel_type", "=", "form")], limit=1)
    env["retail.lead.form"].create({"name": "Contact page", "channel_id": channel.id,
                                    "allowed_origins": "https://www.example.com"})
    team = env.ref("sales_team.team_sales_department")
    env["retail.assignment.rule"].create([
        {"name": "Known customers", "method": "customer_manager", "team_id": team.id},
        {"name": "Everybody in turn", "method": "round_robin", "team_id": team.id}])
    for order in orders:
        order.user_id = admin
    call = env.ref("mail.mail_activity_data_call")
    for order, text, hours in zip(orders, ("Ask which floor", "Offer gift paper"), (1, 2)):
        order.activity_schedule(activity_type_id=call.id, summary=text, user_id=admin.id,
                                date_deadline=fields.Date.context_today(admin),
                                remind_at=now + timedelta(hours=hours))
    for order, text in zip(orders, ("Ring at the gate", "Call ten minutes before")):
        env["retail.courier.task"].create({
            "order_id": order.id, "courier_id": admin.id, "text": text,
            "deadline": now + timedelta(hours=3), "amount_to_collect": order.amount_total})
env.cr.commit()
env.registry.signal_changes()  # language and groups are kept by the server that is running
"""


def _tell(url: str, odoo: Odoo, event: str, call: str, **values: str) -> None:
    """An event of the telephone system, over its webhook."""
    [pbx] = odoo.call("retail.pbx", "search_read", [], ["token"], limit=1)
    requests.post(
        f"{url}/retail_crm/call/{pbx['id']}",
        json={"event": event, "call_id": call, **values},
        headers={"Authorization": f"Bearer {pbx['token']}"},
        timeout=60,
    ).raise_for_status()


class DeskPhotographer:
    """Walks through the order desk's screens and keeps what it sees."""

    def __init__(self, client: WebClient, odoo: Odoo, folder: Path) -> None:
        self.client, self.odoo, self.folder = client, odoo, folder

    def take(self, name: str) -> None:
        """Photograph the window once it is quiet."""
        page = self.client.page
        expect(page.locator(".o_loading_indicator")).to_have_count(0)
        page.wait_for_function(READY)
        page.mouse.move(SIZE["width"] - 5, SIZE["height"] - 5)
        self.folder.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=self.folder / f"{name}.png", animations="disabled")
        print(name)

    def screens(self) -> None:
        """Lists and boards as they open."""
        for path, name in SCREENS.items():
            self.client.open_path(path)
            self.take(name)

    def forms(self) -> None:
        """One record of each."""
        for path, model, domain, name in FORMS:
            found = self.odoo.call(model, "search", domain, limit=1, context={"active_test": False})
            self.client.open_path(f"{path}/{found[0]}")
            expect(self.client.page.locator(".o_form_view").first).to_be_visible()
            self.take(name)

    def order(self) -> None:
        """An order with its stage, its time left and why it is whose."""
        found = self.odoo.call("sale.order", "search", [("state", "=", "sale")], limit=1)
        self.client.open_path(f"current-orders/{found[0]}")
        expect(self.client.field("partner_id")).to_be_visible()
        self.take("order")

    def call(self) -> None:
        """Who is calling."""
        page = self.client.page
        page.goto(f"{self.client.url}/odoo/order-desk")
        expect(page.get_by_role("combobox").first).to_be_visible()
        card, call = page.locator(".o_call_card"), f"picture-{time.time_ns()}"
        _tell(self.client.url, self.odoo, "ringing", call, number=NUMBER, extension="101")
        expect(card).to_be_visible()
        self.take("caller")
        _tell(self.client.url, self.odoo, "missed", call)
        expect(card).to_have_count(0)

    def courier(self) -> None:
        """What the courier has on the phone."""
        page = self.client.page
        page.set_viewport_size(PHONE)
        page.goto(f"{self.client.url}/my/courier")
        self.take("courier_page")
        page.set_viewport_size(SIZE)

    def tracking(self) -> None:
        """What the customer sees."""
        page = self.client.page
        (order,) = self.odoo.call("sale.order", "search", [("state", "=", "sale")], limit=1)
        action = self.odoo.call("sale.order", "action_open_tracking", [order])
        page.goto(self.client.url + urlsplit(action["url"])._replace(scheme="", netloc="").geturl())
        self.take("tracking")


def program() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--url", default="http://127.0.0.1:8069", help="default: %(default)s")
    parser.add_argument("-d", "--database", default="demo", help="default: %(default)s")
    parser.add_argument("--lang", default="en_US", help="default: %(default)s")
    parser.add_argument("--folder", type=Path, default=DESCRIPTION, help="default: the manual's")
    arguments = parser.parse_args()
    if urlsplit(arguments.url).scheme not in ("http", "https"):
        raise console.Fault("Give the address of the running demo, http://...")
    databases.shell(arguments.database, f"LANG = {arguments.lang!r}\n{SCENE}")
    odoo = Odoo(arguments.url, arguments.database)
    with browser(**SIZE) as opened:
        client = WebClient(opened.new_page(), arguments.url)
        client.log_in()
        photographer = DeskPhotographer(client, odoo, arguments.folder)
        photographer.call()
        photographer.screens()
        photographer.forms()
        photographer.order()
        photographer.courier()
        photographer.tracking()
    return 0


if __name__ == "__main__":
    console.main(program)
