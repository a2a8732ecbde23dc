"""Orders of all kinds, in from the shop: every amount, every party, every date."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from world import World

from shopapi.adapter import ShopAdapter
from shopapi.documents import Address, Order, Outcome, StockLevel
from shopapi.errors import DataError, NotFound
from shopapi.money import explain_difference, spread_discount

D = Decimal


def place(world: World, lines: list[tuple[str, int]], customer: Any = None, **options: Any) -> int:
    return int(world.sim.place_order(lines, customer, **options))


def charge(order: Order, kind: str) -> Any:
    """The one charge of that kind."""
    (found,) = [item for item in order.charges if item.kind == kind]
    return found


def assert_sums_up(order: Order) -> None:
    parts = [line.total_gross for line in order.lines] + [item.gross for item in order.charges]
    gross = explain_difference(order.total_gross, parts)
    assert gross.is_rounding, gross
    parts = [line.total_net for line in order.lines] + [item.net for item in order.charges]
    net = explain_difference(order.total_net, parts)
    assert net.is_rounding, net


def test_simple_order_to_the_cent(world: World, adapter: ShopAdapter) -> None:
    product = world.stocked(adapter, "W-1", "12.20")
    number = place(world, [("W-1", 3)], {"email": "mario.rossi@shop.example"})
    order = world.order(adapter, number)
    (line,) = order.lines
    assert (line.sku, line.product, line.variant, line.quantity) == ("W-1", product, None, D(3))
    assert (line.total_gross, line.total_net) == (D("36.60"), D("30.00"))
    assert (line.tax, line.tax_rate) == (world.tax(22), D(22))
    assert charge(order, "shipping").gross == D("7.00")
    assert charge(order, "shipping").tax_rate == D(22)
    assert order.total_gross == D("43.60")
    assert_sums_up(order)
    assert order.holds_stock
    assert order.external_id == str(number)


@pytest.mark.parametrize("note", ["Ring twice", "Zweimal läuten & warten\nDanke 🎂"])
def test_note_of_the_customer_is_read_once(world: World, adapter: ShopAdapter, note: str) -> None:
    world.stocked(adapter, "W-1", "12.20")
    order = world.order(adapter, place(world, [("W-1", 1)], note=note))
    # a system that tells no notes tells them as the first message
    (text,) = [order.note] if order.note else [message.text for message in order.messages]
    assert text.split() == note.split()
    assert not (order.note and order.messages)


def test_order_of_a_variant_names_it(world: World, adapter: ShopAdapter) -> None:
    product, (_first, second) = world.variants(adapter, "W", ["0", "18.30"])
    adapter.push_stock([StockLevel(product=product, variant=second, quantity=D(5))])
    order = world.order(adapter, place(world, [("W-2", 1)]))
    (line,) = order.lines
    assert (line.sku, line.product, line.variant) == ("W-2", product, second)


def test_private_customer(world: World, adapter: ShopAdapter) -> None:
    world.stocked(adapter, "W-1")
    buyer = {
        "email": "Giulia.Bianchi@shop.example",
        "firstname": "Giulia",
        "lastname": "D'Amico",
        "address1": "Via Roma 1",
        "address2": "scala B",
        "postcode": "37121",
        "city": "Verona",
        "state": "VR",
        "dni": "RSSMRA80A01H501U",
        "phone": "+39 045 000001",
    }
    order = world.order(adapter, place(world, [("W-1", 1)], buyer, language="it"))
    party, address = order.customer, order.billing
    assert (party.email, party.first_name, party.last_name) == (
        "Giulia.Bianchi@shop.example",
        "Giulia",
        "D'Amico",
    )
    assert (party.company, party.vat, party.is_guest) == (None, None, False)
    if "customer_details" in world.features:
        assert party.language == world.language("it") and party.group is not None
    assert (address.street, address.street2, address.zip) == ("Via Roma 1", "scala B", "37121")
    assert (address.city, address.state, address.country) == ("Verona", "VR", "IT")
    assert address.fiscal_code == "RSSMRA80A01H501U"
    assert order.shipping == order.billing


def test_business_customer_with_another_delivery_address(
    world: World, adapter: ShopAdapter
) -> None:
    world.stocked(adapter, "W-1")
    buyer = {
        "email": "ordini@emporio.example",
        "company": "Emporio Bruni S.r.l.",
        "vat_number": "IT01234567897",
    }
    delivery = {"address1": "Via del Lavoro 9", "city": "Zola Predosa", "postcode": "40069"}
    order = world.order(adapter, place(world, [("W-1", 1)], buyer, delivery=delivery))
    assert (order.customer.company, order.customer.vat) == (
        "Emporio Bruni S.r.l.",
        "IT01234567897",
    )
    assert order.billing.vat == "IT01234567897"
    assert order.shipping.street == "Via del Lavoro 9"
    assert order.shipping != order.billing


def test_guest_and_returning_customer(world: World, adapter: ShopAdapter) -> None:
    world.stocked(adapter, "W-1")
    guest = {"email": "ospite@shop.example", "guest": True}
    member = {"email": "socio@shop.example"}
    numbers = [place(world, [("W-1", 1)], buyer) for buyer in (guest, member, member)]
    first, second, third = (world.order(adapter, number) for number in numbers)
    assert first.customer.is_guest and not second.customer.is_guest
    assert second.customer.external_id == third.customer.external_id
    assert second.customer.external_id != first.customer.external_id


def test_two_tax_rates(world: World, adapter: ShopAdapter) -> None:
    world.stocked(adapter, "W-22", "9.99", 22)
    world.stocked(adapter, "W-10", "7.77", 10)
    order = world.order(adapter, place(world, [("W-22", 7), ("W-10", 3)]))
    assert {line.sku: line.tax_rate for line in order.lines} == {"W-22": D(22), "W-10": D(10)}
    assert {line.tax for line in order.lines} == {world.tax(22), world.tax(10)}
    assert_sums_up(order)


@pytest.mark.parametrize("kind", ["percent", "amount"])
@pytest.mark.parametrize("rates", [(22,), (22, 10)], ids=["one-rate", "two-rates"])
def test_vouchers(world: World, adapter: ShopAdapter, kind: str, rates: tuple[int, ...]) -> None:
    for rate in rates:
        world.stocked(adapter, f"W-{rate}", "13.37", rate)
    lines = [(f"W-{rate}", 3) for rate in rates]
    order = world.order(adapter, place(world, lines, voucher=world.vouchers[kind]))
    discount = charge(order, "discount")
    assert discount.gross < 0 and discount.net < 0
    assert_sums_up(order)
    assert discount.tax_rate is None
    bases: dict[Decimal, Decimal] = {}
    for line in order.lines:
        assert line.tax_rate is not None
        bases[line.tax_rate] = bases.get(line.tax_rate, D(0)) + line.total_gross
    split = spread_discount(discount.net, discount.gross, bases)
    assert sum(part[1] for part in split.values()) == discount.gross
    assert all(part[1] <= 0 for part in split.values())


@pytest.mark.needs("free_shipping_vouchers")
@pytest.mark.parametrize("rates", [(22,), (22, 10)], ids=["one-rate", "two-rates"])
def test_voucher_for_free_shipping(
    world: World, adapter: ShopAdapter, rates: tuple[int, ...]
) -> None:
    for rate in rates:
        world.stocked(adapter, f"W-{rate}", "13.37", rate)
    lines = [(f"W-{rate}", 3) for rate in rates]
    order = world.order(adapter, place(world, lines, voucher=world.vouchers["free_shipping"]))
    discount, shipping = charge(order, "discount"), charge(order, "shipping")
    assert (discount.gross, discount.net) == (-shipping.gross, -shipping.net)
    assert discount.tax_rate == shipping.tax_rate
    assert_sums_up(order)


@pytest.mark.needs("free_shipping_vouchers")
def test_two_vouchers_together(world: World, adapter: ShopAdapter) -> None:
    world.stocked(adapter, "W-1", "50.00")
    codes = [world.vouchers["amount"], world.vouchers["free_shipping"]]
    order = world.order(adapter, place(world, [("W-1", 1)], voucher=codes))
    discounts = [item for item in order.charges if item.kind == "discount"]
    assert len(discounts) == 2
    assert_sums_up(order)


@pytest.mark.needs("gift_wrapping")
def test_gift_wrapping_and_message(world: World, adapter: ShopAdapter) -> None:
    world.stocked(adapter, "W-1")
    order = world.order(
        adapter, place(world, [("W-1", 1)], gift=True, gift_message="Tanti auguri 🎂 & baci")
    )
    assert charge(order, "wrapping").gross == D("3.05")
    assert charge(order, "wrapping").tax_rate == D(22)
    assert order.gift_message == "Tanti auguri 🎂 & baci"
    assert_sums_up(order)


@pytest.mark.needs("currencies")
def test_order_in_another_currency(world: World, adapter: ShopAdapter) -> None:
    world.stocked(adapter, "W-1", "12.20")
    order = world.order(adapter, place(world, [("W-1", 2)], currency="HUF", language="hu"))
    assert order.currency == world.currency("HUF").external_id
    assert order.customer.language == world.language("hu")
    assert order.total_gross > 5000
    assert_sums_up(order)


def test_payment_and_its_method(world: World, adapter: ShopAdapter) -> None:
    world.stocked(adapter, "W-1", "12.20")
    waiting = world.order(adapter, place(world, [("W-1", 1)]))
    assert waiting.payments == ()
    assert waiting.payment_method in {code.external_id for code in world.info.payment_methods}
    number = place(world, [("W-1", 1)], paid="19.20")
    (payment,) = world.order(adapter, number).payments
    assert payment.amount == D("19.20")
    assert payment.method == waiting.payment_method and payment.name
    assert payment.paid_at is not None and payment.paid_at.utcoffset() is not None


@pytest.mark.needs("split_carts")
def test_cart_split_into_two_orders(world: World, adapter: ShopAdapter) -> None:
    world.stocked(adapter, "W-1", "12.20")
    world.stocked(adapter, "HEAVY", "122.00", weight=D(40))
    first = place(world, [("W-1", 1), ("HEAVY", 1)], paid="180.20")
    numbers = world.orders_of(first)
    assert len(numbers) == 2
    # whether they are read together or not, nothing is counted twice
    alone, together = [[str(n)] for n in numbers], [[str(n) for n in numbers]]
    for groups in (alone, together):
        orders = [order for group in groups for order in adapter.fetch_orders(group)]
        assert all(isinstance(order, Order) for order in orders)
        one, other = (order for order in orders if isinstance(order, Order))
        assert one.cart == other.cart and one.external_id != other.external_id
        assert one.reference == other.reference
        assert one.carrier != other.carrier
        paid = [sum((p.amount for p in order.payments), D(0)) for order in (one, other)]
        assert paid == [one.total_gross, other.total_gross]
        assert_sums_up(one)
        assert_sums_up(other)


@pytest.mark.needs("split_carts")
def test_partly_paid_split_cart_counts_the_money_once(world: World, adapter: ShopAdapter) -> None:
    world.stocked(adapter, "W-1", "12.20")
    world.stocked(adapter, "HEAVY", "122.00", weight=D(40))
    numbers = world.orders_of(place(world, [("W-1", 1), ("HEAVY", 1)], paid="50.00"))
    for number_order in (numbers, numbers[::-1]):
        orders = [world.order(adapter, number) for number in number_order]
        assert sum(p.amount for order in orders for p in order.payments) == D("50.00")


def test_refund(world: World, adapter: ShopAdapter) -> None:
    world.stocked(adapter, "W-1", "12.20")
    number = place(world, [("W-1", 3)])
    world.refund(number, 0, 2, "24.40")
    order = world.order(adapter, number)
    (refund,) = order.refunds
    assert (refund.gross, refund.net) == (D("24.40"), D("20.00"))
    assert dict(refund.quantities) == {order.lines[0].external_id: D(2)}
    assert order.lines[0].quantity_refunded == D(2)
    assert order.total_gross == D("43.60")  # the order itself stays as it was


def test_deleted_customer_and_product_do_not_stop_an_order(
    world: World, adapter: ShopAdapter
) -> None:
    world.stocked(adapter, "W-1", "12.20")
    number = place(world, [("W-1", 1)])
    world.forget_customer(number)
    order = world.order(adapter, number)
    assert order.customer.email is None
    assert order.billing == Address()
    assert order.total_gross == D("19.20")


def test_cancelled_order_holds_no_stock(world: World, adapter: ShopAdapter) -> None:
    world.stocked(adapter, "W-1")
    number = place(world, [("W-1", 10)])
    assert world.order(adapter, number).holds_stock
    assert world.sim.stock_of("W-1") == 990
    world.sim.set_order_state(number, world.state("cancelled"))
    assert not world.order(adapter, number).holds_stock
    assert world.sim.stock_of("W-1") == 1000


@pytest.mark.basic
def test_orders_come_in_the_order_asked_with_the_missing_ones_named(
    world: World, adapter: ShopAdapter
) -> None:
    world.stocked(adapter, "W-1")
    one, two = place(world, [("W-1", 1)]), place(world, [("W-1", 2)])
    asked = [str(two), "987654", str(one), "not-an-id", str(two)]
    found = adapter.fetch_orders(asked)
    assert [item.external_id for item in found] == asked
    assert isinstance(found[1], Outcome) and isinstance(found[1].error, NotFound)
    assert isinstance(found[3], Outcome) and isinstance(found[3].error, DataError)
    assert adapter.fetch_orders([]) == []


def test_fifty_orders_cost_a_handful_of_calls(world: World, adapter: ShopAdapter) -> None:
    world.stocked(adapter, "W-1")
    numbers = [
        str(
            place(
                world,
                [("W-1", 1 + index % 3)],
                {"email": f"c{index}@shop.example", "city": f"Paese {'x' * (index % 5)}"},
                voucher=world.vouchers["percent"] if index % 4 == 0 else (),
            )
        )
        for index in range(50)
    ]
    adapter.probe()
    world.sim.clear_log()
    found = adapter.fetch_orders(numbers)
    assert all(isinstance(order, Order) for order in found)
    first = len(world.sim.log)
    world.sim.clear_log()
    adapter.fetch_orders(numbers)
    assert len(world.sim.log) <= 12
    # the first time a connector also reads the codes that orders refer to
    assert first <= 16
    assert not world.sim.writes
