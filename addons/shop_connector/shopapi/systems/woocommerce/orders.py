"""Orders from the shop: JSON to documents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from ...documents import (
    Address,
    Charge,
    Order,
    OrderLine,
    OrderStamp,
    Outcome,
    Party,
    Payment,
    Refund,
    Shipment,
    Visit,
)
from ...errors import DataError, NotFound
from ...money import ZERO, amount_of
from ...paging import chunks
from ...saving import understood
from .changes import changed_rows, moment, naive
from .client import PAGE, Client, Row, is_id, text_of
from .comparing import meta_of
from .shop import STANDARD, Shop

OUR_KEY = "_shop_connector_key"
#: where the usual plugins keep parcels (Shipment Tracking and those that follow it)
TRACKING = "_wc_shipment_tracking_items"
#: where core keeps what it knows of the visit that led to an order ("Order Attribution")
ORIGIN = "_wc_order_attribution_"
#: where plugins keep what core has no field for, the usual names first
VAT_KEYS = (
    "_billing_vat", "billing_vat", "_billing_vat_number", "billing_vat_number", "_vat_number",
    "vat_number", "_billing_eu_vat_number", "billing_eu_vat_number", "_billing_piva",
    "billing_piva", "_billing_partita_iva", "billing_partita_iva", "_billing_tax_number",
)  # fmt: skip
FISCAL_KEYS = (
    "_billing_cf", "billing_cf", "_billing_codice_fiscale", "billing_codice_fiscale",
    "_billing_cod_fisc",
)  # fmt: skip
#: statuses under which the shop has taken the goods off its stock, and does not give them back
_TAKING = {"processing", "on-hold", "completed", "refunded", "trash"}
_LIST = "status,number,date_created_gmt"


class OrderReader:
    """Reads orders."""

    def __init__(self, client: Client, shop: Shop) -> None:
        self.client = client
        self.shop = shop

    def changed(self, since: str | None) -> Iterator[OrderStamp]:
        """Orders by their last change."""
        for row in changed_rows(self.client, "orders", _LIST, since, **self.shop.every_language):
            yield _stamp(row)

    def placed(self, since: datetime) -> Iterator[OrderStamp]:
        """Orders by the time they were placed."""
        params = {"after": naive(since), "dates_are_gmt": "true", "orderby": "id", "order": "asc"}
        params |= self.shop.every_language
        fields = f"id,date_modified_gmt,{_LIST}"
        for row in self.client.rows("orders", size=PAGE, _fields=fields, **params):
            yield _stamp(row)

    def fetch(self, external_ids: Sequence[str]) -> list[Order | Outcome]:
        """Orders by id, in that order."""
        found: dict[str, Order | Outcome] = {}
        numbers = [key for key in dict.fromkeys(external_ids) if is_id(key)]
        for chunk in chunks(numbers, PAGE):
            read = self.client.in_parts("order", chunk, self._read, _failed)
            found |= dict(zip(chunk, read, strict=True))
        gone = {key: _gone(key) for key in external_ids if key not in found}
        return [found.get(key) or gone[key] for key in external_ids]

    def _read(self, ids: Sequence[str]) -> list[Order | Outcome]:
        rows = self.client.read_by_id("orders", ids, **self.shop.every_language)
        self._name_originals(list(rows.values()))
        return [self._one(key, rows.get(key)) for key in ids]

    def _name_originals(self, rows: Sequence[Row]) -> None:
        """Lines of an order in another language name the translation: tell the original."""
        if self.shop.plugin is None:
            return
        lines = [line for row in rows for line in row.get("line_items") or ()]
        ids = [str(line.get("product_id")) for line in lines]
        fields = {"_fields": "id,translations", **self.shop.every_language}
        products = self.client.read_by_id("products", ids, **fields) if ids else {}
        for line in lines:
            told = products.get(str(line.get("product_id")), {}).get("translations") or {}
            line["product_id"] = told.get(self.shop.language, line.get("product_id"))

    def _one(self, key: str, row: Row | None) -> Order | Outcome:
        """One order; in its place what is wrong with it."""

        def read() -> Order:
            found = row if row is not None else self.row(key)
            refunds: list[Row] = []
            if found.get("refunds"):
                refunds = sorted(
                    self.client.rows(f"orders/{key}/refunds"), key=lambda each: int(each["id"])
                )
            return read_order(found, refunds, self.shop)

        return understood("Order", key, read)

    def row(self, key: str) -> Row:
        """An order as the shop tells it, those in the trash too. Raises NotFound."""
        if not is_id(key):
            raise NotFound(f"The shop has no order {key}.")
        try:
            return self.client.row(f"orders/{key}")
        except NotFound as error:
            raise NotFound(f"The shop does not have order {key} any more.") from error


def _stamp(row: Row) -> OrderStamp:
    return OrderStamp(
        external_id=str(row["id"]),
        stamp=str(row["date_modified_gmt"]),
        state=str(row["status"]),
        placed_at=moment(row["date_created_gmt"]),
        reference=str(row["number"]),
    )


def _gone(key: str) -> Outcome:
    error = NotFound(f"The shop does not have order {key} any more.")
    return Outcome(key=key, external_id=key, error=error)


def _failed(key: str, error: DataError) -> Order | Outcome:
    return Outcome(key=key, external_id=key, error=error)


def read_order(row: Row, refunds: Sequence[Row], shop: Shop) -> Order:
    """An order and its refunds as documents. Raises DataError and what broken JSON raises."""
    rates = {int(t["rate_id"]): amount_of(t["rate_percent"]) for t in row["tax_lines"]}
    given_back = [_refund(each) for each in refunds]
    lines = tuple(_line(each, rates, given_back) for each in row["line_items"])
    billing = _address(row["billing"], row)
    delivery = _address(row["shipping"], None)
    phone = billing.phone if delivery.phone is None else delivery.phone
    same = ("first_name", "last_name", "company", "street", "street2", "zip", "city", "country")
    if all(getattr(delivery, name) in {None, getattr(billing, name)} for name in same):
        delivery = billing
    total, tax = amount_of(row["total"]), amount_of(row["total_tax"])
    paid_at = moment(row["date_paid_gmt"]) if row.get("date_paid_gmt") else None
    carriers = [_carrier(each) for each in row["shipping_lines"]]
    return Order(
        external_id=str(row["id"]),
        reference=str(row["number"]),
        cart=None,
        placed_at=moment(row["date_created_gmt"]),
        stamp=str(row["date_modified_gmt"]),
        state=str(row["status"]),
        currency=str(row["currency"]),
        customer=_party(row, billing, shop),
        billing=billing,
        shipping=delivery if delivery is billing else replace(delivery, phone=phone),
        lines=lines,
        charges=tuple(_charges(row, rates)),
        total_net=total - tax,
        total_gross=total,
        payment_method=row["payment_method"] or None,
        payment_name=text_of(row["payment_method_title"]) or None,
        payments=_payments(row, total, paid_at),
        shipments=tuple(_shipments(row, shop)),
        refunds=tuple(given_back),
        carrier=next((each for each in carriers if each), None),
        note=text_of(row["customer_note"]) or None,
        holds_stock=row["status"] in _TAKING,
        visits=tuple(_visits(row)),
        our_key=meta_of(row, OUR_KEY) or None,
    )


def _line(row: Row, rates: dict[int, Decimal], refunds: Sequence[Refund]) -> OrderLine:
    """A line before vouchers: those are charges of their own."""
    quantity = amount_of(row["quantity"])
    net = amount_of(row["subtotal"])
    gross = net + amount_of(row["subtotal_tax"])
    per = quantity or Decimal(1)
    step = Decimal("0.000001")
    key = str(row["id"])
    return OrderLine(
        external_id=key,
        name=text_of(row["name"]),
        quantity=quantity,
        unit_net=(net / per).quantize(step),
        unit_gross=(gross / per).quantize(step),
        total_net=net,
        total_gross=gross,
        tax=str(row["tax_class"] or STANDARD),
        tax_rate=_rate(row, rates),
        sku=row.get("sku") or None,
        product=str(row["product_id"]) if row["product_id"] else None,
        variant=str(row["variation_id"]) if row["variation_id"] else None,
        quantity_refunded=sum((each.quantities.get(key, ZERO) for each in refunds), ZERO),
    )


def _rate(row: Row, rates: dict[int, Decimal]) -> Decimal:
    """The percent of tax of a line: the sum of its rates."""
    named = [tax for tax in row["taxes"] if tax.get("total") not in {"", None}]
    return sum((rates.get(int(tax["id"]), ZERO) for tax in named), ZERO)


def _charges(row: Row, rates: dict[int, Decimal]) -> Iterator[Charge]:
    """Shipping, fees, and what vouchers or the merchant took off the lines."""
    for each in row["shipping_lines"]:
        yield _charge("shipping", text_of(each["method_title"]), each, rates, _carrier(each))
    for each in row["fee_lines"]:
        kind = "fee" if amount_of(each["total"]) >= 0 else "discount"
        yield _charge(kind, text_of(each["name"]), each, rates, None)
    lines = row["line_items"]
    left_net = sum((amount_of(x["subtotal"]) - amount_of(x["total"]) for x in lines), ZERO)
    left_tax = sum((amount_of(x["subtotal_tax"]) - amount_of(x["total_tax"]) for x in lines), ZERO)
    coupons = row["coupon_lines"]
    for place, each in enumerate(coupons, start=1):
        net, tax = amount_of(each["discount"]), amount_of(each["discount_tax"])
        if place == len(coupons):
            # what is missing to the lines by a rounded cent is in the last one
            net, tax = (left_net, left_tax) if abs(left_net - net) < 1 else (net, tax)
        left_net, left_tax = left_net - net, left_tax - tax
        if net:
            yield Charge(
                kind="discount",
                name=str(each["code"]),
                net=-net,
                gross=-net - tax,
                code=each["code"],
            )
    if left_net:
        yield Charge(kind="discount", name="Discount", net=-left_net, gross=-left_net - left_tax)


def _charge(kind: str, name: str, row: Row, rates: dict[int, Decimal], code: str | None) -> Charge:
    net = amount_of(row["total"])
    gross = net + amount_of(row["total_tax"])
    rate = _rate(row, rates)
    return Charge(kind=kind, name=name, net=net, gross=gross, code=code, tax_rate=rate)


def _carrier(row: Row) -> str | None:
    return f"{row['method_id']}:{row['instance_id']}" if row.get("method_id") else None


def _payments(row: Row, total: Decimal, paid_at: datetime | None) -> tuple[Payment, ...]:
    """WooCommerce knows one payment, of everything, when it tells a date for it."""
    if paid_at is None or not total:
        return ()
    method = str(row["payment_method"] or "")
    return (
        Payment(
            method=method,
            name=text_of(row["payment_method_title"]) or method,
            amount=total,
            transaction=row.get("transaction_id") or None,
            paid_at=paid_at,
            external_id=f"order-{row['id']}",
        ),
    )


def _refund(row: Row) -> Refund:
    """A refund; the API tells its lines as negative amounts."""
    gross = abs(amount_of(row["amount"]))
    parts = [*row["line_items"], *row.get("shipping_lines", ()), *row.get("fee_lines", ())]
    tax = sum((abs(amount_of(part["total_tax"])) for part in parts), ZERO)
    carriage = row.get("shipping_lines") or ()
    quantities: dict[str, Decimal] = {}
    for part in row["line_items"]:
        source = meta_of(part, "_refunded_item_id")
        if source and part["quantity"]:
            quantities[source] = quantities.get(source, ZERO) + abs(amount_of(part["quantity"]))
    return Refund(
        external_id=str(row["id"]),
        net=gross - tax,
        gross=gross,
        quantities=quantities,
        shipping_gross=sum(
            (abs(amount_of(x["total"]) + amount_of(x["total_tax"])) for x in carriage), ZERO
        ),
        refunded_at=moment(row["date_created_gmt"]),
    )


def parcels(row: Row) -> list[Row]:
    """The parcels in the meta data of an order."""
    for item in row.get("meta_data") or ():
        if item.get("key") == TRACKING and isinstance(item.get("value"), list):
            return [dict(each) for each in item["value"] if isinstance(each, dict)]
    return []


def _visits(row: Row) -> Iterator[Visit]:
    """The visit that core noted; orders typed by the shop's staff have none."""
    names = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content")
    said = {name.removeprefix("utm_"): meta_of(row, ORIGIN + name) or None for name in names}
    said["landing"] = meta_of(row, ORIGIN + "session_entry") or None
    said["referrer"] = meta_of(row, ORIGIN + "referrer") or None
    if any(said.values()):
        try:
            begun = moment(meta_of(row, ORIGIN + "session_start_time"))
        except DataError:
            begun = None
        yield Visit(visited_at=begun, **said)


