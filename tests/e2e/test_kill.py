"""A power cut in the middle of an import: whatever the moment, each order arrives exactly once."""

import os
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from odoo_side import Database, Odoo, prepare, wait_until

from suite.server import OdooServer

SEED = 1907
ORDERS_A_ROUND = 13
SKUS = ("CHIANTI", "SOAVE", "GLASS", "GIFTBOX")
AT_FIRST = 500
CONNECT = """
for number, sku in enumerate({skus!r}):
    names = {{"en_US": f"{{sku}} wine", "it_IT": f"{{sku}} vino", "hu_HU": f"{{sku}} bor"}}
    stocked(sku, names, 9.99 + 7 * number, {quantity})
shop = env["shop.shop"].create({{
    "name": "Cellar Online", "base_url": {url!r}, "api_key": {key!r}, "pricelist_id": pricelist.id,
    "warehouse_ids": [Command.set(warehouse.ids)], "orders_since": "2020-01-01 00:00:00",
}})
env["product.template"].search([("default_code", "in", {skus!r})]).shop_ids = shop
shop.action_connect()
figures = shop.action_sync_now()
assert not figures["failed"], figures
"""
UNFINISHED = (
    "SELECT (SELECT count(*) FROM shop_mark)"
    " + (SELECT count(*) FROM shop_job WHERE state IN ('pending', 'running'))"
)
IMPORTED = "SELECT count(*) FROM shop_binding WHERE kind = 'order'"


class Scene:
    """The shop, Odoo's database and the server that is going to be killed."""

    def __init__(self, shop: Any, database: str) -> None:
        self.shop = shop
        self.random = random.Random(SEED)
        self.server = OdooServer(database)
        self.data = Database(database)
        self.order_ids: list[int] = []
        self.ordered: Counter[str] = Counter()

    def visitors_buy(self, count: int) -> None:
        """So many checkouts, of new and of returning customers, paid and unpaid ones."""
        for number in range(count):
            lines = [
                (sku, self.random.randint(1, 3))
                for sku in self.random.sample(SKUS, self.random.randint(1, 3))
            ]
            person = self.random.randint(1, 25)
            customer = {
                "email": f"buyer{person}@example.com",
                "firstname": "Buyer",
                "lastname": "Rossi",
                "address1": f"Via Roma {person}",
            }
            payment = "ps_wirepayment" if number % 4 == 0 else "ps_checkout"
            order = self.shop.place_order(lines, customer, payment=payment)
            self.order_ids.append(order)
            for sku, quantity in lines:
                self.ordered[sku] += quantity

    def imported(self) -> int:
        """How many orders of the shop are linked to a sales order."""
        return int(self.data.value(IMPORTED))

    def wait(self, condition: Callable[[], Any], what: str, seconds: float = 60) -> None:
        """Keep the shop's scheduled action awake until ``condition`` holds."""
        wait_until(condition, what, seconds=seconds, pause=0.01, meanwhile=self.data.wake_shop)


@pytest.fixture
def scene(shop: Any, database: str) -> Iterator[Scene]:
    access = {"url": shop.url, "key": shop.api_key}
    prepare(database, CONNECT.format(skus=SKUS, quantity=AT_FIRST, **access))
    made = Scene(shop, database)
    yield made
    made.server.kill()
    made.server.log.unlink(missing_ok=True)
    made.data.close()


# === MOMENTS ===


def during_request(path: str, up_to: int = 1) -> Callable[[Scene], None]:
    """Odoo waits for the shop's answer to one of the first ``up_to`` calls of this path."""

    def moment(scene: Scene) -> None:
        slow = scene.shop.fail(path=path, delay=0.4, times=None)
        number = scene.random.randint(1, up_to)
        scene.wait(lambda: slow.hits >= number, f"call {number} of {path}")
        scene.shop.faults.remove(slow)

    return moment


def during_import(scene: Scene) -> None:
    """Some time after the orders were read: their sales orders are being made."""
    seen = len(scene.shop.log)
    scene.wait(
        lambda: any(
            "/orders/" in record.path or "filter" in record.query
            for record in scene.shop.log[seen + 1 :]
        ),
        "orders to be read",
    )
    time.sleep(scene.random.uniform(0.0, 0.8))  # any moment is as good as another


