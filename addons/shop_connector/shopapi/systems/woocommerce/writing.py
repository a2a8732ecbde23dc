"""Orders to the shop: status, parcels, words to the customer, and orders of ours."""

from __future__ import annotations

import html
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from ...documents import (
    Address,
    Charge,
    DraftLine,
    OrderDraft,
    OrderEdit,
    Party,
    Shipment,
    StatusChange,
)
from ...errors import DataError
from ...money import amount_of, round_money, take_off
from .client import Client, Row, text_of
from .comparing import meta_of
from .orders import FISCAL_KEYS, OUR_KEY, TRACKING, VAT_KEYS, OrderReader, parcels
from .shop import Shop

_CLOSED = {"completed", "cancelled", "refunded", "failed", "trash"}


class OrderWriter:
    """Changes orders."""

    def __init__(self, client: Client, shop: Shop, reader: OrderReader) -> None:
        self.client = client
        self.shop = shop
        self.reader = reader

    # --- status, parcels, words -------------------------------------------------------------------

    def change_status(self, change: StatusChange) -> bool:
        """Set the status; the shop itself decides what mail that makes.

        True also when an attempt that broke off had set it.
        """
        if change.state not in self.shop.states:
            raise DataError(f"The shop has no order status {change.state}.")

        tried: list[str] = []

        def work() -> bool:
            row = self.reader.row(change.order)
            if row.get("status") == change.state:
                return bool(tried)
            tried.append(change.state)
            self.client.post(f"orders/{change.order}", {"status": change.state})
            return True

        return self.client.healed("order", work)

    def send_shipment(self, order: str, shipment: Shipment) -> bool:
        """Note a parcel where the usual tracking plugins look for it."""
        name = ""
        if shipment.carrier is not None:
            if shipment.carrier not in self.shop.carriers:
                raise DataError(f"The shop has no carrier {shipment.carrier}.")
            name = self.shop.carriers[shipment.carrier].name.rpartition(" (")[0]

        def work() -> bool:
            row = self.reader.row(order)
            held = parcels(row)
            number = shipment.tracking or ""
            if any(each.get("tracking_number") == number for each in held):
                return False
            # nobody named a carrier: the one that the customer chose
            chosen = next((each["method_title"] for each in row["shipping_lines"]), "")
            parcel = {
                "tracking_provider": "",
                "custom_tracking_provider": name or text_of(chosen),
                "tracking_number": number,
                "tracking_id": f"odoo-{number}",
            }
            old = [each.get("tracking_number") for each in held]
            if shipment.replaces in old:
                held[old.index(shipment.replaces)] |= parcel
            else:
                held.append(parcel)
            content = {"meta_data": [{"key": TRACKING, "value": held}]}
            self.client.post(f"orders/{order}", content)
            return True

        return self.client.healed("order", work)

    def write_note(self, order: str, text: str) -> bool:
        """Write to the customer: WooCommerce shows it in his account and mails it."""
        note = html.escape(text, quote=False)
        self.reader.row(order)

        def work() -> bool:
            told = self.client.page(f"orders/{order}/notes", type="customer")
            if any(text_of(each.get("note")) == text_of(note) for each in told):
                return False
            self.client.post(f"orders/{order}/notes", {"note": note, "customer_note": True})
            return True

        return self.client.healed("order", work)

    # --- orders of ours ---------------------------------------------------------------------------

    def place(self, draft: OrderDraft) -> str:
        """Place an order, or find the one that has its key."""
        _check(draft)
        return self.client.healed("order", lambda: self._place(draft))

    def _place(self, draft: OrderDraft) -> str:
        customer = self._account(draft.customer)
        email = draft.customer.email or str((customer or {}).get("email", ""))
        known: dict[str, Any] = {"customer": str(customer["id"])} if customer else {"search": email}
        known |= self.shop.every_language
        for row in self.client.rows("orders", _fields="id,meta_data", **known):
            if meta_of(row, OUR_KEY) == draft.key:
                return str(row["id"])
        lines, discounts = draft.lines, [c for c in draft.charges if c.kind == "discount"]
        content: Row = {
            "status": draft.state or "pending",
            "currency": draft.currency,
            "customer_id": customer["id"] if customer else 0,
            "payment_method_title": draft.payment_name or "",
            "customer_note": draft.note or "",
            "billing": _address(draft.billing, draft.customer, email),
            "shipping": _address(draft.shipping, draft.customer, ""),
            "line_items": [
                _line(line, totals)
                for line, totals in zip(lines, _totals(lines, discounts), strict=True)
            ],
            "shipping_lines": [self._carriage(c) for c in draft.charges if c.kind == "shipping"],
            "fee_lines": [self._fee(c) for c in draft.charges if _is_fee(c)],
            "meta_data": [{"key": OUR_KEY, "value": draft.key}, *_numbers(draft.billing)],
        }
        row = self.client.post("orders", content)
        return str(self._settle(row, draft.total_gross)["id"])

    def _account(self, party: Party) -> Row | None:
        """The account of a customer, if he has one."""
        if party.external_id:
            return self.client.row(f"customers/{party.external_id}", _fields="id,email")
        if not party.email:
            return None
        rows = self.client.page("customers", email=party.email, role="all", _fields="id,email")
        return rows[0] if rows else None

    def _settle(self, row: Row, total: Decimal) -> Row:
        """Make up for cents that the shop rounds in another way than we do."""
        off = total - amount_of(row["total"])
        if not off:
            return row
        if abs(off) > Decimal("0.01") * (len(row["line_items"]) + 2):
            number, own = row["id"], row["total"]
            raise DataError(
                f"The shop counts {own} for order {number} instead of {total}: compare the taxes "
                "there and here."
            )
        fee = {"name": "Rounding", "total": str(off), "tax_status": "none"}
        return self.client.post(f"orders/{row['id']}", {"fee_lines": [fee]})

    def _carriage(self, charge: Charge) -> Row:
        kind, _colon, instance = (charge.code or "other").partition(":")
        row: Row = {"method_id": kind, "method_title": charge.name, "total": str(charge.net)}
        if instance:
            row["instance_id"] = instance
        return row

    def _fee(self, charge: Charge) -> Row:
        rate = charge.tax_rate
        codes = self.shop.tax_codes.values()
        fit = next((code.external_id for code in codes if code.rate == rate), "standard")
        status = "taxable" if rate else "none"
        tax_class = "" if fit == "standard" else fit
        row = {"name": charge.name, "total": str(charge.net), "tax_class": tax_class}
        return {**row, "tax_status": status}

    def edit(self, edit: OrderEdit) -> bool:
        """Change lines and amounts; nothing is sent that stands so already."""
        return self.client.healed("order", lambda: self._edit(edit))

    def _edit(self, edit: OrderEdit) -> bool:
        row = self.reader.row(edit.order)
        if row["status"] in _CLOSED:
            raise DataError(f"Order {edit.order} cannot be changed in the shop any more.")
        discounts = [c for c in edit.charges if c.kind == "discount"]
        content = {
            "line_items": self._edited_lines(row, edit.lines, discounts),
            "shipping_lines": _edited(
                row["shipping_lines"],
                [self._carriage(c) for c in edit.charges if c.kind == "shipping"],
                "method_id",
            ),
            "fee_lines": _edited(
                [fee for fee in row["fee_lines"] if fee["name"] != "Rounding"],
                [self._fee(c) for c in edit.charges if _is_fee(c)],
                "name",
            ),
        }
        content = {name: rows for name, rows in content.items() if rows}
        if not content:
            return False
        self._settle(self.client.post(f"orders/{edit.order}", content), edit.total_gross)
        return True

    def _edited_lines(
        self, row: Row, lines: Sequence[DraftLine], discounts: Sequence[Charge]
    ) -> list[Row]:
        left = {str(each["id"]): each for each in row["line_items"]}
        changed: list[Row] = []
        for line, totals in zip(lines, _totals(lines, discounts), strict=True):
            held = left.pop(line.external_id or "", None) or _twin(left, line)
            wanted = _line(line, totals)
            if held is None:
                changed.append(wanted)
                continue
            left.pop(str(held["id"]), None)
            same = amount_of(held["quantity"]) == wanted["quantity"]
            for name in ("subtotal", "total"):
                same = same and amount_of(held[name]) == amount_of(wanted[name])
            if not same:
                amounts = {name: wanted[name] for name in ("quantity", "subtotal", "total")}
                changed.append({"id": held["id"], **amounts})
        return [*changed, *({"id": int(key), "product_id": None} for key in left)]


