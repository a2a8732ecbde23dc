"""Two Odoo processes share the shops of one database: each shop has one of them at a time.

The shops are of two systems and sell the same goods.
"""

import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
from cluster import Cluster
from odoo_side import prepare, wait_until

from suite.simulators import open_simulator
from suite.ways import WAYS

CONNECT = """
for number in range({goods}):
    names = {{lang: f"Wine {{number}}" for lang in ("en_US", "it_IT", "hu_HU")}}
    stocked(f"WINE-{{number}}", names, 9.99, 50)
wines = env["product.template"].search([("default_code", "like", "WINE-")])
for number, access in enumerate({shops!r}):
    shop = env["shop.shop"].create({{
        "name": f"Cellar {{number}}", **access,
        "pricelist_id": pricelist.id, "warehouse_ids": [Command.set(warehouse.ids)],
        "orders_since": "2020-01-01 00:00:00",
    }})
    wines.shop_ids = [Command.link(shop.id)]
    shop.action_connect()
"""
GOODS = 12
ORDERS = 15
UNFINISHED = (
    "SELECT (SELECT count(*) FROM shop_mark)"
    " + (SELECT count(*) FROM shop_job WHERE state IN ('pending', 'running'))"
)
IMPORTED = "SELECT shop_id, count(*) FROM sale_order WHERE shop_id IS NOT NULL GROUP BY shop_id"


class Doorman:
    """Counts how many requests a shop serves at once: one runner makes one call at a time."""

    def __init__(self, shop: Any) -> None:
        self.most = 0
        self._inside = 0
        self._lock = threading.Lock()
        self._handle = shop._answer
        shop._answer = self.answer

    def answer(self, request: Any) -> Any:
        with self._lock:
            self._inside += 1
            self.most = max(self.most, self._inside)
        try:
            return self._handle(request)
        finally:
            with self._lock:
                self._inside -= 1


@pytest.fixture
def shops() -> Iterator[list[Any]]:
    first, second = "prestashop", "woocommerce"
    with (
        open_simulator(first, seed="empty") as one,
        open_simulator(second, seed="empty") as other,
    ):
        yield [one, other]


def test_two_processes_share_the_shops_of_a_database(shops: list[Any], database: str) -> None:
    access = [
        {
            "system": shop.system,
            "base_url": shop.url,
            "api_key": shop.api_key,
            "api_secret": shop.api_secret or False,
        }
        for shop in shops
    ]
    prepare(database, CONNECT.format(goods=GOODS, shops=access))
    doormen = [Doorman(shop) for shop in shops]
    for shop in shops:
        # a shop as slow as real ones are, so that one process cannot be done before the other looks
        shop.fail(delay=0.08, path="/(api|wp-json)", times=None)
    with Cluster(database) as cluster:
        wait_until(lambda: _is_settled(cluster, {}), "the products", seconds=120)
        _buy_everywhere(shops)
        expected = {cluster.shop(base_url=shop.url)["shop"]: ORDERS for shop in shops}
        wait_until(lambda: _is_settled(cluster, expected), "the orders", seconds=120)

        assert cluster.together, "the shops were never served at the same time"
        every = set().union(*cluster.workers.values())
        assert len(every) == 2, every
        assert all(door.most == 1 for door in doormen), [door.most for door in doormen]
        assert not cluster.data.rows("SELECT kind, error FROM shop_job WHERE state = 'failed'")
    sold: dict[str, int] = defaultdict(int)
    for shop in shops:
        assert shop.holdings()["products"] == GOODS
        assert shop.holdings()["orders"] == ORDERS
        for number in range(ORDERS):
            sold[f"WINE-{number % GOODS}"] += 1
    for sku, count in sold.items():
        assert [shop.stock_of(sku) for shop in shops] == [50 - count] * 2, sku


def _buy_everywhere(shops: list[Any]) -> None:
    """Customers buy the same goods in both shops at the same time."""
    for number in range(ORDERS):
        for shop in shops:
            customer = {"email": f"buyer{number}@example.com"}
            goods = [(f"WINE-{number % GOODS}", 1)]
            shop.place_order(goods, customer, payment=WAYS[shop.system].paid)
        time.sleep(0.05)  # while the first are being read, the next come in


def _is_settled(cluster: Cluster, orders: dict[int, int]) -> bool:
    return (
        dict(cluster.data.rows(IMPORTED)) == orders
        and not cluster.data.value(UNFINISHED)
        and cluster.data.value("SELECT count(*) FROM shop_binding WHERE kind = 'product'")
        == 2 * GOODS
    )
