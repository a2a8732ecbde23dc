"""Products and variations: what is asked of them and how they are changed."""

from __future__ import annotations

import html
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from .checks import check_sku, check_types, gtin, price
from .media import Media
from .product_rows import new_row, save_meta, sort_rows
from .product_view import ProductView
from .rest import (
    Call,
    Faults,
    Reply,
    RestError,
    batch,
    check_enum,
    created,
    invalid_id,
    moment_of,
    no_route,
    page_of,
)
from .sales import sources
from .shop import BRANDS, CATEGORIES, TAGS, Row, Shop, cleaned, free_slug, slugify
from .terms import Terms, attribute_taxonomy

_ORDERBY = (
    "date", "id", "include", "title", "slug", "modified", "popularity", "rating", "post__in",
    "price", "sales", "menu_order", "random", "popularity", "rating", "menu_order", "price",
    "popularity", "rating",
)  # fmt: skip
_PLAIN = (
    "featured", "catalog_visibility", "virtual", "downloadable", "external_url", "button_text",
    "tax_status", "backorders", "low_stock_amount", "sold_individually", "weight",
    "reviews_allowed", "purchase_note", "menu_order", "grouped_products", "upsell_ids",
    "cross_sell_ids",
)  # fmt: skip


class Products:
    """The catalogue."""

    def __init__(self, shop: Shop, media: Media, terms: Terms) -> None:
        self.shop = shop
        self.media = media
        self.terms = terms
        self.view = ProductView(shop, media)

    # --- asking -----------------------------------------------------------------------------------

    def get(self, number: int, parent: int | None = None, status: int = 404) -> Row:
        """A product, or a variation of ``parent``. Raises RestError."""
        row = self.shop.products.get(number)
        if parent is None:
            if row is not None and row["parent_id"] and status != 404:
                text = (
                    "To manipulate product variations you should use the "
                    "/products/&lt;product_id&gt;/variations/&lt;id&gt; endpoint."
                )
                raise RestError(404, "woocommerce_rest_invalid_product_id", text)
            if row is None:
                raise invalid_id("product", status)
            return row
        if row is None or row["parent_id"] != parent:
            raise invalid_id("product_variation", 404 if status == 404 or row is not None else 400)
        return row

    def listed(self, call: Call) -> Reply:
        """Products by the filters of the query; variations only by their own code."""
        faults = Faults()
        check_enum(faults, call, "orderby", _ORDERBY)
        check_enum(faults, call, "type", ("simple", "grouped", "external", "variable"))
        after = moment_of(self.shop, call, "modified_after", faults)
        before = moment_of(self.shop, call, "modified_before", faults)
        faults.raise_any()
        codes = call.values("sku")
        rows: Iterable[Row] = self.shop.products.values()
        if codes:
            wanted = {code.lower() for code in codes}
            rows = [row for row in rows if row["sku"].lower() in wanted]
        elif "search_sku" in call.args:
            part = call.args["search_sku"].lower()
            rows = [row for row in rows if part in row["sku"].lower()]
        elif not (call.args.get("global_unique_id") and self.shop.since(9, 2)):
            rows = [row for row in rows if not row["parent_id"]]
        found = [row for row in rows if self._fits(row, call, after, before)]
        return self._page(call, found)

    def _page(self, call: Call, rows: list[Row]) -> Reply:
        reply = page_of(call, sort_rows(rows, call))
        reply.content = [self.view.render(row, call) for row in reply.content]
        return reply

    def _fits(self, row: Row, call: Call, after: datetime | None, before: datetime | None) -> bool:
        args = call.args
        status = args.get("status", "any")
        fits = [
            row["status"] != "trash" if status == "any" else row["status"] == status,
            after is None or row["date_modified"] > after,
            before is None or row["date_modified"] < before,
            not call.values("include") or row["id"] in call.numbers("include"),
            row["id"] not in call.numbers("exclude"),
            row["type"] == args.get("type", row["type"]),
            self._in_language(row, args.get("lang")),
            row["slug"] == args.get("slug", row["slug"]),
            "category" not in args or self._in_category(row, int(args["category"])),
        ]
        code = args.get("global_unique_id")
        if code and self.shop.since(9, 2):
            fits.append(row["gtin"] == code)
        return all(fits) and self._matches(row, args)

    def _matches(self, row: Row, args: Any) -> bool:
        if "search" in args and args["search"].lower() not in html.unescape(row["name"]).lower():
            return False
        if "on_sale" in args and (args["on_sale"] == "true") != self.view.is_on_sale(row):
            return False
        if "stock_status" in args and self.view.stock_status(row) != args["stock_status"]:
            return False
        low, high = args.get("min_price"), args.get("max_price")
        value = Decimal(self.view.price(row) or 0) if low or high else Decimal(0)
        return not (low and value < Decimal(low)) and not (high and value > Decimal(high))

    def _in_language(self, row: Row, asked: str | None) -> bool:
        """With a multilingual plugin the main language is listed unless another is asked for."""
        languages = self.shop.languages
        return not languages or asked == "all" or self._language(row) == (asked or languages[0])

    def _language(self, row: Row) -> str:
        return str(row.get("lang") or self.shop.languages[0])

    def _in_category(self, row: Row, number: int) -> bool:
        wanted = {number}
        categories = self.shop.terms.get(CATEGORIES, {}).values()
        for _depth in range(20):
            wanted |= {term["id"] for term in categories if term["parent"] in wanted}
        return bool(wanted & set(row[CATEGORIES]))

    def variations(self, call: Call, parent: int | None) -> Reply:
        """The variations of a product, or (from 10.3) of all."""
        if parent is None and not self.shop.since(10, 3):
            raise no_route()
        rows = [
            row
            for row in self.shop.products.values()
            if row["parent_id"] and parent in {None, row["parent_id"]}
        ]
        if call.values("include"):
            rows = [row for row in rows if row["id"] in call.numbers("include")]
        if call.values("sku"):
            rows = [row for row in rows if row["sku"] in call.values("sku")]
        return self._page(call, rows)

    # --- changing ---------------------------------------------------------------------------------

    def create(self, body: Row, parent: int | None = None) -> Row:
        """Make a product or variation."""
        check_types(body, variation=parent is not None)
        if parent is not None and parent not in self.shop.products:
            raise invalid_id("product", 404)
        sku = str(body.get("sku") or "").strip()
        check_sku(self.shop, sku, 0)
        row = new_row(self.shop, body, parent)
        changes = self._prepared(row, body)
        row |= changes
        row["id"] = self.shop.new_id("post")
        if self.shop.languages:
            self._link_translation(row, body)
        self._save(row, body)
        self.shop.products[row["id"]] = row
        if parent is not None:
            self.shop.touch(row)
            self.shop.events.pop(("product", "updated", row["id"]), None)
        self.shop.happened("product", "created", row["id"])
        return row

    def update(self, number: int, body: Row, parent: int | None = None) -> Row:
        """Change the named fields; even nothing moves the time of change."""
        row = self.get(number, parent, status=400)
        check_types(body, variation=parent is not None)
        if "sku" in body:
            check_sku(self.shop, str(body["sku"] or "").strip(), number)
        row |= self._prepared(row, body)
        self._save(row, body)
        self.shop.touch(row)
        return row

    def _link_translation(self, row: Row, body: Row) -> None:
        """A translation is a product of its own that names its original."""
        language, original = body.get("lang"), int(body.get("translation_of") or 0)
        wrong = original and (not language or original not in self.shop.products)
        if wrong or (language and language not in self.shop.languages):
            text = "Language or original of the translation is not valid."
            raise RestError(422, "woocommerce_rest_invalid_translation", text)
        row |= {"lang": language or self.shop.languages[0], "translation_of": original or row["id"]}

    def _prepared(self, row: Row, body: Row) -> Row:
        """What may be refused, before anything is changed: GTIN and pictures."""
        changes: Row = {}
        if "global_unique_id" in body and self.shop.since(9, 2):
            changes["gtin"] = gtin(self.shop, str(body["global_unique_id"] or ""), row["id"])
        if "images" in body:
            changes["images"] = self.media.chosen(body["images"])
        if "image" in body:
            changes["images"] = self.media.chosen([body["image"]] if body["image"] else [])
        return changes

    def _save(self, row: Row, body: Row) -> None:
        before = sources(row)
        row |= {name: body[name] for name in _PLAIN if name in body and body[name] is not None}
        for name in ("name", "description", "short_description"):
            if name in body:
                row[name] = cleaned(str(body[name] or ""))
        for name in ("type", "status"):
            if name in body and not row["parent_id"] | (name == "status"):
                row[name] = str(body[name])
        if "status" in body:
            row["status"] = str(body["status"])
        if "sku" in body:
            row["sku"] = str(body["sku"] or "").strip()
        if body.get("slug"):
            row["slug"] = slugify(str(body["slug"]))
        if "tax_class" in body:
            known = body["tax_class"] if body["tax_class"] in self.shop.tax_classes else ""
            row["tax_class"] = "" if known == "standard" else known
        if "dimensions" in body:
            row["dimensions"] |= body["dimensions"]
        self._save_prices(row, body)
        if sources(row) != before:
            self.view.sales.count(row)
        self._save_stock(row, body)
        self._save_terms(row, body)
        self._save_attributes(row, body)
        _save_meta(self.shop, row, body)
        if row["parent_id"] == 0 and not row["slug"] and row["status"] != "draft":
            taken = [each["slug"] for each in self.shop.products.values()]
            row["slug"] = free_slug(slugify(row["name"]) or "product", taken)

    def _save_prices(self, row: Row, body: Row) -> None:
        for name in ("regular_price", "sale_price"):
            if name in body:
                row[name] = price(body[name])
        prices = [Decimal(row[name] or "NaN") for name in ("sale_price", "regular_price")]
        if not any(price.is_nan() for price in prices) and prices[0] >= prices[1]:
            row["sale_price"] = ""
        for name in ("date_on_sale_from", "date_on_sale_to"):
            if f"{name}_gmt" in body:
                text = body[f"{name}_gmt"]
                row[name] = datetime.fromisoformat(text) if text else None
            elif name in body:
                text = body[name]
                row[name] = self.shop.to_utc(datetime.fromisoformat(text)) if text else None

    def _save_stock(self, row: Row, body: Row) -> None:
        if body.get("manage_stock") is not None:
            row["manage_stock"] = str(body["manage_stock"]).lower() in {"true", "1", "yes"}
            if not row["manage_stock"]:
                row["stock_quantity"] = None
        if row["manage_stock"]:
            if body.get("stock_quantity") is not None:
                row["stock_quantity"] = int(body["stock_quantity"])
            elif "inventory_delta" in body:
                row["stock_quantity"] += int(body["inventory_delta"])
            elif row["stock_quantity"] is None:
                row["stock_quantity"] = 0
        elif "stock_status" in body:
            row["stock_status"] = body["stock_status"]

    def _save_terms(self, row: Row, body: Row) -> None:
        for taxonomy in (CATEGORIES, TAGS, BRANDS):
            if taxonomy not in body or (taxonomy == BRANDS and not self.shop.since(9, 4)):
                continue
            numbers = []
            for item in body[taxonomy] or ():
                number = int(item.get("id") or 0)
                if not number and taxonomy == TAGS and item.get("name"):
                    number = self._tag(str(item["name"]))
                if self.shop.term(taxonomy, number) is not None:
                    numbers.append(number)
            row[taxonomy] = list(dict.fromkeys(numbers))
        if not row[CATEGORIES] and not row["parent_id"]:
            row[CATEGORIES] = [self.shop.ids["default_category"]]

    def _tag(self, name: str) -> int:
        try:
            return int(self.terms.create(TAGS, {"name": name})["id"])
        except RestError as error:
            data = error.data
            return int(data["resource_id"]) if isinstance(data, dict) else 0

    def _save_attributes(self, row: Row, body: Row) -> None:
        for name in ("attributes", "default_attributes"):
            if name in body:
                row[name] = [dict(item) for item in body[name] or ()]
        if "attributes" in body and not row["parent_id"]:
            for item in row["attributes"]:
                self._know_options(item)

    def _know_options(self, item: Row) -> None:
        """Options of a global attribute become its terms."""
        number = int(item.get("id") or 0)
        if number not in self.shop.attributes:
            return
        taxonomy = attribute_taxonomy(number)
        known = {row["name"].lower() for row in self.shop.terms.get(taxonomy, {}).values()}
        for option in item.get("options", ()):
            if cleaned(str(option)).lower() not in known:
                self.terms.create(taxonomy, {"name": option})

    # --- removing ---------------------------------------------------------------------------------

    def delete(self, number: int, *, force: bool, parent: int | None = None) -> Row:
        """Into the trash, or for good with its variations; the row as it was."""
        row = self.get(number, parent)
        answer = dict(row)
        if force or parent is not None:
            del self.shop.products[number]
            gone = [each for each in self.shop.products.values() if each["parent_id"] == number]
            for each in gone:
                del self.shop.products[each["id"]]
            return answer
        if row["status"] == "trash":
            text = "The product has already been deleted."
            raise RestError(410, "woocommerce_rest_already_trashed", text)
        row |= {"status": "trash", "slug": f"{row['slug']}__trashed"}
        self.shop.happened("product", "deleted", number)
        return answer

    # --- calls ------------------------------------------------------------------------------------

    def post(self, call: Call, parent: int | None = None) -> Reply:
        """Make one."""
        row = self.create(call.body, parent)
        path = None
        if parent is not None:
            path = rf"/wp-json/wc/v3/products/(?P<product_id>[\d]+)/variations/{row['id']}"
        return created(self.view.render(row, call), call, path)

    def batch(self, call: Call, parent: int | None = None) -> Reply:
        """Several at once."""
        view = self.view

        def named(number: int) -> object:
            if parent is None:
                return number
            return {"id": number, "product_id": parent, "force": True}

        def named_update(number: int, body: Row) -> Row:
            return view.render(self.update(number, body, parent), call)

        return batch(
            call,
            lambda body: view.render(self.create(body, parent), call),
            named_update,
            lambda number: view.render(self.delete(number, force=True, parent=parent), call),
            named,
        )


def _save_meta(shop: Shop, row: Row, body: Row) -> None:
    save_meta(shop, row["meta_data"], body.get("meta_data") or ())
