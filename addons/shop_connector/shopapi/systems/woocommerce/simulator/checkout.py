"""How a visitor buys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .orders import Orders
from .people import People
from .shop import Row, Shop

_ADDRESS = {
    "firstname": "first_name",
    "lastname": "last_name",
    "company": "company",
    "address1": "address_1",
    "address2": "address_2",
    "postcode": "postcode",
    "city": "city",
    "state": "state",
    "country": "country",
    "phone": "phone",
}
_NOBODY = {
    "email": "cliente@shop.example",
    "firstname": "Mario",
    "lastname": "Rossi",
    "address1": "Via Roma 1",
    "postcode": "37121",
    "city": "Verona",
    "state": "VR",
    "country": "IT",
    "phone": "+39 045 000001",
}
#: where plugins for Italian shops keep what core has no field for
_VAT, _FISCAL_CODE = "_billing_vat", "_billing_cf"


class Checkout:
    """Turns a cart into an order as the shop's own pages do: stock is checked here."""

    def __init__(self, shop: Shop, orders: Orders, people: People) -> None:
        self.shop = shop
        self.orders = orders
        self.people = people

    def by_sku(self, sku: str) -> Row:
        """The living product or variation with that code, else KeyError."""
        self.orders.products.view.sales.settle()
        for row in self.shop.products.values():
            if row["sku"] == sku and row["status"] != "trash":
                return row
        raise KeyError(sku)

    def is_available(self, row: Row, quantity: int) -> bool:
        """Whether a visitor may buy so many."""
        view = self.orders.products.view
        above = view.parent(row)
        if row["status"] != "publish" or (above is not None and above["status"] != "publish"):
            return False
        if not view.price(row) or row["type"] == "variable":
            return False
        holder = view.stock_holder(row)
        if not holder["manage_stock"]:
            return view.stock_status(row) != "outofstock"
        return bool(holder["backorders"] != "no" or holder["stock_quantity"] >= quantity)

    def place(
        self, lines: Sequence[tuple[str, int]], customer: Mapping[str, Any], options: Row
    ) -> int:
        """Buy; raises ValueError when the shop would not sell it."""
        wanted: dict[str, int] = {}
        for sku, quantity in lines:
            wanted[sku] = wanted.get(sku, 0) + quantity
        for sku, quantity in wanted.items():
            if not self.is_available(self._buyable(sku), quantity):
                raise ValueError(f"{quantity} of {sku} are not for sale.")
        buyer = {**_NOBODY, **customer}
        body = self._order(lines, buyer, options)
        order = self.orders.create(body, via="checkout")
        if options.get("paid"):
            self.orders.set_status(order, "processing", paid=True)
        if options.get("state"):
            self.orders.set_status(order, str(options["state"]))
        return int(order["id"])

    def _buyable(self, sku: str) -> Row:
        try:
            return self.by_sku(sku)
        except KeyError:
            raise ValueError(f"There is no {sku}.") from None

    def _order(self, lines: Sequence[tuple[str, int]], buyer: Row, options: Row) -> Row:
        billing = {name: str(buyer.get(key, "")) for key, name in _ADDRESS.items()}
        billing["email"] = buyer["email"]
        delivery = options.get("delivery") or {}
        shipping = {name: str(delivery.get(key, billing[name])) for key, name in _ADDRESS.items()}
        method = str(options.get("payment", "bacs"))
        titles = {row["id"]: row["title"] for row in self.shop.gateways}
        codes = options.get("voucher") or ()
        extra = ((_VAT, buyer.get("vat_number")), (_FISCAL_CODE, buyer.get("dni")))
        return {
            "status": {"bacs": "on-hold", "cod": "processing"}.get(method, "pending"),
            "customer_id": 0 if buyer.get("guest") else self._account(buyer, billing, shipping),
            "billing": billing,
            "shipping": shipping,
            "payment_method": method,
            "payment_method_title": titles.get(method, method),
            "customer_note": str(options.get("note", "")),
            "line_items": [
                {"sku": sku, "quantity": quantity, **self._ids(sku)} for sku, quantity in lines
            ],
            "shipping_lines": [self._carriage(options.get("carrier"))],
            "coupon_lines": [{"code": code} for code in _listed(codes)],
            "meta_data": [{"key": key, "value": value} for key, value in extra if value],
        }

    def _ids(self, sku: str) -> Row:
        row = self.by_sku(sku)
        if row["parent_id"]:
            return {"product_id": row["parent_id"], "variation_id": row["id"]}
        return {"product_id": row["id"]}

    def _carriage(self, instance: Any) -> Row:
        methods = self.shop.methods
        default = next((row for row in methods.values() if row["method_id"] == "flat_rate"), None)
        row = methods.get(int(str(instance).rpartition(":")[2])) if instance else default
        if row is None:
            raise ValueError("There is no such way to ship.")
        return {
            "method_id": row["method_id"],
            "instance_id": str(row["id"]),
            "method_title": row["title"],
            "total": row["cost"],
        }

    def _account(self, buyer: Row, billing: Row, shipping: Row) -> int:
        for row in self.shop.customers.values():
            if row["email"].lower() == buyer["email"].lower():
                return int(row["id"])
        body = {
            "email": buyer["email"],
            "first_name": buyer["firstname"],
            "last_name": buyer["lastname"],
            "billing": dict(billing),
            "shipping": dict(shipping),
        }
        return int(self.people.create_customer(body)["id"])


def _listed(codes: Any) -> list[str]:
    return [codes] if isinstance(codes, str) else list(codes)
