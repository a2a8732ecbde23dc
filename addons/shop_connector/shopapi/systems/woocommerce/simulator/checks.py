"""What WooCommerce checks of a product and what it silently makes fit."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from .rest import Faults, RestError
from .shop import Row, Shop

_BOOLEANS = {"true", "false", "1", "0", "yes", "no", ""}
_STRINGS = ("name", "sku", "regular_price", "sale_price", "weight", "tax_class", "global_unique_id")
_ENUMS = {
    "type": ("simple", "grouped", "external", "variable"),
    "status": ("draft", "pending", "private", "publish", "future", "auto-draft", "trash"),
    "tax_status": ("taxable", "shipping", "none"),
    "backorders": ("no", "notify", "yes"),
    "stock_status": ("instock", "outofstock", "onbackorder"),
}


def check_types(body: Row, *, variation: bool = False) -> None:
    """Refuse values of the wrong type, all of them at once."""
    faults = Faults()
    for name, allowed in _ENUMS.items():
        if name in body and body[name] not in allowed and not (variation and name == "type"):
            head, last = ", ".join(allowed[:-1]), allowed[-1]
            faults.add(name, "rest_not_in_enum", f"{name} is not one of {head}, and {last}.")
    managed = body.get("manage_stock")
    known = {*_BOOLEANS, "parent"} if variation else _BOOLEANS
    if managed is not None and str(managed).lower() not in known:
        _wrong_type(faults, "manage_stock", "boolean")
    quantity = body.get("stock_quantity")
    if quantity is not None and not _is_whole(quantity):
        _wrong_type(faults, "stock_quantity", "integer")
    for name in _STRINGS:
        if name in body and body[name] is not None and not isinstance(body[name], str):
            _wrong_type(faults, name, "string")
    faults.raise_any()


def _wrong_type(faults: Faults, name: str, kind: str) -> None:
    text = f"{name} is not of type {kind}."
    faults.add(name, "rest_invalid_type", text, {"param": name})


def _is_whole(value: Any) -> bool:
    try:
        return not isinstance(value, bool) and Decimal(str(value)) % 1 == 0
    except InvalidOperation:
        return False


def price(text: Any) -> str:
    """A price as WooCommerce keeps what was typed: what is no number becomes nothing.

    >>> price("12,90"), price("1.234,50"), price("1,234.50"), price("12.98765"), price("gratis")
    ('12.90', '1234.50', '1234.50', '12.98765', '')
    """
    plain = re.sub(r"[^0-9.,-]", "", str(text or ""))
    if "," in plain and "." in plain:
        thousand, decimal = (".", ",") if plain.rfind(",") > plain.rfind(".") else (",", ".")
        plain = plain.replace(thousand, "").replace(decimal, ".")
    else:
        plain = plain.replace(",", ".")
    try:
        Decimal(plain)
    except InvalidOperation:
        return ""
    return plain


def check_sku(shop: Shop, sku: str, own: int) -> None:
    """A code is unique over products and variations, whatever the case of its letters."""
    if not sku:
        return
    holders = [
        row
        for row in shop.products.values()
        if row["id"] != own and row["sku"].lower() == sku.lower()
    ]
    living = [row for row in holders if row["status"] != "trash"]
    if living:
        number = 1
        taken = {row["sku"].lower() for row in shop.products.values()}
        while f"{sku}-{number}".lower() in taken:
            number += 1
        raise RestError(
            400,
            "product_invalid_sku",
            "Invalid or duplicated SKU.",
            resource_id=living[0]["id"],
            unique_sku=f"{sku}-{number}",
        )
    if holders:
        text = (
            f"The product with SKU ({sku}) you are trying to insert is already present in the "
            "lookup table"
        )
        raise RestError(400, "woocommerce_rest_product_not_created", text)


def gtin(shop: Shop, text: str, own: int) -> str:
    """A GTIN: what is no digit or dash is dropped; unique."""
    plain = text if re.fullmatch(r"[0-9X-]*", text) else re.sub(r"[^0-9-]", "", text)
    for row in shop.products.values():
        if plain and row["id"] != own and row["gtin"] == plain and row["status"] != "trash":
            raise RestError(
                400,
                "product_invalid_global_unique_id",
                "Invalid or duplicated GTIN, UPC, EAN or ISBN.",
                resource_id=row["id"],
            )
    return plain
