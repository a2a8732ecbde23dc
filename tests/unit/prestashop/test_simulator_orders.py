"""Orders of the simulator: totals, checkout, states and what follows from them, customers."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shop_client import ShopClient, codes

from shopapi.systems.prestashop.simulator import PrestaShopSimulator

MILANO = {"address1": "Via Roma 5", "city": "Milano", "postcode": "20100", "state": "MI"}


@pytest.fixture
def stocked(client: ShopClient) -> ShopClient:
    """Two products with ten pieces each: 12.295082 and 17.213115 net at 22 %."""
    for reference, price in (("W1", "12.295082"), ("W2", "17.213115")):
        client.stock(client.product(reference, price=price), 10)
    return client


def change_state(client: ShopClient, order: int, state: int) -> int:
    content = (
        f"<order_history><id_order>{order}</id_order><id_order_state>{state}</id_order_state>"
        "</order_history>"
    )
    return client.send("POST", "order_histories", content).status_code


def test_totals_add_up(stocked: ShopClient, simulator: PrestaShopSimulator) -> None:
    number = simulator.place_order(
        [("W1", 2), ("W2", 1)], voucher="WINE10", gift=True, gift_message="Auguri"
    )
    order = stocked.one(f"orders/{number}")
    # 30.00 + 21.00, less 10 %, courier 7.00, wrapping 3.05
    assert order["total_products_wt"] == "51.000000"
    assert order["total_discounts_tax_incl"] == "5.100000"
    assert order["total_paid_tax_incl"] == "55.950000"
    assert (order["total_shipping_tax_excl"], order["total_wrapping_tax_excl"]) == (
        "5.740000",
        "2.500000",
    )
    rule = stocked.get(f"order_cart_rules?display=full&filter[id_order]={number}")[0][0]
    assert (rule.findtext("name"), rule.findtext("value")) == ("Benvenuto 10%", "5.100000")


@settings(max_examples=30)
@given(
    price=st.integers(min_value=1, max_value=99_999_999),
    quantity=st.integers(min_value=1, max_value=40),
    voucher=st.sampled_from(["", "WINE10", "GRAZIE5", "PORTOFRANCO"]),
    gift=st.booleans(),
)
def test_paid_is_the_sum_of_its_parts(price: int, quantity: int, voucher: str, gift: bool) -> None:
    simulator = PrestaShopSimulator()
    store = simulator.shop.store
    product = store.add(
        "products",
        {
            "reference": "W",
            "price": Decimal(price) / 1_000_000,
            "active": 1,
            "available_for_order": 1,
            "id_tax_rules_group": 1,
        },
        associations={"categories": [{"id": "2"}]},
    )
    row = simulator.shop.stock.create(product.id)
    store.set("stock_availables", row, quantity=100)
    order = simulator.order(simulator.place_order([("W", quantity)], voucher=voucher, gift=gift))
    parts = sum(
        Decimal(order[name])
        for name in ("total_products_wt", "total_shipping_tax_incl", "total_wrapping_tax_incl")
    )
    due = parts - Decimal(order["total_discounts_tax_incl"])
    assert Decimal(order["total_paid_tax_incl"]) == due
    assert due >= 0
    line = order["rows"][0]
    unit = Decimal(line["unit_price_tax_incl"])
    assert abs(Decimal(line["total_price_tax_incl"]) - unit * quantity) <= Decimal("0.005")


def test_free_shipping_voucher_takes_off_as_much(
    stocked: ShopClient, simulator: PrestaShopSimulator
) -> None:
    order = simulator.order(simulator.place_order([("W1", 1)], voucher="PORTOFRANCO"))
    assert order["total_shipping_tax_incl"] == order["total_discounts_tax_incl"] == "7.000000"


def test_forint_order_has_its_rate(stocked: ShopClient, simulator: PrestaShopSimulator) -> None:
    customer = {"country": "HU", "email": "bela@shop.example", "city": "Budapest"}
    number = simulator.place_order([("W1", 1)], customer, currency="HUF", language="hu")
    order = simulator.order(number)
    assert (order["conversion_rate"], order["id_currency"]) == ("395.500000", "2")
    assert order["total_shipping_tax_incl"] == "2768.500000"
    assert order["rows"][0]["product_name"] == "Bor"


def test_stock_is_taken_when_placed_and_given_back_on_cancel(
    stocked: ShopClient, simulator: PrestaShopSimulator
) -> None:
    number = simulator.place_order([("W1", 3)])
    assert simulator.stock_of("W1") == 7
    assert change_state(stocked, number, 4) == 201
    assert simulator.stock_of("W1") == 7
    assert change_state(stocked, number, 6) == 201
    assert simulator.stock_of("W1") == 10
    simulator.set_order_state(number, "Payment accepted")
    assert simulator.stock_of("W1") == 7


def test_order_in_error_takes_no_stock(stocked: ShopClient, simulator: PrestaShopSimulator) -> None:
    simulator.place_order([("W1", 3)], state=8, paid="1.00")
    assert simulator.stock_of("W1") == 10


def test_payment_gives_invoice_number_and_payment(
    stocked: ShopClient, simulator: PrestaShopSimulator
) -> None:
    number = simulator.place_order([("W1", 1)])
    before = stocked.one(f"orders/{number}")
    assert (before["current_state"], before["invoice_number"], before["valid"]) == ("10", "0", "0")
    simulator.clock.advance(5)
    change_state(stocked, number, 2)
    after = stocked.one(f"orders/{number}")
    assert (after["current_state"], after["invoice_number"], after["valid"]) == ("2", "1", "1")
    assert after["total_paid_real"] == after["total_paid"]
    assert after["date_upd"] > before["date_upd"]
    filter_ = f"order_payments?display=full&filter[order_reference]={after['reference']}"
    assert [each.findtext("amount") for each in stocked.get(filter_)[0]] == [after["total_paid"]]


def test_shipping_gives_a_delivery_number_and_the_same_state_twice_a_second_row(
    stocked: ShopClient, simulator: PrestaShopSimulator
) -> None:
    number = simulator.place_order([("W1", 1)], payment="ps_checkout")
    change_state(stocked, number, 4)
    change_state(stocked, number, 4)
    order = simulator.order(number)
    assert (order["delivery_number"], order["history"]) == ("1", [2, 4, 4])


@pytest.mark.parametrize(("order", "state"), [(1, 99), (99, 2)])
def test_unknown_state_or_order_is_an_empty_500(
    stocked: ShopClient, simulator: PrestaShopSimulator, order: int, state: int
) -> None:
    simulator.place_order([("W1", 1)])
    content = (
        f"<order_history><id_order>{order}</id_order><id_order_state>{state}</id_order_state>"
        "</order_history>"
    )
    answer = stocked.send("POST", "order_histories", content)
    assert (answer.status_code, answer.content) == (500, b"")
    assert answer.headers["Content-Type"].startswith("text/html")


def test_patch_of_the_current_state_does_the_same(
    stocked: ShopClient, simulator: PrestaShopSimulator
) -> None:
    number = simulator.place_order([("W1", 1)])
    content = f"<order><id>{number}</id><current_state>4</current_state></order>"
    answer = stocked.write("PATCH", "orders", content)
    assert (answer["current_state"], answer["delivery_number"]) == ("4", "1")
    assert simulator.order(number)["history"] == [10, 4]


def test_tracking_number_does_not_move_the_date_of_the_order(
    stocked: ShopClient, simulator: PrestaShopSimulator
) -> None:
    number = simulator.place_order([("W1", 1)])
    stamp = stocked.one(f"orders/{number}")["date_upd"]
    simulator.clock.advance(10)
    shipment = stocked.ids(f"order_carriers?filter[id_order]={number}")[0]
    content = (
        f"<order_carrier><id>{shipment}</id><tracking_number>LAMPO-1</tracking_number>"
        "</order_carrier>"
    )
    stocked.write("PATCH", "order_carriers", content)
    order = stocked.one(f"orders/{number}")
    assert (order["shipping_number"], order["date_upd"]) == ("LAMPO-1", stamp)
    assert simulator.order(number)["tracking"] == "LAMPO-1"


def test_heavy_goods_split_the_cart_into_two_orders_with_one_reference(
    stocked: ShopClient, simulator: PrestaShopSimulator
) -> None:
    heavy = stocked.product("BARREL", price="100", extra="<weight>45</weight>")
    stocked.stock(heavy, 2)
    first = simulator.place_order([("W1", 1), ("BARREL", 1)], payment="ps_checkout", paid="183")
    reference = simulator.order(first)["reference"]
    orders = [
        simulator.order(number)
        for number in stocked.ids(f"orders?filter[reference]={reference}&sort=[id_ASC]")
    ]
    assert [order["id_carrier"] for order in orders] == ["2", "3"]
    assert [order["total_paid_real"] for order in orders] == ["0.000000", "183.000000"]
    assert orders[0]["payments"] == ["183.000000"]


def test_two_addresses_and_a_company(stocked: ShopClient, simulator: PrestaShopSimulator) -> None:
    buyer = {"email": "bar@shop.example", "company": "Bar Rossi srl", "vat_number": "IT01234567897"}
    number = simulator.place_order([("W1", 1)], buyer, delivery=MILANO)
    order = simulator.order(number)
    billing = stocked.one(f"addresses/{order['id_address_invoice']}")
    delivery = stocked.one(f"addresses/{order['id_address_delivery']}")
    assert (billing["company"], billing["vat_number"]) == ("Bar Rossi srl", "IT01234567897")
    assert (delivery["company"], delivery["city"]) == ("", "Milano")
    again = simulator.order(simulator.place_order([("W1", 1)], buyer, delivery=MILANO))
    for name in ("id_customer", "id_address_invoice", "id_address_delivery"):
        assert again[name] == order[name]


def test_guests_may_repeat_an_email(stocked: ShopClient, simulator: PrestaShopSimulator) -> None:
    orders = [
        simulator.order(simulator.place_order([("W1", 1)], {"email": "g@shop.example", "guest": 1}))
        for _time in range(2)
    ]
    assert orders[0]["id_customer"] != orders[1]["id_customer"]
    assert simulator.holdings()["customers"] == 2


@pytest.mark.parametrize(
    ("lines", "options"),
    [
        ([("W1", 11)], {}),
        ([("W1", 0)], {}),
        ([], {}),
        ([("W1", 1)], {"voucher": "NONE"}),
        ([("W1", 1)], {"payment": "nomodule"}),
        ([("W1", 1)], {"carrier": 99}),
    ],
)
def test_impossible_checkouts(
    stocked: ShopClient, simulator: PrestaShopSimulator, lines: list[tuple[str, int]], options: dict
) -> None:
    with pytest.raises(ValueError):
        simulator.place_order(lines, **options)
    assert simulator.holdings()["orders"] == 0
    assert simulator.stock_of("W1") == 10


def web_service_order(client: ShopClient, *, total: str, module: str = "ps_wirepayment") -> int:
    """Post a cart for one W1 with the courier, then an order; return the order's status."""
    order = client.simulator.order(client.simulator.place_order([("W2", 1)]))
    place = {name: order[name] for name in ("id_customer", "id_address_delivery")}
    place["id_address_invoice"] = order["id_address_invoice"]
    common = "".join(f"<{name}>{value}</{name}>" for name, value in place.items())
    common += "<id_currency>1</id_currency><id_lang>2</id_lang><id_carrier>2</id_carrier>"
    option = f'{{"{place["id_address_delivery"]}":"2,"}}'
    cart = client.write(
        "POST",
        "carts",
        f"<cart>{common}<delivery_option>{option}</delivery_option><associations><cart_rows>"
        "<cart_row><id_product>1</id_product><id_product_attribute>0</id_product_attribute>"
        f"<id_address_delivery>{place['id_address_delivery']}</id_address_delivery>"
        "<quantity>1</quantity></cart_row></cart_rows></associations></cart>",
    )
    content = (
        f"<order>{common}<id_cart>{cart['id']}</id_cart><module>{module}</module>"
        f"<payment>Bonifico</payment><total_paid>{total}</total_paid>"
        f"<total_paid_real>{total}</total_paid_real><total_products>0</total_products>"
        "<total_products_wt>0</total_products_wt><conversion_rate>1</conversion_rate></order>"
    )
    status = client.send("POST", "orders", content).status_code
    again = client.send("POST", "orders", content)
    assert again.status_code == 500
    return status


