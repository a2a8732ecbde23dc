"""What became of an order, back to the shop: state, tracking, and no mail nobody asked for."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from world import World

from shopapi.adapter import ShopAdapter
from shopapi.documents import Message, OrderDocument, Shipment, StatusChange
from shopapi.errors import DataError, NotFound, Unreachable

D = Decimal


@pytest.fixture
def order(world: World, adapter: ShopAdapter) -> str:
    """An order that waits for its payment."""
    world.stocked(adapter, "W-1", "12.20")
    return str(world.sim.place_order([("W-1", 2)], {"email": "mario.rossi@shop.example"}))


@pytest.mark.basic
def test_state_changes_once_and_writes_to_nobody(
    world: World, adapter: ShopAdapter, order: str
) -> None:
    change = StatusChange(order=order, state=world.state("shipped"))
    before = adapter.writes
    assert adapter.change_status(change) is True
    assert world.order(adapter, order).state == world.state("shipped")
    assert adapter.change_status(change) is False
    assert adapter.writes == before + 1
    assert world.mails() == 0 or not adapter.capabilities.silent_states


@pytest.mark.basic
def test_customer_gets_a_mail_when_asked(world: World, adapter: ShopAdapter, order: str) -> None:
    before = world.mails()
    assert adapter.change_status(
        StatusChange(order=order, state=world.state("shipped"), notify=True)
    )
    assert world.mails() == before + 1


def test_state_change_keeps_all_amounts(world: World, adapter: ShopAdapter, order: str) -> None:
    before = world.order(adapter, order)
    adapter.change_status(StatusChange(order=order, state=world.state("paid")))
    after = world.order(adapter, order)
    assert (after.lines, after.charges) == (before.lines, before.charges)
    assert (after.total_gross, after.billing) == (before.total_gross, before.billing)
    assert [payment.amount for payment in after.payments] == [before.total_gross]


@pytest.mark.basic
def test_unknown_state_and_order(world: World, adapter: ShopAdapter, order: str) -> None:
    with pytest.raises(DataError, match="987"):
        adapter.change_status(StatusChange(order=order, state="987"))
    with pytest.raises(NotFound):
        adapter.change_status(StatusChange(order="987654", state=world.state("paid")))
    with pytest.raises(NotFound):
        adapter.send_shipment("987654", Shipment(carrier=None, tracking="T-1"))


@pytest.mark.basic
def test_tracking_number_is_written_once(world: World, adapter: ShopAdapter, order: str) -> None:
    parcel = Shipment(carrier=None, tracking="LAMPO-0001")
    before, mails = adapter.writes, world.mails()
    assert adapter.send_shipment(order, parcel) is True
    assert adapter.send_shipment(order, parcel) is False
    assert adapter.writes == before + 1
    (shipment,) = world.order(adapter, order).shipments
    assert shipment.tracking == "LAMPO-0001"
    assert world.mails() == mails


@pytest.mark.needs("first_parcel")
def test_other_carrier_is_written_and_the_rest_of_the_parcel_stays(
    world: World, adapter: ShopAdapter, order: str
) -> None:
    before = world.order(adapter, order)
    (parcel,) = before.shipments
    codes = [code.external_id for code in world.info.carriers]
    other = next(code for code in codes if code != parcel.carrier)
    changed = Shipment(carrier=other, tracking="T-1", external_id=parcel.external_id)
    assert adapter.send_shipment(order, changed)
    (after,) = world.order(adapter, order).shipments
    assert (after.carrier, after.tracking) == (other, "T-1")
    assert world.order(adapter, order).total_gross == before.total_gross


def test_unknown_carrier_is_a_data_error(world: World, adapter: ShopAdapter, order: str) -> None:
    with pytest.raises(DataError, match="987"):
        adapter.send_shipment(order, Shipment(carrier="987", tracking="T-1"))


def test_one_breakdown_is_healed_without_a_second_change(
    world: World, adapter: ShopAdapter, order: str
) -> None:
    before = world.mails()
    world.sim.fail(500, method="POST", after_work=True)
    adapter.change_status(StatusChange(order=order, state=world.state("shipped"), notify=True))
    assert world.order(adapter, order).state == world.state("shipped")
    assert world.mails() == before + 1


def test_order_that_breaks_the_shop_is_a_data_error(
    world: World, adapter: ShopAdapter, order: str
) -> None:
    before = world.order(adapter, order)
    for method in ("POST", "PUT", "PATCH"):
        world.sim.fail(500, method=method, times=None)
    with pytest.raises(DataError, match="this order"):
        adapter.change_status(StatusChange(order=order, state=world.state("shipped")))
    with pytest.raises(DataError, match="this order"):
        adapter.send_shipment(order, Shipment(carrier=None, tracking="T-1"))
    assert world.order(adapter, order) == before


def test_nothing_is_blamed_on_an_order_when_the_whole_shop_is_down(
    world: World, adapter: ShopAdapter, order: str
) -> None:
    change = StatusChange(order=order, state=world.state("shipped"))
    world.sim.fail(500, times=None)
    with pytest.raises(Unreachable):
        adapter.change_status(change)
    with pytest.raises(Unreachable):
        adapter.send_shipment(order, Shipment(carrier=None, tracking="T-1"))


def test_repeating_a_state_change_after_a_lost_answer_makes_one_change(
    world: World, adapter: ShopAdapter, order: str
) -> None:
    change = StatusChange(order=order, state=world.state("paid"))
    world.sim.fail(method="POST", drop=True, after_work=True)
    with pytest.raises(Unreachable) as caught:
        adapter.change_status(change)
    assert caught.value.maybe_done
    assert world.open().change_status(change) is False
    assert world.order(adapter, order).state == world.state("paid")


def test_a_state_set_by_an_attempt_that_broke_down_was_set_by_us(
    world: World, adapter: ShopAdapter, order: str
) -> None:
    change = StatusChange(order=order, state=world.state("paid"))
    for method in ("POST", "PUT", "PATCH"):
        world.sim.fail(500, method=method, after_work=True)
    assert adapter.change_status(change) is True
    assert world.order(adapter, order).state == world.state("paid")
    assert world.open().change_status(change) is False


def test_each_parcel_has_its_own_number(world: World, adapter: ShopAdapter, order: str) -> None:
    for number in ("T-1", "T-2", "T-1"):
        adapter.send_shipment(order, Shipment(carrier=None, tracking=number))
    assert [each.tracking for each in world.order(adapter, order).shipments] == ["T-1", "T-2"]


def test_a_number_is_corrected(world: World, adapter: ShopAdapter, order: str) -> None:
    for number in ("T-1", "T-2"):
        adapter.send_shipment(order, Shipment(carrier=None, tracking=number))
    correction = Shipment(carrier=None, tracking="T-9", replaces="T-1")
    assert adapter.send_shipment(order, correction) is True
    assert adapter.send_shipment(order, correction) is False
    assert [each.tracking for each in world.order(adapter, order).shipments] == ["T-9", "T-2"]


# --- words and documents for the customer ---------------------------------------------------------

LINK = "https://erp.example/my/invoices/7?access_token=abc-1&report_type=pdf"


def test_a_document_is_shown_once(world: World, adapter: ShopAdapter, order: str) -> None:
    document = OrderDocument(
        order=order, key="invoice-7", name="INV/1", url=LINK, text=f"La tua fattura: {LINK}"
    )
    assert adapter.send_document(document) is True
    assert adapter.send_document(document) is False
    other = replace(document, key="invoice-8", url=LINK + "&x=2", text="Your other invoice")
    assert world.open().send_document(other) is True
    assert adapter.send_document(document) is False


def test_a_message_is_written_once_and_safely(
    world: World, adapter: ShopAdapter, order: str
) -> None:
    text = "Arriva domani <script>alert(1)</script>"
    message = Message(external_id="", text=text, sent_at=datetime.now(UTC), from_customer=False)
    assert adapter.send_message(order, message) is True
    assert adapter.send_message(order, message) is False
    with pytest.raises(NotFound):
        adapter.send_message("987654", message)


def test_a_lost_answer_makes_no_second_message(
    world: World, adapter: ShopAdapter, order: str
) -> None:
    document = OrderDocument(order=order, key="invoice-7", name="INV/1", url=LINK, text="Fattura")
    for number in (1, 2):
        world.lose_answer_of_write(number)
        with suppress(Unreachable):
            adapter.send_document(document)
    assert world.open().send_document(document) is False
