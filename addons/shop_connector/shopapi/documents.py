"""The neutral documents that travel between Odoo and any shop system.

Rules that hold for all of them:

* frozen and keyword only; money is ``Decimal`` in the order's or shop's currency, net = without
  tax, gross = with tax; times are aware UTC; missing is ``None``, never ``False`` or ``""``;
* every *code* (language, tax, carrier, payment method, order state, customer group, category ...)
  is the shop's own id as text. Which Odoo record stands behind it is told by the shop's mappings
  and links, not here;
* ``Texts`` holds one text for each language *of the shop* (key = the shop's language id). A
  document names all languages that are mapped, so that no system is tempted to blank the others.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

Texts = Mapping[str, str]
ZERO = Decimal(0)


# --- what a shop says about itself ------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """One entry of a code list of the shop: a language, tax group, carrier, order state ..."""

    external_id: str
    name: str
    iso: str | None = None  # language ("it"), currency ("EUR") or country ("IT")
    rate: Decimal | None = None  # tax in percent, currency in units per default currency
    is_default: bool = False
    active: bool = True
    #: order states only, what the state means: "waiting", "paid", "processing", "shipped",
    #: "delivered", "cancelled", "refunded", "error"; None when the shop gives no hint
    meaning: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopInfo:
    """What a first look at the shop tells: enough to propose every mapping."""

    name: str
    version: str
    timezone: str  # IANA name; dates without zone from this shop are in it
    languages: tuple[Code, ...] = ()
    currencies: tuple[Code, ...] = ()
    taxes: tuple[Code, ...] = ()
    carriers: tuple[Code, ...] = ()
    payment_methods: tuple[Code, ...] = ()
    order_states: tuple[Code, ...] = ()
    customer_groups: tuple[Code, ...] = ()
    #: resources the key may not read or write although the connector needs them
    missing_rights: tuple[str, ...] = ()


# --- catalogue, out ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """A sales price of one unit in the shop's default currency, six decimals."""

    net: Decimal
    gross: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Manufacturer:
    """Brand or producer; the name is not translated."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """One node of the category tree; ``parent``: external id, None = below the shop's root."""

    name: Texts
    parent: str | None = None
    active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """Something variants differ in ("Format")."""

    name: Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributeValue:
    """One value of an attribute ("Magnum"); ``attribute`` is the external id of its attribute."""

    attribute: str
    name: Texts
    color: str | None = None  # "#RRGGBB"


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """What customers find as one page in the shop.

    A product without variants carries SKU, barcode and stock itself; with ``has_variants`` these
    are on its `Variant` documents and ``sku`` / ``barcode`` are None or common to all.
    """

    sku: str | None
    name: Texts
    price: Price
    tax: str  # code of the tax group
    barcode: str | None = None
    short_description: Texts = field(default_factory=dict)  # HTML
    description: Texts = field(default_factory=dict)  # HTML
    manufacturer: str | None = None  # external id
    category: str | None = None  # external id of the main category
    categories: tuple[str, ...] = ()  # external ids, the main one among them
    weight: Decimal = ZERO  # kilogram
    active: bool = True  # False = hidden in the shop
    has_variants: bool = False
    is_virtual: bool = False  # nothing to ship


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """One sellable combination of attribute values of a product.

    ``price`` and ``weight`` are absolute, or the difference to the product's where the system's
    ``Capabilities.variant_difference`` says so.
    """

    product: str  # external id
    values: tuple[str, ...]  # external ids of the attribute values
    sku: str | None
    price: Price
    barcode: str | None = None
    weight: Decimal = ZERO
    is_default: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """A picture of a product; the bytes are not part of its identity, their digest is."""

    product: str  # external id
    digest: str  # hash of the content, hexadecimal
    media_type: str  # "image/jpeg", "image/png" ...
    variants: tuple[str, ...] = ()  # external ids of the variants it shows, () = the whole product
    is_cover: bool = False
    content: bytes = field(default=b"", repr=False, compare=False, metadata={"fingerprint": False})


@dataclass(frozen=True, slots=True, kw_only=True)
class StockLevel:
    """How many units the shop may still sell; whole numbers where the system wants them."""

    product: str  # external id
    variant: str | None  # external id, None for a product without variants
    quantity: Decimal


CatalogueDocument = Manufacturer | Category | Attribute | AttributeValue | Product | Variant | Image


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One document to be saved: new when ``external_id`` is None.

    ``key`` is ours and comes back in the `Outcome`. ``changed`` names the fields of the document
    that differ from what was last sent (None = all of them, or not known).
    """

    key: str
    document: CatalogueDocument
    external_id: str | None = None
    changed: frozenset[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one entry or stock level: an external id or an error, never both missing."""

    key: str
    external_id: str | None = None
    error: Exception | None = None
    adopted: bool = False  # it existed in the shop already and was taken over instead of created
    written: bool = True  # False when the shop held exactly that and nothing had to be written


# --- orders, in -------------------------------------------------------------------------------


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipment:
    """A parcel handed to a carrier."""

    carrier: str | None  # code
    tracking: str | None
    external_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund:
    """Money given back for some lines (net and gross totals; quantity by order line id)."""

    external_id: str
    net: Decimal
    gross: Decimal
    quantities: Mapping[str, Decimal] = field(default_factory=dict)
    shipping_gross: Decimal = ZERO


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


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderStamp:
    """An order seen in a list of changes: enough to tell whether it must be read again."""

    external_id: str
    stamp: str
    state: str
    placed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusChange:
    """A new state for an order in the shop; the customer gets a mail only when ``notify``."""

    order: str  # external id
    state: str  # code
    notify: bool = False


# --- fingerprints -----------------------------------------------------------------------------


def _plain(value: Any) -> Any:
    """The value in a form that is equal for equal content, whatever its spelling."""
    if is_dataclass(value) and not isinstance(value, type):
        return {item.name: _plain(getattr(value, item.name)) for item in _identity_fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, Decimal):
        return format(value.normalize(), "f") if value else "0"
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value


def _identity_fields(document: Any) -> list[Any]:
    return [item for item in fields(document) if item.metadata.get("fingerprint", True)]


def _digest(value: Any, length: int) -> str:
    text = json.dumps(_plain(value), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:length]


def fingerprint(document: Any) -> str:
    """A digest of the content of a document: equal content, equal fingerprint (32 hex digits).

    >>> fingerprint(Manufacturer(name="A")) == fingerprint(Manufacturer(name="A"))
    True
    """
    return _digest(document, 32)


def field_fingerprints(document: Any) -> dict[str, str]:
    """A short digest for each field, to tell which of them changed since the last time.

    >>> sorted(field_fingerprints(Manufacturer(name="A")))
    ['name']
    """
    return {
        item.name: _digest(getattr(document, item.name), 12) for item in _identity_fields(document)
    }
