"""Records of an order and all that hangs on it -> one `Order` document.

Amounts follow the order's own totals, which PrestaShop keeps rounded; unit prices keep six
decimals.  ``total_paid_tax_incl`` is trusted: the parts miss it by a cent now and then.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from ...documents import (
    Address,
    Charge,
    Message,
    Order,
    OrderLine,
    Party,
    Payment,
    Refund,
    Shipment,
)
from ...errors import DataError
from ...money import ZERO, implied_rate, round_money
from .wire import Record
from .wire_codes import NO_TAX

_CENT = Decimal("0.01")
#: how the names of addresses begin that belong to an order placed by us; the rest is its key
KEY_ALIAS = "Odoo "


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderParts:
    """Everything that was read for one order; what is gone from the shop is None or empty."""

    order: Record
    details: Sequence[Record] = ()
    vouchers: Sequence[Record] = ()
    carriers: Sequence[Record] = ()
    slips: Sequence[Record] = ()
    #: (payment record, the amount of it that belongs to this order)
    payments: Sequence[tuple[Record, Decimal]] = ()
    customer: Record | None = None
    billing: Record | None = None
    shipping: Record | None = None
    note: str | None = None
    messages: Sequence[Message] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderContext:
    """The shop's codes that orders refer to."""

    zone: ZoneInfo
    tax_rates: Mapping[str, Decimal] = field(default_factory=dict)
    #: carrier id -> (code, name)
    carriers: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    countries: Mapping[str, str | None] = field(default_factory=dict)
    states: Mapping[str, str | None] = field(default_factory=dict)
    #: states in which the goods are back in the shop's stock
    lost_states: frozenset[str] = frozenset()


def order(parts: OrderParts, context: OrderContext) -> Order:
    """Put an order together. Raises DataError when something in it cannot be understood."""
    record = parts.order
    placed_at = record.moment("date_add", context.zone)
    changed_at = record.moment("date_upd", context.zone)
    lines = tuple(line(detail, context) for detail in parts.details)
    carrier = context.carriers.get(record.reference("id_carrier") or "")
    state = record.required("current_state")
    return Order(
        external_id=record.id,
        reference=record.text("reference") or record.id,
        cart=record.reference("id_cart"),
        placed_at=placed_at or changed_at or _never(record),
        stamp=record.required("date_upd"),
        state=state,
        currency=record.required("id_currency"),
        customer=party(parts),
        billing=address(parts.billing, context),
        shipping=address(parts.shipping, context),
        lines=lines,
        charges=tuple(charges(parts, lines, context)),
        total_net=round_money(record.amount("total_paid_tax_excl")),
        total_gross=round_money(record.amount("total_paid_tax_incl")),
        payment_method=record.text("module"),
        payment_name=record.text("payment"),
        payments=tuple(payment(record, row, amount, context) for row, amount in parts.payments),
        shipments=tuple(shipments(parts.carriers, context)),
        refunds=tuple(refund(slip, context) for slip in parts.slips),
        carrier=carrier[0] if carrier else None,
        note=parts.note,
        gift_message=record.text("gift_message") if record.flag("gift") else None,
        holds_stock=state not in context.lost_states,
        # the checkout puts the note into the order's thread as well
        messages=tuple(each for each in parts.messages if each.text != parts.note),
        our_key=our_key(parts.billing) or our_key(parts.shipping),
    )


def _never(record: Record) -> datetime:
    raise DataError(f"Order {record.id} tells no time.")


def our_key(address_record: Record | None) -> str | None:
    """The key of an order that we placed: the name of an address made for it alone."""
    alias = address_record.fields.get("alias", "") if address_record else ""
    return alias.removeprefix(KEY_ALIAS) if alias.startswith(KEY_ALIAS) else None


# --- people ---------------------------------------------------------------------------------------


def party(parts: OrderParts) -> Party:
    """Who bought; of a deleted customer the billing address still tells the name.

    Company and VAT number are on the billing address: the customer has them in B2B mode only.
    """
    record, customer, billing = parts.order, parts.customer, parts.billing
    person = customer or billing
    return Party(
        external_id=record.reference("id_customer"),
        email=customer.text("email") if customer else None,
        first_name=person.text("firstname") if person else None,
        last_name=person.text("lastname") if person else None,
        company=(billing.text("company") if billing else None)
        or (customer.text("company") if customer else None),
        vat=billing.text("vat_number") if billing else None,
        language=record.reference("id_lang"),
        group=customer.reference("id_default_group") if customer else None,
        is_guest=customer.flag("is_guest") if customer else False,
        birthday=customer.day("birthday") if customer else None,
        newsletter=customer.flag("newsletter") if customer else None,
    )


