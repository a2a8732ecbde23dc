"""What happens besides ordering: payments, refunds, messages, carts, and the list for the sweep."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from world import World

from shopapi.adapter import ShopAdapter
from shopapi.documents import Cart, Order, Touch

D = Decimal
ANNA = {"email": "anna.verdi@shop.example"}


def place(world: World, lines: list[tuple[str, int]], customer: Any = None, **options: Any) -> int:
    return int(world.sim.place_order(lines, customer or ANNA, **options))


def touches(adapter: ShopAdapter, since: str | None = None) -> list[Touch]:
    return list(adapter.touched_orders(since))


def carts(adapter: ShopAdapter, since: str | None = None) -> list[Cart]:
    return [cart for cart in adapter.abandoned_carts(since) if cart.lines]


# --- payments -------------------------------------------------------------------------------------


@pytest.mark.needs("many_payments")
def test_every_payment_has_an_id_a_time_and_its_transaction(
    world: World, adapter: ShopAdapter
) -> None:
    world.stocked(adapter, "W-1", "12.20")
    number = place(world, [("W-1", 1)])
    first = world.simulator.add_payment(number, "10.00", "TX-1")
    second = world.simulator.add_payment(number, "9.20", "TX-2")
    payments = world.order(adapter, number).payments
    assert [payment.external_id for payment in payments] == [str(first), str(second)]
    assert [payment.amount for payment in payments] == [D("10.00"), D("9.20")]
    assert [payment.transaction for payment in payments] == ["TX-1", "TX-2"]
    assert all(payment.paid_at and payment.paid_at.utcoffset() is not None for payment in payments)


@pytest.mark.needs("split_carts")
def test_payments_of_a_split_cart_are_the_same_read_together_or_alone(
    world: World, adapter: ShopAdapter
) -> None:
    world.stocked(adapter, "W-1", "12.20")
    world.stocked(adapter, "W-2", "61.00", weight=D(40))
    orders = world.orders_of(place(world, [("W-1", 1), ("W-2", 1)]))
    assert len(orders) == 2
    first = world.order(adapter, orders[0])
    # exactly what one of them costs: the other one must not count as paid
    world.simulator.add_payment(orders[0], str(first.total_gross))
    together = adapter.fetch_orders([str(number) for number in orders])
    alone = [world.order(adapter, number) for number in orders]
    for found in (together, alone):
        sums = [
            sum(payment.amount for payment in order.payments)
            for order in found
            if isinstance(order, Order)
        ]
        assert sums == [first.total_gross, 0]


# --- refunds --------------------------------------------------------------------------------------


def test_refunds_tell_goods_shipping_and_time(world: World, adapter: ShopAdapter) -> None:
    world.stocked(adapter, "W-1", "12.20")
    number = place(world, [("W-1", 3)])
    world.simulator.refund_order(number, {0: 1})
    world.simulator.refund_order(number, {0: 2}, shipping=True)
    order = world.order(adapter, number)
    first, second = order.refunds
    line = order.lines[0].external_id
    assert first.external_id != second.external_id
    assert (first.gross, first.shipping_gross) == (D("12.20"), D(0))
    assert dict(second.quantities) == {line: D(2)}
    shipping = next(charge for charge in order.charges if charge.kind == "shipping")
    assert (second.gross, second.shipping_gross) == (D("24.40") + shipping.gross, shipping.gross)
    assert first.refunded_at is not None and first.refunded_at.utcoffset() is not None
    assert order.lines[0].quantity_refunded == D(3)


# --- messages -------------------------------------------------------------------------------------


@pytest.mark.needs("touches")
def test_messages_of_customer_and_staff_are_told_apart(world: World, adapter: ShopAdapter) -> None:
    world.stocked(adapter, "W-1")
    number, silent = place(world, [("W-1", 1)]), place(world, [("W-1", 1)])
    world.simulator.write_message(number, "When will it <b>come</b>?")
    world.simulator.write_message(number, "Tomorrow.", employee=1)
    asked, answered = world.order(adapter, number).messages
    assert (asked.text, asked.from_customer) == ("When will it <b>come</b>?", True)
    assert (answered.text, answered.from_customer) == ("Tomorrow.", False)
    assert asked.sent_at.utcoffset() is not None
    assert world.order(adapter, silent).messages == ()


@pytest.mark.needs("touches")
@pytest.mark.parametrize("resource", ["customer_threads", "customer_messages", "messages"])
def test_a_key_without_messages_reads_orders_all_the_same(world: World, resource: str) -> None:
    world.stocked(world.open(), "W-1")
    number = place(world, [("W-1", 1)])
    world.simulator.write_message(number, "Hello")
    adapter = world.open(key=world.key_without(resource))
    order = world.order(adapter, number)
    assert bool(order.messages) == (resource == "messages")
    assert any(touch.kind == "message" for touch in touches(adapter)) == (resource == "messages")


# --- what does not move the order's own mark ------------------------------------------------------


@pytest.mark.needs("touches")
def test_messages_payments_and_refunds_are_found_without_a_change_of_the_order(
    world: World, adapter: ShopAdapter
) -> None:
    world.stocked(adapter, "W-1", "12.20")
    number = place(world, [("W-1", 2)])
    (stamp,) = adapter.changed_orders(None)
    assert touches(adapter) == []
    payment = world.simulator.add_payment(number, "10.00")
    refund = world.simulator.refund_order(number, {0: 1})
    message = world.simulator.write_message(number, "Hello")
    world.simulator.write_message(number, "Our own answer", employee=1)
    assert [each.stamp for each in adapter.changed_orders(None)] == [stamp.stamp]
    found = {(touch.kind, touch.external_id, touch.order) for touch in touches(adapter)}
    assert found == {
        ("payment", str(payment), str(number)),
        ("refund", str(refund), str(number)),
        ("message", str(message), str(number)),
    }


@pytest.mark.needs("touches")
def test_touches_are_read_with_an_overlap(world: World, adapter: ShopAdapter) -> None:
    world.stocked(adapter, "W-1")
    world.sim.clock.advance(-5 * 3600)
    number = place(world, [("W-1", 1)])
    old = world.simulator.write_message(number, "Old")
    world.sim.clock.advance(3 * 3600)
    recent = world.simulator.write_message(number, "Recent")
    world.sim.clock.advance(600)
    latest = world.simulator.write_message(number, "Latest")
    stamps = {touch.external_id: touch.stamp for touch in touches(adapter)}
    found = [touch.external_id for touch in touches(adapter, stamps[str(latest)])]
    assert str(recent) in found and str(latest) in found and str(old) not in found


# --- carts ----------------------------------------------------------------------------------------


@pytest.mark.needs("abandoned_carts")
def test_abandoned_carts_with_their_owner_and_goods(world: World, adapter: ShopAdapter) -> None:
    world.stocked(adapter, "W-1")
    _product, variants = world.variants(adapter, "SET")
    for variant in variants:
        assert variant
    place(world, [("W-1", 1)])
    left = world.simulator.leave_cart([("W-1", 3)], ANNA)
    (cart,) = carts(adapter)
    assert cart.external_id == str(left)
    assert cart.customer is not None and cart.customer.email == ANNA["email"]
    (line,) = cart.lines
    assert (line.variant, line.quantity) == (None, D(3))
    assert cart.changed_at.utcoffset() is not None
    assert cart.currency == world.currency("EUR").external_id


@pytest.mark.needs("abandoned_carts")
def test_a_cart_that_is_ordered_is_no_longer_abandoned(world: World, adapter: ShopAdapter) -> None:
    world.stocked(adapter, "W-1")
    left = world.simulator.leave_cart([("W-1", 3)], ANNA)
    other = world.simulator.leave_cart([("W-1", 1)], ANNA)
    number = world.simulator.order_cart(left)
    assert [cart.external_id for cart in carts(adapter)] == [str(other)]
    assert world.order(adapter, number).cart == str(left)


@pytest.mark.needs("abandoned_carts")
def test_carts_are_read_by_their_change_with_an_overlap(world: World, adapter: ShopAdapter) -> None:
    world.stocked(adapter, "W-1")
    world.sim.clock.advance(-5 * 3600)
    old = world.simulator.leave_cart([("W-1", 1)], ANNA)
    world.sim.clock.advance(5 * 3600)
    latest = world.simulator.leave_cart([("W-1", 1)], ANNA)
    found = carts(adapter)
    assert [cart.external_id for cart in found] == [str(old), str(latest)]
    assert [cart.external_id for cart in carts(adapter, found[1].stamp)] == [str(latest)]


@pytest.mark.needs("abandoned_carts")
def test_carts_of_nobody_tell_how_far_the_list_was_read(world: World, adapter: ShopAdapter) -> None:
    world.stocked(adapter, "W-1")
    world.sim.clock.advance(-5 * 3600)
    left = world.simulator.leave_cart([("W-1", 1)], ANNA)
    world.sim.clock.advance(5 * 3600)
    nameless = [world.simulator.leave_nameless_cart([("W-1", 1)]) for _number in range(3)]
    everything = list(adapter.abandoned_carts(None))
    assert [cart.external_id for cart in everything] == [str(left), *map(str, nameless)]
    assert [bool(cart.lines) for cart in everything] == [True, False, False, False]
    again = {cart.external_id for cart in adapter.abandoned_carts(everything[-1].stamp)}
    assert str(left) not in again


# --- the list for the sweep -----------------------------------------------------------------------


def test_orders_are_listed_by_the_day_they_were_placed(world: World, adapter: ShopAdapter) -> None:
    world.stocked(adapter, "W-1")
    world.sim.clock.advance(-10 * 86400)
    old = place(world, [("W-1", 1)])
    world.sim.clock.advance(10 * 86400)
    recent = place(world, [("W-1", 1)])
    world.sim.set_order_state(old, world.state("paid"))
    now = datetime.now(UTC)
    (listed,) = adapter.list_orders(now - timedelta(days=3))
    assert listed.external_id == str(recent)
    assert listed.reference == world.order(adapter, recent).reference
    everything = {each.external_id: each for each in adapter.list_orders(now - timedelta(days=30))}
    assert set(everything) == {str(old), str(recent)}
    stamps = {each.external_id: each for each in adapter.changed_orders(None)}
    assert all(everything[key].stamp == stamps[key].stamp for key in stamps)


# --- what is absurd -------------------------------------------------------------------------------


def test_an_order_of_two_thousand_lines(world: World, adapter: ShopAdapter) -> None:
    world.stocked(adapter, "W-1", "1.22")
    world.stocked(adapter, "W-2", "1.10", rate=10)
    lines = [(f"W-{1 + index % 2}", 1) for index in range(2000)]
    world.simulator.checkouts.is_available = lambda *_args: True
    order = world.order(adapter, place(world, lines))
    assert len(order.lines) == 2000
    goods = sum(line.total_gross for line in order.lines)
    assert goods + sum(charge.gross for charge in order.charges) == order.total_gross


@pytest.mark.parametrize("date", ["0001-01-01 00:00:00", "2026-02-31 10:00:00", "yesterday"])
def test_an_absurd_date_stops_its_own_order_only(
    world: World, adapter: ShopAdapter, date: str
) -> None:
    world.stocked(adapter, "W-1")
    bad, good = place(world, [("W-1", 1)]), place(world, [("W-1", 1)])
    world.spoil_date(bad, date)
    spoilt, fine = adapter.fetch_orders([str(bad), str(good)])
    assert isinstance(fine, Order)
    assert not isinstance(spoilt, Order) and "not a time" in str(spoilt.error)
