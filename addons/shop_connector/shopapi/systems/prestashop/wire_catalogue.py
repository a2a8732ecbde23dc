"""Catalogue documents -> the fields that PrestaShop stores them in, with its limits checked.

Field names, limits and forbidden characters: ``schema=synopsis`` of 8.2.1 and 1.7.8.11.  Nothing is
cut silently: a text that does not fit is a `DataError` that names the field.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping
from decimal import ROUND_HALF_UP, Decimal

from ...documents import (
    Attribute,
    AttributeValue,
    Category,
    Manufacturer,
    Product,
    Texts,
    Variant,
)
from ...errors import DataError
from .wire import Draft, Record, Value, clean_text, is_same

#: fills a text up to all languages of the shop; told the shop's name of the field
Complete = Callable[[Texts, str], dict[str, str]]

_SIX_DECIMALS = Decimal("0.000001")
_LIMITS = {
    "name": 128,
    "manufacturer": 64,
    "sku": 64,
    "attribute": 64,
    "html": 4194303,
    "meta_title": 255,
    "meta_description": 512,
}
_CATALOGUE_NAME = re.compile("[<>;=#{}]")
_GENERIC_NAME = re.compile("[<>={}]")
_REFERENCE = re.compile("[<>;={}]")
_SLUG_LENGTH = 128


# --- values ---------------------------------------------------------------------------------------


def number(value: Decimal) -> str:
    """A plain decimal with six decimals, as the shop keeps them.

    >>> number(Decimal("12.2950819"))
    '12.295082'
    """
    return format(value.quantize(_SIX_DECIMALS, ROUND_HALF_UP), "f")


def switch(value: bool) -> str:
    """A yes-no field."""
    return "1" if value else "0"


def slug(text: str, spare: str = "item") -> str:
    """The part of an address made from a name: ASCII letters, digits and hyphens, at most 128.

    >>> slug("Reggelizőtál & Co.")
    'reggelizotal-co'
    """
    text = text.casefold().translate(_LETTERS)
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    made = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_SLUG_LENGTH].strip("-")
    return made or re.sub(r"[^a-z0-9]+", "-", spare.lower()).strip("-")[:_SLUG_LENGTH] or "item"


#: letters that have no accent to take off
_LETTERS = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "ı": "i"})


def same_name(left: str, right: str) -> bool:
    """Whether two names are one for a person: spaces and composed letters do not count."""
    return _folded(left) == _folded(right)


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", clean_text(text)).split())


def checked_name(
    text: str, field: str, limit: int, forbidden: re.Pattern[str] = _CATALOGUE_NAME
) -> str:
    """A name that the shop will take. Raises DataError naming the field."""
    text = clean_text(text).strip()
    if not text:
        raise DataError(f"{field}: empty; the shop needs one.")
    if len(text) > limit:
        raise DataError(
            f"{field}: {len(text)} characters, the shop takes {limit}: {text[:60]!r}..."
        )
    if found := sorted(set(forbidden.findall(text))):
        raise DataError(f"{field}: the shop does not take {' '.join(found)} in {text[:60]!r}.")
    return text


def checked_names(
    texts: Mapping[str, str], field: str, limit: int, forbidden: re.Pattern[str] = _CATALOGUE_NAME
) -> dict[str, str]:
    """A name in every language."""
    return {key: checked_name(text, field, limit, forbidden) for key, text in texts.items()}


def reference(sku: str | None) -> str:
    """The product code, "" for none. Raises DataError."""
    if not sku:
        return ""
    return checked_name(sku, "sku", _LIMITS["sku"], _REFERENCE)


def barcode(value: str | None) -> str:
    """EAN-13, UPC or EAN-8 in the field for EAN; "" for none. Raises DataError."""
    if not value:
        return ""
    if not re.fullmatch(r"[0-9]{1,13}", value):
        raise DataError(f"barcode: the shop takes up to 13 digits, not {value[:40]!r}.")
    return value


def markup(texts: Mapping[str, str], field: str) -> dict[str, str]:
    """A description in HTML in every language. Raises DataError when too long."""
    for text in texts.values():
        if len(text) > _LIMITS["html"]:
            raise DataError(f"{field}: {len(text)} characters, the shop takes {_LIMITS['html']}.")
    return dict(texts)


def plain_texts(texts: Mapping[str, str], field: str) -> dict[str, str]:
    """A text without markup in every language, maybe empty. Raises DataError."""
    limit = _LIMITS[field]
    one_line = {key: " ".join(text.split()) for key, text in texts.items()}
    return {
        key: checked_name(text, field, limit, _GENERIC_NAME) if text else ""
        for key, text in one_line.items()
    }


# --- documents ------------------------------------------------------------------------------------


def manufacturer(document: Manufacturer) -> Draft:
    """A manufacturer's fields that we manage."""
    name = checked_name(document.name, "name", _LIMITS["manufacturer"])
    return Draft(fields={"name": name})


def category(document: Category, home: str, complete: Complete) -> Draft:
    """A category's fields that we manage; without a parent it stands below the home category."""
    return Draft(
        fields={
            "id_parent": document.parent or home,
            "active": switch(document.active),
            "name": checked_names(complete(document.name, "name"), "name", _LIMITS["name"]),
        }
    )


def attribute(document: Attribute, complete: Complete) -> Draft:
    """An attribute group: its name for the back office and the same for customers."""
    names = complete(document.name, "name")
    names = checked_names(names, "attribute name", _LIMITS["attribute"], _GENERIC_NAME)
    return Draft(fields={"name": names, "public_name": names})


