"""Categories, tags, brands, attributes and their terms."""

from __future__ import annotations

import html
from typing import Any

from .rest import Call, Reply, RestError, batch, created, missing, no_trash, page_of, whole
from .shop import BRANDS, CATEGORIES, TAGS, Row, Shop, cleaned, free_slug, slugify

_NO_TERM = "Resource does not exist."


class Terms:
    """Answers what is asked of one taxonomy."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop

    # --- categories, tags, brands, terms of an attribute ------------------------------------------

    def listed(self, call: Call, taxonomy: str) -> Reply:
        """The terms of a taxonomy, by name unless asked otherwise."""
        rows = [self.render(taxonomy, row) for row in self.shop.terms.get(taxonomy, {}).values()]
        for name in ("parent", "slug"):
            if name in call.args:
                rows = [row for row in rows if str(row.get(name)) == call.args[name]]
        if "search" in call.args:
            wanted = call.args["search"].lower()
            rows = [row for row in rows if wanted in html.unescape(row["name"]).lower()]
        if call.values("include"):
            rows = [row for row in rows if row["id"] in call.numbers("include")]
        order = call.args.get("orderby", "name")
        rows.sort(key=lambda row: row["id"] if order == "id" else row["name"].lower())
        if call.args.get("order") == "desc":
            rows.reverse()
        return page_of(call, rows)

    def one(self, taxonomy: str, number: int) -> Row:
        """A term, rendered. Raises RestError."""
        row = self.shop.term(taxonomy, number)
        if row is None:
            raise RestError(404, "woocommerce_rest_term_invalid", _NO_TERM)
        return self.render(taxonomy, row)

    def create(self, taxonomy: str, body: Row) -> Row:
        """Make a term; within a parent its name is unique."""
        name = cleaned(str(body.get("name", ""))).strip()
        if not name:
            raise missing("name")
        parent = int(body.get("parent", 0))
        rows = self.shop.terms.setdefault(taxonomy, {})
        for row in rows.values():
            if row["name"].lower() == name.lower() and row["parent"] == parent:
                text = (
                    "A term with the name provided already exists with this parent."
                    if taxonomy in {CATEGORIES, BRANDS}
                    else "A term with the name provided already exists in this taxonomy."
                )
                raise RestError(400, "term_exists", text, resource_id=row["id"])
        number = self.shop.new_id("term")
        rows[number] = row = {
            "id": number,
            "name": name,
            "slug": self._slug(taxonomy, str(body.get("slug") or name), parent),
            "parent": parent,
            "description": str(body.get("description", "")),
            "menu_order": int(body.get("menu_order", 0)),
            "count": 0,
        }
        return self.render(taxonomy, row)

    def update(self, taxonomy: str, number: int, body: Row) -> Row:
        """Change the named fields."""
        row = self.shop.term(taxonomy, number)
        if row is None:
            raise RestError(404, "woocommerce_rest_term_invalid", _NO_TERM)
        if "name" in body:
            row["name"] = cleaned(str(body["name"])).strip()
        for name in ("description", "slug"):
            if name in body:
                row[name] = str(body[name])
        for name in ("parent", "menu_order"):
            if name in body:
                row[name] = int(body[name])
        return self.render(taxonomy, row)

    def delete(self, taxonomy: str, number: int, *, force: bool) -> Row:
        """Remove for good: there is no trash."""
        answer = self.one(taxonomy, number)
        if not force:
            raise no_trash("Resource does")
        del self.shop.terms[taxonomy][number]
        return answer

    def batch(self, call: Call, taxonomy: str) -> Reply:
        """Several terms at once."""
        return batch(
            call,
            lambda body: self.create(taxonomy, body),
            lambda number, body: self.update(taxonomy, number, body),
            lambda number: self.delete(taxonomy, number, force=True),
        )

    def _slug(self, taxonomy: str, wanted: str, parent: int) -> str:
        slug = slugify(wanted)
        taken = {row["slug"] for row in self.shop.terms.get(taxonomy, {}).values()}
        above = self.shop.term(taxonomy, parent)
        if slug in taken and above is not None:
            slug = f"{slug}-{above['slug']}"
        return free_slug(slug, taken)

    def render(self, taxonomy: str, row: Row) -> Row:
        """A term as the API shows it."""
        shown: Row = {"id": row["id"], "name": row["name"], "slug": row["slug"]}
        if taxonomy in {CATEGORIES, BRANDS}:
            shown |= {
                "parent": row["parent"],
                "description": row["description"],
                "display": "default",
                "image": None,
                "menu_order": row["menu_order"],
            }
        elif taxonomy == TAGS:
            shown["description"] = row["description"]
        else:
            shown |= {"description": row["description"], "menu_order": row["menu_order"]}
        shown["count"] = self._count(taxonomy, row["id"])
        if self.shop.languages:
            others = dict.fromkeys(self.shop.languages[1:], row["id"] + 10000)
            main = self.shop.languages[0]
            shown |= {"lang": main, "translations": {main: row["id"], **others}}
        return shown

    def _count(self, taxonomy: str, number: int) -> int:
        return sum(
            number in row.get(taxonomy, ())
            for row in self.shop.products.values()
            if row["status"] == "publish"
        )

    # --- attributes -------------------------------------------------------------------------------

    def list_attributes(self) -> Reply:
        """All global attributes, never paged."""
        rows = sorted(self.shop.attributes.values(), key=lambda row: str(row["name"]).lower())
        return whole([dict(row) for row in rows])

    def attribute(self, number: int) -> Row:
        """A global attribute. Raises RestError."""
        row = self.shop.attributes.get(number)
        if row is None:
            text = "Resource does not exist."
            raise RestError(404, "woocommerce_rest_taxonomy_invalid", text)
        return dict(row)

    def create_attribute(self, call: Call) -> Reply:
        """Make a global attribute."""
        return created(self._make_attribute(call.body), call)

    def _make_attribute(self, body: Row) -> Row:
        name = cleaned(str(body.get("name", ""))).strip()
        if not name:
            raise missing("name")
        slug = slugify(str(body.get("slug") or name)).removeprefix("pa-")[:28]
        if any(row["slug"] == f"pa_{slug}" for row in self.shop.attributes.values()):
            text = f'Slug "{slug}" is already in use. Change it, please.'
            raise RestError(400, "woocommerce_rest_cannot_create", text)
        number = self.shop.new_id("attribute")
        self.shop.attributes[number] = {
            "id": number,
            "name": name,
            "slug": f"pa_{slug}",
            "type": str(body.get("type", "select")),
            "order_by": str(body.get("order_by", "menu_order")),
            "has_archives": bool(body.get("has_archives", False)),
        }
        return self.attribute(number)

    def batch_attributes(self, call: Call) -> Reply:
        """Several attributes at once."""
        return batch(call, self._make_attribute, self.update_attribute, self.attribute)

    def update_attribute(self, number: int, body: Row) -> Row:
        """Change the named fields."""
        row = self.attribute(number)
        row |= {name: value for name, value in body.items() if name in row and name != "id"}
        row["name"] = cleaned(str(row["name"])).strip()
        self.shop.attributes[number] = row
        return dict(row)


def attribute_taxonomy(number: int | str) -> str:
    """Where the terms of a global attribute are."""
    return f"pa_{int(number)}"


def term_names(shop: Shop, taxonomy: str, numbers: Any) -> list[Row]:
    """Terms of a product, by name as WordPress sorts them."""
    rows = [row for number in numbers if (row := shop.term(taxonomy, number)) is not None]
    rows.sort(key=lambda row: str(row["name"]).lower())
    return [{name: row[name] for name in ("id", "name", "slug")} for row in rows]
