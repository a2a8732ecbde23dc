"""What visitors and the merchant do besides ordering: refunds, payments, messages, edits, carts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Protocol

from .cart import ZERO, cents
from .checkout import Checkouts
from .shop import Shop
from .store import Record, Store


class _Simulator(Protocol):
    shop: Shop
    checkouts: Checkouts
    lock: Any


class Aftermath:
    """Part of the simulator; nothing here moves the time of change of an order but `edit_order`."""

    def refund_order(
        self: _Simulator,
        order_id: int,
        quantities: Mapping[int, int],
        *,
        shipping: bool = False,
        gross: str | None = None,
    ) -> int:
        """Make a credit slip, as the back office does; its id.

        quantities: pieces by line (from 0); shipping: the whole shipping too; gross: another amount
        for the goods than their price, with tax.
        """
        store = self.shop.store
        with self.lock:
            order = store.one("orders", order_id)
            details = store.find("order_details", id_order=order_id)
            rows = [
                _refund_row(store, details[line], quantity, gross)
                for line, quantity in quantities.items()
            ]
            slip = Record(0, associations={"order_slip_details": rows})
            self.shop.effects.prepare(store.schema.resources["order_slip"], slip, None)
            net_sum = sum((Decimal(row["amount_tax_excl"]) for row in rows), ZERO)
            gross_sum = sum((Decimal(row["amount_tax_incl"]) for row in rows), ZERO)
            carriage = {
                name: order.values[name] if shipping else 0
                for name in ("total_shipping_tax_excl", "total_shipping_tax_incl")
            }
            values = {
                "id_customer": order.values["id_customer"],
                "id_order": order_id,
                "conversion_rate": 1,
                "total_products_tax_excl": net_sum,
                "total_products_tax_incl": cents(gross_sum),
                **carriage,
                "amount": net_sum,
            }
            made = store.add("order_slip", values, associations=slip.associations)
            return made.id

    def add_payment(
        self: _Simulator, order_id: int, amount: str, transaction: str = "", date: str = ""
    ) -> int:
        """Write down money on an order's reference; its id. ``date``: the shop's local time."""
        store = self.shop.store
        with self.lock:
            order = store.one("orders", order_id)
            return store.add(
                "order_payments",
                {
                    "order_reference": order.values["reference"],
                    "id_currency": order.values["id_currency"],
                    "amount": amount,
                    "payment_method": order.values["payment"],
                    "conversion_rate": 1,
                    "transaction_id": transaction,
                    "date_add": date,
                },
            ).id

    def write_message(self: _Simulator, order_id: int, text: str, *, employee: int = 0) -> int:
        """Write on an order as its customer, or as an employee; the message's id."""
        store = self.shop.store
        with self.lock:
            order = store.one("orders", order_id)
            thread = store.first("customer_threads", id_order=order_id) or store.add(
                "customer_threads",
                {
                    "id_lang": order.values["id_lang"],
                    "id_shop": 1,
                    "id_customer": order.values["id_customer"],
                    "id_order": order_id,
                    "id_contact": 1,
                    "token": "abcdefgh1234",
                    "status": "open",
                },
            )
            return store.add(
                "customer_messages",
                {"id_customer_thread": thread.id, "id_employee": employee, "message": text},
            ).id

    def edit_order(self: _Simulator, order_id: int, quantities: Mapping[int, int]) -> None:
        """Change the pieces of lines (from 0) of an order, as the back office does."""
        store = self.shop.store
        with self.lock:
            order = store.one("orders", order_id)
            details = store.find("order_details", id_order=order_id)
            values: dict[str, Decimal] = {
                name: order.amount(name)
                for name in (
                    "total_products", "total_products_wt", "total_paid", "total_paid_tax_incl",
                    "total_paid_tax_excl",
                )
            }  # fmt: skip
            for line, quantity in quantities.items():
                detail = details[line]
                net = cents(detail.amount("unit_price_tax_excl") * quantity)
                gross = cents(detail.amount("unit_price_tax_incl") * quantity)
                more_net = net - detail.amount("total_price_tax_excl")
                more_gross = gross - detail.amount("total_price_tax_incl")
                pieces = detail.number("product_quantity")
                store.set(
                    "order_details",
                    detail,
                    product_quantity=quantity,
                    total_price_tax_excl=net,
                    total_price_tax_incl=gross,
                )
                self.shop.stock.move(
                    detail.number("product_id"),
                    detail.number("product_attribute_id"),
                    pieces - quantity,
                )
                for name in ("total_products", "total_paid_tax_excl"):
                    values[name] += more_net
                for name in ("total_products_wt", "total_paid", "total_paid_tax_incl"):
                    values[name] += more_gross
            store.set("orders", order, date_upd=store.now(), **values)

    def leave_cart(
        self: _Simulator,
        lines: Sequence[tuple[str, int]],
        customer: Mapping[str, Any] | None = None,
        **options: Any,
    ) -> int:
        """Fill a cart and leave, see `place_order` for the arguments; the cart's id."""
        with self.lock:
            return self.checkouts.fill(lines, customer or {}, options).cart.id

    def leave_nameless_cart(self: _Simulator, lines: Sequence[tuple[str, int]]) -> int:
        """Fill a cart without telling who one is, as most visitors do; the cart's id."""
        with self.lock:
            made = self.checkouts.fill(lines, {}, {}).cart
            nobody = dict.fromkeys(("id_customer", "id_address_delivery", "id_address_invoice"), 0)
            self.shop.store.set("carts", made, **nobody)
            return made.id

    def order_cart(self: _Simulator, cart_id: int) -> int:
        """Come back to a cart that was left and order it; the order's id."""
        with self.lock:
            return self.shop.orders.place(self.checkouts.left.pop(cart_id))[0].id


def _refund_row(store: Store, detail: Record, quantity: int, gross: str | None) -> dict[str, str]:
    """The row of a credit slip for some pieces of a line, which counts them as given back."""
    row_net = detail.amount("unit_price_tax_excl") * quantity
    row_gross = detail.amount("unit_price_tax_incl") * quantity
    if gross is not None:
        row_net, row_gross = Decimal(gross) * row_net / row_gross, Decimal(gross)
    before = detail.number("product_quantity_refunded")
    store.set("order_details", detail, product_quantity_refunded=before + quantity)
    return {
        "id_order_detail": str(detail.id),
        "product_quantity": str(quantity),
        "amount_tax_excl": str(row_net),
        "amount_tax_incl": str(row_gross),
    }
