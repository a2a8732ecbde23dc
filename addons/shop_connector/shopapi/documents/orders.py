"""Orders and what belongs to them, in both directions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A postal address as it stood on the order; its fingerprint is its identity."""

    first_name: str | None = None
    last_name: str | None = None
    company: str | None = None
    vat: str | None = None
    fiscal_code: str | None = None  # personal tax code where the country has one
    street: str | None = None
    street2: str | None = None
    zip: str | None = None
    city: str | None = None
    state: str | None = None  # ISO code of the province within its country ("VR")
    country: str | None = None  # ISO 3166 alpha-2
    phone: str | None = None
    mobile: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Who bought. ``email`` is as the shop spells it; matching normalises it."""

    external_id: str | None
    email: str | None
    first_name: str | None = None
    last_name: str | None = None
    company: str | None = None
    vat: str | None = None
    language: str | None = None  # code
    group: str | None = None  # code of the customer group
    is_guest: bool = False
    birthday: date | None = None
    newsletter: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLine:
    """Goods on an order. Unit prices are after line discounts and keep the shop's decimals."""

    external_id: str
    name: str
    quantity: Decimal
    unit_net: Decimal
    unit_gross: Decimal
    total_net: Decimal
    total_gross: Decimal
    tax: str | None  # code of the tax group
    tax_rate: Decimal | None  # percent
    sku: str | None = None
    product: str | None = None  # external id
    variant: str | None = None  # external id
    quantity_refunded: Decimal = ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """Everything on an order that is no goods line; discounts have negative amounts.

    ``kind``: "shipping", "wrapping", "discount" or "fee". ``code``: carrier of the shipping,
    voucher code of the discount. ``tax_rate`` None on a discount means: spread over the rates of
    the lines.
    """

    kind: str
    name: str
    net: Decimal
    gross: Decimal
    code: str | None = None
    tax_rate: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """Money the shop says it received, or expects with this method."""

    method: str  # code
    name: str
    amount: Decimal
    transaction: str | None = None
    paid_at: datetime | None = None
    #: the shop's id of the payment; orders of a split cart may share one, each with its part of it
    external_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipment:
    """A parcel handed to a carrier; ``replaces`` is the number it was told with before."""

    carrier: str | None  # code
    tracking: str | None
    external_id: str | None = None
    replaces: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund:
    """Money given back for some lines (net and gross totals; quantity by order line id)."""

    external_id: str
    net: Decimal
    gross: Decimal
    quantities: Mapping[str, Decimal] = field(default_factory=dict)
    shipping_gross: Decimal = ZERO
    refunded_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Something written on an order, by the customer or by the shop's staff; plain text."""

    external_id: str
    text: str
    sent_at: datetime
    from_customer: bool = True
    is_private: bool = False  # the customer does not see it


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """How the buyer came to the shop, in the words of the shop's own statistics."""

    visited_at: datetime | None = None
    source: str | None = None
    medium: str | None = None
    campaign: str | None = None
    term: str | None = None
    content: str | None = None
    landing: str | None = None  # the first page of the visit
    referrer: str | None = None  # the page that led to it


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A web order with all its amounts.

    Holds: gross sum of ``lines`` and ``charges`` = ``total_gross``, up to the shop's own rounding.
    """

    external_id: str
    reference: str
    cart: str | None  # orders split from one cart share it
    placed_at: datetime
    stamp: str  # the shop's own "last changed" mark, opaque
    state: str  # code
    currency: str  # code
    customer: Party
    billing: Address
    shipping: Address
    lines: tuple[OrderLine, ...]
    charges: tuple[Charge, ...]
    total_net: Decimal
    total_gross: Decimal
    payment_method: str | None  # code
    payment_name: str | None
    payments: tuple[Payment, ...] = ()
    shipments: tuple[Shipment, ...] = ()
    refunds: tuple[Refund, ...] = ()
    carrier: str | None = None  # code
    note: str | None = None
    gift_message: str | None = None
    #: whether the shop has taken the goods of this order off its own stock
    holds_stock: bool = True
    messages: tuple[Message, ...] = ()
    #: the visits known to have led to the order, the first one first
    visits: tuple[Visit, ...] = ()
    #: the key of the `OrderDraft` it was made from, None when a visitor placed it
    our_key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderStamp:
    """An order seen in a list of changes: enough to tell whether it must be read again."""

    external_id: str
    stamp: str
    state: str
    placed_at: datetime | None = None
    reference: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Touch:
    """Something new on an order that does not move the order's own "last changed" mark.

    ``kind``: "message", "payment" or "refund"; ``external_id``: that of the message etc.
    """

    order: str  # external id
    kind: str
    external_id: str
    stamp: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusChange:
    """A new state for an order in the shop; the customer gets a mail only when ``notify``."""

    order: str  # external id
    state: str  # code
    notify: bool = False


# --- orders, out ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftLine:
    """Goods on an order that is written by us: ``external_id`` of a line the shop has already."""

    product: str  # external id
    variant: str | None  # external id
    name: str
    sku: str | None
    quantity: Decimal
    unit_net: Decimal  # after line discounts
    unit_gross: Decimal
    tax_rate: Decimal | None = None  # percent
    external_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderDraft:
    """An order made in Odoo, to be placed in the shop under its customer's account.

    ``key`` is ours and stays with the order in the shop: placing the same key again finds the
    order instead of making a second one.
    """

    key: str
    customer: Party
    billing: Address
    shipping: Address
    lines: tuple[DraftLine, ...]
    charges: tuple[Charge, ...]
    total_net: Decimal
    total_gross: Decimal
    currency: str  # code
    language: str | None = None  # code
    carrier: str | None = None  # code
    payment_name: str | None = None
    state: str | None = None  # code of the state it shall have
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderEdit:
    """How an order shall stand in the shop after it was changed in Odoo: all lines, all amounts."""

    order: str  # external id
    lines: tuple[DraftLine, ...]
    charges: tuple[Charge, ...]
    total_net: Decimal
    total_gross: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderDocument:
    """An invoice or delivery note for the customer's account in the shop.

    Systems that hold no files show ``text`` with the link instead.
    """

    order: str  # external id
    key: str  # ours: the same key is not sent twice
    name: str  # "Invoice INV/2026/00012"
    url: str  # where the customer finds it
    text: str  # the sentence for the customer, in his language, with the link
    content: bytes = field(default=b"", repr=False, compare=False, metadata={"fingerprint": False})


@dataclass(frozen=True, slots=True, kw_only=True)
class CartLine:
    """Goods in a cart."""

    product: str  # external id
    variant: str | None  # external id
    quantity: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Cart:
    """A cart that did not become an order; without lines it is passed by, whatever it holds."""

    external_id: str
    changed_at: datetime
    stamp: str
    customer: Party | None
    lines: tuple[CartLine, ...]
    currency: str | None = None  # code


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """A webhook's word that something changed; the truth is always read again."""

    kind: str  # "order", "product", "stock"
    external_id: str
