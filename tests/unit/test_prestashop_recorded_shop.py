"""The whole recorded shop, read by the adapter: every order, to the cent."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest

from shopapi.adapter import Credentials, ShopAdapter
from shopapi.documents import Order
from shopapi.registry import adapter_class
from shopapi.systems.prestashop.simulator import PrestaShopSimulator

D = Decimal
#: order -> (what was paid, its state), as the list of the recorded shop has them
RECORDED = {
    "1": ("97.00", "10"), "2": ("46.00", "2"), "3": ("82.31", "3"), "4": ("25591.22", "4"),
    "5": ("100.05", "5"), "6": ("127.00", "6"), "7": ("135.00", "7"), "8": ("22.00", "8"),
    "9": ("337.79", "10"), "10": ("156.15", "2"), "11": ("31.00", "13"), "12": ("28.95", "2"),
    "13": ("106.85", "2"), "14": ("48.00", "8"), "15": ("14.98", "2"), "16": ("47.00", "2"),
    "17": ("523.80", "2"),
}  # fmt: skip


@pytest.fixture(scope="module")
def adapter() -> Iterator[ShopAdapter]:
    with PrestaShopSimulator(seed="recorded") as shop:
        credentials = Credentials(base_url=shop.url, api_key=shop.api_key)
        with adapter_class("prestashop")(credentials) as opened:
            yield opened


@pytest.fixture(scope="module")
def orders(adapter: ShopAdapter) -> dict[str, Order]:
    stamps = [stamp.external_id for stamp in adapter.changed_orders(None)]
    assert sorted(stamps, key=int) == list(RECORDED)
    found = adapter.fetch_orders(stamps)
    assert all(isinstance(order, Order) for order in found), found
    return {order.external_id: order for order in found if isinstance(order, Order)}


@pytest.mark.parametrize("key", RECORDED)
def test_order_costs_what_was_recorded(orders: dict[str, Order], key: str) -> None:
    total, state = RECORDED[key]
    order = orders[key]
    assert (order.total_gross, order.state) == (D(total), state)
    parts = sum((line.total_gross for line in order.lines), D(0))
    parts += sum((charge.gross for charge in order.charges), D(0))
    # the shop itself misses its total by a cent now and then
    assert abs(parts - order.total_gross) <= D("0.01")


def test_payments_cover_what_was_paid_and_split_carts_share_one(orders: dict[str, Order]) -> None:
    paid = {key: sum((p.amount for p in order.payments), D(0)) for key, order in orders.items()}
    assert (paid["16"], paid["17"]) == (D("47.00"), D("523.80"))
    assert orders["16"].reference == orders["17"].reference
    assert (paid["14"], paid["1"], paid["12"]) == (D("5.00"), D(0), D("28.95"))


def test_vouchers_parcels_and_refunds_are_where_they_were(orders: dict[str, Order]) -> None:
    discounts = {
        key: [charge.gross for charge in order.charges if charge.kind == "discount"]
        for key, order in orders.items()
    }
    assert {key: value for key, value in discounts.items() if value} == {
        "3": [D("-8.37")], "11": [D("-7.00")], "12": [D("-5.00")]
    }  # fmt: skip
    assert [parcel.tracking for parcel in orders["4"].shipments] == ["LAMPO-HU-0001"]
    assert len(orders["7"].refunds) == 1
    assert sum(line.quantity_refunded for line in orders["7"].lines) == 1


def test_thirty_products_are_there(adapter: ShopAdapter) -> None:
    assert len(list(adapter.read_products())) == 30
