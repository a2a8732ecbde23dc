"""Reading orders in sets, a handful of calls a batch; writing states and parcels back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from ...breakdown import ServerFault
from ...documents import Order, OrderStamp, Outcome, Shipment, StatusChange
from ...errors import DataError, NotFound
from ...money import round_money
from . import wire_orders
from .changes import changed_rows
from .client import Client
from .settling import blame, settle, spoken_rights
from .shop import Shop
from .visitors import MessageReader
from .wire import Draft, Record
from .wire_codes import vouchers_of
from .wire_orders import OrderContext, OrderParts

_DETAIL = (
    "id", "id_order", "product_id", "product_attribute_id", "product_name", "product_quantity",
    "product_quantity_refunded", "product_reference", "id_tax_rules_group", "unit_price_tax_incl",
    "unit_price_tax_excl", "total_price_tax_incl", "total_price_tax_excl", "taxes[id]",
)  # fmt: skip
#: never more of a customer than an order needs: no password hash, no secure key
_CUSTOMER = (
    "id", "id_default_group", "firstname", "lastname", "email", "company", "birthday",
    "newsletter", "is_guest",
)  # fmt: skip
_ADDRESS = (
    "id", "id_country", "id_state", "company", "lastname", "firstname", "vat_number", "address1",
    "address2", "postcode", "city", "other", "phone", "phone_mobile", "dni", "alias",
)  # fmt: skip


class OrderReader:
    """Reads the orders of one shop."""

    def __init__(self, client: Client, shop: Shop) -> None:
        self.client = client
        self.shop = shop
        self._messages = MessageReader(client, shop)

    # --- what changed -----------------------------------------------------------------------------

    def changed(self, since: str | None) -> Iterator[OrderStamp]:
        """Orders by their last change, see `changed_rows`."""
        zone = self.shop.zone
        display = ("date_add", "current_state")
        for row, stamp in changed_rows(self.client, zone, "orders", display, since):
            yield OrderStamp(
                external_id=row.id,
                stamp=stamp,
                state=row.required("current_state"),
                placed_at=_placed_at(row, zone),
            )

    def placed(self, since: datetime) -> Iterator[OrderStamp]:
        """All orders placed since that time, oldest first."""
        zone = self.shop.zone
        first = since.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")
        rows = self.client.every(
            "orders",
            ["id", "reference", "date_add", "date_upd", "current_state"],
            {"date_add": f"[{first},9999-12-31 23:59:59]"},
        )
        for row in rows:
            yield OrderStamp(
                external_id=row.id,
                stamp=row.required("date_upd"),
                state=row.required("current_state"),
                placed_at=_placed_at(row, zone),
                reference=row.text("reference"),
            )

    # --- whole orders -----------------------------------------------------------------------------

    def fetch(self, external_ids: Sequence[str]) -> list[Order | Outcome]:
        """The orders with these ids, each with everything that hangs on it.

        What one order does to the calls for all (an empty 500, a row nobody understands) becomes
        the outcome of that order.  Raises Unreachable when the whole shop is out of order.
        """
        good = [key for key in external_ids if key.isascii() and key.isdigit()]
        # read before: a fault in the shop's own codes is no order's fault
        found = self._read(good, self._context()) if good else {}
        return [found[key] if key in found else _missing(key) for key in external_ids]

    def _read(
        self, keys: Sequence[str], context: OrderContext, *, again: bool = True
    ) -> dict[str, Order | Outcome]:
        """The orders by id; when that fails, by halves until the bad ones stand alone."""
        try:
            return self._read_together(keys, context)
        except (DataError, ServerFault) as error:
            self.client.rights()  # raises when the whole shop is out of order
            fault = error
        if len(keys) > 1:
            half = len(keys) // 2
            return {**self._read(keys[:half], context), **self._read(keys[half:], context)}
        if again and isinstance(fault, ServerFault):
            # once is chance
            return self._read(keys, context, again=False)
        return {keys[0]: Outcome(key=keys[0], external_id=keys[0], error=blame(fault))}

    def _read_together(
        self, keys: Sequence[str], context: OrderContext
    ) -> dict[str, Order | Outcome]:
        records = {record.id: record for record in self.client.find("orders", "id", keys)}
        parts = self._parts(list(records.values()))
        context = self._with_places(context, parts.values())
        return {key: self._build(key, parts.get(key), context) for key in keys}

    def _build(self, key: str, parts: OrderParts | None, context: OrderContext) -> Order | Outcome:
        if parts is None:
            return _missing(key)
        try:
            return wire_orders.order(parts, context)
        except DataError as found:
            return Outcome(key=key, external_id=key, error=found)

    def _parts(self, orders: Sequence[Record]) -> dict[str, OrderParts]:
        ids = [order.id for order in orders]
        details = self._by_order("order_details", ids, _DETAIL)
        discounted = [order.id for order in orders if order.amount("total_discounts_tax_incl")]
        vouchers = self._by_order(vouchers_of(self.client.version), discounted)
        carriers = self._by_order("order_carriers", ids)
        slips = self._by_order("order_slip", ids)
        customers = self._by_id("customers", _references(orders, "id_customer"), _CUSTOMER)
        addresses = self._by_id(
            "addresses", _references(orders, "id_address_invoice", "id_address_delivery"), _ADDRESS
        )
        payments = self._payments(orders)
        notes = self._notes(ids)
        messages = self._messages.of_orders(ids)
        return {
            order.id: OrderParts(
                order=order,
                details=details.get(order.id, ()),
                vouchers=vouchers.get(order.id, ()),
                carriers=carriers.get(order.id, ()),
                slips=slips.get(order.id, ()),
                payments=payments.get(order.id, ()),
                customer=customers.get(order.reference("id_customer") or ""),
                billing=addresses.get(order.reference("id_address_invoice") or ""),
                shipping=addresses.get(order.reference("id_address_delivery") or ""),
                note=notes.get(order.id),
                messages=messages.get(order.id, ()),
            )
            for order in orders
        }

    def _by_order(
        self, resource: str, ids: Sequence[str], display: Sequence[str] = ()
    ) -> dict[str, list[Record]]:
        found: dict[str, list[Record]] = {}
        for record in self.client.find(resource, "id_order", ids, display):
            found.setdefault(record.required("id_order"), []).append(record)
        return found

    def _by_id(
        self, resource: str, ids: Iterable[str], display: Sequence[str]
    ) -> dict[str, Record]:
        return {record.id: record for record in self.client.find(resource, "id", ids, display)}

    def _notes(self, ids: Sequence[str]) -> dict[str, str]:
        """What customers wrote when they ordered; none when the key may not read it.

        A note that nobody understands costs its own order the note, no order its place.
        """
        if not self.shop.may_read("messages"):
            return {}
        display = ["id", "id_order", "message", "private"]
        found: dict[str, str] = {}
        try:
            records = self.client.find("messages", "id_order", ids, display)
        except DataError:
            if len(ids) < 2:
                return {}
            half = len(ids) // 2
            return {**self._notes(ids[:half]), **self._notes(ids[half:])}
        for record in records:
            text = record.text("message")
            if text and not record.flag("private"):
                order = record.required("id_order")
                found[order] = f"{found[order]}\n{text}" if order in found else text
        return found

    # --- payments ---------------------------------------------------------------------------------

    def _payments(self, orders: Sequence[Record]) -> dict[str, list[tuple[Record, Decimal]]]:
        """The payments of each order: they hang on the reference, which orders may share."""
        references = [order.text("reference") or "" for order in orders]
        rows: dict[str, list[Record]] = {}
        for row in self.client.find("order_payments", "order_reference", filter(None, references)):
            reference = row.text("order_reference") or ""
            if reference in references:
                rows.setdefault(reference, []).append(row)
        totals: dict[str, dict[str, Decimal]] = {}
        for reference, order in zip(references, orders, strict=True):
            totals.setdefault(reference, {})[order.id] = _total(order)
        # where the sum is not the order's total the reference may have other orders
        odd = [
            reference
            for reference, found in rows.items()
            if sum(map(_amount, found)) != sum(totals.get(reference, {}).values())
        ]
        display = ["id", "reference", "total_paid_tax_incl"]
        for sibling in self.client.find("orders", "reference", odd, display):
            if (reference := sibling.required("reference")) in totals:
                totals[reference][sibling.id] = _total(sibling)
        found_payments: dict[str, list[tuple[Record, Decimal]]] = {}
        for reference, found in rows.items():
            due = dict(sorted(totals[reference].items(), key=lambda item: int(item[0])))
            by_id = {row.id: row for row in found}
            shares = wire_orders.share_payments(due, [(row.id, _amount(row)) for row in found])
            for key, parts in shares.items():
                found_payments[key] = [(by_id[row_id], part) for row_id, part in parts.items()]
        return found_payments

    # --- codes ------------------------------------------------------------------------------------

    def _context(self) -> OrderContext:
        """The codes that hold for every order."""
        return OrderContext(
            zone=self.shop.zone,
            tax_rates=self.shop.tax_rates,
            carriers={key: (item.code, item.name) for key, item in self.shop.carriers.items()},
            lost_states=self.shop.lost_states,
        )

    def _with_places(self, context: OrderContext, parts: Iterable[OrderParts]) -> OrderContext:
        """The same with the countries and states that these orders name."""
        addresses = [record for part in parts for record in (part.billing, part.shipping) if record]
        return replace(
            context,
            countries=self.shop.countries(_references(addresses, "id_country")),
            states=self.shop.states(_references(addresses, "id_state")),
        )


class OrderWriter:
    """Tells the shop what became of its orders.

    An empty 500 is tried once more and then, when the shop answers other calls, the order's fault.
    """

    def __init__(self, client: Client, shop: Shop) -> None:
        self.client = client
        self.shop = shop

    def change_status(self, change: StatusChange) -> bool:
        """Set a state through the order's history: the way that does not write to the customer.

        An unknown state would be an empty 500, so it is looked up before. True also when an attempt
        that broke off had set it.
        """
        tried: list[str] = []
        return settle(self.client, lambda: self._change_status(change, tried))

    def send_shipment(self, order: str, shipment: Shipment) -> bool:
        """Put tracking number and carrier on a parcel of the order.

        The parcel is the one named, else the one with this number or the number it replaces, else
        one without a number, else a new one: the customer sees every number with its own link.
        """
        return settle(self.client, lambda: self._send_shipment(order, shipment))

    def _change_status(self, change: StatusChange, tried: list[str]) -> bool:
        if self._state_of(change.order) == change.state:
            return bool(tried)
        if change.state not in self.shop.state_ids:
            raise DataError(f"The shop has no order state {change.state}.")
        draft = Draft(fields={"id_order": change.order, "id_order_state": change.state})
        params = {"sendemail": "1"} if change.notify else None
        tried.append(change.state)
        self.client.create("order_histories", [draft], params)
        return True

    def _send_shipment(self, order: str, shipment: Shipment) -> bool:
        self._state_of(order)
        rows = self.client.find("order_carriers", "id_order", [order])
        if shipment.external_id is not None:
            rows = [row for row in rows if row.id == shipment.external_id]
        if not rows:
            raise NotFound(f"Order {order} has no parcel in the shop (nothing to ship?).")
        row = rows[0] if shipment.external_id is not None else _parcel(rows, shipment)
        if row is None:
            self._add_parcel(rows[0], shipment)
            return True
        fields: dict[str, str] = {}
        number = row.text("tracking_number")
        if shipment.tracking != number and (shipment.tracking or number == shipment.replaces):
            fields["tracking_number"] = shipment.tracking or ""
        held = self.shop.carriers.get(row.reference("id_carrier") or "")
        if shipment.carrier and (held is None or held.code != shipment.carrier):
            fields["id_carrier"] = self.shop.carrier_id(shipment.carrier)
        if not fields:
            return False
        self.client.update("order_carriers", {row.id: Draft(fields=dict(fields))})
        return True

    def _add_parcel(self, first: Record, shipment: Shipment) -> None:
        """One more row beside the first, which keeps weight and costs."""
        carrier = self.shop.carrier_id(shipment.carrier) if shipment.carrier else None
        fields = {
            "id_order": first.required("id_order"),
            "id_carrier": carrier or first.reference("id_carrier") or "0",
            "id_order_invoice": first.reference("id_order_invoice") or "0",
            "tracking_number": shipment.tracking or "",
        }
        with spoken_rights():
            self.client.create("order_carriers", [Draft(fields=dict(fields))])

    def _state_of(self, order: str) -> str:
        rows = self.client.find("orders", "id", [order], ["id", "current_state"])
        if not rows or rows[0].id != order:
            raise NotFound(f"The shop has no order {order}.")
        return rows[0].required("current_state")


# --- helpers --------------------------------------------------------------------------------------


def _parcel(rows: Sequence[Record], shipment: Shipment) -> Record | None:
    """The row of a parcel; None when it needs one of its own."""
    by_number: dict[str | None, Record] = {}
    for row in rows:
        by_number.setdefault(row.text("tracking_number"), row)
    wanted = (shipment.tracking, shipment.replaces) if shipment.tracking else (shipment.replaces,)
    for number in wanted:
        if number and number in by_number:
            return by_number[number]
    return by_number.get(None, None if shipment.tracking else rows[-1])


def _placed_at(row: Record, zone: ZoneInfo) -> datetime | None:
    """When an order was placed; a time nobody understands is for the order itself to tell."""
    try:
        return row.moment("date_add", zone)
    except DataError:
        return None


def _missing(key: str) -> Outcome:
    error = NotFound(f"The shop has no order {key}.")
    return Outcome(key=key, external_id=key, error=error)


def _references(records: Iterable[Record], *names: str) -> list[str]:
    found = (record.reference(name) for record in records for name in names)
    return list(dict.fromkeys(key for key in found if key is not None))


def _total(order: Record) -> Decimal:
    return round_money(order.amount("total_paid_tax_incl"))


def _amount(row: Record) -> Decimal:
    return round_money(row.amount("amount"))
