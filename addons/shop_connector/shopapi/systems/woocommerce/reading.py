"""The catalogue that a shop holds, for a first import."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from ...documents import (
    Category,
    HeldCategory,
    HeldProduct,
    HeldValue,
    HeldVariant,
    Outcome,
    Product,
    Variant,
)
from ...money import amount_of
from ...paging import chunks
from ...saving import understood
from .client import Client, Row, is_id, text_of
from .comparing import barcode_of, brand_of, own_categories
from .shop import STANDARD, Shop
from .translations import Translations
from .variants import is_default

PRODUCTS_AT_ONCE = 50


class CatalogueReader:
    """Reads products and categories."""

    def __init__(self, client: Client, shop: Shop) -> None:
        self.client = client
        self.shop = shop
        self._terms: dict[int, dict[str, Row]] = {}

    def products(self, external_ids: Sequence[str] | None) -> Iterator[HeldProduct | Outcome]:
        """All products or those with these ids, oldest first."""
        for page in chunks(self._rows(external_ids), PRODUCTS_AT_ONCE):
            told = Translations(self.client, self.shop).read(page)
            for row in page:
                yield self._one(row, told)

    def _one(self, row: Row, told: Mapping[tuple[str, str], Row]) -> HeldProduct | Outcome:
        """A product; in its place what is wrong with it."""
        key = str(row.get("id"))
        others = {language: each for (own, language), each in told.items() if own == key}
        return understood("Product", key, lambda: self._product(row, others))

    def _rows(self, external_ids: Sequence[str] | None) -> Iterator[Row]:
        params = {"context": "edit", **self.shop.main_language}
        if external_ids is None:
            order = {"orderby": "id", "order": "asc"}
            yield from self.client.rows("products", size=PRODUCTS_AT_ONCE, **order, **params)
            return
        numbers = sorted({key for key in external_ids if is_id(key)}, key=int)
        for chunk in chunks(numbers, PRODUCTS_AT_ONCE):
            rows = self.client.read_by_id("products", chunk, **params)
            yield from (rows[key] for key in chunk if key in rows)

    def _product(self, row: Row, others: Mapping[str, Row]) -> HeldProduct:
        key = str(row["id"])
        tax = str(row.get("tax_class") or STANDARD)
        code = self.shop.tax_codes.get(tax)
        rate = code.rate if code is not None else None
        if row.get("tax_status") == "none":
            rate = Decimal(0)
        has_variants = row["type"] == "variable"
        groups = own_categories(row)
        ordered = [str(c["id"]) for c in row.get("categories") or () if int(c["id"]) in groups]
        brand = brand_of(row)
        images = [str(each["id"]) for each in row.get("images") or ()]
        price = row.get("price") if has_variants else row.get("regular_price")
        return HeldProduct(
            external_id=key,
            stamp=str(row["date_modified_gmt"]),
            product=Product(
                sku=str(row.get("sku") or "").strip() or None,
                name=self._all_texts("name", row, others),
                price=self.shop.held_price(price, rate),
                tax=tax,
                barcode=_barcode(row),
                short_description=self._all_texts("short_description", row, others),
                description=self._all_texts("description", row, others),
                manufacturer=str(brand["id"]) if brand else None,
                category=ordered[0] if ordered else None,
                categories=tuple(ordered),
                weight=self._weight(row),
                active=row["status"] == "publish",
                has_variants=has_variants,
                is_virtual=bool(row.get("virtual")),
                slug=self._all_texts("slug", row, others),
            ),
            variants=tuple(self._variants(row, rate)) if has_variants else (),
            images=tuple(images),
            manufacturer_name=text_of(brand["name"]) if brand else None,
            tax_rate=rate,
        )

    def _all_texts(self, name: str, row: Row, others: Mapping[str, Row]) -> Mapping[str, str]:
        """A text in every language; names are told escaped."""
        told = {self.shop.language: row} | dict(others)
        texts = {
            language: text_of(each.get(name)) if name == "name" else str(each.get(name) or "")
            for language, each in told.items()
        }
        return {language: text for language, text in texts.items() if text.strip()}

    def _texts(self, text: object, *, unescape: bool = False) -> Mapping[str, str]:
        told = text_of(text) if unescape else str(text or "")
        return {self.shop.language: told} if told.strip() else {}

    def _weight(self, row: Row) -> Decimal:
        weight = amount_of(row.get("weight") or 0) * self.shop.kilograms
        return weight.quantize(Decimal("0.000001")).normalize()

    def _variants(self, parent: Row, rate: Decimal | None) -> Iterator[HeldVariant]:
        product = str(parent["id"])
        # to a mere viewer a variant without a picture shows the product's first
        rows = list(self.client.rows(f"products/{product}/variations", context="edit"))
        places = {number: place for place, number in enumerate(parent.get("variations") or ())}
        for row in sorted(rows, key=lambda each: places.get(each["id"], len(places))):
            values = tuple(self._value(option) for option in row["attributes"])
            own = str((row.get("image") or {}).get("id") or "")
            yield HeldVariant(
                external_id=str(row["id"]),
                variant=Variant(
                    product=product,
                    values=tuple(each.value for each in values),
                    sku=str(row.get("sku") or "").strip() or None,
                    price=self.shop.held_price(row.get("regular_price"), rate),
                    barcode=_barcode(row),
                    weight=self._weight(row),
                    is_default=bool(values) and is_default(parent, row["attributes"], self._slug),
                ),
                values=values,
                images=(own,) if own else (),
            )

    def _slug(self, option: Row) -> str:
        name = text_of(option.get("option"))
        term = self._terms.get(int(option.get("id") or 0), {}).get(name.casefold(), {})
        return str(term.get("slug", name))

    def _value(self, option: Row) -> HeldValue:
        number, name = int(option.get("id") or 0), text_of(option.get("option"))
        attribute = text_of(option.get("name"))
        if number:
            if number not in self._terms:
                path = f"products/attributes/{number}/terms"
                rows = self.client.rows(path, _fields="id,name,slug")
                self._terms[number] = {text_of(row["name"]).casefold(): row for row in rows}
            term = self._terms[number].get(name.casefold(), {})
            value = str(term.get("id", f"{number}/{name}"))
        else:
            value = f"local/{attribute}/{name}"
        return HeldValue(
            attribute=str(number) if number else f"local/{attribute}",
            attribute_name=self._texts(attribute),
            value=value,
            value_name=self._texts(name),
        )

    def categories(self) -> list[HeldCategory]:
        """The tree below our root, parents first."""
        return [
            HeldCategory(
                external_id=str(row["id"]),
                category=Category(
                    name=self._texts(row["name"], unescape=True),
                    parent=str(row["parent"]) if row["depth"] > 1 else None,
                ),
                depth=int(row["depth"]),
            )
            for row in self.shop.categories()
            if own_categories({"categories": [row]})
        ]


def _barcode(row: Row) -> str | None:
    text = barcode_of(row).strip()
    return text if len(text) >= 8 and text.strip("0") else None