def _twin(left: dict[str, Row], line: DraftLine) -> Row | None:
    """A line of these goods that nobody has named: of a call whose answer got lost."""
    if line.external_id is not None:
        return None
    wanted = (line.product, line.variant or "0")
    goods = ((held, (str(held["product_id"]), str(held["variation_id"]))) for held in left.values())
    return next((held for held, own in goods if own == wanted), None)


def _edited(held: Sequence[Row], wanted: Sequence[Row], name: str) -> list[Row]:
    """Changes that make lines of one kind stand as wanted; ``name`` None takes one away."""
    changed: list[Row] = []
    for place, row in enumerate(wanted):
        if place >= len(held):
            changed.append(row)
        elif amount_of(held[place]["total"]) != amount_of(row["total"]):
            changed.append({"id": held[place]["id"], "total": row["total"]})
    return [*changed, *({"id": row["id"], name: None} for row in held[len(wanted) :])]


def _is_fee(charge: Charge) -> bool:
    return charge.kind not in {"shipping", "discount"}


def _totals(
    lines: Sequence[DraftLine], discounts: Sequence[Charge]
) -> list[tuple[Decimal, Decimal]]:
    """(before, after discounts) of each line, net; a discount is for the lines of its rate."""
    before = [round_money(line.unit_net * line.quantity) for line in lines]
    after = list(before)
    for charge in discounts:
        fit = [n for n, line in enumerate(lines) if charge.tax_rate in {None, line.tax_rate}]
        after = take_off(after, charge.net, fit)
    return list(zip(before, after, strict=True))


