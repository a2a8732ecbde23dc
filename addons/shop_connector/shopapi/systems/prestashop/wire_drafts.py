"""Documents of orders that we write -> fields of records; shapes only, no input or output."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from ...documents import Address, Charge, DraftLine, OrderEdit, Party
from ...errors import DataError
from ...money import ZERO, gross_of, round_money
from .wire import Record, is_same

#: what the shop refuses in names of people, in addresses, and in everything else
_NO_NAME = re.compile(r'[0-9!<>,;?=+()@#"°{}_$%:¤|\[\]]+')
_NO_ADDRESS = re.compile(r"[!<>?=+@{}_$%]+")
_NO_CITY = re.compile(r'[!<>;?=+@#"°{}_$%]+')
_NO_TEXT = re.compile(r"[<>={}]+")
_NO_PHONE = re.compile(r"[^+0-9. ()/-]+")
_NO_POSTCODE = re.compile(r"[^a-zA-Z 0-9-]+")
_NAMELESS = "-"
_SIX = Decimal("0.000001")


def whole(line: DraftLine) -> int:
    """The quantity of a line. Raises DataError: this shop sells whole pieces."""
    if line.quantity != line.quantity.to_integral_value() or line.quantity <= 0:
        raise DataError(f"{line.name}: the shop takes whole pieces only, not {line.quantity}.")
    return int(line.quantity)


def net_total(line: DraftLine) -> Decimal:
    """A line without tax, as the shop rounds it."""
    return round_money(line.unit_net * line.quantity)


def gross_total(line: DraftLine) -> Decimal:
    """A line with tax, as the shop rounds it."""
    return round_money(line.unit_gross * line.quantity)


def cart_gross(line: DraftLine) -> Decimal:
    """What the shop's own cart makes of a line: net price, its tax, both with six decimals."""
    unit = gross_of(line.unit_net, line.tax_rate or ZERO).quantize(_SIX)
    return round_money(unit * line.quantity)


# --- people ---------------------------------------------------------------------------------------


def person_fields(first: str | None, last: str | None, company: str | None) -> dict[str, str]:
    """First and last name, both of which the shop wants, without what it refuses in names."""
    first_name, last_name = _cleaned(_NO_NAME, first), _cleaned(_NO_NAME, last)
    if not last_name:
        first_name, last_name = "", first_name or _cleaned(_NO_NAME, company)
    return {"firstname": first_name or _NAMELESS, "lastname": last_name or _NAMELESS}


def customer_fields(customer: Party, language: str) -> dict[str, str]:
    """A new customer, without password."""
    company = _cleaned(_NO_TEXT, customer.company)
    return {
        "id_lang": language,
        **person_fields(customer.first_name, customer.last_name, customer.company),
        "email": customer.email or "",
        **({"company": company} if company else {}),
        "active": "1",
    }


def address_fields(address: Address, country: str, state: str | None) -> dict[str, str]:
    """An address; ``country`` and ``state`` are the shop's ids. Raises DataError when it lacks
    what the shop needs.
    """
    fields = {
        **person_fields(address.first_name, address.last_name, address.company),
        "company": _cleaned(_NO_TEXT, address.company),
        "vat_number": _cleaned(_NO_TEXT, address.vat),
        "address1": _cleaned(_NO_ADDRESS, address.street)[:128],
        "address2": _cleaned(_NO_ADDRESS, address.street2)[:128],
        "postcode": _cleaned(_NO_POSTCODE, address.zip)[:12],
        "city": _cleaned(_NO_CITY, address.city)[:64],
        "phone": _cleaned(_NO_PHONE, address.phone)[:32],
        "phone_mobile": _cleaned(_NO_PHONE, address.mobile)[:32],
        "dni": re.sub(r"[^0-9A-Za-z.-]", "", address.fiscal_code or "")[:16],
        "id_country": country,
        "id_state": state or "0",
    }
    for name, said in (("address1", "street"), ("city", "city")):
        if not fields[name]:
            raise DataError(f"The shop needs an address with a {said}.")
    return fields


def _cleaned(refused: re.Pattern[str], text: str | None) -> str:
    return " ".join(refused.sub(" ", text or "").split())


# --- goods ----------------------------------------------------------------------------------------


def merged_lines(lines: Iterable[DraftLine]) -> list[DraftLine]:
    """Lines of the same goods as one: a cart holds each product once, at one price."""
    found: dict[tuple[str, str | None], list[DraftLine]] = {}
    for line in lines:
        found.setdefault((line.product, line.variant), []).append(line)
    return [_as_one(same) for same in found.values()]


def folded_lines(lines: Sequence[DraftLine]) -> list[DraftLine]:
    """The same with lines that have no row of their own put to a row of the same goods."""
    found: dict[tuple[str, str | None], list[DraftLine]] = {}
    for line in lines:
        found.setdefault((line.product, line.variant), []).append(line)
    folded: list[DraftLine] = []
    for same in found.values():
        known = [line for line in same if line.external_id]
        new = [line for line in same if not line.external_id]
        folded += [_as_one([known[0], *new]), *known[1:]] if known else new
    return folded


