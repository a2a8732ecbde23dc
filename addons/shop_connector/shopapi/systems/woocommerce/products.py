"""Products: what differs is written, many in one call."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from ...documents import Entry, Outcome, Product, Variant
from ...errors import DataError, NotFound
from ...money import plain
from ...paging import chunks
from ...saving import document, failed, nothing_to_say, planned, unwritten
from .client import BATCH, PAGE, Client, Row, is_id
from .comparing import GTIN, Values, differing, known_values, merge
from .sending import Sender
from .shop import STANDARD
from .translations import Translations

_LONGEST_CODE = 100


class ItemSaver(Sender):
    """What products and variants have in common."""

    def figures(self, wanted: Product | Variant) -> Values:
        """Code, barcode, price and weight."""

        def barcode() -> Row:
            text = wanted.barcode or ""
            if text and not re.fullmatch(r"[0-9]{8,14}", text):
                raise DataError(f"barcode: {text} is no GTIN (8 to 14 digits).")
            if self.shop.since(9, 2):
                return {"global_unique_id": text}
            return {"meta_data": [{"key": GTIN, "value": text}]}

        def price() -> Row:
            if wanted.price.net < 0:
                raise DataError("price: it is negative.")
            return {"regular_price": plain(self.shop.price(wanted.price))}

        def sku() -> Row:
            if len(wanted.sku or "") > _LONGEST_CODE:
                raise DataError(f"sku: longer than {_LONGEST_CODE} characters.")
            return {"sku": wanted.sku or ""}

        def weight() -> Row:
            units = wanted.weight / self.shop.kilograms
            return {"weight": plain(units) if units else ""}

        return {"sku": sku, "barcode": barcode, "price": price, "weight": weight}


class ProductSaver(ItemSaver):
    """Saves products."""

    def save(self, entries: Sequence[Entry]) -> list[Outcome]:
        """Save all entries; the outcomes stand in the same order."""
        return self.client.in_parts("product", entries, self._save, failed)

    def delete(self, product: str) -> bool:
        """Remove a product with its variants, past the trash; False when it is gone."""
        if not is_id(product):
            return False
        try:
            self.client.healed("product", lambda: self.client.delete(f"products/{product}"))
        except NotFound:
            return False
        return True

    def _save(self, entries: Sequence[Entry]) -> list[Outcome]:
        outcomes = {id(e): unwritten(e) for e in entries if nothing_to_say(e)}
        todo = [entry for entry in entries if id(entry) not in outcomes]
        held = self._held(todo)
        coded = {str(row["sku"]).casefold(): row for row in held.values() if row.get("sku")}
        found, tasks = planned(todo, lambda entry: self._plan(entry, held, coded))
        outcomes |= found | self.send("products", tasks)
        if len(self.shop.languages) > 1:
            outcomes |= Translations(self.client, self.shop).save(todo, outcomes)
        return [outcomes[id(entry)] for entry in entries]

    def _held(self, entries: Sequence[Entry]) -> dict[str, Row]:
        """The products as the shop has them, by id: those named and those with our codes."""
        ids = [entry.external_id for entry in entries if entry.external_id]
        held = self.client.read_by_id("products", ids, context="edit") if ids else {}
        codes = [
            document(entry, Product).sku or "" for entry in entries if entry.external_id is None
        ]
        wanted = [code for code in codes if code]
        for row in rows_by_code(self.client, wanted, **self.shop.main_language):
            held.setdefault(str(row["id"]), row)
        return held

    def _plan(
        self, entry: Entry, held: Mapping[str, Row], coded: Mapping[str, Row]
    ) -> tuple[Row, str | None]:
        """What is to be written of an entry, and the id of the product that is there."""
        wanted = document(entry, Product)
        values = self.values(wanted)
        if entry.external_id is not None:
            row = held.get(entry.external_id)
            if row is None:
                if not is_id(entry.external_id):
                    raise DataError(f"The shop has no product {entry.external_id}.")
                raise NotFound(f"The shop does not have product {entry.external_id} any more.")
            return differing(entry, values, row), entry.external_id
        row = coded.get((wanted.sku or "").casefold())
        if row is not None and row.get("parent_id"):
            raise DataError(f"sku: {wanted.sku} is the code of a variant in the shop.")
        if row is not None:
            return differing(entry, known_values(values, wanted, row), row), str(row["id"])
        fields: Row = {"type": "variable" if wanted.has_variants else "simple"}
        for make in values.values():
            merge(fields, make())
        if not wanted.is_virtual and not wanted.has_variants:
            # nothing is sold before we have said how much there is
            fields |= {"manage_stock": True, "stock_quantity": 0}
        if wanted.slug:
            fields["slug"] = self.shop.text(wanted.slug)
        return fields, None

    def values(self, wanted: Product) -> Values:
        """The fields of the API by field of the document."""
        text, brands = self.shop.text, self.shop.brands

        def name() -> Row:
            if not text(wanted.name).strip():
                raise DataError("name: it is empty.")
            return {"name": text(wanted.name)}

        def tax() -> Row:
            if wanted.tax not in self.shop.tax_codes:
                raise DataError(f"tax: the shop has no tax class {wanted.tax}.")
            return {"tax_class": "" if wanted.tax == STANDARD else wanted.tax}

        def categories() -> Row:
            groups = {int(c) for c in (*wanted.categories, wanted.category) if c and is_id(c)}
            if not groups and self.shop.root:
                groups = {int(self.shop.root)}
            return {"categories": [{"id": number} for number in sorted(groups)]}

        brand = [{"id": int(wanted.manufacturer)}] if wanted.manufacturer else []
        values = {
            "name": name,
            **self.figures(wanted),
            "short_description": lambda: {"short_description": text(wanted.short_description)},
            "description": lambda: {"description": text(wanted.description)},
            "tax": tax,
            "manufacturer": lambda: {brands: brand},
            "categories": categories,
            "active": lambda: {"status": "publish" if wanted.active else "draft"},
            "is_virtual": lambda: {"virtual": wanted.is_virtual},
        }
        if wanted.has_variants:
            del values["price"]
        return values


def rows_by_code(client: Client, codes: Sequence[str], **params: str) -> list[Row]:
    """Products and variations with these codes; the shop looks at no difference of case."""
    found: list[Row] = []
    plain_codes = [code for code in codes if "," not in code]
    for chunk in chunks(plain_codes, BATCH):
        found += client.page(
            "products", sku=",".join(chunk), per_page=PAGE, context="edit", **params
        )
    for code in codes:
        if "," in code:
            rows = client.page("products", search_sku=code, per_page=PAGE, context="edit", **params)
            found += [row for row in rows if str(row.get("sku")).casefold() == code.casefold()]
    return found