def after_commit(scene: Scene) -> None:
    """Just after one batch of orders was stored; the next is under way."""
    before = scene.imported()
    scene.wait(lambda: scene.imported() > before, "a batch to be stored")


MOMENTS = [
    during_request(r"/api/orders", up_to=3),
    after_commit,
    during_import,
    during_request(r"/api/stock_availables"),
]


def test_orders_arrive_once_although_the_server_is_killed_again_and_again(scene: Scene) -> None:
    scene.visitors_buy(ORDERS_A_ROUND)
    for moment in MOMENTS:
        scene.server.start()
        moment(scene)
        pid = scene.server.pid
        scene.server.kill()
        assert not os.path.exists(f"/proc/{pid}")
        assert scene.imported() == _sales_orders(scene), "half an order was stored"
        scene.visitors_buy(ORDERS_A_ROUND)
    assert scene.imported() < len(scene.order_ids)

    scene.server.start()
    _count_again(scene, "GLASS", extra=40)
    scene.wait(lambda: _is_quiet(scene), "everything to be exchanged")

    _check_orders(scene)
    _check_stock(scene, extra={"GLASS": 40})
    _check_nothing_is_left_to_do(scene)


def _sales_orders(scene: Scene) -> int:
    return int(scene.data.value("SELECT count(*) FROM sale_order WHERE shop_id IS NOT NULL"))


def _is_quiet(scene: Scene) -> bool:
    return scene.imported() == len(scene.order_ids) and not scene.data.value(UNFINISHED)


def _count_again(scene: Scene, sku: str, extra: int) -> None:
    """Somebody finds more goods on the shelf: the shop must be told in the end."""
    odoo = Odoo(scene.server.url, scene.data.name)
    (product,) = odoo.call("product.product", "search", [("default_code", "=", sku)])
    (quant,) = odoo.call(
        "stock.quant",
        "search_read",
        [("product_id", "=", product), ("location_id.usage", "=", "internal")],
        ["quantity"],
    )
    inventory = {"inventory_mode": True}
    counted = {"inventory_quantity": quant["quantity"] + extra}
    odoo.call("stock.quant", "write", [quant["id"]], counted, context=inventory)
    odoo.call("stock.quant", "action_apply_inventory", [quant["id"]], context=inventory)


def _check_orders(scene: Scene) -> None:
    stored = scene.data.rows(
        "SELECT client_order_ref, amount_total::text, state FROM sale_order"
        " WHERE shop_id IS NOT NULL"
    )
    in_shop = [scene.shop.order(order_id) for order_id in scene.order_ids]
    assert Counter(reference for reference, _total, _state in stored) == Counter(
        order["reference"] for order in in_shop
    )
    totals = {reference: Decimal(total) for reference, total, _state in stored}
    for order in in_shop:
        paid = Decimal(order["total_paid_tax_incl"]).quantize(Decimal("0.01"))
        assert totals[order["reference"]] == paid, order["reference"]
    assert Counter(state for _ref, _total, state in stored).keys() == {"sale", "draft"}
    doubles = scene.data.rows(
        "SELECT email_normalized, count(*) FROM res_partner WHERE parent_id IS NULL"
        " AND email_normalized LIKE 'buyer%%' GROUP BY 1 HAVING count(*) > 1"
    )
    assert not doubles, "a customer was made twice"


def _check_stock(scene: Scene, extra: dict[str, int]) -> None:
    for sku in SKUS:
        expected = AT_FIRST + extra.get(sku, 0) - scene.ordered[sku]
        assert scene.shop.stock_of(sku) == expected, sku


def _check_nothing_is_left_to_do(scene: Scene) -> None:
    failed = scene.data.rows("SELECT kind, key, error FROM shop_job WHERE state = 'failed'")
    assert not failed
    assert scene.data.rows("SELECT state, last_error FROM shop_shop") == [("connected", None)]
    before = scene.data.value("SELECT last_run_at FROM shop_shop")
    scene.shop.clear_log()
    scene.wait(
        lambda: scene.data.value("SELECT last_run_at FROM shop_shop") != before,
        "one more run",
    )
    assert not scene.shop.writes
