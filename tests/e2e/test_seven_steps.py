"""A person orders, receives in part, sells, delivers, moves to and fro and gives the rest up.

What the availability list shows is read from the screen after each step, and so are the numbers of
the documents; the transport document is printed at the end. With DOCUMENT_PICTURES=FOLDER in the
environment, pictures of the screens and of the paper are left there for the manual.
"""

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import WebClient
from odoo_side import Odoo, prepare, wait_until
from playwright.sync_api import expect

from suite import databases, templates
from suite.server import OdooServer

MERCHANT = """
for xmlid in ("stock.group_stock_multi_warehouses", "stock.group_stock_multi_locations"):
    env.ref("base.group_user").implied_ids += env.ref(xmlid)
env.ref("base.user_admin").tour_enabled = False  # the hints for beginners cover the buttons
warehouse.name = "Main"
internal = env["stock.warehouse"].create({"name": "Internal", "code": "INT"})
laptop = env["product.product"].create({
    "name": "Laptop", "is_storable": True, "list_price": 900, "weight": 2.4, "volume": 0.01})
vendor, customer = env["res.partner"].create([
    {"name": "Computer Works", "city": "Torino"},
    {"name": "Studio Verdi", "street": "Via Roma 1", "zip": "10121", "city": "Torino"},
])
company.partner_id.write({"street": "Via Mazzini 1", "zip": "37121", "city": "Verona"})
for name, option in (("appearance", "boxes"), ("port", "carriage_paid"), ("method", "carrier")):
    customer[f"transport_{name}_id"] = env.ref(f"multi_warehouse_docs.{name}_{option}")
env["purchase.order"].create({"partner_id": vendor.id, "order_line": [
    Command.create({"product_id": laptop.id, "product_qty": 5, "price_unit": 700})]})
env["sale.order"].create({"partner_id": customer.id, "order_line": [
    Command.create({"product_id": laptop.id, "product_uom_qty": 1})]})
env["stock.picking"].create({
    "picking_type_id": warehouse.int_type_id.id, "location_id": warehouse.lot_stock_id.id,
    "location_dest_id": internal.lot_stock_id.id, "move_ids": [Command.create({
        "product_id": laptop.id, "product_uom_qty": 1, "location_id": warehouse.lot_stock_id.id,
        "location_dest_id": internal.lot_stock_id.id})]})
"""
PICTURES = os.environ.get("DOCUMENT_PICTURES")
COLUMNS = ("on_hand", "committed", "ordered")


@pytest.fixture(scope="module")
def odoo() -> Iterator[OdooServer]:
    """Odoo of a merchant with two warehouses, a product, and three drafts about it."""
    with databases.temporary(templates.suite()) as database:
        prepare(database, MERCHANT)
        with OdooServer(database, cron=False) as server:
            yield server


def test_the_seven_steps(client: WebClient, odoo: OdooServer, tmp_path: Path) -> None:
    person = Person(client, Odoo(odoo.url, odoo.database))
    person.confirm_purchase()
    person.expect_stock({"Main": (0, 0, 5)})
    person.receive(3)
    person.expect_stock({"Main": (3, 0, 2)})
    person.confirm_sale()
    person.expect_stock({"Main": (3, 1, 2)})
    delivery = person.deliver()
    person.expect_stock({"Main": (2, 0, 2)})
    transfer = person.transfer()
    person.expect_stock({"Main": (1, 0, 2), "Internal": (1, 0, 0)})
    person.bring_back(transfer)
    person.expect_stock({"Main": (2, 0, 2)})
    person.give_up(1)
    person.expect_stock({"Main": (2, 0, 1)})
    person.show_documents(delivery)

    text = person.print(delivery, tmp_path)
    for expected in ("Studio Verdi", "Via Roma 1", "Laptop", person.number):
        assert expected in text