def _as_one(same: Sequence[DraftLine]) -> DraftLine:
    first = same[0]
    if len(same) == 1:
        return first
    quantity = sum((line.quantity for line in same), ZERO)
    net = sum((net_total(line) for line in same), ZERO)
    gross = sum((gross_total(line) for line in same), ZERO)
    return DraftLine(
        product=first.product,
        variant=first.variant,
        name=first.name,
        sku=first.sku,
        quantity=quantity,
        unit_net=(net / quantity).quantize(_SIX),
        unit_gross=(gross / quantity).quantize(_SIX),
        tax_rate=first.tax_rate,
        external_id=next((line.external_id for line in same if line.external_id), None),
    )


def detail_fields(line: DraftLine) -> dict[str, str]:
    """Quantity and amounts of a row of an order, all its reductions in the price."""
    return {
        "product_quantity": str(whole(line)),
        "product_price": str(line.unit_net.quantize(_SIX)),
        "unit_price_tax_excl": str(line.unit_net.quantize(_SIX)),
        "unit_price_tax_incl": str(line.unit_gross.quantize(_SIX)),
        "total_price_tax_excl": str(net_total(line)),
        "total_price_tax_incl": str(gross_total(line)),
        "reduction_percent": "0",
        "reduction_amount": "0",
        "reduction_amount_tax_excl": "0",
        "reduction_amount_tax_incl": "0",
    }


def stands_like(detail: Record, line: DraftLine) -> bool:
    """Whether a row holds that quantity and these amounts already, cents apart nothing."""
    return (
        detail.amount("product_quantity") == line.quantity
        and round_money(detail.amount("total_price_tax_excl")) == net_total(line)
        and round_money(detail.amount("total_price_tax_incl")) == gross_total(line)
    )


def product_name(line: DraftLine) -> str:
    """The name of a row, without what the shop refuses."""
    return plain_name(line.name) or line.sku or line.product


def plain_name(text: str | None) -> str:
    """A name of anything but people, without what the shop refuses."""
    return _cleaned(_NO_TEXT, text)


# --- totals ---------------------------------------------------------------------------------------


def sum_of(charges: Iterable[Charge], *kinds: str) -> tuple[Decimal, Decimal]:
    """Net and gross of the charges of some kinds."""
    chosen = [charge for charge in charges if charge.kind in kinds]
    return (
        sum((charge.net for charge in chosen), ZERO),
        sum((charge.gross for charge in chosen), ZERO),
    )


def shipping_rate(charges: Iterable[Charge]) -> Decimal:
    """The tax rate of shipping. Raises DataError for a fee with another rate, which has no place:
    the shop keeps fees (handling) within its shipping costs.
    """
    rates = {
        charge.tax_rate or ZERO
        for charge in charges
        if charge.kind in {"shipping", "fee"} and charge.gross
    }
    if len(rates) > 1:
        raise DataError("The shop keeps fees within shipping: both need the same tax rate.")
    return rates.pop() if rates else ZERO


def total_fields(edit: OrderEdit) -> dict[str, str]:
    """The columns of an order that hold its totals."""
    discount_net, discount_gross = sum_of(edit.charges, "discount")
    shipping_net, shipping_gross = sum_of(edit.charges, "shipping", "fee")
    wrapping_net, wrapping_gross = sum_of(edit.charges, "wrapping")
    products_net = sum((net_total(line) for line in edit.lines), ZERO)
    products_gross = sum((gross_total(line) for line in edit.lines), ZERO)
    amounts: Mapping[str, Decimal] = {
        "total_discounts": -discount_gross,
        "total_discounts_tax_incl": -discount_gross,
        "total_discounts_tax_excl": -discount_net,
        "total_paid": edit.total_gross,
        "total_paid_tax_incl": edit.total_gross,
        "total_paid_tax_excl": edit.total_net,
        "total_products": products_net,
        "total_products_wt": products_gross,
        "total_shipping": shipping_gross,
        "total_shipping_tax_incl": shipping_gross,
        "total_shipping_tax_excl": shipping_net,
        "total_wrapping": wrapping_gross,
        "total_wrapping_tax_incl": wrapping_gross,
        "total_wrapping_tax_excl": wrapping_net,
    }
    for name, amount in amounts.items():
        if amount < 0:
            raise DataError(f"An order of this shop cannot have a negative amount ({name}).")
    fields = {name: str(amount) for name, amount in amounts.items()}
    if shipping_gross:
        # without shipping the rate says nothing, and the shop's own stays
        fields["carrier_tax_rate"] = str(shipping_rate(edit.charges))
    return fields


def invoice_fields(edit: OrderEdit) -> dict[str, str]:
    """The same totals in the words of the shop's own invoice."""
    fields = total_fields(edit)
    return {
        "total_discount_tax_excl": fields["total_discounts_tax_excl"],
        "total_discount_tax_incl": fields["total_discounts_tax_incl"],
        **{
            name: fields[name]
            for name in (
                "total_paid_tax_excl",
                "total_paid_tax_incl",
                "total_products",
                "total_products_wt",
                "total_shipping_tax_excl",
                "total_shipping_tax_incl",
                "total_wrapping_tax_excl",
                "total_wrapping_tax_incl",
            )
        },
    }


def differing(record: Record, fields: Mapping[str, str]) -> dict[str, str]:
    """The fields that the record holds otherwise (or not at all)."""
    return {
        name: value
        for name, value in fields.items()
        if not is_same(record.fields.get(name, "?"), value)
    }
