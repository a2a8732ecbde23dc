"""WooCommerce as the contract suite sees it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
import requests
from werkzeug.wrappers import Request, Response
from world import World

from shopapi.documents import Product
from shopapi.money import amount_of
from shopapi.systems.woocommerce import reading

#: what the stock of a product and the shop's clock move
_STOCK = {"manage_stock", "stock_quantity", "stock_status", "backorders", "date_modified"}
_TEXT_FIELDS = {"name": "name", "slug": "slug"}


class WooCommerceWorld(World):
    """WooCommerce 8.2 to 11."""

    system = "woocommerce"
    features = frozenset({"plain_https"})
    vouchers = {"percent": "wine10", "amount": "grazie5"}
    suffixes = ("/", "/wp-json", "/wp-json/wc/v3", "/wp-admin/", "  ")
    picture_path = "wp-content"
    #: statuses of WooCommerce that stand for a finer meaning elsewhere
    synonyms = {"paid": "processing", "delivered": "shipped"}

    @property
    def shop(self) -> Any:
        return self.simulator.shop

    def row(self, sku: str) -> dict[str, Any]:
        found: dict[str, Any] = self.simulator.checkouts.by_sku(sku)
        return found

    def names_of(self, sku: str) -> dict[str, str]:
        return {self.language("it"): unescape(self.row(sku)["name"])}

    def held(self, sku: str) -> dict[str, Any]:
        row = {key: value for key, value in self.row(sku).items() if key not in _STOCK}
        return {
            key: unescape(value) if isinstance(value, str) else value for key, value in row.items()
        } | {key: list(value) for key, value in row.items() if isinstance(value, list)}

    def barcode_of(self, sku: str) -> str:
        row = self.row(sku)
        meta = [item["value"] for item in row["meta_data"] if item["key"] == "_global_unique_id"]
        return str(row["gtin"] or "".join(meta))

    def net_price_of(self, sku: str) -> Decimal:
        view = self.simulator.routes.products.view
        row = self.row(sku)
        gross = Decimal(view.price(row) or 0)
        rate = next(
            Decimal(each["rate"])
            for each in self.shop.tax_rates.values()
            if each["class"] == (view.tax_class(row) or "standard")
        )
        return (gross / (1 + rate / 100)).quantize(Decimal("0.000001"))

    def is_on_sale(self, sku: str) -> bool:
        return self.row(sku)["status"] == "publish" and bool(self.row(sku)["regular_price"])

    def images_of(self, sku: str) -> list[str]:
        return [str(number) for number in self.row(sku)["images"]]

    def variant_images_of(self, sku: str) -> list[str]:
        return [str(number) for number in self.row(sku)["images"]]

    def default_variant_of(self, sku: str) -> str:
        view = self.simulator.routes.products.view
        parent = self.shop.products[self.row(sku)["parent_id"]]
        chosen = {item["id"]: item["option"] for item in view._defaults(parent)}
        for row in view.children(parent):
            own = {
                item["id"]: view._term_of(item["id"], item["option"])["slug"]
                for item in view.option_names(row)
            }
            if own == chosen:
                return str(row["id"])
        raise AssertionError("no variant is shown first")

    def parent_of_category(self, category: str) -> str:
        return str(self.shop.terms["categories"][int(category)]["parent"])

    def mails(self) -> int:
        return len(self.shop.mails)

    def key_without(self, resource: str) -> str:
        raise TypeError("A key of WooCommerce may read, write or both, whatever the resource.")

    def inactive_key(self) -> str:
        return str(self.simulator.inactive_key)

    def forget_customer(self, order_id: int) -> None:
        order = self.shop.orders[order_id]
        self.shop.customers.pop(order["customer_id"], None)
        order |= {"customer_id": 0, "billing": {}, "shipping": {}}

    def break_on_order(self, order_id: int) -> None:
        handle = self.simulator.handle

        def breaking(request: Request) -> Response:
            asked = re.findall(r"\d+", request.args.get("include", ""))
            asked += re.findall(r"/orders/(\d+)", request.path)
            if "/orders" in request.path and str(order_id) in asked:
                return Response(b"", status=500, mimetype="text/html")
            return handle(request)

        self.simulator.handle = breaking

    def spoil_order(self, order_id: int, where: str) -> None:
        view = self.simulator.routes.orders.view
        draw = view.order

        def spoilt(row: Any, call: Any) -> Any:
            shown = draw(row, call)
            if row["id"] == order_id:
                if where == "order":
                    shown["total"] = "n/a"
                elif where == "line":
                    shown["line_items"][0]["subtotal"] = "n/a"
                else:
                    shown["date_paid_gmt"] = "n/a"
            return shown

        view.order = spoilt

    def stock_page(self, size: int) -> tuple[str, int]:
        return "shopapi.systems.woocommerce.stock.PAGE", size

    def spoil_product(self, product: str, **values: str) -> None:
        row = self.shop.products[int(product)]
        fields = {"price": "regular_price", "barcode": "gtin"}
        for name, value in values.items():
            if name == "category":
                row["categories"] = [self.shop.ids["default_category"]]
            else:
                row[fields.get(name, name)] = value

    def read_in_pages_of(self, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
        monkeypatch.setattr(reading, "PRODUCTS_AT_ONCE", size)

    def spoil_date(self, order_id: int, date: str) -> None:
        view = self.simulator.routes.orders.view
        draw = view.order

        def spoilt(row: Any, call: Any) -> Any:
            shown = draw(row, call)
            return shown | ({"date_created_gmt": date} if row["id"] == order_id else {})

        view.order = spoilt

    def categories_of(self, sku: str) -> set[str]:
        return {str(number) for number in self.row(sku)["categories"]}

    def reserve_category(self, category: str, groups: Sequence[str]) -> None:
        raise TypeError("WooCommerce has no customer groups.")

    def finds(self, sku: str, group: str | None = None) -> bool:
        url = f"{self.sim.url}/product/{self.row(sku)['slug']}/"
        return requests.get(url, timeout=10).status_code == 200

    def edit_text(self, sku: str, field: str, language: str, text: str) -> None:
        self.simulator.edit_product(sku, **{field: text})

    def text_of(self, sku: str, field: str) -> dict[str, str]:
        return {self.language("it"): unescape(self.row(sku)[field])}

    def refund(self, order_id: int, line: int, quantity: int, gross: str) -> None:
        self.simulator.refund_order(order_id, {line: quantity})

    def group(self) -> str:
        raise TypeError("WooCommerce has no customer groups.")

    def unit_price(self, sku: str, quantity: int = 1, group: str | None = None) -> Decimal:
        return self.net_price_of(sku)

    def struck_price(self, sku: str, group: str | None = None) -> Decimal | None:
        view, row = self.simulator.routes.products.view, self.row(sku)
        if not view.is_on_sale(row):
            return None
        return self.net_price_of(sku) * amount_of(row["regular_price"]) / Decimal(view.price(row))

    def add_foreign_price(self, sku: str) -> str:
        raise TypeError("WooCommerce has no price rules.")

    def add_own_price(self, sku: str, net_price: str) -> str:
        raise TypeError("WooCommerce has no price rules.")

    def price_rows(self, sku: str) -> set[str]:
        raise TypeError("WooCommerce has no price rules.")

    def travel_to(self, utc: str) -> None:
        clock = self.sim.clock
        clock.advance((datetime.fromisoformat(utc) - clock.now()).total_seconds())

    def orders_of(self, order_id: int) -> list[int]:
        return [order_id]

    def refused(self, sku: str) -> Product:
        """WooCommerce itself refuses hardly anything: a code twice, but not in one shop of ours."""
        return self.product(sku, tax="no-such-class")
