"""The toy shop itself."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from werkzeug.wrappers import Request, Response

from ...simulation import ShopSimulator

STATES = ("waiting", "paid", "processing", "shipped", "delivered", "cancelled", "refunded", "error")


class Simulator(ShopSimulator):
    """Keeps products, stock and orders in dictionaries."""

    system = "toy"
    api_key = "TOY0KEY"
    inactive_key = "OLD0KEY"

    def __init__(self, port: int = 0, *, version: str = "1", seed: str = "empty") -> None:
        super().__init__(port, version=version, seed=seed)
        self.products: dict[str, dict[str, Any]] = {}
        self.stock: dict[str, int] = {}
        self.orders: dict[str, dict[str, Any]] = {}
        self.mails = 0

    def handle(self, request: Request) -> Response:
        """Answer one request."""
        if request.authorization is None or request.authorization.username != self.api_key:
            return Response("", 401)
        kind, _, key = request.path.strip("/").partition("/")
        body = request.get_json(silent=True) if request.method == "PUT" else None
        if kind == "codes":
            return _json(
                {"name": "Toy", "version": self.version, "taxes": [22, 10, 0], "states": STATES}
            )
        if kind == "products" and body:
            key = key or str(len(self.products) + 1)
            self.products[key] = body
            self.stock.setdefault(key, 0)
            return _json({"id": key})
        if kind == "stock":
            self.stock.update(body or {})
            return _json(self.stock)
        if kind == "orders" and body is None:
            return _json(list(self.orders.values()))
        if kind == "orders" and key in self.orders:
            self._change(self.orders[key], body or {})
            return _json(self.orders[key])
        return Response("", 404)

    def _change(self, order: dict[str, Any], body: dict[str, Any]) -> None:
        order["state"] = body.get("state", order["state"])
        self.mails += bool(body.get("mail"))
        if "tracking" in body:
            order["parcels"].append(body["tracking"])

    # --- the neutral part -------------------------------------------------------------------------

    def place_order(
        self,
        lines: Sequence[tuple[str, int]],
        customer: Mapping[str, Any] | None = None,
        **options: Any,
    ) -> int:
        """Check out as a visitor does."""
        rows = []
        for sku, quantity in lines:
            key = self._key(sku)
            self.stock[key] -= quantity
            rows.append({"sku": sku, "quantity": quantity, "price": self.products[key]["price"]})
        number = len(self.orders) + 1
        self.orders[str(number)] = {
            "id": str(number),
            "stamp": self.clock.now().isoformat(),
            "state": "waiting",
            "email": (customer or {}).get("email"),
            "rows": rows,
            "parcels": [],
        }
        return number

    def _key(self, sku: str) -> str:
        return next(key for key, each in self.products.items() if each["sku"] == sku)

    def product_by_sku(self, sku: str) -> dict[str, Any]:
        """Return what the shop holds about a product."""
        return dict(self.products[self._key(sku)])

    def stock_of(self, sku: str) -> int:
        """Return how many can be sold."""
        return self.stock[self._key(sku)]

    def order(self, order_id: int) -> dict[str, Any]:
        """Return an order."""
        return self.orders[str(order_id)]

    def set_order_state(self, order_id: int, state: int | str) -> None:
        """Move an order to another state."""
        self.orders[str(order_id)]["state"] = str(state)

    def holdings(self) -> dict[str, int]:
        """Count what the shop holds."""
        return {"products": len(self.products), "orders": len(self.orders)}


def _json(content: object) -> Response:
    return Response(json.dumps(content), content_type="application/json")
