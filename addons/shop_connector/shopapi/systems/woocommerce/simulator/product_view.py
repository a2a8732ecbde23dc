"""How a product or variation looks in an answer."""

from __future__ import annotations

import html
import re
from decimal import Decimal
from typing import Any

from .media import Media
from .rest import Call
from .sales import Sales
from .shop import BRANDS, CATEGORIES, TAGS, Row, Shop, date_pair, slugify
from .terms import attribute_taxonomy, term_names


class ProductView:
    """Draws products."""

    def __init__(self, shop: Shop, media: Media) -> None:
        self.shop = shop
        self.media = media
        self.sales = Sales(shop)

    # --- figures ----------------------------------------------------------------------------------

    def is_on_sale(self, row: Row) -> bool:
        """Whether the sale price counts now."""
        if row["type"] in {"variable", "grouped"}:
            return any(self.is_on_sale(each) for each in self.children(row))
        return self.sales.is_on(row, self.shop.now())

    def price(self, row: Row) -> str:
        """What one costs now; of a variable product the lowest."""
        if row["type"] in {"variable", "grouped"}:
            prices = [text for each in self.children(row) if (text := self.price(each))]
            return min(prices, key=Decimal, default="")
        return str(row["price"])

    def children(self, row: Row) -> list[Row]:
        """The variations of a product, or the members of a group."""
        if row["type"] == "grouped":
            members = row.get("grouped_products", ())
            return [each for n in members if (each := self.shop.products.get(n)) is not None]
        rows = [each for each in self.shop.products.values() if each["parent_id"] == row["id"]]
        return sorted(rows, key=lambda each: (each.get("menu_order", 0), each["id"]))

    def parent(self, row: Row) -> Row | None:
        """The product of a variation."""
        return self.shop.products.get(row["parent_id"])

    def stock_holder(self, row: Row) -> Row:
        """The row whose stock counts: a variation without its own may use its parent's."""
        above = self.parent(row)
        if not row["manage_stock"] and above is not None and above["manage_stock"]:
            return above
        return row

    def stock_status(self, row: Row) -> str:
        """Whether it can be bought."""
        holder = self.stock_holder(row)
        if row["type"] == "variable" and not row["manage_stock"]:
            states = [self.stock_status(each) for each in self.children(row)]
            return "instock" if "instock" in states else (states or ["outofstock"])[0]
        if not holder["manage_stock"]:
            return str(row["stock_status"])
        if holder["stock_quantity"] > 0:
            return "instock"
        return "outofstock" if holder["backorders"] == "no" else "onbackorder"

    def tax_class(self, row: Row) -> str:
        """The tax class of a product, of a variation maybe its parent's."""
        above = self.parent(row)
        if row["tax_class"] == "parent":
            return str(above["tax_class"]) if above is not None else ""
        return str(row["tax_class"])

    # --- answers ----------------------------------------------------------------------------------

    def render(self, row: Row, call: Call) -> Row:
        """A product as its own route shows it."""
        if row["parent_id"] and "/variations" in call.path:
            return self._variation(row, call)
        return self._product(row, call)

    def _dates(self, row: Row) -> Row:
        return {
            **date_pair(self.shop, "date_created", row["date_created"]),
            **date_pair(self.shop, "date_modified", row["date_modified"]),
        }

    def _prices(self, row: Row) -> Row:
        regular = "" if row["type"] == "variable" else row["regular_price"]
        return {
            "sku": row["sku"],
            "price": self.price(row),
            "regular_price": regular,
            "sale_price": "" if row["type"] == "variable" else row["sale_price"],
            **date_pair(self.shop, "date_on_sale_from", row["date_on_sale_from"]),
            **date_pair(self.shop, "date_on_sale_to", row["date_on_sale_to"]),
            "on_sale": self.is_on_sale(row),
        }

    def _product(self, row: Row, call: Call) -> Row:
        link = f"{call.home}/product/{row['slug']}/"
        shown = {
            "id": row["id"],
            "name": self._name(row),
            "slug": row["slug"],
            "permalink": link,
            **self._dates(row),
            "type": row["type"],
            "status": row["status"],
            "featured": row.get("featured", False),
            "catalog_visibility": row.get("catalog_visibility", "visible"),
            "description": self._text(row["description"], call),
            "short_description": self._text(row["short_description"], call),
            **self._prices(row),
            "purchasable": self._is_purchasable(row),
            "total_sales": row["total_sales"],
            "virtual": row.get("virtual", False),
            "downloadable": row.get("downloadable", False),
            "downloads": [],
            "download_limit": -1,
            "download_expiry": -1,
            "external_url": "",
            "button_text": "",
            "tax_status": row["tax_status"],
            "tax_class": self.tax_class(row),
            **self._stock(row),
            "low_stock_amount": row["low_stock_amount"],
            "sold_individually": row.get("sold_individually", False),
            "weight": row["weight"],
            "dimensions": row["dimensions"],
            "shipping_required": not row.get("virtual", False),
            "shipping_taxable": not row.get("virtual", False),
            "shipping_class": "",
            "shipping_class_id": 0,
            "reviews_allowed": row.get("reviews_allowed", True),
            "average_rating": "0.00" if call.method == "GET" else "0",
            "rating_count": 0,
            "upsell_ids": row.get("upsell_ids", []),
            "cross_sell_ids": row.get("cross_sell_ids", []),
            "parent_id": row["parent_id"],
            "purchase_note": self._text(row.get("purchase_note", ""), call),
            CATEGORIES: term_names(self.shop, CATEGORIES, row[CATEGORIES]),
        }
        return shown | self._product_end(row, call, link)

    def _product_end(self, row: Row, call: Call, link: str) -> Row:
        above = self.parent(row)
        options = self.option_names(row) if above is not None else self._attributes(row)
        end: Row = {}
        if self.shop.since(9, 4):
            end[BRANDS] = term_names(self.shop, BRANDS, row[BRANDS])
        images = (self.media.shown(number, call.home) for number in row["images"])
        end |= {
            TAGS: term_names(self.shop, TAGS, row[TAGS]),
            "images": [image for image in images if image is not None],
            "attributes": options,
            "default_attributes": self._defaults(row),
            "variations": [each["id"] for each in self.children(row) if each["parent_id"]],
            "grouped_products": row.get("grouped_products", []),
            "menu_order": row.get("menu_order", 0),
            "price_html": f"<span>{self.price(row)}</span>",
            "related_ids": [],
            "meta_data": row["meta_data"],
            "stock_status": self.stock_status(row),
            "has_options": row["type"] == "variable",
            "post_password": "",
        }
        if self.shop.since(9, 2):
            end["global_unique_id"] = row["gtin"]
        if call.method in {"POST", "PUT"} or call.args.get("context") == "edit":
            base = f"{call.home}/product/%pagename%/"
            end |= {"permalink_template": base, "generated_slug": row["slug"]}
        if self.shop.languages:
            family = row.get("translation_of", row["id"])
            members = [
                each
                for each in self.shop.products.values()
                if each.get("translation_of", each["id"]) == family and not each["parent_id"]
            ]
            main = self.shop.languages[0]
            end["lang"] = row.get("lang", main)
            end["translations"] = {each.get("lang", main): each["id"] for each in members}
        return end | {"_links": _links(call, f"/wp-json/wc/v3/products/{row['id']}", link)}

    def _variation(self, row: Row, call: Call) -> Row:
        modern = self.shop.since(9)
        above = self.parent(row)
        numbers = row["images"]
        is_read = call.method == "GET" and call.args.get("context") != "edit"
        if not numbers and above is not None and is_read:
            numbers = above["images"][:1]
        images = [self.media.shown(n, call.home, of_product=False) for n in numbers]
        slug = above["slug"] if above is not None else ""
        path = f"/wp-json/wc/v3/products/{row['parent_id']}/variations/{row['id']}"
        shown: Row = {"id": row["id"]}
        if modern:
            shown["type"] = "variation"
        prices = self._prices(row)
        shown |= {
            **self._dates(row),
            "description": row["description"],
            "permalink": f"{call.home}/product/{slug}/",
            "sku": prices.pop("sku"),
        }
        if self.shop.since(9, 2):
            shown["global_unique_id"] = row["gtin"]
        stock = self._stock(row)
        shown |= {
            **prices,
            "status": row["status"],
            "purchasable": self._is_purchasable(row),
            "virtual": row.get("virtual", False),
            "downloadable": row.get("downloadable", False),
            "downloads": [],
            "download_limit": -1,
            "download_expiry": -1,
            "tax_status": row["tax_status"],
            "tax_class": self._shown_class(row, call),
            "manage_stock": stock.pop("manage_stock"),
            "stock_quantity": stock.pop("stock_quantity"),
            "stock_status": self.stock_status(row),
            **stock,
            "low_stock_amount": row["low_stock_amount"],
            "weight": row["weight"],
            "dimensions": row["dimensions"],
            "shipping_class": "",
            "shipping_class_id": 0,
            "image": images[0] if images else None,
        }
        if modern:
            shown["gallery_image_ids"] = []
        shown |= {
            "attributes": self.option_names(row),
            "menu_order": row.get("menu_order", 0),
            "meta_data": row["meta_data"],
        }
        if modern:
            shown |= {"name": self.variation_name(row), "parent_id": row["parent_id"]}
        return shown | {"_links": _links(call, path, path)}

    # --- parts ------------------------------------------------------------------------------------

    def _shown_class(self, row: Row, call: Call) -> str:
        is_edit = call.method != "GET" and self.shop.since(9)
        return str(row["tax_class"]) if is_edit else self.tax_class(row)

    def _is_purchasable(self, row: Row) -> bool:
        return bool(self.price(row)) and row["type"] not in {"grouped", "external"}

    def _stock(self, row: Row) -> Row:
        holder = self.stock_holder(row)
        uses_parent = holder is not row
        allowed = holder["backorders"] != "no"
        quantity = holder["stock_quantity"]
        managed: object = "parent" if uses_parent else row["manage_stock"]
        return {
            "manage_stock": managed,
            "stock_quantity": quantity if holder["manage_stock"] else None,
            "backorders": holder["backorders"],
            "backorders_allowed": allowed,
            "backordered": bool(holder["manage_stock"] and allowed and quantity <= 0),
        }

    def _text(self, text: str, call: Call) -> str:
        """For readers a text becomes paragraphs; writers see what is stored."""
        is_edit = call.method != "GET" or call.args.get("context") == "edit"
        if is_edit or not text:
            return text
        if not text.lstrip().startswith("<p"):
            text = f"<p>{text}</p>"
        return f"{text}\n"

    def _name(self, row: Row) -> str:
        above = self.parent(row)
        if above is None:
            return str(row["name"])
        return f"{above['name']} - {self.variation_name(row)}"

    def variation_name(self, row: Row) -> str:
        """The options of a variation in one text."""
        return ", ".join(str(item["option"]) for item in self.option_names(row))

    def _named(self, item: Row) -> Row:
        """An attribute as products show it: a global one with its name and slug."""
        number = int(item.get("id") or 0)
        known = self.shop.attributes.get(number)
        if known is not None:
            return {"id": number, "name": known["name"], "slug": known["slug"]}
        name = str(item.get("name", ""))
        return {"id": 0, "name": name, "slug": name if "options" in item else slugify(name)}

    def _attributes(self, row: Row) -> list[Row]:
        shown = []
        for place, item in enumerate(row["attributes"]):
            options = [str(option) for option in item.get("options", ())]
            shown.append(
                {
                    **self._named(item),
                    "position": int(item.get("position", 0 if len(row["attributes"]) else place)),
                    "visible": bool(item.get("visible", False)),
                    "variation": bool(item.get("variation", False)),
                    "options": [
                        self._option(int(item.get("id") or 0), option) for option in options
                    ],
                }
            )
        return sorted(shown, key=lambda item: item["position"])

    def _term_of(self, number: int, option: str) -> Row | None:
        wanted = html.unescape(option).lower()
        for term in self.shop.terms.get(attribute_taxonomy(number), {}).values():
            if wanted in {html.unescape(term["name"]).lower(), term["slug"]}:
                return term
        return None

    def _option(self, number: int, option: str) -> str:
        term = self._term_of(number, option)
        return str(term["name"]) if term is not None else option

    def option_names(self, row: Row) -> list[Row]:
        """The options of a variation by name."""
        shown = []
        for item in row["attributes"]:
            named = self._named(item)
            option = self._option(named["id"], str(item.get("option", "")))
            if named["id"] and self._term_of(named["id"], option) is None:
                option = slugify(option)
            if not self.shop.since(9):
                named.pop("slug")
            if option:
                shown.append({**named, "option": option})
        return shown

    def _defaults(self, row: Row) -> list[Row]:
        shown = []
        for item in row["default_attributes"]:
            named = self._named(item)
            term = self._term_of(named["id"], str(item.get("option", "")))
            option = term["slug"] if term is not None else str(item.get("option", ""))
            shown.append({"id": named["id"], "name": named["name"], "option": option})
        return shown


def _links(call: Call, path: str, _link: str) -> dict[str, Any]:
    collection = re.sub(r"/\d+$", "", path)
    return {
        "self": [{"href": f"{call.home}{path}"}],
        "collection": [{"href": f"{call.home}{collection}"}],
    }
