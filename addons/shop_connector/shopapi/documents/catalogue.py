"""The catalogue: what goes to a shop, and what a shop holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

Texts = Mapping[str, str]
ZERO = Decimal(0)


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
    meta_title: Texts = field(default_factory=dict)  # for search engines
    meta_description: Texts = field(default_factory=dict)
    #: last part of the page's address; said at creation only, links must stay valid
    slug: Texts = field(default_factory=dict, metadata={"fingerprint": False})
    #: codes of the customer groups that alone may find it, () = everybody
    groups: tuple[str, ...] = ()


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
    position: int = 0  # order among the product's pictures, the cover is 0
    content: bytes = field(default=b"", repr=False, compare=False, metadata={"fingerprint": False})


@dataclass(frozen=True, slots=True, kw_only=True)
class StockLevel:
    """How many units the shop may still sell; whole numbers where the system wants them."""

    product: str  # external id
    variant: str | None  # external id, None for a product without variants
    quantity: Decimal
    #: whether the shop may sell more than that; None = as it is set there, nothing is written
    backorder: bool | None = None
    #: with ``backorder`` None: take back what we said before, so that the shop's own rule is valid
    reset_backorder: bool = False
    #: what we believe the shop holds; when it holds neither that nor ``quantity``, somebody bought
    #: meanwhile: nothing is written and the outcome is ``moved``. None = write whatever it holds
    expected: Decimal | None = None

    @property
    def key(self) -> str:
        """What the outcome of a level is known by: ``"product/variant"`` or ``"product/"``."""
        return f"{self.product}/{self.variant or ''}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceRule:
    """A price beside the ordinary one: for a customer group, a quantity, a time, or all of them.

    Either ``price`` or ``percent`` is given. With ``strike`` the shop shows the ordinary price
    struck through beside it; ``ordinary`` says which one that is. Rules with a variant give its
    price as it is, whatever it costs more than its product.

    Systems disagree on which of several fitting rules counts: the one for the higher quantity or
    the one for the customer's group. Whoever makes rules says enough of them that both agree (see
    `pricing`), and gives the rules of a product either all for it or all for its variants.
    """

    variant: str | None = None  # external id, None = the product with all its variants
    group: str | None = None  # code of the customer group, None = everybody
    min_quantity: Decimal = Decimal(1)
    price: Price | None = None  # absolute, of one unit
    percent: Decimal | None = None  # taken off the ordinary price
    starts_at: datetime | None = None
    ends_at: datetime | None = None  # the last second it is good for
    strike: bool = True
    ordinary: Price | None = None  # what is struck through, None = nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceRules:
    """All rules of one product; those that are not named here are taken out of the shop.

    Their external id is that of the product.
    """

    product: str  # external id
    rules: tuple[PriceRule, ...] = ()


CatalogueDocument = (
    Manufacturer | Category | Attribute | AttributeValue | Product | Variant | Image | PriceRules
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One document to be saved: new when ``external_id`` is None.

    ``key`` is ours and comes back in the `Outcome`. ``changed`` names the fields of the document
    that differ from what was last sent (None = all of them, or not known). ``kept`` names fields
    that the shop leads: they are said when a record is created and never written to one that the
    shop has already.
    """

    key: str
    document: CatalogueDocument
    external_id: str | None = None
    changed: frozenset[str] | None = None
    kept: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one entry or stock level: an external id or an error, never both missing."""

    key: str
    external_id: str | None = None
    error: Exception | None = None
    adopted: bool = False  # it existed in the shop already and was taken over instead of created
    written: bool = True  # False when the shop held exactly that and nothing had to be written
    #: of a stock level: the shop does not hold the expected quantity, so it was left alone
    moved: bool = False
    held: Decimal | None = None  # of a stock level: what the shop held when we looked


# --- catalogue, in ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldValue:
    """The value of an attribute as a shop holds it."""

    attribute: str  # external id
    attribute_name: Texts
    value: str  # external id
    value_name: Texts
    color: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldVariant:
    """A variant as a shop holds it."""

    external_id: str
    variant: Variant
    values: tuple[HeldValue, ...] = ()
    images: tuple[str, ...] = ()  # external ids


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldProduct:
    """A product as a shop holds it, with all that is needed to make the same here.

    Gross prices of the documents are computed from the net ones with ``tax_rate``.
    """

    external_id: str
    stamp: str  # when the shop last changed it, opaque
    product: Product
    variants: tuple[HeldVariant, ...] = ()
    images: tuple[str, ...] = ()  # external ids, in order, the cover first
    manufacturer_name: str | None = None
    tax_rate: Decimal | None = None  # percent


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldCategory:
    """A category as a shop holds it; ``depth`` 1 = just below the shop's root."""

    external_id: str
    category: Category
    depth: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductStamp:
    """A product seen in a list of changes: enough to tell whether it must be read again."""

    external_id: str
    stamp: str
