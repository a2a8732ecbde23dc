"""PrestaShop as the contract suite sees it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
import requests
from werkzeug.wrappers import Request, Response
from world import World

from shopapi.systems.prestashop import reading
from shopapi.systems.prestashop.simulator import Key
from shopapi.systems.prestashop.simulator.cart import Buyer

#: fields of `Product` that have another name in the shop
_TEXT_FIELDS = {"short_description": "description_short", "slug": "link_rewrite"}


class PrestaShopWorld(World):
    """PrestaShop 1.6 to 9."""

    system = "prestashop"
    features = frozenset(
        {
            "own_host",
            "resource_rights",
            "languages",
            "currencies",
            "case_in_codes",
            "limited_texts",
            "fine_states",
            "customer_details",
            "first_parcel",
            "split_carts",
            "gift_wrapping",
            "free_shipping_vouchers",
            "many_payments",
            "merged_rows",
            "images_in_place",
            "fixed_image_order",
            "inactive_categories",
        }
    )
    suffixes = ("/", "/api", "/api/", "  ")
    vouchers = {"percent": "WINE10", "amount": "GRAZIE5", "free_shipping": "PORTOFRANCO"}

    @property
    def other_host(self) -> str:  # type: ignore[override]
        return self.sim.url.replace("127.0.0.1", "localhost")

    @property
    def store(self) -> Any:
        return self.simulator.shop.store

    def names_of(self, sku: str) -> dict[str, str]:
        return {str(key): text for key, text in self.sim.product_by_sku(sku)["name"].items()}

    def held(self, sku: str) -> dict[str, Any]:
        # the shop's own stamp moves with every write, and so does the spelling of "&" in HTML
        content = self.sim.product_by_sku(sku)
        return {
            key: {language: unescape(text) for language, text in value.items()}
            if key in {"description", "description_short"}
            else value
            for key, value in content.items()
            if key != "date_upd"
        }

    def barcode_of(self, sku: str) -> str:
        return str(self.held(sku)["ean13"])

    def net_price_of(self, sku: str) -> Decimal:
        content = self.sim.product_by_sku(sku)
        extra = content.get("combination", {}).get("price", "0")
        return Decimal(content["price"]) + Decimal(extra)

    def is_on_sale(self, sku: str) -> bool:
        content = self.sim.product_by_sku(sku)
        wanted = {"active": "1", "state": "1", "available_for_order": "1", "visibility": "both"}
        product = self.store.one("products", content["product_id"])
        in_home = any(row["id"] for row in product.associations.get("categories", ()))
        # 1.6 knows no drafts ("state")
        return in_home and all(content.get(name, value) == value for name, value in wanted.items())

    def images_of(self, sku: str) -> list[str]:
        product = self.sim.product_by_sku(sku)["product_id"]
        pictures = self.simulator.shop.pictures
        cover = pictures.cover(product)
        return [str(key) for key in sorted(pictures.of_product(product), key=lambda k: k != cover)]

    def variant_images_of(self, sku: str) -> list[str]:
        _product, combination = self.simulator.checkouts.by_sku(sku)
        return [row["id"] for row in combination.associations.get("images", ())]

    def default_variant_of(self, sku: str) -> str:
        product = self.sim.product_by_sku(sku)["product_id"]
        found = self.store.find("combinations", id_product=product)
        return str(next(each.id for each in found if each.values["default_on"] == "1"))

    def parent_of_category(self, category: str) -> str:
        return str(self.store.one("categories", category).values["id_parent"])

    def mails(self) -> int:
        return len(self.simulator.shop.mails)

    def key_without(self, resource: str) -> str:
        methods = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"})
        names = [name for name in self.simulator.service.schema.names if name != resource]
        key = "LESS0RIGHTS0KEY0LESS0RIGHTS0KEY0"
        self.simulator.service.keys[key] = Key(rights=dict.fromkeys(names, methods))
        return key

    def inactive_key(self) -> str:
        return str(self.simulator.inactive_key)

    def forget_customer(self, order_id: int) -> None:
        order = self.store.one("orders", order_id)
        for resource, name in (
            ("addresses", "id_address_invoice"),
            ("addresses", "id_address_delivery"),
            ("customers", "id_customer"),
        ):
            self.store.tables[resource].pop(order.number(name), None)

    def break_on_order(self, order_id: int) -> None:
        handle = self.simulator.handle

        def breaking(request: Request) -> Response:
            asked = re.findall(r"\d+", request.args.get("filter[id_order]", ""))
            if request.path == "/api/order_details" and str(order_id) in asked:
                return Response(b"", status=500, mimetype="text/html")
            return handle(request)

        self.simulator.handle = breaking

    def spoil_order(self, order_id: int, where: str) -> None:
        order = self.store.one("orders", order_id)
        if where == "order":
            order.values["total_discounts_tax_incl"] = "n/a"
        elif where == "line":
            self.store.find("order_details", id_order=order_id)[0].values["unit_price_tax_incl"] = (
                "n/a"
            )
        else:
            reference = order.values["reference"]
            self.store.find("order_payments", order_reference=reference)[0].values["amount"] = "n/a"

    def stock_page(self, size: int) -> tuple[str, int]:
        return "shopapi.systems.prestashop.stock.PAGE", size

    def spoil_product(self, product: str, **values: str) -> None:
        record = self.store.one("products", product)
        fields = {"sku": "reference", "barcode": "ean13", "category": "id_category_default"}
        for name, value in values.items():
            if name == "name":
                record.texts["name"] = dict.fromkeys(record.texts["name"], value)
            elif name == "price":
                # past the store, which keeps numbers only
                record.values["price"] = value
            else:
                self.store.set("products", record, **{fields.get(name, name): value})

    def read_in_pages_of(self, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
        monkeypatch.setattr(reading, "PRODUCTS_AT_ONCE", size)

    def spoil_date(self, order_id: int, date: str) -> None:
        self.store.one("orders", order_id).values["date_add"] = date

    def categories_of(self, sku: str) -> set[str]:
        product = self.store.one("products", self.sim.product_by_sku(sku)["product_id"])
        return {str(row["id"]) for row in product.associations.get("categories", ())}

    def reserve_category(self, category: str, groups: Sequence[str]) -> None:
        self.simulator.reserve_category(category, groups)

    def finds(self, sku: str, group: str | None = None) -> bool:
        cookies = {}
        if group:
            email = f"group{group}@shop.example"
            cookies = {"customer": email}
            if not self.store.find("customers", email=email):
                self.store.add("customers", {"email": email, "id_default_group": group})
        product = self.sim.product_by_sku(sku)["product_id"]
        url = f"{self.sim.url}/en/product/{product}"
        return requests.get(url, cookies=cookies, timeout=10).status_code == 200

    def edit_text(self, sku: str, field: str, language: str, text: str) -> None:
        self.simulator.edit_texts(sku, _TEXT_FIELDS.get(field, field), {language: text})

    def text_of(self, sku: str, field: str) -> dict[str, str]:
        texts = self.sim.product_by_sku(sku)[_TEXT_FIELDS.get(field, field)]
        return {str(key): unescape(text) for key, text in texts.items()}

    def refund(self, order_id: int, line: int, quantity: int, gross: str) -> None:
        detail = self.store.find("order_details", id_order=order_id)[line]
        net = (Decimal(gross) / Decimal("1.22")).quantize(Decimal("0.000001"))
        self.store.add(
            "order_slip",
            {
                "id_customer": self.store.one("orders", order_id).values["id_customer"],
                "id_order": order_id,
                "conversion_rate": "1.000000",
                "total_products_tax_excl": net,
                "total_products_tax_incl": gross,
                "total_shipping_tax_excl": "0.000000",
                "total_shipping_tax_incl": "0.000000",
                "amount": net,
            },
            associations={
                "order_slip_details": [
                    {
                        "id": "1",
                        "id_order_detail": str(detail.id),
                        "product_quantity": str(quantity),
                        "amount_tax_excl": str(net),
                        "amount_tax_incl": gross,
                    }
                ]
            },
        )
        self.store.set("order_details", detail, product_quantity_refunded=quantity)

    def group(self) -> str:
        return "3"

    def unit_price(self, sku: str, quantity: int = 1, group: str | None = None) -> Decimal:
        unit: Decimal = self._line(sku, quantity, group).unit_net
        return unit

    def struck_price(self, sku: str, group: str | None = None) -> Decimal | None:
        line = self._line(sku, 1, group)
        if not line.reduction_percent and not line.reduction_amount:
            return None
        before: Decimal = line.unit_net + line.reduction_amount
        return before

    def _line(self, sku: str, quantity: int, group: str | None) -> Any:
        product, combination = self.simulator.checkouts.by_sku(sku)
        buyer = Buyer(country=self.simulator.shop.home_country, group=int(group or 1))
        return self.simulator.shop.pricing.line(product, combination, quantity, buyer)

    def add_foreign_price(self, sku: str) -> str:
        return self._add_price(sku, id_customer="77", price="1.00")

    def add_own_price(self, sku: str, net_price: str) -> str:
        return self._add_price(sku, id_shop="1", price=net_price)

    def _add_price(self, sku: str, **values: str) -> str:
        product = self.sim.product_by_sku(sku)["product_id"]
        row = {"id_product": product, "from_quantity": "1", "reduction_type": "amount", **values}
        return str(self.store.add("specific_prices", row).id)

    def price_rows(self, sku: str) -> set[str]:
        product = self.sim.product_by_sku(sku)["product_id"]
        return {str(row.id) for row in self.store.find("specific_prices", id_product=product)}

    def add_store(self, name: str, *, shares_stock: bool = False) -> str:
        return str(self.simulator.add_store(name, shares_stock=shares_stock))

    def in_store(self, store: str) -> AbstractContextManager[None]:
        context: AbstractContextManager[None] = self.simulator.in_store(int(store))
        return context

    def key_for_store(self, store: str) -> str:
        key = "ONE0STORE0KEY0ONE0STORE0KEY0ONE0"
        self.simulator.service.keys[key] = Key(stores=frozenset({int(store)}))
        return key

    def travel_to(self, utc: str) -> None:
        clock = self.sim.clock
        clock.advance((datetime.fromisoformat(utc) - clock.now()).total_seconds())

    def orders_of(self, order_id: int) -> list[int]:
        reference = self.store.one("orders", order_id).values["reference"]
        return [each.id for each in self.store.find("orders", reference=reference)]
