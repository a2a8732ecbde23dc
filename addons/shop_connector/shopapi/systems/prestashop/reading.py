"""Reading the catalogue that a shop holds: products with their variants, categories, pictures.

Products come page by page, each page with what its products refer to.  A page begins behind the
last id of the page before, so that a product deleted meanwhile hides no other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from ...adapter import ShopOptions
from ...documents import HeldCategory, HeldProduct, HeldValue, HeldVariant, Outcome
from ...errors import DataError
from ...paging import chunks
from ...pictures import readable
from ...trees import below
from . import wire_held
from .client import Client
from .shop import Shop
from .wire import Record

#: full products in one answer: some 9 kB each with three languages
PRODUCTS_AT_ONCE = 50
_CATEGORY_FIELDS = ("id", "id_parent", "active", "position", "name")
_VALUE_FIELDS = ("id", "id_attribute_group", "color", "name")


class CatalogueReader:
    """The catalogue of one shop; manufacturers and attribute values are asked for once."""

    def __init__(self, client: Client, shop: Shop, options: ShopOptions) -> None:
        self.client = client
        self.shop = shop
        self.options = options
        self._manufacturers: dict[str, str | None] = {}
        self._values: dict[str, HeldValue | None] = {}
        self._attributes: dict[str, Mapping[str, str]] = {}

    # --- products ---------------------------------------------------------------------------------

    def products(
        self, external_ids: Sequence[str] | None = None
    ) -> Iterator[HeldProduct | Outcome]:
        """All products of our part of the shop, or those with these ids; by rising id."""
        if external_ids is not None:
            for group in chunks(sorted(set(external_ids), key=_number), PRODUCTS_AT_ONCE):
                records = self.client.find("products", "id", group)
                yield from self._held(sorted(records, key=lambda record: _number(record.id)))
            return
        ours = self._our_categories()
        for records in self._pages():
            yield from self._held(
                [
                    record
                    for record in records
                    if not wire_held.is_draft(record)
                    and (ours is None or ours.intersection(wire_held.category_ids(record)))
                ]
            )

    def _pages(self) -> Iterator[list[Record]]:
        last = "0"
        while True:
            filters = {"id": f">[{last}]"}
            records = self.client.page("products", filters=filters, limit=str(PRODUCTS_AT_ONCE))
            yield records
            if len(records) < PRODUCTS_AT_ONCE:
                return
            if _number(records[-1].id) <= _number(last):
                raise DataError("The shop does not page through its products.")
            last = records[-1].id

    def _our_categories(self) -> frozenset[str] | None:
        """The categories whose products are ours; None = every product is."""
        if self.options.root_category is None:
            return None
        below = {held.external_id for held in self.categories()}
        return frozenset({self.options.root_category, *below})

    def _held(self, records: Sequence[Record]) -> Iterator[HeldProduct | Outcome]:
        """The documents of one page; what cannot be understood stands as an `Outcome`."""
        variants: dict[str, list[Record]] = {}
        with_variants = [record.id for record in records if record.ids("combinations")]
        for combination in self.client.find("combinations", "id_product", with_variants):
            variants.setdefault(combination.reference("id_product") or "", []).append(combination)
        self._learn_manufacturers(records)
        self._learn_values(combination for group in variants.values() for combination in group)
        for record in records:
            try:
                yield self._product(record, variants.get(record.id, ()))
            except DataError as error:
                yield Outcome(key=record.id, external_id=record.id, error=error)

    def _product(self, record: Record, combinations: Iterable[Record]) -> HeldProduct:
        rate = self.shop.tax_group_rates.get(wire_held.tax_group(record))
        factor = self.shop.weight_factor
        default = record.reference("id_default_combination")
        return HeldProduct(
            external_id=record.id,
            stamp=record.fields.get("date_upd", ""),
            product=wire_held.product(record, rate, factor),
            variants=tuple(
                HeldVariant(
                    external_id=combination.id,
                    variant=wire_held.variant(combination, rate, factor, default),
                    values=self._values_of(combination),
                    images=combination.ids("images"),
                )
                for combination in combinations
            ),
            images=wire_held.images(record),
            manufacturer_name=self._manufacturers.get(record.reference("id_manufacturer") or ""),
            tax_rate=rate,
        )

    def _values_of(self, combination: Record) -> tuple[HeldValue, ...]:
        """The values of a combination. Raises DataError when one of them is gone."""
        held = []
        for value in combination.ids("product_option_values"):
            found = self._values.get(value)
            if found is None:
                raise DataError(
                    f"combination {combination.id}: its attribute value {value} does not exist."
                )
            held.append(found)
        return tuple(held)

    # --- what products refer to -------------------------------------------------------------------

    def _learn_manufacturers(self, records: Iterable[Record]) -> None:
        ids = {record.reference("id_manufacturer") for record in records} - {None}
        new = sorted(key for key in ids if key and key not in self._manufacturers)
        self._manufacturers.update(dict.fromkeys(new))
        for record in self.client.find("manufacturers", "id", new, ["id", "name"]):
            self._manufacturers[record.id] = record.text("name")

    def _learn_values(self, combinations: Iterable[Record]) -> None:
        used = {value for each in combinations for value in each.ids("product_option_values")}
        new = sorted(used - self._values.keys())
        if not new:
            return
        self._values.update(dict.fromkeys(new))
        records = self.client.find("product_option_values", "id", new, _VALUE_FIELDS)
        groups = {record.reference("id_attribute_group") or "" for record in records}
        unknown = sorted(groups - self._attributes.keys() - {""})
        for group in self.client.find("product_options", "id", unknown, ["id", "name"]):
            self._attributes[group.id] = group.translated("name")
        for record in records:
            attribute = record.reference("id_attribute_group") or ""
            if attribute in self._attributes:
                names = self._attributes[attribute]
                self._values[record.id] = wire_held.value(record, attribute, names)

    # --- categories and pictures ------------------------------------------------------------------

    def categories(self) -> list[HeldCategory]:
        """The tree below our root, parents first, brothers in the shop's order."""
        records = self.client.every("categories", _CATEGORY_FIELDS)
        ordered = sorted(records, key=wire_held.category_position)
        root = self.options.root_category or self.shop.home_category
        return [
            wire_held.category(record, _parent(record) if depth > 1 else None, depth)
            for record, depth in below(root, ordered, lambda record: record.id, _parent)
        ]

    def image(self, product: str, image: str) -> bytes:
        """The picture's bytes. Raises NotFound, or DataError when the answer is no picture."""
        content = self.client.picture(product, image)
        return readable(content, f"Picture {image} of product {product}")


def _parent(record: Record) -> str:
    return record.reference("id_parent") or ""


def _number(external_id: str) -> int:
    """An id as a number, to sort by. Raises DataError."""
    if not external_id.isascii() or not external_id.isdigit():
        raise DataError(f"Not an id of this shop system: {external_id[:40]!r}")
    return int(external_id)