class Person:
    """Somebody at the screen; drafts are found by their ids, everything else is clicked."""

    def __init__(self, client: WebClient, rpc: Odoo) -> None:
        self.client, self.page, self.rpc = client, client.page, rpc
        self.number = ""

    # === THE STEPS ===

    def confirm_purchase(self) -> None:
        """Step 1: the order gets its number when it is confirmed, and not before."""
        self.client.open_path(f"action-purchase.purchase_form_action/{self._id('purchase.order')}")
        expect(self.client.field("partner_id")).to_be_visible()
        assert self._shown_number() == ""
        self.client.press("Confirm Order")
        self._expect_number("PO/")

    def receive(self, quantity: int) -> None:
        """Step 2: fewer pieces came than ordered; the rest stays open."""
        receipt = self._id("stock.picking", ("picking_type_code", "=", "incoming"))
        self._open_transfer(receipt)
        cell = self.page.locator(".o_field_widget[name=move_ids] td[name=quantity]").first
        cell.click()
        cell.locator("input").fill(str(quantity))
        self.client.press("Validate")
        self.client.answer("Create Backorder", None)
        self._expect_number("GR/")

    def confirm_sale(self) -> None:
        """Step 3."""
        self.client.open_path(f"action-sale.action_orders/{self._id('sale.order')}")
        expect(self.client.field("partner_id")).to_be_visible()
        self.client.press("Confirm")
        self._expect_number("SO/")

    def deliver(self) -> int:
        """Step 4: returns the delivery's id; its number is kept."""
        delivery = self._id("stock.picking", ("picking_type_code", "=", "outgoing"))
        self._open_transfer(delivery)
        self.client.press("Validate")
        self.number = self._expect_number("DN/")
        return delivery

    def transfer(self) -> int:
        """Step 5: an internal document without any partner."""
        transfer = self._id("stock.picking", ("picking_type_code", "=", "internal"))
        self._open_transfer(transfer)
        self.client.press("Mark as Todo")
        self.client.press("Validate")
        self._expect_number("IT/")
        return transfer

    def bring_back(self, transfer: int) -> None:
        """Step 6: the same way back is the next number of the same series."""
        self._open_transfer(transfer)
        first = self._expect_number("IT/")
        header = self.page.locator(".o_form_view .o_form_statusbar")
        header.get_by_role("button", name="Return", exact=True).click()
        dialog = self.page.locator(".modal")
        cell = dialog.locator("td[name=quantity]").first
        cell.click()
        cell.locator("input").fill("1")
        dialog.locator(".modal-footer").get_by_role("button", name="Return", exact=True).click()
        expect(dialog).to_have_count(0)
        expect(self.page.locator(".o_form_view .o_arrow_button_current")).not_to_have_text("Done")
        self.client.press("Validate")
        second = self._expect_number("IT/")
        assert int(second.rsplit("/")[-1]) == int(first.rsplit("/")[-1]) + 1

    def give_up(self, quantity: int) -> None:
        """Step 7: one piece of what is still ordered will not come."""
        self.client.open_path(f"action-purchase.purchase_form_action/{self._id('purchase.order')}")
        self.client.press("Cancel Remaining")
        cell = self.page.locator(".modal td[name=quantity]").first
        cell.click()
        cell.locator("input").fill(str(quantity))
        self.client.answer("Cancel These Quantities", None)

    def show_documents(self, delivery: int) -> None:
        """Look at the delivery, the register of numbers and the ledger."""
        self._open_transfer(delivery)
        self.client.open_page("Transport")
        self.page.locator("[name=transport_note]").first.scroll_into_view_if_needed()
        self._take("transport")
        for action, numbers in (("document_register", 6), ("stock_ledger_line", 4)):
            self.client.open_path(f"action-multi_warehouse_docs.{action}_action")
            rows = self.page.locator(".o_list_view .o_data_row")
            wait_until(lambda: rows.count() >= numbers, f"{numbers} rows in {action}")  # noqa: B023
            self._take(action)

    # === WHAT IS SEEN ===

    def expect_stock(self, expected: dict[str, tuple[int, ...]]) -> None:
        """Read the availability list; the client shows what it remembers until it has asked."""
        self.client.open_path("availability")
        expect(self.page.locator(".o_list_view .o_data_row").first).to_be_visible()
        wait_until(lambda: self._stock() == expected, f"{expected}; shown is {self._stock()}")
        self._take("availability")

    def _stock(self) -> dict[str, tuple[int, ...]]:
        """The list as it is: {warehouse: (on hand, committed, ordered)}, without zeros."""
        found = {}
        for row in self.page.locator(".o_list_view .o_data_row").all():
            texts = [row.locator(f"td[name={name}]").inner_text().strip() for name in COLUMNS]
            figures = tuple(int(float(text or 0)) for text in texts)
            if any(figures):
                found[row.locator("td[name=warehouse_id]").inner_text().strip()] = figures
        return found

    def print(self, delivery: int, folder: Path) -> str:
        """Press the print button of the delivery; returns the text of the PDF."""
        self._open_transfer(delivery)
        with self.page.expect_download(timeout=180_000) as loading:
            self.client.press("Print Document")
            # Odoo asks once how the company's documents look
            self.page.get_by_role("dialog").get_by_role("button", name="Continue").click()
        file = folder / "document.pdf"
        loading.value.save_as(file)
        assert file.read_bytes().startswith(b"%PDF")
        if PICTURES:
            paper = Path(PICTURES) / "transport_document"
            paint = ("pdftoppm", "-png", "-r", "80", "-singlefile", str(file), str(paper))
            subprocess.run(paint, check=True)
        command = ("pdftotext", "-layout", str(file), "-")
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        return " ".join(done.stdout.split())

    def _take(self, name: str) -> None:
        if PICTURES:
            expect(self.page.locator(".o_loading_indicator")).to_have_count(0)
            self.page.screenshot(path=Path(PICTURES) / f"{name}.png", animations="disabled")

    def _open_transfer(self, transfer: int) -> None:
        self.client.open_path(f"action-stock.action_picking_tree_all/{transfer}")
        expect(self.client.field("picking_type_id")).to_be_visible()

    def _shown_number(self) -> str:
        shown = self.page.locator(".o_form_view .o_field_widget[name=document_number]")
        return shown.first.inner_text().strip() if shown.count() else ""

    def _expect_number(self, prefix: str) -> str:
        field = self.page.locator(".o_form_view .o_field_widget[name=document_number]").first
        expect(field).to_contain_text(re.compile(rf"^\s*{prefix}\d{{4}}/\d{{5}}"))
        return self._shown_number()

    def _id(self, model: str, *domain: tuple[str, str, str]) -> int:
        (found,) = self.rpc.call(model, "search", list(domain), order="id", limit=1)
        return int(found)
