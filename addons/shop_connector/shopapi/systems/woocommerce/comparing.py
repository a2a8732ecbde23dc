"""What the shop holds and what is wanted: fields compared in whatever spelling."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from ...documents import Entry, Product, Variant
from ...errors import DataError
from ...money import amount_of
from .client import Row
from .translations import same_text

#: what WordPress calls the category of things without one, in the languages of its larger users
_NO_CATEGORY = re.compile(r"(uncategori[sz]ed|senza-categoria|unkategorisiert|non-classe|sin-cat)")
#: brand of ours on a shop without brands, among tags that the merchant gave
BRAND_TAG = "_shop_connector_brand"
#: where WooCommerce keeps the GTIN; before 9.2 we put it there ourselves
GTIN = "_global_unique_id"
#: what WordPress would change or drop silently is compared after writing
_TAKEN = ("sku", "regular_price", "sale_price", "tax_class")

#: by field of a document: makes the fields of the API, or raises what is wrong with them
Values = dict[str, Callable[[], Row]]


def own_categories(row: Row) -> set[int]:
    """The categories of a product without the one that means none."""
    found = row.get("categories") or ()
    return {int(c["id"]) for c in found if not _NO_CATEGORY.match(str(c.get("slug", "")))}


def meta_of(row: Row, key: str) -> str:
    """The first value under a key of the meta data, as text."""
    for item in row.get("meta_data") or ():
        if isinstance(item, dict) and item.get("key") == key:
            return str(item.get("value") or "")
    return ""


def brand_of(row: Row) -> Row | None:
    """The brand; on a shop without brands the tag that we gave as one."""
    ours = meta_of(row, BRAND_TAG)
    tags = [tag for tag in row.get("tags") or () if str(tag["id"]) == ours]
    return next(iter(row.get("brands") or tags), None)


def barcode_of(row: Row) -> str:
    """The GTIN, wherever the version keeps it."""
    return str(row.get("global_unique_id") or meta_of(row, GTIN))


def differing(entry: Entry, values: Values, held: Row) -> Row:
    """The fields that differ from what the shop holds and are ours to write."""
    names = set(values) - entry.kept
    if entry.changed is not None:
        changed = set(entry.changed) | ({"categories"} if "category" in entry.changed else set())
        names &= changed
    fields: Row = {}
    for name in sorted(names):
        for key, value in values[name]().items():
            if not is_held(key, value, held):
                merge(fields, {key: value})
    _keep_tags(fields, held)
    return fields


def is_held(key: str, value: Any, held: Row) -> bool:
    """Whether the shop holds that already, in whatever spelling."""
    own = held.get(key)
    if key in {"regular_price", "sale_price", "weight"}:
        empty = key == "weight"
        return _amount(own, empty) == _amount(value, empty)
    if key in {"date_on_sale_from_gmt", "date_on_sale_to_gmt"}:
        return bool((own or "") == value)
    if key == "categories":
        return own_categories(held) == {item["id"] for item in value}
    if key == "brands":
        return [item["id"] for item in own or ()] == [item["id"] for item in value]
    if key == "tags":
        mine = {meta_of(held, BRAND_TAG)} & {str(item["id"]) for item in own or ()}
        return mine == {str(item["id"]) for item in value}
    if key == "meta_data":
        return all(meta_of(held, item["key"]) == item["value"] for item in value)
    if key == "status":
        return bool((own == "publish") == (value == "publish"))
    if key in {"name", "description", "short_description"}:
        return same_text(own, value)
    return bool(own == value)


def _amount(text: object, empty: bool) -> Decimal | None:
    if text in {"", None}:
        return Decimal(0) if empty else None
    return amount_of(text).quantize(Decimal("0.000001"))


def merge(fields: Row, part: Row) -> None:
    """Add fields; meta data of several sources stand together."""
    meta = [*fields.get("meta_data", ()), *part.get("meta_data", ())]
    fields |= part
    if meta:
        fields["meta_data"] = meta
    if "tags" in part:
        tag = str(part["tags"][0]["id"]) if part["tags"] else ""
        fields["meta_data"] = [*meta, {"key": BRAND_TAG, "value": tag}]


def _keep_tags(fields: Row, held: Row) -> None:
    """The list of tags is replaced as a whole: the merchant's own ones stay."""
    if "tags" in fields:
        ours = meta_of(held, BRAND_TAG)
        others = [{"id": t["id"]} for t in held.get("tags") or () if str(t["id"]) != ours]
        fields["tags"] = [*others, *fields["tags"]]


def known_values(values: Values, wanted: Product | Variant, held: Row) -> Values:
    """Of a product that the shop had before us: what we know, beside the shop's categories."""
    known = dict(values)
    for name in ("sku", "barcode", "weight", "short_description", "description", "manufacturer"):
        value = getattr(wanted, name, None)
        if not (any(value.values()) if isinstance(value, Mapping) else value):
            known.pop(name, None)
    if isinstance(wanted, Product) and not wanted.groups:
        own = known["categories"]

        def both() -> Row:
            numbers = {item["id"] for item in own()["categories"]} | own_categories(held)
            return {"categories": [{"id": number} for number in sorted(numbers)]}

        known["categories"] = both
    return known


def not_taken(fields: Row, row: Row) -> DataError | None:
    """What the shop dropped or changed of the fields that were sent, without a word."""
    for key in _TAKEN:
        if key in fields and key in row and not is_held(key, fields[key], row):
            return DataError(f"The shop did not take {key} {fields[key]}, it holds {row[key]!r}.")
    return None
