"""Recorded orders of PrestaShop -> `Order` documents whose parts sum up."""

from __future__ import annotations

from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prestashop_recorded import records

from shopapi.documents import Order, OrderLine
from shopapi.errors import DataError
from shopapi.money import explain_difference
from shopapi.systems.prestashop import wire_orders
from shopapi.systems.prestashop.wire import Record
from shopapi.systems.prestashop.wire_orders import OrderContext, OrderParts, share_payments

D = Decimal
CONTEXT = OrderContext(
    zone=ZoneInfo("Europe/Rome"),
    tax_rates={"1": D("22.000"), "2": D("10.000")},
    carriers={"2": ("2", "Corriere Lampo"), "1": ("1", "Click and collect")},
    countries={"10": "IT", "143": "HU"},
    states={"140": "BO"},
    lost_states=frozenset({"6", "8"}),
)


def parts_of(name: str, **more: object) -> OrderParts:
    """An order with the rows that other recordings hold of it."""
    order = records(name)[0]

    def rows(recording: str) -> list[Record]:
        return [row for row in records(recording) if row.fields["id_order"] == order.id]

    return OrderParts(
        order=order,
        vouchers=rows("418-order-cart-rules"),
        carriers=rows("415-order-carriers"),
        slips=rows("417-order-slip"),
        **more,  # type: ignore[arg-type]
    )


def sums_up(order: Order, missing: Decimal = D(0)) -> bool:
    parts = [line.total_gross for line in order.lines] + [c.gross for c in order.charges]
    return explain_difference(order.total_gross - missing, parts).is_rounding


def test_percent_voucher_and_rounded_lines() -> None:
    order = wire_orders.order(
        parts_of("393-order-3-percent-voucher", details=records("410-order-details")), CONTEXT
    )
    line = order.lines[0]
    assert line.sku == "CER-004-BLU"
    assert (line.quantity, line.unit_net, line.unit_gross) == (D(4), D("8.95"), D("10.919"))
    assert (line.total_net, line.total_gross) == (D("35.80"), D("43.68"))
    assert (line.tax, line.tax_rate, line.product, line.variant) == ("1", D(22), "4", "2")
    discount = next(charge for charge in order.charges if charge.kind == "discount")
    assert (discount.name, discount.gross, discount.tax_rate) == ("Benvenuto 10%", D("-8.37"), None)
    assert sums_up(order)
    assert order.placed_at.isoformat() == "2026-11-21T21:31:28+00:00"


def test_forint_order_with_tracking() -> None:
    order = wire_orders.order(parts_of("394-order-4-forint-shipped"), CONTEXT)
    assert order.currency == "2"
    assert order.total_gross == D("25591.22")
    assert order.shipments[0].tracking == "LAMPO-HU-0001"
    shipping = order.charges[0]
    assert (shipping.kind, shipping.gross, shipping.tax_rate) == ("shipping", D("2768.50"), D(22))


def test_wrapping_and_gift_message() -> None:
    order = wire_orders.order(parts_of("395-order-5-gift-wrapping-delivered"), CONTEXT)
    kinds = {charge.kind: charge for charge in order.charges}
    assert kinds["wrapping"].gross == D("3.05")
    assert kinds["wrapping"].tax_rate == D(22)
    assert kinds["shipping"].code == "2" and kinds["shipping"].name == "Corriere Lampo"
    assert order.gift_message == "Bon anniversaire !"
    assert sums_up(order, missing=D("90.00"))


def test_free_shipping_is_a_discount_with_the_rate_of_shipping() -> None:
    order = wire_orders.order(parts_of("399-order-11-guest-free-shipping-cod"), CONTEXT)
    shipping, discount = order.charges
    assert (shipping.net, shipping.gross) == (D("5.74"), D("7.00"))
    assert (discount.net, discount.gross, discount.tax_rate) == (D("-5.74"), D("-7.00"), D(22))
    assert order.payment_method == "ps_cashondelivery"
    assert sums_up(order, missing=D("31.00"))


def test_amount_voucher_takes_the_orders_rounding() -> None:
    order = wire_orders.order(parts_of("400-order-12-amount-voucher-and-wrapping"), CONTEXT)
    discount = order.charges[-1]
    assert (discount.net, discount.gross) == (D("-4.10"), D("-5.00"))
    assert sums_up(order, missing=D("23.90"))


def test_refund_tells_quantities_by_row() -> None:
    order = wire_orders.order(
        parts_of("396-order-7-partial-refund", details=records("412-order-details-refund")),
        CONTEXT,
    )
    refund = order.refunds[0]
    assert (refund.net, refund.gross, refund.shipping_gross) == (D("23.77"), D("29.00"), D(0))
    assert dict(refund.quantities) == {"13": D(1)}
    assert [line.quantity_refunded for line in order.lines if line.external_id == "13"] == [D(1)]


def test_order_in_error_holds_no_stock() -> None:
    assert not wire_orders.order(parts_of("397-order-8-payment-error"), CONTEXT).holds_stock
    assert wire_orders.order(parts_of("395-order-5"), CONTEXT).holds_stock


