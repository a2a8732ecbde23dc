"""Orders over the web service: a POST of orders for a cart that was posted before."""

from __future__ import annotations

import json
from decimal import Decimal, InvalidOperation

from .cart import ZERO, cents
from .faults import Crash
from .orders import STATE_ERROR, STATE_REMOTE_PAYMENT, CartLine, Checkout, Orders
from .store import Record, Store


class Placing:
    """Turns a cart into an order as the web service does, with its ways to fail."""

    def __init__(self, store: Store, orders: Orders) -> None:
        self.store = store
        self.orders = orders

    def place(self, written: Record) -> Record:
        """Place the order of a cart; a total that differs gives the state "payment error".

        Raises Crash as PHP does for an unknown payment module, a customer without a secure key and
        a cart that already became an order.
        """
        values = written.values
        cart = self.store.get("carts", values.get("id_cart", ""))
        customer = self.store.get("customers", values.get("id_customer", ""))
        if values.get("module") not in self.orders.pricing.settings.payments:
            raise Crash
        if cart is None or self.store.find("orders", id_cart=cart.id):
            raise Crash("Cart cannot be loaded or an order has already been placed using this cart")
        if customer is None or not customer.values["secure_key"]:
            raise Crash
        checkout = self._checkout(written, cart, customer)
        due = sum((totals.gross for _carrier, totals in self.orders.split(checkout)), ZERO)
        paid = _amount(values.get("total_paid", ""))
        state = STATE_REMOTE_PAYMENT if cents(paid) == due else STATE_ERROR
        paying = Checkout(
            **{
                **{name: getattr(checkout, name) for name in checkout.__slots__},
                "state": state,
                "paid": paid,
            }
        )
        return self.orders.place(paying)[0]

    def _checkout(self, written: Record, cart: Record, customer: Record) -> Checkout:
        values = written.values
        delivery = self.store.get("addresses", cart.values["id_address_delivery"])
        invoice = self.store.get("addresses", cart.values["id_address_invoice"])
        if delivery is None or invoice is None:
            raise Crash
        return Checkout(
            cart=cart,
            customer=customer,
            lines=self._lines(cart),
            delivery=delivery,
            invoice=invoice,
            carrier=self._carrier(cart, delivery),
            module=values["module"],
            payment=values.get("payment", ""),
            state=STATE_ERROR,
            language=cart.number("id_lang"),
            currency=cart.number("id_currency") or 1,
        )

    def _lines(self, cart: Record) -> list[CartLine]:
        lines: list[CartLine] = []
        for row in cart.associations.get("cart_rows", ()):
            product = self.store.get("products", row.get("id_product", ""))
            if product is None:
                raise Crash
            combination = self.store.get("combinations", row.get("id_product_attribute", ""))
            lines.append((product, combination, int(row.get("quantity") or 0)))
        return lines

    def _carrier(self, cart: Record, delivery: Record) -> int:
        """Return the carrier of ``delivery_option``; without it the default, never id_carrier."""
        try:
            options = json.loads(cart.values["delivery_option"] or "{}")
            chosen = str(options.get(str(delivery.id), "")).partition(",")[0]
        except (ValueError, AttributeError):
            chosen = ""
        return int(chosen) if chosen.isdigit() else self.orders.pricing.settings.default_carrier


def _amount(text: str) -> Decimal:
    try:
        return Decimal(text or "0")
    except InvalidOperation:
        return ZERO
