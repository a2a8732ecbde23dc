"""Deleting records, with what the shop deletes along with them."""

from __future__ import annotations

from collections.abc import Sequence

from .effects import Effects
from .faults import ServiceError
from .multistore import MultiStore
from .schema import Resource


class Deleter:
    """Deletes records of the web service."""

    def __init__(self, store: MultiStore, effects: Effects) -> None:
        self.store = store
        self.effects = effects
        self._special = {
            "products": self._product,
            "combinations": self._combination,
            "product_option_values": self._option_value,
            "product_options": self._option,
            "categories": self._category,
            "addresses": self._address,
            "customers": self._customer,
        }

    def delete(self, resource: Resource, ids: Sequence[int]) -> None:
        """Delete records; raises ServiceError 87 for ids that do not exist.

        Code 88 says "not deleted" of a product that had rows outside the shop: it is gone though.
        """
        unknown = [each for each in ids if self.store.get(resource.name, each) is None]
        if unknown:
            listed = ", ".join(str(each) for each in unknown)
            raise ServiceError(404, 87, f"Id(s) not exists: {listed}")
        left_over = [each for each in ids if not self._delete(resource.name, each)]
        if left_over:
            listed = ", ".join(str(each) for each in left_over)
            raise ServiceError(500, 88, f"Id(s) wasn't deleted: {listed}")

    def _delete(self, resource: str, record_id: int) -> bool:
        if self.store.leave(resource, record_id):
            return True
        special = self._special.get(resource)
        if special is not None:
            return special(record_id)
        self.store.delete(resource, record_id)
        return True

    def _product(self, record_id: int) -> bool:
        for combination in self.store.find("combinations", id_product=record_id):
            self.store.delete("combinations", combination.id)
        for special in self.store.find("specific_prices", id_product=record_id):
            self.store.delete("specific_prices", special.id)
        self.effects.pictures.remove_product(record_id)
        self.store.delete("products", record_id)
        return not self.effects.stock.remove(record_id)

    def _combination(self, record_id: int) -> bool:
        product = self.store.one("combinations", record_id).number("id_product")
        self.store.delete("combinations", record_id)
        self.effects.stock.remove(product, record_id)
        return True

    def _option_value(self, record_id: int) -> bool:
        """Delete a value and every combination that uses it."""
        for combination in self.store.all("combinations"):
            rows = combination.associations.get("product_option_values", ())
            if any(row["id"] == str(record_id) for row in rows):
                self._combination(combination.id)
        self.store.delete("product_option_values", record_id)
        return True

    def _option(self, record_id: int) -> bool:
        for value in self.store.find("product_option_values", id_attribute_group=record_id):
            self._option_value(value.id)
        self.store.delete("product_options", record_id)
        return True

    def _category(self, record_id: int) -> bool:
        for child in self.store.find("categories", id_parent=record_id):
            self._category(child.id)
        for product_id in list(self.store.products_of_category.get(record_id, {})):
            product = self.store.one("products", product_id).copy()
            rows = product.associations.get("categories", [])
            kept = [row for row in rows if row["id"] != str(record_id)]
            product.associations["categories"] = kept
            self.store.replace("products", product)
        self.store.delete("categories", record_id)
        return True

    def _address(self, record_id: int) -> bool:
        """An address that orders use is only marked and stays in the lists."""
        used = any(
            record_id in {order.number("id_address_delivery"), order.number("id_address_invoice")}
            for order in self.store.all("orders")
        )
        if used:
            self.store.set("addresses", self.store.one("addresses", record_id), deleted=1)
        else:
            self.store.delete("addresses", record_id)
        return True

    def _customer(self, record_id: int) -> bool:
        for address in self.store.find("addresses", id_customer=record_id):
            self._address(address.id)
        self.store.delete("customers", record_id)
        return True
