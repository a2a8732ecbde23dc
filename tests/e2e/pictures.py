"""Take the pictures of the documentation from a running demo (``scripts/demo``).

Run with the project's Python: .local/venv/bin/python tests/e2e/pictures.py [--url URL]
The wizard's pictures come from its test, with WIZARD_PICTURES=FOLDER in the environment:
scripts/test tests/e2e/test_wizard.py
"""

import argparse
import sys
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / each) for each in ("scripts", "tests/e2e", "addons/shop_connector")]

from browsing import WebClient, browser  # noqa: E402
from odoo_side import Odoo  # noqa: E402
from picture_scene import SHOP, prepare  # noqa: E402
from playwright.sync_api import expect  # noqa: E402

from suite import console, paths  # noqa: E402

DOCS = paths.ROOT / "docs"
DESCRIPTION = paths.ADDONS / "shop_connector/static/description"
SIZE = {"width": 1280, "height": 860}
#: page of the shop's form (with that inside it) -> picture
SHOP_PAGES = {
    ("Monitor",): "shop_monitor",
    ("Rules",): "shop_rules",
    ("Customers and Money",): "shop_money",
    ("What Leads",): "shop_leads",
    ("Mappings", "Languages"): "shop_languages",
    ("Mappings", "Taxes"): "shop_taxes",
    ("Mappings", "Currencies"): "shop_currencies",
    ("Mappings", "Carriers"): "shop_carriers",
    ("Mappings", "Customer Groups"): "shop_groups",
    ("Mappings", "Payment Methods"): "shop_payments",
    ("Exchange",): "shop_exchange",
}
#: address of a list -> picture
LISTS = {
    "shop-payments": "payments",
    "shop-mappings": "mappings",
    "shop-links": "shop_links",
    "shop-stock-rules": "stock_rules",
    "shop-customer-bases": "customer_bases",
    "found-in-shops": "found_in_shops",
    "shop-products": "shop_products",
    "action-shop_connector.product_template_to_fix_action": "products_to_fix",
    "action-shop_connector.shop_hint_action": "webhook_calls",
    "sales-channels": "sales_channels",
}
READY = "document.fonts.status === 'loaded' && [...document.images].every(one => one.complete)"


