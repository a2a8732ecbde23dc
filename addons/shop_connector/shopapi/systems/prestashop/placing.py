"""Placing an order that was made elsewhere: customer, addresses, cart, prices, order, state.

The way of PrestaShop's own back office: a cart whose prices are fixed by specific prices of that
cart alone, and an order made from it.  Each step first looks whether an earlier try made it
already.  What holds it together is the name (alias) of addresses made for this order only: it
carries our key, readers of orders find it there, and in the end the addresses are deleted, which
takes them out of the customer's address book and leaves them on the order.

The shop puts an order whose payment differs from its cart's total into "payment error", and its
shipping costs and vouchers cannot be dictated to a cart.  Hence the cart is sent with a carrier
that costs nothing where there is one, and the order gets its amounts afterwards.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from decimal import Decimal

from ...documents import Address, DraftLine, OrderDraft, OrderEdit, StatusChange
from ...errors import DataError, NotFound
from ...money import HUNDRED, ZERO
from . import wire_drafts
from .client import Client
from .editing import OrderEditor
from .orders import OrderWriter
from .settling import settle
from .shop import Shop
from .wire import Draft, Record, is_same
from .wire_orders import KEY_ALIAS

_NEVER = "0000-00-00 00:00:00"
_ALIAS_LENGTH = 32
_USUAL_MODULE = "ps_wirepayment"
_DEFAULT_GROUP = "3"


class OrderPlacer:
    """Places orders in one shop."""

    def __init__(
        self, client: Client, shop: Shop, editor: OrderEditor, writer: OrderWriter
    ) -> None:
        self.client = client
        self.shop = shop
        self.editor = editor
        self.writer = writer

    def place(self, draft: OrderDraft) -> str:
        """Place the order, or find the one with this key; its id. Raises DataError."""
        return settle(self.client, lambda: self._place(draft))

    def _place(self, draft: OrderDraft) -> str:
        alias = KEY_ALIAS + draft.key
        if len(alias) > _ALIAS_LENGTH:
            raise DataError(f"The key {draft.key!r} is too long for this shop.")
        if not draft.lines:
            raise DataError("There is nothing on the order that the shop sells.")
        marked = self._marked(alias)
        order = self._find_order(marked)
        if order is None:
            order = self._order(draft, marked, alias)
        self._complete(order, draft)
        return order

    # --- what an earlier try has left -------------------------------------------------------------

    def _marked(self, alias: str) -> list[Record]:
        """The addresses made for this order, deleted ones too."""
        rows = self.client.find("addresses", "alias", [alias])
        return [row for row in rows if row.fields.get("alias") == alias]

    def _find_order(self, marked: Sequence[Record]) -> str | None:
        ids = [row.id for row in marked]
        display = ["id", "id_cart"]
        found = {row.id for row in self.client.find("orders", "id_address_invoice", ids, display)}
        if len(found) > 1:
            listed = ", ".join(sorted(found, key=int))
            raise DataError(
                f"The shop split this order into several ({listed}), one for each carrier. Cancel "
                "them in the shop, and place one order for the goods of each carrier."
            )
        return found.pop() if found else None

    # --- customer ---------------------------------------------------------------------------------

    def _customer(self, draft: OrderDraft) -> Record:
        """The customer by id, by e-mail, or new. Guests are nobody's account."""
        display = ["id", "email", "id_default_group", "is_guest", "deleted"]
        email = draft.customer.email
        if draft.customer.external_id:
            for row in self.client.find("customers", "id", [draft.customer.external_id], display):
                if not row.flag("is_guest"):
                    return row
        if not email:
            raise DataError("The customer has no e-mail address: the shop needs one.")
        for row in self.client.find("customers", "email", [email], display):
            is_same_mail = (row.text("email") or "").casefold() == email.casefold()
            if is_same_mail and not row.flag("is_guest"):
                return row
        group = self.shop.settings.get("PS_CUSTOMER_GROUP", _DEFAULT_GROUP)
        fields = {
            **wire_drafts.customer_fields(draft.customer, self._language(draft)),
            # nobody knows it: the customer asks the shop for a new one
            "passwd": secrets.token_urlsafe(18),
            "id_default_group": group,
        }
        (made,) = self.client.create(
            "customers", [Draft(fields=dict(fields), lists={"groups": (group,)})]
        )
        return made

    def _language(self, draft: OrderDraft) -> str:
        return draft.language or self.shop.default_language

    # --- addresses --------------------------------------------------------------------------------

    def _addresses(
        self, draft: OrderDraft, customer: Record, marked: Sequence[Record], alias: str
    ) -> tuple[str, str]:
        """Ids of invoice and delivery address, made for this order alone."""
        known = list(marked)
        billing = self._address(draft.billing, customer, known, alias)
        if draft.shipping == draft.billing:
            return billing, billing
        return billing, self._address(draft.shipping, customer, known, alias)

    def _address(self, address: Address, customer: Record, known: list[Record], alias: str) -> str:
        country = self._place_id("countries", address.country, {})
        if country is None:
            raise DataError(f"The shop does not know the country {address.country or '(none)'}.")
        state = self._place_id("states", address.state, {"id_country": country})
        fields = {
            "id_customer": customer.id,
            "alias": alias,
            **wire_drafts.address_fields(address, country, state),
        }
        for row in known:
            same = all(is_same(row.fields.get(name, ""), value) for name, value in fields.items())
            if same and not row.flag("deleted"):
                return row.id
        (made,) = self.client.create("addresses", [Draft(fields=dict(fields))])
        return made.id

    def _place_id(self, resource: str, iso: str | None, within: dict[str, str]) -> str | None:
        if not iso:
            return None
        filters = {"iso_code": f"[{iso}]"} | {name: f"[{key}]" for name, key in within.items()}
        rows = self.client.page(resource, ["id", "iso_code"], filters)
        return rows[0].id if rows else None

    # --- cart -------------------------------------------------------------------------------------

    def _order(self, draft: OrderDraft, marked: Sequence[Record], alias: str) -> str:
        lines = wire_drafts.merged_lines(draft.lines)
        wire_drafts.shipping_rate(draft.charges)  # raises before anything is written
        for line in lines:
            wire_drafts.whole(line)
        customer = self._customer(draft)
        billing, shipping = self._addresses(draft, customer, marked, alias)
        carrier, is_free = self._cart_carrier(draft)
        cart = self._cart(draft, lines, customer, (billing, shipping, carrier))
        self._fix_prices(draft, lines, customer, cart)
        due = sum((wire_drafts.cart_gross(line) for line in lines), ZERO)
        if not is_free:
            due += wire_drafts.sum_of(draft.charges, "shipping")[1]
        fields = {
            "id_address_delivery": shipping,
            "id_address_invoice": billing,
            "id_cart": cart,
            "id_currency": draft.currency,
            "id_lang": self._language(draft),
            "id_customer": customer.id,
            "id_carrier": carrier,
            "module": self._module(),
            "payment": wire_drafts.plain_name(draft.payment_name) or draft.key,
            "total_paid": str(due),
            "total_paid_real": str(due),
            "total_products": "0",
            "total_products_wt": "0",
            "conversion_rate": str(self._rate(draft.currency)),
        }
        self.client.create("orders", [Draft(fields=dict(fields))])
        order = self._find_order(self._marked(alias))
        if order is None:
            raise DataError("The shop took the order and does not show it.")
        return order

    def _cart_carrier(self, draft: OrderDraft) -> tuple[str, bool]:
        """The carrier of the cart, and whether it costs nothing."""
        display = ["id", "is_free", "active", "deleted"]
        for row in self.client.every("carriers", display):
            if row.flag("is_free") and row.flag("active") and not row.flag("deleted"):
                return row.id, True
        return (self.shop.carrier_id(draft.carrier) if draft.carrier else "0"), False

    def _cart(
        self,
        draft: OrderDraft,
        lines: Sequence[DraftLine],
        customer: Record,
        choice: tuple[str, str, str],
    ) -> str:
        """The cart of an earlier try, else a new one. ``choice``: both addresses, the carrier."""
        billing, shipping, carrier = choice
        rows = tuple(
            {
                "id_product": line.product,
                "id_product_attribute": line.variant or "0",
                "id_address_delivery": shipping,
                "quantity": str(wire_drafts.whole(line)),
            }
            for line in sorted(lines, key=lambda line: (int(line.product), int(line.variant or 0)))
        )
        for held in self.client.find("carts", "id_address_delivery", [shipping]):
            same = [{name: row.get(name, "") for name in rows[0]} for row in _cart_rows(held)]
            if same == list(rows) and held.reference("id_currency") == draft.currency:
                return held.id
        fields = {
            "id_currency": draft.currency,
            "id_lang": self._language(draft),
            "id_customer": customer.id,
            "id_address_delivery": shipping,
            "id_address_invoice": billing,
            "id_carrier": carrier,
            # without it the shop takes its default carrier, whatever id_carrier says
            "delivery_option": f'{{"{shipping}":"{carrier},"}}',
            **self._store_fields(),
        }
        (made,) = self.client.create(
            "carts", [Draft(fields=dict(fields), rows={"cart_rows": rows})]
        )
        return made.id

    def _store_fields(self) -> dict[str, str]:
        """The store that the cart, and so its order, belongs to."""
        if not self.shop.options.store:
            return {"id_shop": self.shop.default_store, "id_shop_group": "1"}
        group = self.shop.store_record.reference("id_shop_group")
        return {"id_shop": self.shop.options.store, "id_shop_group": group or "1"}

    def _fix_prices(
        self, draft: OrderDraft, lines: Sequence[DraftLine], customer: Record, cart: str
    ) -> None:
        """Our price for each product in this cart; the group's reduction is counted back in."""
        held = {
            (row.reference("id_product"), row.reference("id_product_attribute"))
            for row in self.client.find("specific_prices", "id_cart", [cart])
        }
        factor = 1 - self._group_reduction(customer) / HUNDRED
        drafts = []
        for line in lines:
            if (line.product, line.variant) in held:
                continue
            price = line.unit_net / factor if factor else line.unit_net
            drafts.append(Draft(fields=_cart_price(line, cart, draft.currency, price)))
        if drafts:
            self.client.create("specific_prices", drafts)

    def _group_reduction(self, customer: Record) -> Decimal:
        group = customer.reference("id_default_group")
        rows = self.client.find("groups", "id", [group] if group else [], ["id", "reduction"])
        return rows[0].amount("reduction") if rows else ZERO

    def _module(self) -> str:
        """A payment module that is installed: an unknown one breaks the shop."""
        rows = self.client.page("orders", ["id", "module"], sort="id_DESC", limit="200")
        names = [row.text("module") or "" for row in rows]
        return names[0] if names and _USUAL_MODULE not in names else _USUAL_MODULE

    def _rate(self, currency: str) -> Decimal:
        rows = self.client.find("currencies", "id", [currency], ["id", "conversion_rate"])
        if not rows:
            raise DataError(f"The shop has no currency {currency}.")
        return rows[0].amount("conversion_rate") or Decimal(1)

    # --- afterwards -------------------------------------------------------------------------------

    def _complete(self, order: str, draft: OrderDraft) -> None:
        """Amounts, note and state as we want them, and the customer's address book tidy."""
        lines = tuple(wire_drafts.merged_lines(draft.lines))
        self.editor.complete(
            OrderEdit(
                order=order,
                lines=lines,
                charges=draft.charges,
                total_net=draft.total_net,
                total_gross=draft.total_gross,
            )
        )
        if draft.state:
            self.writer.change_status(StatusChange(order=order, state=draft.state))
        for row in self._marked(KEY_ALIAS + draft.key):
            if not row.flag("deleted"):
                self._hide_address(row.id)

    def _hide_address(self, key: str) -> None:
        try:
            self.client.delete("addresses", [key])
        except NotFound:
            return  # an address of a try that never became an order


def _cart_rows(cart: Record) -> list[dict[str, str]]:
    return [dict(row) for row in cart.lists.get("cart_rows", ())]


def _cart_price(line: DraftLine, cart: str, currency: str, price: Decimal) -> dict[str, str]:
    return {
        "id_shop": "0",
        "id_cart": cart,
        "id_product": line.product,
        "id_product_attribute": line.variant or "0",
        "id_currency": currency,
        "id_country": "0",
        "id_group": "0",
        "id_customer": "0",
        "price": str(price.quantize(Decimal("0.000001"))),
        "from_quantity": "1",
        "reduction": "0",
        "reduction_tax": "1",
        "reduction_type": "amount",
        "from": _NEVER,
        "to": _NEVER,
    }
