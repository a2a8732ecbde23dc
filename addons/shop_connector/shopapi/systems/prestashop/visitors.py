"""What visitors leave besides orders: messages on orders, and carts that became no order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from ...documents import Cart, CartLine, Message, Party, Touch
from ...errors import DataError
from ...paging import chunks
from .changes import changed_rows
from .client import Client
from .shop import Shop
from .wire import Record

_MESSAGE = ("id", "id_customer_thread", "id_employee", "message", "private", "date_add")
#: never more of a customer than a cart needs: no password hash, no secure key
_CUSTOMER = ("id", "id_default_group", "id_lang", "firstname", "lastname", "email", "is_guest")
_CARTS_AT_ONCE = 100


class MessageReader:
    """Messages on orders; they hang on threads, and threads on orders."""

    def __init__(self, client: Client, shop: Shop) -> None:
        self.client = client
        self.shop = shop

    def of_orders(self, ids: Sequence[str]) -> dict[str, list[Message]]:
        """The messages of these orders, oldest first; none when the key may not read them."""
        if not self.shop.may_read("customer_threads", "customer_messages"):
            return {}
        found = self.client.find("customer_threads", "id_order", ids, ["id", "id_order"])
        threads = {thread.id: thread.required("id_order") for thread in found}
        records = self.client.find("customer_messages", "id_customer_thread", threads, _MESSAGE)
        messages: dict[str, list[Message]] = {}
        for record in sorted(records, key=lambda record: int(record.id)):
            order = threads.get(record.required("id_customer_thread"))
            text = record.text("message")
            if order and text:
                messages.setdefault(order, []).append(message(record, text, self.shop.zone))
        return messages


class TouchReader:
    """Messages, refunds and payments: none of them moves the time of change of its order."""

    def __init__(self, client: Client, shop: Shop) -> None:
        self.client = client
        self.shop = shop

    def touched(self, since: str | None) -> Iterator[Touch]:
        """What is new since the stamp."""
        found = [*self._messages(since), *self._refunds(since)]
        if self.client.store:
            # they name orders of every store
            orders = [touch.order for touch in found]
            ours = {row.id for row in self.client.find("orders", "id", orders, ["id"])}
            found = [touch for touch in found if touch.order in ours]
        yield from found
        yield from self._payments(since)

    def _messages(self, since: str | None) -> Iterator[Touch]:
        if not self.shop.may_read("customer_threads", "customer_messages"):
            return
        fields = ("id_customer_thread", "id_employee")
        rows = [
            (row, stamp)
            for row, stamp in self._rows("customer_messages", fields, since, by="date_add")
            if row.reference("id_employee") is None
        ]
        ids = [row.required("id_customer_thread") for row, _stamp in rows]
        threads = {
            thread.id: thread.reference("id_order")
            for thread in self.client.find("customer_threads", "id", ids, ["id", "id_order"])
        }
        for row, stamp in rows:
            order = threads.get(row.required("id_customer_thread"))
            if order:
                yield Touch(order=order, kind="message", external_id=row.id, stamp=stamp)

    def _refunds(self, since: str | None) -> Iterator[Touch]:
        for row, stamp in self._rows("order_slip", ("id_order",), since, by="date_upd"):
            order = row.reference("id_order")
            if order:
                yield Touch(order=order, kind="refund", external_id=row.id, stamp=stamp)

    def _payments(self, since: str | None) -> Iterator[Touch]:
        """Payments name the reference of an order, which the orders of a split cart share."""
        rows = list(self._rows("order_payments", ("order_reference",), since, by="date_add"))
        references = [row.text("order_reference") or "" for row, _stamp in rows]
        orders: dict[str, list[str]] = {}
        found = self.client.find(
            "orders", "reference", filter(None, references), ["id", "reference"]
        )
        for order in found:
            orders.setdefault(order.required("reference"), []).append(order.id)
        for (row, stamp), reference in zip(rows, references, strict=True):
            for key in orders.get(reference, ()):
                yield Touch(order=key, kind="payment", external_id=row.id, stamp=stamp)

    def _rows(
        self, resource: str, display: Sequence[str], since: str | None, *, by: str
    ) -> Iterator[tuple[Record, str]]:
        return changed_rows(self.client, self.shop.zone, resource, display, since, by=by)


class CartReader:
    """Carts of customers that became no order."""

    def __init__(self, client: Client, shop: Shop) -> None:
        self.client = client
        self.shop = shop

    def abandoned(self, since: str | None) -> Iterator[Cart]:
        """The carts changed since the stamp, without their goods when nobody is to be asked.

        Raises DataError when the key may not read carts.
        """
        if not self.shop.may_read("carts"):
            raise DataError("The key may not read the carts (right GET on carts).")
        rows = changed_rows(self.client, self.shop.zone, "carts", ("id_customer",), since)
        for page in chunks(rows, _CARTS_AT_ONCE):
            left = self._left([row.id for row, _stamp in page if row.reference("id_customer")])
            for row, stamp in page:
                yield left.get(row.id) or _passed_by(row, stamp, self.shop.zone)

    def _left(self, ids: Sequence[str]) -> dict[str, Cart]:
        """Those of these carts that hold goods and became no order, by id."""
        if not ids:
            return {}
        orders = self.client.find("orders", "id_cart", ids, ["id", "id_cart"])
        ordered = {order.required("id_cart") for order in orders}
        open_ids = [key for key in ids if key not in ordered]
        found = self.client.find("carts", "id", open_ids)
        records = [record for record in found if record.lists.get("cart_rows")]
        people = [record.required("id_customer") for record in records]
        customers = {
            customer.id: customer
            for customer in self.client.find("customers", "id", people, _CUSTOMER)
        }
        return {
            record.id: cart(record, customers.get(record.required("id_customer")), self.shop.zone)
            for record in records
        }


# --- records -> documents -------------------------------------------------------------------------


def message(record: Record, text: str, zone: ZoneInfo) -> Message:
    """One customer_message; an employee's id tells that the shop's staff wrote it."""
    return Message(
        external_id=record.id,
        text=text,
        sent_at=record.moment("date_add", zone) or datetime.now(UTC),
        from_customer=record.reference("id_employee") is None,
        is_private=record.flag("private"),
    )


def cart(record: Record, customer: Record | None, zone: ZoneInfo) -> Cart:
    """One cart with its owner, if the shop still has him."""
    return Cart(
        external_id=record.id,
        changed_at=record.moment("date_upd", zone) or datetime.now(UTC),
        stamp=record.required("date_upd"),
        customer=_owner(customer) if customer else None,
        lines=tuple(
            CartLine(
                product=row.get("id_product", ""),
                variant=None
                if row.get("id_product_attribute", "") in {"", "0"}
                else row["id_product_attribute"],
                quantity=Record(name="cart_row", fields=row).amount("quantity"),
            )
            for row in record.lists.get("cart_rows", ())
        ),
        currency=record.reference("id_currency"),
    )


def _passed_by(row: Record, stamp: str, zone: ZoneInfo) -> Cart:
    """A cart of which only its time is told."""
    changed_at = row.moment("date_upd", zone) or datetime.now(UTC)
    return Cart(external_id=row.id, changed_at=changed_at, stamp=stamp, customer=None, lines=())


def _owner(customer: Record) -> Party:
    return Party(
        external_id=customer.id,
        email=customer.text("email"),
        first_name=customer.text("firstname"),
        last_name=customer.text("lastname"),
        language=customer.reference("id_lang"),
        group=customer.reference("id_default_group"),
        is_guest=customer.flag("is_guest"),
    )