def address(record: Record | None, context: OrderContext) -> Address:
    """A postal address, empty when it is gone from the shop."""
    if record is None:
        return Address()
    return Address(
        first_name=record.text("firstname"),
        last_name=record.text("lastname"),
        company=record.text("company"),
        vat=record.text("vat_number"),
        fiscal_code=record.text("dni"),
        street=record.text("address1"),
        street2=record.text("address2"),
        zip=record.text("postcode"),
        city=record.text("city"),
        state=context.states.get(record.reference("id_state") or ""),
        country=context.countries.get(record.reference("id_country") or ""),
        phone=record.text("phone"),
        mobile=record.text("phone_mobile"),
        note=record.text("other"),
    )


# --- goods ----------------------------------------------------------------------------------------


def line(detail: Record, context: OrderContext) -> OrderLine:
    """One row of ``order_details``."""
    return OrderLine(
        external_id=detail.id,
        name=detail.text("product_name") or "",
        quantity=detail.amount("product_quantity"),
        unit_net=detail.amount("unit_price_tax_excl"),
        unit_gross=detail.amount("unit_price_tax_incl"),
        total_net=detail.amount("total_price_tax_excl"),
        total_gross=detail.amount("total_price_tax_incl"),
        tax=detail.reference("id_tax_rules_group") or NO_TAX,
        tax_rate=_line_rate(detail, context),
        sku=detail.text("product_reference"),
        product=detail.reference("product_id"),
        variant=detail.reference("product_attribute_id"),
        quantity_refunded=detail.amount("product_quantity_refunded"),
    )


def _line_rate(detail: Record, context: OrderContext) -> Decimal | None:
    """The rate that was really used: of the taxes named, unless the prices say otherwise.

    A rate that was changed since, a customer without VAT or an order from abroad all show in the
    prices only.
    """
    net, gross = detail.amount("unit_price_tax_excl"), detail.amount("unit_price_tax_incl")
    named = [context.tax_rates[key] for key in detail.ids("taxes") if key in context.tax_rates]
    stated = sum(named, ZERO)
    if net == gross:
        return stated if not net and named else ZERO
    known = [stated, *context.tax_rates.values()]
    if named and implied_rate(net, gross, [stated]) is not None:
        return tidy(stated)
    rate = implied_rate(net, gross, known)
    if rate is None and net:
        rate = round_money((gross / net - 1) * 100, 1)
    return tidy(rate) if rate is not None else None


def tidy(rate: Decimal) -> Decimal:
    """22.000 -> 22

    >>> tidy(Decimal("22.000"))
    Decimal('22')
    """
    return rate.quantize(Decimal(1)) if rate == rate.to_integral_value() else rate.normalize()


# --- everything else that costs or saves money ----------------------------------------------------


def charges(
    parts: OrderParts, lines: Sequence[OrderLine], context: OrderContext
) -> Iterable[Charge]:
    """Shipping, wrapping and discounts; PrestaShop keeps the first two as totals of the order."""
    record = parts.order
    shipping_rate = tidy(record.amount("carrier_tax_rate"))
    gross = round_money(record.amount("total_shipping_tax_incl"))
    if gross:
        code, name = context.carriers.get(record.reference("id_carrier") or "", (None, "Shipping"))
        yield Charge(
            kind="shipping",
            name=name,
            net=round_money(record.amount("total_shipping_tax_excl")),
            gross=gross,
            code=code,
            tax_rate=shipping_rate,
        )
    gross = round_money(record.amount("total_wrapping_tax_incl"))
    if gross:
        net = round_money(record.amount("total_wrapping_tax_excl"))
        rates = [line.tax_rate for line in lines if line.tax_rate is not None]
        known = [shipping_rate, *rates, *context.tax_rates.values()]
        rate = implied_rate(net, gross, known)
        yield Charge(
            kind="wrapping",
            name="Gift wrapping",
            net=net,
            gross=gross,
            tax_rate=tidy(rate) if rate is not None else None,
        )
    yield from discounts(parts, shipping_rate)


