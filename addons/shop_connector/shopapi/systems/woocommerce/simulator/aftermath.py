"""Notes and refunds of orders."""

from __future__ import annotations

from decimal import Decimal

from .order_filters import note_text
from .orders import Orders
from .rest import Call, Reply, RestError, created, missing, no_trash, page_of
from .shop import Row, date_pair
from .totals import ZERO, exact, line_tax, rounded, sums


class Aftermath:
    """What is written on an order and paid back."""

    def __init__(self, orders: Orders) -> None:
        self.orders = orders
        self.shop = orders.shop

    # --- notes ------------------------------------------------------------------------------------

    def _note_view(self, row: Row) -> Row:
        return {
            "id": row["id"],
            "author": row["author"],
            **date_pair(self.shop, "date_created", row["date_created"]),
            "note": row["note"],
            "customer_note": row["customer_note"],
            "_links": {},
        }

    def notes(self, order: int) -> Reply:
        """The notes of an order, never paged."""
        self._known(order)
        rows = [row for row in self.shop.notes.values() if row["order"] == order]
        return Reply(content=[self._note_view(row) for row in rows])

    def _known(self, order: int) -> Row:
        row = self.shop.orders.get(order)
        if row is None:
            raise RestError(404, "woocommerce_rest_order_invalid_id", "Invalid order ID.")
        return row

    def add_note(self, order: int, call: Call) -> Reply:
        """Write a note; one for the customer is mailed to him."""
        self._known(order)
        if not call.body.get("note"):
            raise missing("note")
        row = self.write_note(
            order, str(call.body["note"]), for_customer=bool(call.body.get("customer_note"))
        )
        return created(self._note_view(row), call)

    def write_note(
        self, order: int, text: str, *, for_customer: bool = False, author: str = "WooCommerce"
    ) -> Row:
        """Write a note without a call."""
        number = self.shop.new_id("note")
        self.shop.notes[number] = row = {
            "id": number,
            "order": order,
            "author": author,
            "note": note_text(text),
            "customer_note": for_customer,
            "date_created": self.shop.now(),
        }
        if for_customer:
            self.shop.mails.append((order, "note"))
            if self.shop.since(9):
                self.write_note(order, 'Email "Customer note" sent.')
        return row

    def delete_note(self, order: int, number: int, *, force: bool) -> Row:
        """Remove a note."""
        row = self.shop.notes.get(number)
        if row is None or row["order"] != order:
            raise RestError(404, "woocommerce_rest_invalid_id", "Invalid resource ID.")
        if not force:
            raise no_trash("Webhooks do")
        del self.shop.notes[number]
        return self._note_view(row)

    # --- refunds ----------------------------------------------------------------------------------

    def refunds(self, order: int | None, call: Call) -> Reply:
        """Refunds of an order, or (from 9.0) of all."""
        rows = [row for row in self.shop.refunds.values() if order is None or row["order"] == order]
        rows.sort(key=lambda row: -row["id"])
        view = self.orders.view
        shown = [view.refund(row, call, with_order=order is None) for row in rows]
        return page_of(call, shown)

    def add_refund(self, order: int, call: Call) -> Reply:
        """Pay back; what is wrong is a 500 with a number as data."""
        row = self._known(order)
        body = call.body
        if body.get("api_refund", True) and row["payment_method"] not in {"stripe"}:
            raise _refused("The payment gateway for this order does not support automatic refunds.")
        made = self.refund(row, body)
        path = rf"/wp-json/wc/v3/orders/(?P<order_id>[\d]+)/refunds/{made['id']}"
        return created(self.orders.view.refund(made, call), call, path)

    def refund(self, order: Row, body: Row) -> Row:
        """Make a refund. Raises RestError."""
        lines = [self._refund_line(order, item) for item in body.get("line_items") or ()]
        goods = [line for kind, line in lines if kind == "line_items"]
        carriage = [line for kind, line in lines if kind == "shipping_lines"]
        parts = sum((-rounded(x["total"]) - line_tax(x) for x in (*goods, *carriage)), ZERO)
        amount = Decimal(str(body["amount"])) if "amount" in body else parts
        total = sums(order)["total"]
        before = [row for row in self.shop.refunds.values() if row["order"] == order["id"]]
        left = total - sum((row["amount"] for row in before), ZERO)
        if not ZERO < amount <= left:
            raise _refused("Invalid refund amount.")
        number = self.shop.new_id("post")
        kind = "full" if amount == total else "partial"
        self.shop.refunds[number] = made = {
            "id": number,
            "order": order["id"],
            "amount": amount,
            "tax": sum((-line_tax(line) for line in (*goods, *carriage)), ZERO),
            "reason": str(body.get("reason", "")),
            "date_created": self.shop.now(),
            "meta_data": [{"id": self.shop.new_id("meta"), "key": "_refund_type", "value": kind}],
            "line_items": goods,
            "shipping_lines": carriage,
        }
        if body.get("api_restock"):
            self._restock(order, goods)
        order["date_modified"] = self.shop.now()
        if amount == left:
            self.orders.set_status(order, "refunded")
        self.shop.happened("order", "updated", order["id"])
        return made

    def _refund_line(self, order: Row, item: Row) -> tuple[str, Row]:
        number = int(item["id"])
        for kind in ("line_items", "shipping_lines"):
            for line in order[kind]:
                if line["id"] == number:
                    return kind, self._negative(line, item)
        raise _refused("Invalid order item.")

    def _negative(self, line: Row, item: Row) -> Row:
        total = -exact(item.get("refund_total"))
        taxes = {
            int(tax["id"]): -exact(tax.get("refund_total")) for tax in item.get("refund_tax") or ()
        }
        source = {
            "id": self.shop.new_id("meta"),
            "key": "_refunded_item_id",
            "value": str(line["id"]),
        }
        return {
            **line,
            "id": self.shop.new_id("item"),
            "quantity": -int(item.get("quantity", 0)),
            "subtotal": total,
            "total": total,
            "taxes": taxes,
            "subtotal_taxes": dict(taxes),
            "meta_data": [source],
        }

    def _restock(self, order: Row, goods: list[Row]) -> None:
        for refunded in goods:
            source = int(refunded["meta_data"][0]["value"])
            line = next(each for each in order["line_items"] if each["id"] == source)
            holder, units = self.orders._holder(line), -refunded["quantity"]
            taken = self.orders._taken(line)
            if holder is None or taken is None or not units:
                continue
            self.orders._move(holder, units)
            taken["value"] = str(int(taken["value"]) - units)
            line["meta_data"].append(
                {
                    "id": self.shop.new_id("meta"),
                    "key": "_restock_refunded_items",
                    "value": str(units),
                }
            )


def _refused(message: str) -> RestError:
    return RestError(500, "woocommerce_rest_cannot_create_order_refund", message, whole=500)
