"""Checkouts as visitors make them: customer, addresses, cart, order."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from .cart import ZERO
from .orders import CartLine, Checkout
from .shop import Shop
from .store import Record
from .validation import fits

STATES = {"ps_checkpayment": 1, "ps_checkout": 2, "ps_wirepayment": 10, "ps_cashondelivery": 13}
PAYMENT_NAMES = {
    "ps_wirepayment": ("Bank transfer", "Bonifico bancario", "Banki átutalás"),
    "ps_checkpayment": ("Cheque", "Assegno", "Csekk"),
    "ps_cashondelivery": ("Cash on delivery", "Contrassegno", "Utánvét"),
    "ps_checkout": ("Card", "Carta di credito", "Bankkártya"),
}
_SAMPLE = {
    "firstname": "Anna",
    "lastname": "Verdi",
    "address1": "Via dei Mille 12",
    "postcode": "10123",
    "city": "Torino",
    "country": "IT",
    "state": "TO",
    "phone": "+39 011 0000001",
}
_CHECKED = {
    "firstname": "isCustomerName",
    "lastname": "isCustomerName",
    "email": "isEmail",
    "address1": "isAddress",
    "postcode": "isPostCode",
    "city": "isCityName",
    "phone": "isPhoneNumber",
    "company": "isGenericName",
    "vat_number": "isGenericName",
}
_ADDRESS = (
    "firstname",
    "lastname",
    "company",
    "vat_number",
    "dni",
    "address1",
    "address2",
    "postcode",
    "city",
    "phone",
    "other",
    "alias",
)


class Checkouts:
    """Places orders from plain values, whether from a script or from the form of the front page."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.store = shop.store
        #: carts that became no order, by id
        self.left: dict[int, Checkout] = {}

    def by_sku(self, sku: str) -> tuple[Record, Record | None]:
        """Return the product, and its combination if the code is a combination's; else KeyError."""
        combination = self.store.first("combinations", reference=sku)
        if combination is not None:
            return self.store.one("products", combination.values["id_product"]), combination
        product = self.store.first("products", reference=sku)
        if product is None:
            raise KeyError(f"nothing on sale has the code {sku}")
        return product, None

    def place(
        self,
        lines: Sequence[tuple[str, int]],
        customer: Mapping[str, Any],
        options: Mapping[str, Any],
    ) -> list[Record]:
        """Place an order for (sku, quantity) lines, see ``PrestaShopSimulator.place_order``."""
        found = [(*self.by_sku(sku), quantity) for sku, quantity in lines]
        return self.place_lines(found, {**_SAMPLE, **customer}, options)

    def fill(
        self,
        lines: Sequence[tuple[str, int]],
        customer: Mapping[str, Any],
        options: Mapping[str, Any],
    ) -> Checkout:
        """Make everything for an order and leave without ordering."""
        found = [(*self.by_sku(sku), quantity) for sku, quantity in lines]
        checkout = self._prepare_lines(found, {**_SAMPLE, **customer}, options)
        self.left[checkout.cart.id] = checkout
        return checkout

    def place_lines(
        self,
        lines: Sequence[CartLine],
        customer: Mapping[str, Any],
        options: Mapping[str, Any],
    ) -> list[Record]:
        """Place an order for products that are already found; ValueError when not possible."""
        return self.shop.orders.place(self._prepare_lines(lines, customer, options))

    def _prepare_lines(
        self,
        lines: Sequence[CartLine],
        customer: Mapping[str, Any],
        options: Mapping[str, Any],
    ) -> Checkout:
        self._check_lines(lines)
        _check_values(customer)
        language = self._by_iso("languages", options.get("language") or "it")
        buyer = self._customer(customer, language)
        for product, _combination, _quantity in lines:
            if not self.shop.may_see(product, buyer.number("id_default_group")):
                raise ValueError(f"{product.values['reference']} is not sold to this customer")
        invoice = self._address(buyer, customer)
        delivery = invoice
        if options.get("delivery"):
            other = {**customer, "company": "", "vat_number": "", **options["delivery"]}
            _check_values(other)
            delivery = self._address(buyer, other)
        return self.prepare(lines, buyer, invoice, delivery, {**options, "lang": language})

    def prepare(
        self,
        lines: Sequence[CartLine],
        buyer: Record,
        invoice: Record,
        delivery: Record,
        options: Mapping[str, Any],
    ) -> Checkout:
        """Make the cart and everything else an order is made from."""
        language = int(options["lang"])
        module = str(options.get("payment") or "ps_wirepayment")
        if module not in STATES:
            raise ValueError(f"unknown payment method {module}")
        carrier = int(options.get("carrier") or 2)
        if self.store.get("carriers", carrier) is None:
            raise ValueError(f"unknown carrier {carrier}")
        currency = self._by_iso("currencies", options.get("currency") or "EUR")
        paid = options.get("paid")
        return Checkout(
            cart=self._cart(lines, buyer, invoice, delivery, (carrier, currency, language)),
            customer=buyer,
            lines=lines,
            delivery=delivery,
            invoice=invoice,
            carrier=carrier,
            module=module,
            payment=PAYMENT_NAMES[module][language - 1],
            state=int(options.get("state") or STATES[module]),
            language=language,
            currency=currency,
            vouchers=self.vouchers(options.get("voucher") or ()),
            gift=bool(options.get("gift")),
            gift_message=str(options.get("gift_message") or ""),
            note=str(options.get("note") or ""),
            paid=Decimal(str(paid)) if paid is not None else None,
            transaction=secrets.token_hex(6).upper() if module == "ps_checkout" else "",
        )

    def vouchers(self, codes: str | Sequence[str]) -> list[Record]:
        """Return the vouchers with these codes; ValueError for one that is not valid now."""
        found = []
        now = self.store.now()
        for code in [codes] if isinstance(codes, str) else codes:
            rule = next(
                (
                    each
                    for each in self.store.all("cart_rules")
                    if each.values["code"].casefold() == code.strip().casefold()
                    and each.values["active"] == "1"
                    and each.number("quantity") > 0
                    and each.values["date_from"] <= now <= each.values["date_to"]
                ),
                None,
            )
            if rule is None:
                raise ValueError(f"the voucher {code} is not valid")
            found.append(rule)
        return found

    def _check_lines(self, lines: Sequence[CartLine]) -> None:
        if not lines:
            raise ValueError("the cart is empty")
        for product, combination, quantity in lines:
            sku = (combination or product).values["reference"]
            if quantity < 1:
                raise ValueError(f"{sku}: the quantity must be at least 1")
            if product.values["active"] != "1" or product.values["available_for_order"] != "1":
                raise ValueError(f"{sku} is not on sale")
            if combination is None and self.store.find("combinations", id_product=product.id):
                raise ValueError(f"{sku}: choose one of its combinations")
            if not self.is_available(product, combination, quantity):
                raise ValueError(f"{sku}: not enough in stock")

    def is_available(self, product: Record, combination: Record | None, quantity: int) -> bool:
        """Tell whether so many may be ordered: enough in stock, or orders without stock allowed."""
        row = self.shop.stock.row(product.id, combination.id if combination else 0)
        if row is None:
            return False
        rule = row.number("out_of_stock")
        if rule == 2:
            rule = int(self.store.configuration("PS_ORDER_OUT_OF_STOCK") or 0)
        return rule == 1 or row.number("quantity") >= quantity

    def _by_iso(self, resource: str, iso: str) -> int:
        for each in self.store.all(resource):
            if each.values["iso_code"].casefold() == str(iso).casefold():
                return each.id
        raise ValueError(f"{resource}: {iso} is not known here")

    # --- customer and addresses ----------------------------------------------------------------

    def _customer(self, values: Mapping[str, Any], language: int) -> Record:
        email = str(values.get("email") or "anna.verdi@shop.example")
        is_guest = bool(values.get("guest"))
        if not is_guest:
            same_store = {"id_shop": self.store.current} if self.store.has_several else {}
            for known in self.store.find("customers", email=email, **same_store):
                if known.values["is_guest"] != "1":
                    return known
        group = int(values.get("group") or (2 if is_guest else 3))
        return self.store.add(
            "customers",
            {
                "id_default_group": group,
                "id_lang": language,
                "secure_key": secrets.token_hex(16),
                "passwd": "$2y$10$" + hashlib.sha256(secrets.token_bytes(8)).hexdigest()[:53],
                "lastname": values["lastname"],
                "firstname": values["firstname"],
                "email": email,
                "active": 1,
                "is_guest": int(is_guest),
                "id_shop": self.store.current,
                "id_shop_group": self.store.group_of(self.store.current),
            },
            associations={"groups": [{"id": str(group)}]},
        )

    def _address(self, customer: Record, values: Mapping[str, Any]) -> Record:
        """Return the customer's address with these values, a new one when there is none."""
        country = self._by_iso("countries", values.get("country") or "IT")
        state = next(
            (
                each.id
                for each in self.store.all("states")
                if each.number("id_country") == country
                and each.values["iso_code"] == str(values.get("state") or "").upper()
            ),
            0,
        )
        wanted = {name: str(values.get(name) or "") for name in _ADDRESS}
        wanted["alias"] = wanted["alias"] or "Casa"
        wanted |= {"id_country": str(country), "id_state": str(state), "deleted": "0"}
        for known in self.store.find("addresses", id_customer=customer.id):
            if all(known.values.get(name) == value for name, value in wanted.items()):
                return known
        return self.store.add("addresses", {**wanted, "id_customer": customer.id})

    def _cart(
        self,
        lines: Sequence[CartLine],
        customer: Record,
        invoice: Record,
        delivery: Record,
        choice: tuple[int, int, int],
    ) -> Record:
        carrier, currency, language = choice
        rows = [
            {
                "id_product": str(product.id),
                "id_product_attribute": str(combination.id if combination else 0),
                "id_address_delivery": str(delivery.id),
                "id_customization": "0",
                "quantity": str(quantity),
            }
            for product, combination, quantity in lines
        ]
        return self.store.add(
            "carts",
            {
                "id_address_delivery": delivery.id,
                "id_address_invoice": invoice.id,
                "id_currency": currency,
                "id_customer": customer.id,
                "id_lang": language,
                "id_shop": self.store.current,
                "id_shop_group": self.store.group_of(self.store.current),
                "id_carrier": carrier,
                "delivery_option": f'{{"{delivery.id}":"{carrier},"}}',
                "secure_key": customer.values["secure_key"],
            },
            associations={"cart_rows": rows},
        )

    def due(self, checkout: Checkout) -> Decimal:
        """Return what a checkout would cost."""
        parts = self.shop.orders.split(checkout)
        return sum((totals.gross for _carrier, totals in parts), ZERO)


def _check_values(values: Mapping[str, Any]) -> None:
    for name, format_name in _CHECKED.items():
        value = str(values.get(name) or "")
        if value and not fits(format_name, value):
            raise ValueError(f"{name}: {value!r} is not possible")
    for name in ("firstname", "lastname", "address1", "city"):
        if not str(values.get(name) or "").strip():
            raise ValueError(f"{name} is missing")
