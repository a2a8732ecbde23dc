"""What a record shows beyond its stored values: computed fields and associations."""

from __future__ import annotations

from collections.abc import Iterable

from .multistore import MultiStore
from .pictures import Pictures
from .store import Record, Rows
from .validation import slug


class Views:
    """Completes stored records for showing; never changes the state."""

    def __init__(self, store: MultiStore, pictures: Pictures) -> None:
        self.store = store
        self.pictures = pictures
        self._completions = {
            "products": self._product,
            "combinations": self._combination,
            "categories": self._category,
            "manufacturers": self._manufacturer,
            "suppliers": self._supplier,
            "product_options": self._option,
            "orders": self._order,
            "customer_threads": self._thread,
        }

    def complete(self, resource: str, record: Record) -> Record:
        """Return the record, or a copy of it that has what the shop computes."""
        completion = self._completions.get(resource)
        if completion is None:
            return record
        shown = record.copy()
        completion(shown)
        return shown

    # --- catalogue -----------------------------------------------------------------------------

    def _product(self, record: Record) -> None:
        values = record.values
        combinations = self.store.find("combinations", id_product=record.id)
        default = self.default_combination(record.id)
        old = not self.store.schema.at_least(1, 7)
        maker = self.store.get("manufacturers", values.get("id_manufacturer", ""))
        values["manufacturer_name"] = maker.values["name"] if maker else ""
        cover = self.pictures.cover(record.id)
        values["id_default_image"] = str(cover) if cover else ""
        none = "" if old else "0"
        values["id_default_combination"] = str(default.id) if default else none
        values["type"] = "simple"
        values["new"] = ""
        values["quantity"] = "0"
        values["position_in_category"] = self.position(record)
        record.associations = {
            **record.associations,
            "images": _ids(self.pictures.of_product(record.id)),
            "combinations": _ids(
                each.id for each in sorted(combinations, key=lambda each: each.values["default_on"])
            ),
            "product_option_values": _option_values(combinations),
            "stock_availables": [
                {"id": str(row.id), "id_product_attribute": row.values["id_product_attribute"]}
                for row in self.store.find("stock_availables", id_product=record.id)
            ],
        }

    def default_combination(self, product: int) -> Record | None:
        """Return the combination that the shop preselects."""
        return self.store.first("combinations", id_product=product, default_on=1)

    def position(self, product: Record) -> str:
        """Return the place of a product in its default category, "" when it is not in it."""
        category = product.number("id_category_default")
        members = self.store.products_of_category.get(category, {})
        if product.id not in members:
            return ""
        return str(list(members).index(product.id) + 1)

    def _combination(self, record: Record) -> None:
        if "quantity" in self.store.schema.resources["combinations"].fields:
            row = self.store.first(
                "stock_availables",
                id_product=record.number("id_product"),
                id_product_attribute=record.id,
            )
            record.values["quantity"] = row.values["quantity"] if row else "0"

    def _category(self, record: Record) -> None:
        children = self.store.find("categories", id_parent=record.id)
        record.values["level_depth"] = str(self._depth(record))
        record.values["nb_products_recursive"] = str(len(self._products_below(record.id)))
        record.associations = {
            "categories": _ids(child.id for child in children),
            "products": _ids(sorted(self.store.products_of_category.get(record.id, {}))),
        }

    def _depth(self, category: Record) -> int:
        depth = 0
        parent = self.store.get("categories", category.values.get("id_parent", ""))
        while parent is not None and depth < 50:
            depth += 1
            parent = self.store.get("categories", parent.values.get("id_parent", ""))
        return depth

    def _products_below(self, category: int) -> set[int]:
        found = set(self.store.products_of_category.get(category, {}))
        for child in self.store.find("categories", id_parent=category):
            found |= self._products_below(child.id)
        return found

    def _manufacturer(self, record: Record) -> None:
        record.values["link_rewrite"] = slug(record.values.get("name", ""))
        record.associations = {"addresses": []}

    def _supplier(self, record: Record) -> None:
        record.values["link_rewrite"] = slug(record.values.get("name", ""))

    def _option(self, record: Record) -> None:
        values = self.store.find("product_option_values", id_attribute_group=record.id)
        record.associations = {"product_option_values": _ids(each.id for each in values)}

    # --- orders --------------------------------------------------------------------------------

    def _order(self, record: Record) -> None:
        details = self.store.find("order_details", id_order=record.id)
        record.associations = {"order_rows": [_order_row(detail) for detail in details]}

    def _thread(self, record: Record) -> None:
        messages = self.store.find("customer_messages", id_customer_thread=record.id)
        record.associations = {"customer_messages": _ids(each.id for each in messages)}


def _ids(numbers: Iterable[object]) -> Rows:
    return [{"id": str(number)} for number in numbers]


def _option_values(combinations: list[Record]) -> Rows:
    """List each option value once, in the order in which the combinations bring them."""
    seen: dict[str, None] = {}
    for combination in combinations:
        for row in combination.associations.get("product_option_values", ()):
            seen.setdefault(row["id"])
    return _ids(seen)


def _order_row(detail: Record) -> dict[str, str]:
    values = detail.values
    names = (
        "product_id",
        "product_attribute_id",
        "product_quantity",
        "product_name",
        "product_reference",
        "product_ean13",
        "product_isbn",
        "product_upc",
        "product_price",
        "id_customization",
        "unit_price_tax_incl",
        "unit_price_tax_excl",
    )
    row = {name: values.get(name, "") for name in names}
    row["id_customization"] = row["id_customization"] or "0"
    return {"id": str(detail.id), **row}
