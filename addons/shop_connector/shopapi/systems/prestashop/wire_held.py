"""Records of the shop's catalogue -> documents: the way back of `wire_catalogue`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from ...documents import Category, HeldCategory, HeldValue, Price, Product, Variant
from ...money import ZERO, gross_of
from .wire import Record
from .wire_codes import NO_TAX

_SIX_DECIMALS = Decimal("0.000001")
_COLOUR = re.compile("#[0-9a-fA-F]{6}")


def is_draft(record: Record) -> bool:
    """A product that its merchant has begun and never saved: the back office does not show it."""
    return record.fields.get("state", "").strip() == "0"


def tax_group(record: Record) -> str:
    """The tax group of a product."""
    return record.reference("id_tax_rules_group") or NO_TAX


def product(record: Record, rate: Decimal | None, weight_factor: Decimal) -> Product:
    """A product page. ``weight_factor``: units of weight of the shop in a kilogram."""
    has_variants = bool(record.ids("combinations"))
    return Product(
        sku=record.text("reference"),
        barcode=barcode(record),
        name=texts(record, "name"),
        short_description=texts(record, "description_short"),
        description=texts(record, "description"),
        price=price(record, rate),
        tax=tax_group(record),
        manufacturer=record.reference("id_manufacturer"),
        category=record.reference("id_category_default"),
        categories=category_ids(record),
        weight=weight(record, weight_factor),
        active=record.flag("active"),
        has_variants=has_variants,
        is_virtual=record.flag("is_virtual") or record.text("product_type") == "virtual",
        meta_title=texts(record, "meta_title"),
        meta_description=texts(record, "meta_description"),
        slug=texts(record, "link_rewrite"),
    )


def variant(
    record: Record, rate: Decimal | None, weight_factor: Decimal, default: str | None
) -> Variant:
    """A combination; price and weight are differences to its product's."""
    return Variant(
        product=record.required("id_product"),
        values=record.ids("product_option_values"),
        sku=record.text("reference"),
        barcode=barcode(record),
        price=price(record, rate),
        weight=weight(record, weight_factor),
        is_default=record.id == default if default else record.flag("default_on"),
    )


def value(record: Record, attribute: str, attribute_name: Mapping[str, str]) -> HeldValue:
    """One value of an attribute."""
    color = record.text("color")
    return HeldValue(
        attribute=attribute,
        attribute_name=attribute_name,
        value=record.id,
        value_name=texts(record, "name"),
        color=color if color and _COLOUR.fullmatch(color) else None,
    )


def category(record: Record, parent: str | None, depth: int) -> HeldCategory:
    """A node of the tree; ``parent`` None = just below our root."""
    return HeldCategory(
        external_id=record.id,
        category=Category(name=texts(record, "name"), parent=parent, active=record.flag("active")),
        depth=depth,
    )


def category_position(record: Record) -> tuple[int, int]:
    """Where a category stands among its brothers."""
    position = record.fields.get("position", "").strip()
    return (int(position) if re.fullmatch("[0-9]{1,9}", position) else 0, int(record.id))


def texts(record: Record, name: str) -> dict[str, str]:
    """A translated field by language id, without languages that have no text."""
    return {key: text for key, text in record.translated(name).items() if text.strip()}


def barcode(record: Record) -> str | None:
    """EAN-13 or else UPC."""
    return record.reference("ean13") or record.reference("upc")


def price(record: Record, rate: Decimal | None) -> Price:
    """The price field, which is net; the gross one with the tax group's rate."""
    net = record.amount("price")
    gross = gross_of(net, rate or ZERO)
    return Price(net=net, gross=gross.quantize(_SIX_DECIMALS, ROUND_HALF_UP))


def weight(record: Record, factor: Decimal) -> Decimal:
    """Kilograms."""
    amount = record.amount("weight")
    return (amount / factor).quantize(_SIX_DECIMALS, ROUND_HALF_UP)


def category_ids(record: Record) -> tuple[str, ...]:
    """All categories in which a product stands, the main one among them."""
    main = record.reference("id_category_default")
    return tuple(dict.fromkeys((*((main,) if main else ()), *record.ids("categories"))))


def images(record: Record) -> tuple[str, ...]:
    """The pictures of a product, the cover first."""
    cover = record.reference("id_default_image")
    return tuple(sorted(record.ids("images"), key=lambda image: image != cover))