def attribute_value(document: AttributeValue, complete: Complete) -> Draft:
    """One value of an attribute group."""
    names = complete(document.name, "name")
    fields: dict[str, Value] = {
        "id_attribute_group": document.attribute,
        "name": checked_names(names, "value name", _LIMITS["name"], _GENERIC_NAME),
    }
    if document.color:
        fields["color"] = document.color
    return Draft(fields=fields)


def product(document: Product, home: str, complete: Complete) -> dict[str, Draft]:
    """The drafts of a product, each under the name of the document's field that it comes from."""
    fields: dict[str, dict[str, Value]] = {
        "sku": {"reference": reference(document.sku)},
        "barcode": {"ean13": barcode(document.barcode)},
        "price": {"price": _price(document.price.net)},
        "tax": {"id_tax_rules_group": document.tax},
        "manufacturer": {"id_manufacturer": document.manufacturer or "0"},
        "weight": {"weight": number(document.weight)},
        "active": {"active": switch(document.active)},
        "is_virtual": {"is_virtual": switch(document.is_virtual)},
        "has_variants": {"product_type": product_type(document)},
        "name": {"name": checked_names(complete(document.name, "name"), "name", _LIMITS["name"])},
        "short_description": {
            "description_short": markup(
                complete(document.short_description, "description_short"), "short_description"
            )
        },
        "description": {
            "description": markup(complete(document.description, "description"), "description")
        },
        "meta_title": {
            "meta_title": plain_texts(complete(document.meta_title, "meta_title"), "meta_title")
        },
        "meta_description": {
            "meta_description": plain_texts(
                complete(document.meta_description, "meta_description"), "meta_description"
            )
        },
    }
    drafts = {name: Draft(fields=values) for name, values in fields.items()}
    main = document.category or next(iter(document.categories), home)
    drafts["category"] = drafts["categories"] = Draft(
        fields={"id_category_default": main},
        # a product that is not in its main category falls out of the catalogue
        lists={"categories": tuple(dict.fromkeys((main, *document.categories)))},
    )
    return drafts


def _price(net: Decimal) -> str:
    if net < 0:
        raise DataError(f"price: the shop takes no negative price ({net}).")
    return number(net)


def product_type(document: Product) -> str:
    """The kind of product (since 1.7.8; what an older shop does not know it ignores)."""
    if document.has_variants:
        return "combinations"
    return "virtual" if document.is_virtual else "standard"


#: what a new product needs besides its document to be seen and sold
NEW_PRODUCT: Mapping[str, Value] = {
    "state": "1",  # 0 = a draft that the back office hides
    "available_for_order": "1",
    "show_price": "1",
    "minimal_quantity": "1",
    "visibility": "both",
    "condition": "new",
}


def new_product(document: Product, home: str, complete: Complete) -> Draft:
    """Everything a product is created with; its address is made here and never changed again."""
    drafts = product(document, home, complete)
    fields: dict[str, Value] = dict(NEW_PRODUCT)
    lists: dict[str, tuple[str, ...]] = {}
    for draft in drafts.values():
        fields.update(draft.fields)
        lists.update(draft.lists)
    names = complete(document.name, "name")
    # what somebody chose, else made from the name of that language
    chosen = {key: document.slug.get(key) or name for key, name in names.items()}
    fields["link_rewrite"] = slugs(chosen, document.sku or "product")
    return Draft(fields=fields, lists=lists)


def slugs(names: Mapping[str, str], spare: str) -> dict[str, str]:
    """The address parts in every language."""
    return {key: slug(text, spare) for key, text in names.items()}


def variant(document: Variant) -> dict[str, Draft]:
    """The drafts of a combination by document field; price and weight are differences."""
    return {
        "sku": Draft(fields={"reference": reference(document.sku)}),
        "barcode": Draft(fields={"ean13": barcode(document.barcode)}),
        "price": Draft(fields={"price": number(document.price.net)}),
        "weight": Draft(fields={"weight": number(document.weight)}),
        "values": Draft(fields={}, lists={"product_option_values": document.values}),
    }


def joined(drafts: Mapping[str, Draft], names: Collection[str] | None = None) -> Draft:
    """One draft of those of the named document fields (None = all)."""
    fields: dict[str, Value] = {}
    lists: dict[str, tuple[str, ...]] = {}
    for name, draft in drafts.items():
        if names is None or name in names:
            fields.update(draft.fields)
            lists.update(draft.lists)
    return Draft(fields=fields, lists=lists)


def differing(draft: Draft, record: Record, *, adding: Collection[str] = ()) -> Draft:
    """What of a draft the shop does not hold already.

    A translated text that is empty in every language means "not managed here" and is left as the
    shop has it.  To the lists named in ``adding`` the draft only adds; the others it replaces.
    A field that the whole ``record`` lacks is one that this version of the shop does not know.
    """
    fields: dict[str, Value] = {}
    for name, value in draft.fields.items():
        if name not in record.fields and name not in record.texts:
            continue
        if not isinstance(value, str) and not any(value.values()):
            continue
        held: Value = record.texts.get(name) or record.fields.get(name, "")
        if not is_same(value, held):
            fields[name] = value
    lists: dict[str, tuple[str, ...]] = {}
    for name, ids in draft.lists.items():
        held_ids = record.ids(name)
        wanted = tuple(dict.fromkeys((*ids, *held_ids))) if name in adding else ids
        if set(wanted) != set(held_ids):
            lists[name] = wanted
    return Draft(fields=fields, lists=lists)
