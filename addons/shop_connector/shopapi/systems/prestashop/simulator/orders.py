"""Orders: checkout, states with all that follows from them, invoices, payments, stock."""

from __future__ import annotations

import random
import string
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from .cart import ZERO, Buyer, Line, Pricing, Totals
from .multistore import DEFAULT, MultiStore
from .stock import Stock
from .store import Record

STATE_CANCELED = 6
STATE_ERROR = 8
STATE_REMOTE_PAYMENT = 11
_NO_STOCK = {STATE_CANCELED, STATE_ERROR}
_CODES = ("ean13", "isbn", "upc", "mpn")

CartLine = tuple[Record, Record | None, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkout:
    """Everything a checkout needs; `paid` is what the payment module received, None: nothing."""

    cart: Record
    customer: Record
    lines: Sequence[CartLine]
    delivery: Record
    invoice: Record
    carrier: int
    module: str
    payment: str
    state: int
    language: int
    currency: int = 1
    vouchers: Sequence[Record] = ()
    gift: bool = False
    gift_message: str = ""
    note: str = ""
    paid: Decimal | None = None
    transaction: str = ""


class Orders:
    """Makes orders and moves them through their states."""

    def __init__(self, store: MultiStore, pricing: Pricing, stock: Stock) -> None:
        self.store = store
        self.pricing = pricing
        self.stock = stock
        self._random = random.Random()
        self._numbers: dict[str, int] = {}

    # --- checkout ------------------------------------------------------------------------------

    def buyer(self, customer: Record, delivery: Record, currency: int, cart: int = 0) -> Buyer:
        """Return what prices depend on for a customer."""
        return Buyer(
            country=delivery.number("id_country"),
            group=customer.number("id_default_group"),
            currency=currency,
            cart=cart,
        )

    def split(self, checkout: Checkout) -> list[tuple[int, Totals]]:
        """Return the orders a cart becomes: one per carrier, with its totals."""
        cart = checkout.cart.id
        buyer = self.buyer(checkout.customer, checkout.delivery, checkout.currency, cart)
        groups: dict[int, list[Line]] = {}
        for product, combination, quantity in checkout.lines:
            line = self.pricing.line(product, combination, quantity, buyer)
            settings = self.pricing.settings
            is_heavy = line.weight >= settings.heavy_from
            carrier = settings.heavy_carrier if is_heavy else checkout.carrier
            groups.setdefault(carrier, []).append(line)
        parts = []
        for number, (carrier, lines) in enumerate(groups.items()):
            # wrapping and vouchers go with the first order of a split cart
            first = number == 0
            totals = self.pricing.totals(
                lines,
                carrier,
                buyer,
                wrapped=checkout.gift and first,
                vouchers=checkout.vouchers if first else (),
            )
            parts.append((carrier, totals))
        return parts

    def place(self, checkout: Checkout) -> list[Record]:
        """Make the orders of a checkout; a split cart gives several with one reference."""
        reference = self._new_reference()
        orders = [
            self._create(checkout, carrier, totals, reference)
            for carrier, totals in self.split(checkout)
        ]
        if checkout.paid is not None and checkout.paid > 0:
            self._pay(orders[-1], checkout.paid, checkout.transaction)
        for order in orders:
            self.apply_state(order, self.store.one("order_states", checkout.state), old_state=0)
            self.add_history(order, checkout.state)
        for rule in checkout.vouchers:
            left = rule.number("quantity") - 1
            self.store.set("cart_rules", rule, quantity=left, date_upd=self.store.now())
        return orders

    def _new_reference(self) -> str:
        while True:
            reference = "".join(self._random.choices(string.ascii_uppercase, k=9))
            if not self.store.find("orders", reference=reference):
                return reference

    def _create(self, checkout: Checkout, carrier: int, totals: Totals, reference: str) -> Record:
        rate = self.pricing.tax_rate(
            self.pricing.settings.tax_group, checkout.delivery.number("id_country")
        )
        order = self.store.add(
            "orders",
            {
                "id_address_delivery": checkout.delivery.id,
                "id_address_invoice": checkout.invoice.id,
                "id_cart": checkout.cart.id,
                "id_currency": checkout.currency,
                "id_lang": checkout.language,
                "id_customer": checkout.customer.id,
                "id_carrier": carrier,
                "module": checkout.module,
                "payment": checkout.payment,
                "id_shop": self.store.current,
                "id_shop_group": self.store.group_of(self.store.current),
                "secure_key": checkout.customer.values["secure_key"],
                "gift": int(checkout.gift),
                "gift_message": checkout.gift_message,
                "conversion_rate": self.pricing.conversion_rate(checkout.currency),
                "carrier_tax_rate": rate * 100,
                "round_mode": 2,
                "round_type": 2,
                "reference": reference,
                **_total_values(totals),
            },
        )
        for line in totals.lines:
            self._add_detail(order, line)
        self._add_vouchers(order, totals)
        self._add_shipment(order, totals)
        if checkout.note:
            self._add_note(order, checkout.note)
        return order

    def _add_note(self, order: Record, text: str) -> None:
        """What the customer wrote at the checkout; it stands in the order's thread as well.

        Of a cart that becomes several orders, the last one has the note.
        """
        people = {"id_order": order.id, "id_customer": order.values["id_customer"]}
        cart = order.number("id_cart")
        has_notes = "messages" in self.store.tables  # 1.6 shows the thread only
        noted = self.store.first("messages", id_cart=cart) if has_notes else None
        if noted:
            self.store.set("messages", noted, id_order=order.id)
        elif has_notes:
            self.store.add("messages", {**people, "id_cart": cart, "message": text})
        thread = {**people, "id_lang": order.values["id_lang"], "id_shop": order.values["id_shop"]}
        thread |= {"id_contact": 0, "token": "abcdefgh1234", "status": "open"}
        thread_id = self.store.add("customer_threads", thread).id
        self.store.add("customer_messages", {"id_customer_thread": thread_id, "message": text})

    def _add_vouchers(self, order: Record, totals: Totals) -> None:
        for discount in totals.discounts:
            values = {
                "id_order": order.id,
                "id_cart_rule": discount.rule.id,
                "name": discount.rule.text("name", order.number("id_lang")),
                "value": discount.gross,
                "value_tax_excl": discount.net,
                "free_shipping": discount.rule.values["free_shipping"],
            }
            self.store.add("order_cart_rules", values)

    def _add_shipment(self, order: Record, totals: Totals) -> None:
        self.store.add(
            "order_carriers",
            {
                "id_order": order.id,
                "id_carrier": order.values["id_carrier"],
                "weight": sum((line.weight * line.quantity for line in totals.lines), ZERO),
                "shipping_cost_tax_excl": totals.shipping_net,
                "shipping_cost_tax_incl": totals.shipping_gross,
            },
        )

    def _add_detail(self, order: Record, line: Line) -> None:
        product, combination = line.product, line.combination
        coded = combination or product
        cost = combination.amount("wholesale_price") if combination else ZERO
        wholesale = cost or product.amount("wholesale_price")
        tax = self._tax_of(product, order)
        self.store.add(
            "order_details",
            {
                "id_order": order.id,
                "product_id": product.id,
                "product_attribute_id": combination.id if combination else 0,
                "id_shop": order.values["id_shop"],
                "product_name": self.line_name(product, combination, order.number("id_lang")),
                "product_quantity": line.quantity,
                "product_quantity_in_stock": line.quantity,
                "group_reduction": line.group_reduction,
                "reduction_percent": line.reduction_percent,
                "reduction_amount": line.reduction_amount,
                "reduction_amount_tax_excl": line.reduction_amount,
                "reduction_amount_tax_incl": line.reduction_amount * (1 + line.rate),
                "product_price": line.unit_net if line.group_reduction else line.original,
                **{f"product_{name}": coded.values.get(name, "") for name in _CODES},
                "product_reference": coded.values.get("reference", "")
                or product.values["reference"],
                "product_weight": line.weight,
                "id_tax_rules_group": product.values["id_tax_rules_group"],
                "unit_price_tax_incl": line.unit_gross,
                "unit_price_tax_excl": line.unit_net,
                "total_price_tax_incl": line.gross,
                "total_price_tax_excl": line.net,
                "purchase_supplier_price": wholesale,
                "original_product_price": line.original,
                "original_wholesale_price": wholesale,
            },
            associations={"taxes": [{"id": str(tax)}] if tax else []},
        )

    def _tax_of(self, product: Record, order: Record) -> int:
        country = self.store.one("addresses", order.values["id_address_delivery"])
        group = product.number("id_tax_rules_group")
        for rule in self.store.find("tax_rules", id_tax_rules_group=group):
            if rule.values["id_country"] == country.values["id_country"]:
                return rule.number("id_tax")
        return 0

    def line_name(self, product: Record, combination: Record | None, language: int) -> str:
        """Return a product's name with the options of the combination in brackets."""
        name = product.text("name", language)
        if combination is None:
            return name
        options = []
        for row in combination.associations.get("product_option_values", ()):
            value = self.store.get("product_option_values", row["id"])
            if value is None:
                continue
            group = self.store.one("product_options", value.values["id_attribute_group"])
            options.append(f"{group.text('public_name', language)}:{value.text('name', language)}")
        return f"{name} ({' - '.join(options)})" if options else name

    # --- states --------------------------------------------------------------------------------

    def add_history(self, order: Record, state: int, employee: int = 0) -> None:
        """Write down that an order came into a state."""
        values = {"id_order": order.id, "id_order_state": state, "id_employee": employee}
        self.store.add("order_histories", values)

    def change_state(self, order: Record, state: int) -> None:
        """Move an order to another state; KeyError for an unknown one."""
        self.apply_state(
            order, self.store.one("order_states", state), order.number("current_state")
        )
        self.add_history(order, state)

    def apply_state(self, order: Record, state: Record, old_state: int) -> None:
        """Do all that a new state brings: numbers, payment, stock, `valid` and the date."""
        was_taken = old_state != 0 and old_state not in _NO_STOCK
        is_taken = state.id not in _NO_STOCK
        if is_taken != was_taken:
            with self.store.within([order.number("id_shop") or DEFAULT]):
                self._move_stock(order, -1 if is_taken else 1)
        self.store.set(
            "orders",
            order,
            current_state=state.id,
            valid=state.values["logable"],
            date_upd=self.store.now(),
        )
        if state.values["paid"] == "1":
            self._settle(order)
        if state.values["invoice"] == "1":
            self._invoice(order)
        if state.values["delivery"] == "1":
            self._deliver(order)

    def _move_stock(self, order: Record, sign: int) -> None:
        for detail in self.store.find("order_details", id_order=order.id):
            self.stock.move(
                detail.number("product_id"),
                detail.number("product_attribute_id"),
                sign * detail.number("product_quantity"),
            )

    def _settle(self, order: Record) -> None:
        """Add the payment that is missing, once for all orders of a split cart."""
        reference = order.values["reference"]
        due = sum(
            (each.amount("total_paid") for each in self.store.find("orders", reference=reference)),
            ZERO,
        )
        paid = sum(
            (
                each.amount("amount")
                for each in self.store.find("order_payments", order_reference=reference)
            ),
            ZERO,
        )
        rest = min(due - paid, order.amount("total_paid") - order.amount("total_paid_real"))
        if rest > 0:
            self._pay(order, rest)

    def _pay(self, order: Record, amount: Decimal, transaction: str = "") -> None:
        self.store.add(
            "order_payments",
            {
                "order_reference": order.values["reference"],
                "id_currency": order.values["id_currency"],
                "amount": amount,
                "payment_method": order.values["payment"],
                "conversion_rate": 1,
                "transaction_id": transaction,
            },
        )
        self.store.set("orders", order, total_paid_real=order.amount("total_paid_real") + amount)

    def _invoice(self, order: Record) -> None:
        if order.number("invoice_number"):
            return
        number = self._next_number("order_invoices", "number")
        now = self.store.now()
        names = (
            "total_paid_tax_excl",
            "total_paid_tax_incl",
            "total_products",
            "total_products_wt",
            "total_shipping_tax_excl",
            "total_shipping_tax_incl",
            "total_wrapping_tax_excl",
            "total_wrapping_tax_incl",
        )
        invoice = self.store.add(
            "order_invoices",
            {
                "id_order": order.id,
                "number": number,
                "total_discount_tax_excl": order.values["total_discounts_tax_excl"],
                "total_discount_tax_incl": order.values["total_discounts_tax_incl"],
                "shop_address": self.store.one("shops", 1).values["name"],
                **{name: order.values[name] for name in names},
            },
        )
        self.store.set("orders", order, invoice_number=number, invoice_date=now)
        for resource in ("order_details", "order_carriers", "order_cart_rules"):
            for record in self.store.find(resource, id_order=order.id):
                self.store.set(resource, record, id_order_invoice=invoice.id)

    def _next_number(self, resource: str, name: str) -> int:
        """Return the next of a running number, which goes on from the highest that is stored."""
        if name not in self._numbers:
            records = self.store.all(resource)
            self._numbers[name] = max((record.number(name) for record in records), default=0)
        self._numbers[name] += 1
        return self._numbers[name]

    def _deliver(self, order: Record) -> None:
        if order.number("delivery_number"):
            return
        number = self._next_number("orders", "delivery_number")
        now = self.store.now()
        self.store.set("orders", order, delivery_number=number, delivery_date=now)
        for invoice in self.store.find("order_invoices", id_order=order.id):
            self.store.set("order_invoices", invoice, delivery_number=number, delivery_date=now)


def _total_values(totals: Totals) -> dict[str, Decimal]:
    return {
        "total_discounts": totals.discount_gross,
        "total_discounts_tax_incl": totals.discount_gross,
        "total_discounts_tax_excl": totals.discount_net,
        "total_paid": totals.gross,
        "total_paid_tax_incl": totals.gross,
        "total_paid_tax_excl": totals.net,
        "total_products": totals.products_net,
        "total_products_wt": totals.products_gross,
        "total_shipping": totals.shipping_gross,
        "total_shipping_tax_incl": totals.shipping_gross,
        "total_shipping_tax_excl": totals.shipping_net,
        "total_wrapping": totals.wrapping_gross,
        "total_wrapping_tax_incl": totals.wrapping_gross,
        "total_wrapping_tax_excl": totals.wrapping_net,
    }
