"""What the demo has too little of for the pictures: a refund, a call of the shop, a stock rule."""

import json
import time
from decimal import Decimal
from typing import Any

import requests
from odoo_side import Odoo

from shopapi.adapter import Credentials
from shopapi.documents import Entry, Price, Product
from shopapi.hints import sign
from shopapi.registry import adapter_class

SLIP = """<?xml version="1.0" encoding="UTF-8"?>
<prestashop><order_slip>
<id_customer>{customer}</id_customer><id_order>{order}</id_order>
<conversion_rate>1</conversion_rate>
<total_products_tax_excl>{net}</total_products_tax_excl>
<total_products_tax_incl>{gross}</total_products_tax_incl>
<total_shipping_tax_excl>0</total_shipping_tax_excl>
<total_shipping_tax_incl>0</total_shipping_tax_incl>
<amount>{net}</amount><shipping_cost>0</shipping_cost>
<shipping_cost_amount>0</shipping_cost_amount><partial>1</partial>
<associations><order_slip_details><order_slip_detail>
<id_order_detail>{detail}</id_order_detail><product_quantity>1</product_quantity>
<amount_tax_excl>{net}</amount_tax_excl><amount_tax_incl>{gross}</amount_tax_incl>
</order_slip_detail></order_slip_details></associations>
</order_slip></prestashop>"""


#: the demo's shop that the pictures are of
SHOP = [("state", "=", "connected"), ("system", "=", "prestashop")]


def prepare(odoo: Odoo) -> None:
    """Bring the demo's shop and Odoo into the state that the pictures show; harmless twice."""
    (shop,) = odoo.call("shop.shop", "search_read", SHOP, ["base_url", "api_key"], limit=1)
    _foreign_product(shop)
    if not odoo.call("shop.payment", "search_count", [("kind", "=", "refund")]):
        _give_back(odoo, shop)
    odoo.call("shop.shop", "action_sync_now", [shop["id"]])
    if not odoo.call("shop.stock.rule", "search_count", []):
        (product,) = odoo.call(
            "product.template", "search", [("shop_ids", "=", shop["id"])], limit=1
        )
        rule = {"shop_id": shop["id"], "product_tmpl_id": product, "buffer": 5.0}
        odoo.call("shop.stock.rule", "create", [rule])
    if not odoo.call("shop.customer.base", "search_count", []):
        odoo.call("shop.customer.base", "create", [{"name": "Private Customers"}])
    _product_to_fix(odoo, shop["id"])
    _tell_of_orders(odoo, shop["id"])


def _product_to_fix(odoo: Odoo, shop: int) -> None:
    """A product that cannot be sent: its tax stands for none of the shop's."""
    name = "Tasting Set, five glasses"
    if not odoo.call("product.template", "search_count", [("name", "=", name)]):
        values = {"name": name, "default_code": "TAST-05", "list_price": 35, "shop_ids": [shop]}
        odoo.call("product.template", "create", [values | {"taxes_id": []}])
        odoo.call("shop.shop", "action_sync_now", [shop])


def _tell_of_orders(odoo: Odoo, shop: int) -> None:
    """The shop calls, as its webhook would."""
    (access,) = odoo.call("shop.shop", "read", [shop], ["hint_url", "hint_secret"])
    links = odoo.call(
        "shop.binding", "search_read", [("kind", "=", "order")], ["external_id"], limit=2
    )
    body = json.dumps([{"kind": "order", "id": link["external_id"]} for link in links]).encode()
    now = int(time.time())
    headers = {
        "Content-Type": "application/json",
        "X-Shop-Timestamp": str(now),
        "X-Shop-Signature": sign(body, access["hint_secret"], now),
    }
    requests.post(access["hint_url"], data=body, headers=headers, timeout=60).raise_for_status()


def _foreign_product(shop: dict[str, Any]) -> None:
    """A product that somebody entered in the shop."""
    credentials = Credentials(base_url=shop["base_url"], api_key=shop["api_key"])
    with adapter_class("prestashop")(credentials) as adapter:
        info = adapter.probe()
        tax = next(code.external_id for code in info.taxes if code.rate == 22)
        names = dict.fromkeys((code.external_id for code in info.languages), "Grappa, old label")
        price = Price(net=Decimal(20), gross=Decimal("24.40"))
        product = Product(sku="GRAP-OLD", name=names, tax=tax, price=price)
        adapter.save([Entry(key="grappa", document=product)])


def _give_back(odoo: Odoo, shop: dict[str, Any]) -> None:
    """The shop gives the money for one piece of an invoiced order back."""
    invoiced = [("shop_id", "=", shop["id"]), ("invoice_status", "=", "invoiced")]
    (order,) = odoo.call("sale.order", "search", invoiced, limit=1)
    (link,) = odoo.call(
        "shop.binding", "search_read", [("kind", "=", "order"), ("res_id", "=", order)],
        ["external_id"],
    )  # fmt: skip
    access = {"auth": (shop["api_key"], ""), "timeout": 60}
    api = f"{shop['base_url']}/api"
    number = link["external_id"]
    lines = requests.get(
        f"{api}/order_details",
        params={"display": "full", "filter[id_order]": number, "output_format": "JSON"},
        **access,
    ).json()["order_details"]
    found = requests.get(
        f"{api}/orders/{number}", params={"output_format": "JSON"}, **access
    ).json()["order"]
    slip = SLIP.format(
        customer=found["id_customer"],
        order=number,
        detail=lines[0]["id"],
        net=lines[0]["unit_price_tax_excl"],
        gross=lines[0]["unit_price_tax_incl"],
    )
    answer = requests.post(f"{api}/order_slip", data=slip.encode(), **access)
    answer.raise_for_status()
