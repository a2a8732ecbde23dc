"""How fast news travels: an order of the shop to Odoo, a stock change of Odoo to the shop.

Seconds by the clock, with a running Odoo server and its scheduled actions (``BENCH_SYSTEM``).
"""

import json
import os
import time
import urllib.request

from suite.ways import WAYS

NAME = "latency"
HINTED = int(os.environ.get("BENCH_HINTS", "12"))
#: each takes up to a minute
POLLED = int(os.environ.get("BENCH_POLLS", "2"))
STOCKED = int(os.environ.get("BENCH_STOCK", "12"))
BARS = {"webhook": 5.0, "poll": 70.0, "stock": 10.0}
LONGEST = 120.0


def run(context):
    """The slowest of twenty (of fewer: the slowest) for each way."""
    with context.database("shop_connector") as database, context.simulator() as shop:
        world = context.inside(database, "latency.prepare", access=context.access(shop))
        if world["failed"]:
            raise RuntimeError(f"The products did not reach the shop: {world}")
        with context.server(database) as odoo:
            trial = Trial(shop, odoo.url, database, world)
            trial.order(1, hinted=True)  # warms up
            hinted = [trial.order(number, hinted=True) for number in range(HINTED)]
            stocked = [trial.stock(number) for number in range(STOCKED)]
            polled = [trial.order(number, hinted=False) for number in range(POLLED)]
    return [
        row("order in the shop -> confirmed in Odoo, webhook, p95", hinted, BARS["webhook"]),
        row("order in the shop -> confirmed in Odoo, poll, p95", polled, BARS["poll"]),
        row("stock change -> shop, p95", stocked, BARS["stock"]),
    ]


class Trial:
    """A shop and an Odoo server, both running."""

    def __init__(self, shop, url, database, world):
        self.shop, self.url, self.world = shop, url, world
        self.way = WAYS[shop.system]
        user = self._rpc("common", "login", database, "admin", "admin")
        self._access = database, user, "admin"

    def call(self, model, method, *arguments, **options):
        return self._rpc("object", "execute_kw", *self._access, model, method, arguments, options)

    def _rpc(self, service, method, *arguments):
        params = {"service": service, "method": method, "args": arguments}
        body = {"jsonrpc": "2.0", "method": "call", "params": params, "id": 1}
        headers = {"Content-Type": "application/json"}
        answer = json.loads(self._post("/jsonrpc", json.dumps(body).encode(), headers))
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer.get("result")

    def _post(self, path, body, headers):
        """The answer's body. Raises HTTPError for anything but success."""
        request = urllib.request.Request(f"{self.url}{path}", body, headers)
        with urllib.request.urlopen(request, timeout=120) as answer:
            return answer.read()

    def order(self, number, *, hinted):
        """Seconds from the checkout until the sales order is confirmed."""
        customer = {"email": f"buyer{number}@example.com"}
        started = time.monotonic()
        goods = [(f"P{number % 20}", 1)]
        order = self.shop.place_order(goods, customer, payment=self.way.paid)
        reference = self.way.look(self.shop, order).reference
        if hinted:
            self._hint(order)
        wanted = [("client_order_ref", "=", reference), ("state", "=", "sale")]
        _wait(lambda: self.call("sale.order", "search_count", wanted), started)
        return time.monotonic() - started

    def stock(self, number):
        """Seconds from counting goods until the shop shows the new quantity."""
        sku = f"P{number % 20}"
        quant = self.world["quants"][sku]
        inventory = {"inventory_mode": True}
        (before,) = self.call("stock.quant", "read", [quant], ["quantity", "reserved_quantity"])
        counted = {"inventory_quantity": before["quantity"] + 100}
        started = time.monotonic()
        self.call("stock.quant", "write", [quant], counted, context=inventory)
        self.call("stock.quant", "action_apply_inventory", [quant], context=inventory)
        left = before["quantity"] + 100 - before["reserved_quantity"]
        _wait(lambda: self.shop.stock_of(sku) == left, started)
        return time.monotonic() - started

    def _hint(self, order):
        body, headers = next(self.way.calls([order], self.world["secret"]))
        self._post(f"/shop_connector/hint/{self.world['shop']}", body, headers)


def _wait(condition, started):
    while not condition():
        if time.monotonic() - started > LONGEST:
            raise RuntimeError(f"Nothing arrived within {LONGEST:g} s.")
        time.sleep(0.05)


def row(name, seconds, bar):
    value = sorted(seconds)[min(int(len(seconds) * 0.95), len(seconds) - 1)]
    return {"name": name, "value": value, "unit": "s", "bar": f"<= {bar:g}", "holds": value <= bar}