def test_business_customer_and_addresses() -> None:
    billing, shipping = records("255-addresses-of-customer")
    order = wire_orders.order(
        parts_of("398-order-9-b2b-two-addresses", billing=billing, shipping=shipping), CONTEXT
    )
    assert order.customer.company == "Emporio Bruni S.r.l."
    assert order.customer.vat == "IT01234567897"
    assert (order.billing.city, order.billing.state, order.billing.country) == (
        "Bologna",
        "BO",
        "IT",
    )
    assert order.shipping.street == "Via del Lavoro 9"
    assert order.billing.note == "SDI ABC1234"


def test_customer_and_addresses_that_are_gone_do_not_stop_the_order() -> None:
    order = wire_orders.order(parts_of("488-order-of-deleted-customer"), CONTEXT)
    assert order.customer.email is None
    assert order.billing == order.shipping


def test_split_orders_share_their_cart() -> None:
    first = wire_orders.order(parts_of("403-order-16-split-first"), CONTEXT)
    second = wire_orders.order(parts_of("404-order-17-split-second"), CONTEXT)
    assert first.reference == second.reference
    assert first.cart == second.cart is not None
    assert first.external_id != second.external_id


def test_price_without_tax_overrules_the_named_tax() -> None:
    detail = records("410-order-details")[0]
    fields = {**detail.fields, "unit_price_tax_incl": detail.fields["unit_price_tax_excl"]}
    line = wire_orders.line(Record(name="order_detail", fields=fields, lists=detail.lists), CONTEXT)
    assert line.tax_rate == 0


def test_rate_that_was_changed_since_shows_in_the_prices() -> None:
    detail = records("410-order-details")[0]
    fields = {**detail.fields, "unit_price_tax_excl": "10", "unit_price_tax_incl": "12.100000"}
    line = wire_orders.line(Record(name="order_detail", fields=fields, lists=detail.lists), CONTEXT)
    assert line.tax_rate == D(21)


def test_shop_discount_without_a_voucher_is_kept() -> None:
    order = records("400-order-12")[0]
    charges = wire_orders.discounts(OrderParts(order=order), D(22))
    assert [(charge.name, charge.gross) for charge in charges] == [("Discount", D("-5.00"))]


def test_voucher_with_free_shipping_and_more_is_two_discounts() -> None:
    order = records("399-order-11")[0]
    fields = {**order.fields, "total_discounts_tax_incl": "17", "total_discounts_tax_excl": "14"}
    voucher = Record(
        name="order_cart_rule",
        fields={
            "name": "All",
            "value": "17.000",
            "value_tax_excl": "14.000",
            "free_shipping": "1",
            "deleted": "0",
        },
    )
    parts = OrderParts(order=Record(name="order", fields=fields), vouchers=[voucher])
    first, second = wire_orders.discounts(parts, D(22))
    assert (first.gross, first.tax_rate) == (D("-7.00"), D(22))
    assert (second.gross, second.net, second.tax_rate) == (D("-10.00"), D("-8.26"), None)


@pytest.mark.parametrize("missing", ["date_upd", "current_state", "total_paid_tax_incl"])
def test_order_without_a_needed_field_is_a_data_error(missing: str) -> None:
    order = records("400-order-12")[0]
    fields = {key: value for key, value in order.fields.items() if key != missing}
    with pytest.raises(DataError, match=missing):
        wire_orders.order(OrderParts(order=Record(name="order", fields=fields)), CONTEXT)


amounts = st.integers(0, 100_000).map(lambda value: D(value) / 100)


@given(st.lists(amounts, min_size=1, max_size=4), st.lists(amounts, max_size=4))
def test_payments_are_shared_without_loss_or_doubling(
    totals: list[Decimal], paid: list[Decimal]
) -> None:
    due = {str(index): total for index, total in enumerate(totals)}
    rows = [(f"p{index}", amount) for index, amount in enumerate(paid)]
    shares = share_payments(due, rows)
    assert sum(part for parts in shares.values() for part in parts.values()) == sum(paid)
    last = list(due)[-1]
    for key, parts in shares.items():
        assert key == last or sum(parts.values()) <= due[key]


def test_line_of_an_order_is_typed() -> None:
    line = wire_orders.line(records("410-order-details")[1], CONTEXT)
    assert isinstance(line, OrderLine)
    assert line.variant is None or line.variant.isdigit()


def test_fields_that_nobody_knows_are_ignored() -> None:
    order = records("400-order-12")[0]
    more = Record(
        name="order",
        fields={**order.fields, "id_new_thing": "7", "total_of_the_future": "not a number"},
        texts={"greeting": {"1": "hello"}},
        lists={"future_rows": ({"id": "1"},)},
    )
    built = wire_orders.order(OrderParts(order=more), CONTEXT)
    assert built == wire_orders.order(OrderParts(order=order), CONTEXT)