class Photographer:
    """Walks through the demo's screens and keeps what it sees."""

    def __init__(self, client: WebClient, odoo: Odoo) -> None:
        self.client = client
        self.odoo = odoo

    def take(self, *files: Path) -> None:
        """Photograph the window once it is quiet; the same picture goes to every file."""
        page = self.client.page
        expect(page.locator(".o_loading_indicator")).to_have_count(0)
        page.wait_for_function(READY)
        page.locator(".o_notification_close").evaluate_all("all => all.forEach(b => b.click())")
        page.mouse.move(SIZE["width"] - 5, SIZE["height"] - 5)
        picture = page.screenshot(animations="disabled")
        for file in files:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(picture)
            print(file.relative_to(paths.ROOT))

    def overview(self) -> None:
        """The first screen: a card with figures for each shop."""
        self.client.open_path("web-shops")
        self.take(DESCRIPTION / "overview.png")

    def shop_form(self) -> None:
        """The connected shop, page by page."""
        (shop,) = self.odoo.call("shop.shop", "search", SHOP, limit=1)
        self.client.open_path(f"web-shops/{shop}")
        self._open_pages("Mappings", "Order Statuses")
        self.take(DOCS / "shop-form.png", DESCRIPTION / "shop_form.png")
        for pages, name in SHOP_PAGES.items():
            self._open_pages(*pages)
            self.client.page.locator(".o_notebook").first.scroll_into_view_if_needed()
            self.take(DESCRIPTION / f"{name}.png")

    def _open_pages(self, *pages: str) -> None:
        for page in pages:
            self.client.open_page(page)

    def lists(self) -> None:
        """Lists as they open."""
        for path, name in LISTS.items():
            self.client.open_path(path)
            self.take(DESCRIPTION / f"{name}.png")

    def dry_run(self) -> None:
        """What the next exchange would do, from the button on the shop."""
        (shop,) = self.odoo.call("shop.shop", "search", SHOP, limit=1)
        self.client.open_path(f"web-shops/{shop}")
        self.client.press("Dry Run")
        headers = self.client.page.locator(".o_group_header")
        expect(headers.first).to_be_visible()
        headers.first.click()  # the side that changes here; the other is longer
        expect(self.client.page.locator(".o_list_view .o_data_row").first).to_be_visible()
        self.take(DESCRIPTION / "dry_run.png")

    def category(self) -> None:
        """What a category is called in the shops, and which of them show it."""
        (category,) = self.odoo.call("product.category", "search", [("parent_id", "!=", False)],
                                     limit=1, order="id desc")  # fmt: skip
        self.client.open_path(f"action-product.product_category_action_form/{category}")
        expect(self.client.field("name")).to_be_visible()
        self.take(DESCRIPTION / "category.png")

    def refund(self) -> None:
        """Money that the shop gave back, with its credit note."""
        found = self.odoo.call("shop.payment", "search", [("kind", "=", "refund")], limit=1)
        self.client.open_path(f"shop-payments/{found[0]}")
        expect(self.client.field("order_id")).to_be_visible()
        self.take(DESCRIPTION / "refund.png")

    def removal(self) -> None:
        """What is asked before a product is deleted in the shop; nothing is deleted."""
        self.client.open_path("shop-links")
        self.client.page.locator(".o_data_row button[name=action_open_removal]").first.click()
        dialog = self.client.page.locator(".modal")
        expect(dialog).to_contain_text("Delete in the Shop")
        self.take(DESCRIPTION / "removal.png")
        dialog.get_by_role("button", name="Keep It").click()

    def web_order(self) -> None:
        """An order of the shop that was confirmed and has several lines."""
        orders = self.odoo.call(
            "sale.order",
            "search_read",
            [("shop_id", "!=", False), ("state", "=", "sale")],
            ["order_line"],
        )
        order = max(orders, key=lambda found: len(found["order_line"]))
        self.client.open_path(f"shop-orders/{order['id']}")
        expect(self.client.field("partner_id")).to_be_visible()
        self.take(DOCS / "web-order.png", DESCRIPTION / "web_order.png")

    def conflict(self) -> None:
        """An order that waits for a decision, if somebody made one (the demo has none)."""
        held = self.odoo.call("sale.order", "search", [("shop_hold_reason", "!=", False)], limit=1)
        if held:
            self.client.open_path(f"shop-orders/{held[0]}")
            expect(self.client.field("partner_id")).to_be_visible()
            self.take(DESCRIPTION / "conflict.png")

    def abandoned_carts(self) -> None:
        """Carts that were left, if somebody left one (the demo's shop does not read them)."""
        if self.odoo.call("shop.cart", "search_count", []):
            self.client.open_path("abandoned-carts")
            self.take(DESCRIPTION / "carts.png")

    def exchanges(self) -> None:
        """The log of what was sent and received, and one of its entries."""
        self.client.open_path("shop-exchanges")
        for facet in self.client.page.locator(".o_facet_remove").all():
            facet.click()
        # without the filter on what failed: rows, and no sample behind a friendly face
        expect(self.client.page.locator(".o_view_nocontent")).to_have_count(0)
        expect(self.client.page.locator(".o_data_row").first).to_be_visible()
        self.take(DESCRIPTION / "exchanges.png")
        (job,) = self.odoo.call("shop.job", "search", [("kind", "=", "product")], limit=1)
        self.client.open_path(f"shop-exchanges/{job}")
        self.take(DESCRIPTION / "exchange.png")

    def product_page(self) -> None:
        """Where a product is sold."""
        products = self.odoo.call(
            "product.template",
            "search_read",
            [("shop_ids", "!=", False)],
            ["product_variant_count"],
        )
        product = max(products, key=lambda found: found["product_variant_count"])
        self.client.open_path(f"shop-products/{product['id']}")
        self.client.open_page("Web Shops")
        self.take(DESCRIPTION / "product_page.png")
        self.client.page.get_by_text("More Pictures", exact=True).evaluate(
            "it => it.scrollIntoView()"
        )
        self.take(DESCRIPTION / "product_page_more.png")


def program() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--url", default="http://127.0.0.1:8069", help="default: %(default)s")
    parser.add_argument("-d", "--database", default="demo", help="default: %(default)s")
    arguments = parser.parse_args()
    if urlsplit(arguments.url).scheme not in ("http", "https"):
        raise console.Fault("Give the address of the running demo, http://...")
    odoo = Odoo(arguments.url, arguments.database)
    admin = odoo.call("res.users", "search", [("login", "=", "admin")])
    odoo.call("res.users", "write", admin, {"tour_enabled": False})  # no hints over the buttons
    prepare(odoo)
    with browser(**SIZE) as opened:
        client = WebClient(opened.new_page(), arguments.url)
        client.log_in()
        photographer = Photographer(client, odoo)
        photographer.overview()
        photographer.shop_form()
        # what it finds in the shop is among the lists
        photographer.dry_run()
        photographer.lists()
        photographer.category()
        photographer.refund()
        photographer.removal()
        photographer.web_order()
        photographer.conflict()
        photographer.abandoned_carts()
        photographer.exchanges()
        photographer.product_page()
    return 0


if __name__ == "__main__":
    console.main(program)