def _line(line: DraftLine, totals: tuple[Decimal, Decimal]) -> Row:
    row: Row = {
        "product_id": int(line.product),
        "quantity": int(line.quantity),
        "subtotal": str(totals[0]),
        "total": str(totals[1]),
    }
    if line.variant:
        row["variation_id"] = int(line.variant)
    return row


def _check(draft: OrderDraft) -> None:
    """Refuse what makes no order; the shop itself would accept it."""
    if not draft.lines:
        raise DataError("There is nothing on the order.")
    if any(line.quantity % 1 for line in draft.lines):
        raise DataError("The shop sells whole pieces only.")
    if not draft.customer.email and not draft.customer.external_id:
        raise DataError("The customer has no e-mail address.")
    for address in (draft.billing, draft.shipping):
        for name in ("street", "country"):
            if not getattr(address, name):
                raise DataError(f"An address without {name} cannot be sent to the shop.")


def _address(address: Address, party: Party, email: str) -> Row:
    state = address.state or ""
    if address.country == "DE" and state:
        state = f"DE-{state}"
    row = {
        "first_name": address.first_name or party.first_name or "",
        "last_name": address.last_name or party.last_name or address.company or party.company or "",
        "company": address.company or party.company or "",
        "address_1": address.street or "",
        "address_2": address.street2 or "",
        "postcode": address.zip or "",
        "city": address.city or "",
        "state": state,
        "country": address.country or "",
        "phone": address.phone or address.mobile or "",
    }
    return {**row, "email": email} if email else row


def _numbers(address: Address) -> list[Row]:
    """VAT number and tax code where plugins look for them."""
    pairs = ((VAT_KEYS[0], address.vat), (FISCAL_KEYS[0], address.fiscal_code))
    return [{"key": key, "value": value} for key, value in pairs if value]
