"""Placing in PrestaShop where carts cannot be told what they cost, and what is left behind."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from shopapi.adapter import Credentials
from shopapi.documents import (
    Address,
    Charge,
    DraftLine,
    Entry,
    Order,
    OrderDraft,
    Party,
    Price,
    Product,
    StockLevel,
)
from shopapi.errors import DataError
from shopapi.systems.prestashop.adapter import Adapter
from shopapi.systems.prestashop.simulator import PrestaShopSimulator

D = Decimal
HOME = Address(
    first_name="Anna", last_name="Verdi", street="Via 1", zip="10123", city="Torino", country="IT"
)
COURIER = "2"


@pytest.fixture
def shop() -> Iterator[PrestaShopSimulator]:
    with PrestaShopSimulator() as simulator:
        yield simulator


@pytest.fixture
def adapter(shop: PrestaShopSimulator) -> Iterator[Adapter]:
    with Adapter(Credentials(base_url=shop.url, api_key=shop.api_key)) as made:
        yield made


def goods(adapter: Adapter, weight: str = "1") -> str:
    product = Product(
        sku="W-1",
        name={"1": "Wine", "2": "Vino", "3": "Bor"},
        price=Price(net=D(10), gross=D("12.20")),
        tax="1",
        weight=D(weight),
    )
    (outcome,) = adapter.save([Entry(key="1", document=product)])
    assert outcome.external_id
    adapter.push_stock([StockLevel(product=outcome.external_id, variant=None, quantity=D(50))])
    return outcome.external_id


def draft(product: str, shipping_gross: str = "7.00", **more: Any) -> OrderDraft:
    line = DraftLine(
        product=product,
        variant=None,
        name="Wine",
        sku="W-1",
        quantity=D(2),
        unit_net=D(9),
        unit_gross=D("10.98"),
        tax_rate=D(22),
    )
    gross = D(shipping_gross)
    net = (gross / D("1.22")).quantize(D("0.01"))
    shipping = Charge(
        kind="shipping", name="Courier", net=net, gross=gross, code=COURIER, tax_rate=D(22)
    )
    values: dict[str, Any] = {
        "key": "S1/1-0a1b2c3d",
        "customer": Party(external_id=None, email="anna@shop.example", last_name="Verdi"),
        "billing": HOME,
        "shipping": HOME,
        "lines": (line,),
        "charges": (shipping,),
        "total_net": 18 + net,
        "total_gross": D("21.96") + gross,
        "currency": "1",
        "carrier": COURIER,
        "state": "3",
    }
    return OrderDraft(**(values | more))


def placed(adapter: Adapter, wanted: OrderDraft) -> Order:
    (order,) = adapter.fetch_orders([adapter.place_order(wanted)])
    assert isinstance(order, Order)
    return order


@pytest.mark.parametrize("shipping", ["7.00", "4.50"])
def test_without_a_free_carrier_the_order_comes_out_right(
    shop: PrestaShopSimulator, adapter: Adapter, shipping: str
) -> None:
    """The shop's own shipping differs from ours: it says "payment error", which is put right."""
    store = shop.shop.store
    store.set("carriers", store.one("carriers", 1), is_free=0)
    order = placed(adapter, draft(goods(adapter), shipping))
    assert order.total_gross == D("21.96") + D(shipping)
    assert order.state == "3"
    assert shop.stock_of("W-1") == 48
    assert order.holds_stock


def test_the_customers_address_book_stays_as_it_was(
    shop: PrestaShopSimulator, adapter: Adapter
) -> None:
    order = placed(adapter, draft(goods(adapter)))
    assert order.billing.street == "Via 1"
    assert [each.values["deleted"] for each in shop.shop.store.all("addresses")] == ["1"]


def test_the_reduction_of_the_customers_group_changes_nothing(
    shop: PrestaShopSimulator, adapter: Adapter
) -> None:
    store = shop.shop.store
    store.set("groups", store.one("groups", 3), reduction="10.00")
    order = placed(adapter, draft(goods(adapter)))
    assert order.lines[0].total_net == D("18.00")
    assert order.total_gross == D("28.96")


def test_the_shops_invoice_has_the_same_total(shop: PrestaShopSimulator, adapter: Adapter) -> None:
    wanted = draft(goods(adapter))
    placed(adapter, wanted)
    (invoice,) = shop.shop.store.all("order_invoices")
    assert invoice.amount("total_paid_tax_incl") == wanted.total_gross


def test_an_order_that_the_shop_splits_is_told(shop: PrestaShopSimulator, adapter: Adapter) -> None:
    light, heavy = goods(adapter), None
    product = Product(
        sku="CASK",
        name={"1": "Cask", "2": "Botte", "3": "Hordo"},
        price=Price(net=D(10), gross=D("12.20")),
        tax="1",
        weight=D(80),
    )
    (outcome,) = adapter.save([Entry(key="1", document=product)])
    heavy = outcome.external_id or ""
    adapter.push_stock([StockLevel(product=heavy, variant=None, quantity=D(5))])
    wanted = draft(light)
    other = DraftLine(
        product=heavy,
        variant=None,
        name="Cask",
        sku="CASK",
        quantity=D(1),
        unit_net=D(10),
        unit_gross=D("12.20"),
        tax_rate=D(22),
    )
    with pytest.raises(DataError, match="split this order"):
        adapter.place_order(draft(light, lines=(*wanted.lines, other)))


def test_fees_need_the_tax_rate_of_shipping(shop: PrestaShopSimulator, adapter: Adapter) -> None:
    product = goods(adapter)
    wanted = draft(product)
    fee = Charge(kind="fee", name="Handling", net=D(1), gross=D("1.10"), tax_rate=D(10))
    with pytest.raises(DataError, match="same tax rate"):
        adapter.place_order(draft(product, charges=(*wanted.charges, fee)))
    assert not list(shop.shop.store.all("carts"))
    fee = Charge(kind="fee", name="Handling", net=D(1), gross=D("1.22"), tax_rate=D(22))
    order = placed(
        adapter,
        draft(
            product,
            charges=(*wanted.charges, fee),
            total_net=wanted.total_net + 1,
            total_gross=wanted.total_gross + D("1.22"),
        ),
    )
    assert [charge.gross for charge in order.charges] == [D("8.22")]