def test_order_over_the_web_service(stocked: ShopClient, simulator: PrestaShopSimulator) -> None:
    assert web_service_order(stocked, total="22.00") == 201
    order = simulator.order(2)
    assert (order["current_state"], order["total_paid_tax_incl"]) == ("11", "22.000000")
    assert order["id_carrier"] == "2"
    assert simulator.stock_of("W1") == 9


def test_order_over_the_web_service_with_another_total_is_an_error_state(
    stocked: ShopClient, simulator: PrestaShopSimulator
) -> None:
    assert web_service_order(stocked, total="1.00") == 201
    assert simulator.order(2)["current_state"] == "8"
    assert simulator.stock_of("W1") == 10


def test_order_over_the_web_service_needs_module_and_secure_key(
    stocked: ShopClient, simulator: PrestaShopSimulator
) -> None:
    assert web_service_order(stocked, total="22.00", module="nomodule") == 500
    customer = stocked.one("customers/1")
    names = ("id", "lastname", "firstname", "email", "passwd", "id_lang", "active")
    inner = "".join(f"<{name}>{customer[name]}</{name}>" for name in names)
    stocked.write("PUT", "customers", f"<customer>{inner}</customer>")
    assert stocked.one("customers/1")["secure_key"] == ""
    assert web_service_order(stocked, total="22.00") == 500


