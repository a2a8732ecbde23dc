"""Rows of products: a new one, its meta data, the order of a list."""

from __future__ import annotations

from collections.abc import Iterable

from .rest import Call
from .shop import BRANDS, CATEGORIES, TAGS, Row, Shop


def new_row(shop: Shop, body: Row, parent: int | None) -> Row:
    """A product before anything is said about it."""
    is_variation = parent is not None
    return {
        "id": 0,
        "parent_id": parent or 0,
        "name": "" if is_variation or body.get("name") else "Product",
        "slug": "",
        "type": "variation" if is_variation else str(body.get("type", "simple")),
        "status": "publish",
        "sku": "",
        "gtin": "",
        "description": "",
        "short_description": "",
        "regular_price": "",
        "sale_price": "",
        "price": "",
        "date_on_sale_from": None,
        "date_on_sale_to": None,
        "manage_stock": False,
        "stock_quantity": None,
        "stock_status": "instock",
        "backorders": "no",
        "low_stock_amount": None,
        "weight": "",
        "dimensions": {"length": "", "width": "", "height": ""},
        "tax_status": "taxable",
        "tax_class": "parent" if is_variation else "",
        CATEGORIES: [],
        TAGS: [],
        BRANDS: [],
        "images": [],
        "attributes": [],
        "default_attributes": [],
        "meta_data": [],
        "total_sales": 0,
        "date_created": shop.now(),
        "date_modified": shop.now(),
    }


def save_meta(shop: Shop, held: list[Row], wanted: Iterable[Row]) -> None:
    """Change meta by id, or by key the first of that key; id with null deletes."""
    for item in wanted:
        number, key = item.get("id"), item.get("key")
        found = next(
            (each for each in held if each["id"] == number or (not number and each["key"] == key)),
            None,
        )
        if found is None:
            if item.get("value") is not None:
                held.append({"id": shop.new_id("meta"), "key": key, "value": item.get("value")})
        elif item.get("value") is None:
            held.remove(found)
        else:
            found["value"] = item["value"]


def sort_rows(rows: list[Row], call: Call) -> list[Row]:
    """Newest first unless asked otherwise; ties by id, as MariaDB happens to give them."""
    by = call.args.get("orderby", "date")
    if by == "include":
        places = {number: place for place, number in enumerate(call.numbers("include"))}
        return sorted(rows, key=lambda row: places.get(row["id"], 0))
    keys = {"id": "id", "modified": "date_modified", "title": "name", "slug": "slug"}
    name = keys.get(by, "date_created")
    return sorted(
        rows,
        key=lambda row: (row[name], row["id"]),
        reverse=call.args.get("order", "desc") == "desc",
    )