def discounts(parts: OrderParts, shipping_rate: Decimal) -> list[Charge]:
    """The vouchers, rounded so that they sum up to the order's own total of discounts.

    Free shipping leaves the shipping at its price and takes the same amount off as a discount; when
    the voucher takes off more, the rest is a discount on the goods.
    """
    record = parts.order
    found: list[Charge] = []
    shipping = (
        round_money(record.amount("total_shipping_tax_excl")),
        round_money(record.amount("total_shipping_tax_incl")),
    )
    for voucher in parts.vouchers:
        if voucher.flag("deleted"):
            continue
        name = voucher.text("name") or "Discount"
        net = round_money(voucher.amount("value_tax_excl"))
        gross = round_money(voucher.amount("value"))
        if voucher.flag("free_shipping") and shipping[1] and gross >= shipping[1]:
            found.append(_discount(name, *shipping, rate=shipping_rate))
            net, gross = net - shipping[0], gross - shipping[1]
            shipping = (ZERO, ZERO)
        if abs(gross) > _CENT or not found:
            found.append(_discount(name, net, gross))
    net = -round_money(record.amount("total_discounts_tax_excl"))
    gross = -round_money(record.amount("total_discounts_tax_incl"))
    return _summing_up([charge for charge in found if charge.gross or charge.net], net, gross)


def _discount(name: str, net: Decimal, gross: Decimal, rate: Decimal | None = None) -> Charge:
    return Charge(kind="discount", name=name, net=-net, gross=-gross, tax_rate=rate)


def _summing_up(found: list[Charge], net: Decimal, gross: Decimal) -> list[Charge]:
    """Put what is missing to the order's total on the largest discount, or make one of it."""
    net -= sum((charge.net for charge in found), ZERO)
    gross -= sum((charge.gross for charge in found), ZERO)
    if not net and not gross:
        return found
    if not found:
        return [Charge(kind="discount", name="Discount", net=net, gross=gross)]
    largest = max(range(len(found)), key=lambda index: abs(found[index].gross))
    charge = found[largest]
    found[largest] = replace(charge, net=charge.net + net, gross=charge.gross + gross)
    return found


# --- payments, parcels, refunds -------------------------------------------------------------------


def payment(record: Record, row: Record, amount: Decimal, context: OrderContext) -> Payment:
    """Money received; the row tells the name of the method only, the order its module."""
    return Payment(
        method=record.text("module") or "",
        name=row.text("payment_method") or "",
        amount=amount,
        transaction=row.text("transaction_id"),
        paid_at=row.moment("date_add", context.zone),
        external_id=row.id,
    )


def share_payments(
    totals: Mapping[str, Decimal], rows: Sequence[tuple[str, Decimal]]
) -> dict[str, dict[str, Decimal]]:
    """Which part of which payment belongs to which order of one reference.

    ``totals``: what each order costs, by id, oldest first; ``rows``: (payment id, amount), oldest
    first.  The payments fill the orders one after the other, so nothing is counted twice; what is
    paid too much stays with the last order.

    >>> share_payments({"16": Decimal(11), "17": Decimal(4)}, [("9", Decimal(15))])
    {'16': {'9': Decimal('11')}, '17': {'9': Decimal('4')}}
    """
    shares: dict[str, dict[str, Decimal]] = {key: {} for key in totals}
    left = dict(totals)
    last = list(totals)[-1]
    for payment_id, amount in rows:
        for key in totals:
            part = amount if key == last else min(amount, left[key])
            if part > 0 or (key == last and part):
                shares[key][payment_id] = part
                left[key] -= part
                amount -= part
    return shares


def shipments(rows: Iterable[Record], context: OrderContext) -> Iterable[Shipment]:
    """The parcels, as ``order_carriers`` has them."""
    for row in rows:
        carrier = context.carriers.get(row.reference("id_carrier") or "")
        yield Shipment(
            carrier=carrier[0] if carrier else None,
            tracking=row.text("tracking_number"),
            external_id=row.id,
        )


def refund(slip: Record, context: OrderContext) -> Refund:
    """One credit slip; quantities by order row."""
    quantities = {
        entry["id_order_detail"]: Record(name="order_slip_detail", fields=entry).amount(
            "product_quantity"
        )
        for entry in slip.lists.get("order_slip_details", ())
        if entry.get("id_order_detail")
    }
    shipping = slip.amount("total_shipping_tax_incl")
    return Refund(
        external_id=slip.id,
        net=round_money(
            slip.amount("total_products_tax_excl") + slip.amount("total_shipping_tax_excl")
        ),
        gross=round_money(slip.amount("total_products_tax_incl") + shipping),
        quantities=quantities,
        shipping_gross=round_money(shipping),
        refunded_at=slip.moment("date_add", context.zone),
    )