def test_same_email_is_refused_by_newer_shops_only() -> None:
    content = (
        "<customer><passwd>Lab-pass-2026</passwd><lastname>Verdi</lastname>"
        "<firstname>Anna</firstname><email>anna@shop.example</email></customer>"
    )
    for version, status in (("1.6.1.24", 201), ("1.7.8.11", 500), ("8.2.1", 500)):
        with PrestaShopSimulator(version=version) as shop:
            client = ShopClient(shop)
            client.write("POST", "customers", content)
            answer = client.send("POST", "customers", content)
            assert answer.status_code == status
            if status == 500:
                assert codes(answer) == [140, 46]


def test_address_of_orders_is_only_marked_as_deleted(
    stocked: ShopClient, simulator: PrestaShopSimulator
) -> None:
    order = simulator.order(simulator.place_order([("W1", 1)]))
    used = order["id_address_invoice"]
    assert stocked.send("DELETE", f"addresses/{used}").status_code == 200
    assert stocked.one(f"addresses/{used}")["deleted"] == "1"
    assert int(used) in stocked.ids("addresses")


def test_deleted_product_leaves_the_rows_of_its_orders(
    stocked: ShopClient, simulator: PrestaShopSimulator
) -> None:
    number = simulator.place_order([("W1", 1)])
    product = simulator.product_by_sku("W1")["product_id"]
    stocked.send("DELETE", f"products/{product}")
    row = stocked.get(f"orders/{number}").find(".//order_row")
    assert row is not None
    assert row.findtext("product_reference") == "W1"
    with pytest.raises(KeyError):
        simulator.product_by_sku("W1")