def _shipments(row: Row, shop: Shop) -> Iterator[Shipment]:
    told = parcels(row)
    carriers = shop.carriers.items() if told else ()
    names = {code.name.rpartition(" (")[0]: key for key, code in carriers}
    for each in told:
        name = str(each.get("custom_tracking_provider") or each.get("tracking_provider") or "")
        yield Shipment(
            carrier=names.get(name),
            tracking=each.get("tracking_number") or None,
            external_id=each.get("tracking_id") or None,
        )


def _party(row: Row, billing: Address, shop: Shop) -> Party:
    language = str(row.get("lang") or meta_of(row, "wpml_language"))
    number = int(row["customer_id"] or 0)
    return Party(
        external_id=str(number) if number else None,
        email=str(row["billing"].get("email") or "") or None,
        first_name=billing.first_name,
        last_name=billing.last_name,
        company=billing.company,
        vat=billing.vat,
        language=language if language in shop.languages else None,
        is_guest=not number,
    )


def _address(row: Row, order: Row | None) -> Address:
    """An address; with ``order``: the billing one, whose numbers are in the order's meta data."""

    def told(name: str) -> str | None:
        return text_of(row.get(name)).strip() or None

    country, state = told("country"), told("state")
    if country and state:
        state = state.removeprefix(f"{country}-")
    return Address(
        first_name=told("first_name"),
        last_name=told("last_name"),
        company=told("company"),
        vat=_first(order, VAT_KEYS),
        fiscal_code=_first(order, FISCAL_KEYS),
        street=told("address_1"),
        street2=told("address_2"),
        zip=told("postcode"),
        city=told("city"),
        state=state,
        country=country,
        phone=told("phone"),
    )


def _first(order: Row | None, keys: Sequence[str]) -> str | None:
    found = (meta_of(order, key) for key in keys) if order is not None else iter(())
    return next((text for text in found if text), None)
