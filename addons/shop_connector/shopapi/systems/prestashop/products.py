"""Saving products and their variants (combinations)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from ...breakdown import ServerFault
from ...documents import Entry, Outcome, Product, Texts, Variant
from ...errors import DataError
from ...paging import chunks
from ...saving import document
from . import wire_catalogue
from .catalogue import Saver, first_by_key
from .wire import Draft, Record

#: combinations in one document; their creation takes the shop some 40 ms each
_VARIANTS_AT_ONCE = 25


class ProductSaver(Saver[Product]):
    """Products: found by their code; those without one by name among the shop's without one."""

    resource = "products"

    def look_up(self, entries: Sequence[Entry]) -> dict[str, str]:
        by_code = self._by_code([entry for entry in entries if self.document(entry).sku])
        return {**self._by_name([e for e in entries if not self.document(e).sku]), **by_code}

    def _by_code(self, entries: Sequence[Entry]) -> dict[str, str]:
        codes = {entry.key: self.document(entry).sku or "" for entry in entries}
        records = self.client.find(self.resource, "reference", codes.values(), ["id", "reference"])
        return first_by_key(
            (key, record.id)
            for key, code in codes.items()
            for record in records
            if record.text("reference") == code.strip()
        )

    def _by_name(self, entries: Sequence[Entry]) -> dict[str, str]:
        names = [self.main_text(self.document(entry).name) for entry in entries]
        display = ["id", "reference", "name"]
        records = self.client.find(self.resource, "name", names, display)
        return first_by_key(
            (entry.key, record.id)
            for entry in entries
            for record in records
            if record.text("reference") is None
            and self.is_called(record, self.document(entry).name)
        )

    def document(self, entry: Entry) -> Product:
        product = super().document(entry)
        return replace(product, weight=product.weight * self.shop.weight_factor)

    def create(self, document: Product) -> str:
        draft = wire_catalogue.new_product(document, self.shop.home_category, self.completer())
        return self.client.create(self.resource, [draft])[0].id

    def drafts(self, document: Product, kept: Mapping[str, Texts]) -> Mapping[str, Draft]:
        return wire_catalogue.product(document, self.shop.home_category, self.completer(kept))

    def added_on_adoption(self, document: Product) -> frozenset[str]:
        # a product for some customers only must leave the categories that everybody sees
        return frozenset() if document.groups else frozenset({"categories"})

    def unsaid(self, document: Product) -> frozenset[str]:
        names = _empty(document, "sku", "barcode", "manufacturer", "weight")
        if document.category is None and not document.categories:
            names |= {"category", "categories"}
        return names

    def translated(self, document: Product) -> Mapping[str, Texts]:
        return {
            "name": document.name,
            "short_description": document.short_description,
            "description": document.description,
            "meta_title": document.meta_title,
            "meta_description": document.meta_description,
        }


class VariantSaver(Saver[Variant]):
    """Combinations: found by code among those of their product, else by their attribute values."""

    resource = "combinations"

    def save(self, entries: Sequence[Entry]) -> list[Outcome]:
        new = [entry for entry in entries if entry.external_id is None]
        held = self._held(new)
        known = _matches(new, held)
        made = self._create_together([entry for entry in new if entry.key not in known], held)
        outcomes = [
            made.get(entry.key) or self._save_one(entry, known.get(entry.key)) for entry in entries
        ]
        self._choose_defaults(entries, outcomes)
        return outcomes

    def look_up(self, entries: Sequence[Entry]) -> dict[str, str]:
        return _matches(entries, self._held(entries))

    def document(self, entry: Entry) -> Variant:
        variant = _variant(entry)
        return replace(variant, weight=variant.weight * self.shop.weight_factor)

    def create(self, document: Variant) -> str:
        return self.client.create(self.resource, [self._new(document)])[0].id

    def drafts(self, document: Variant, kept: Mapping[str, Texts]) -> Mapping[str, Draft]:
        return wire_catalogue.variant(document)

    def unsaid(self, document: Variant) -> frozenset[str]:
        return _empty(document, "sku", "barcode", "weight")

    def _held(self, entries: Sequence[Entry]) -> list[Record]:
        """The combinations that the products of the entries have in the shop."""
        display = ["id", "id_product", "reference", "default_on", "product_option_values[id]"]
        products = [_variant(entry).product for entry in entries]
        return self.client.find(self.resource, "id_product", products, display)

    def _new(self, document: Variant, *, is_default: bool = False) -> Draft:
        draft = wire_catalogue.joined(wire_catalogue.variant(document))
        fields = {"id_product": document.product, "minimal_quantity": "1", **draft.fields}
        if is_default:
            fields["default_on"] = "1"
        return Draft(fields=fields, lists=draft.lists)

    def _create_together(
        self, entries: Sequence[Entry], held: Sequence[Record]
    ) -> dict[str, Outcome]:
        """Create many in few calls; of a refused call nothing is told here: each is tried alone.

        A product without any default combination gets the one marked as default right away; a
        second default would be an empty 500.
        """
        settled = {record.reference("id_product") for record in held if record.flag("default_on")}
        made: dict[str, Outcome] = {}
        for group in chunks(entries, _VARIANTS_AT_ONCE):
            drafts = []
            try:
                for entry in group:
                    document = self.document(entry)
                    first = document.is_default and document.product not in settled
                    drafts.append(self._new(document, is_default=first))
                    settled |= {document.product} if first else set()
                records = self.client.create(self.resource, drafts)
            except (DataError, ServerFault):
                # some of them may exist now
                known = self.look_up(group)
                made.update({entry.key: self._one(entry, known.get(entry.key)) for entry in group})
            else:
                made.update(
                    {
                        entry.key: Outcome(key=entry.key, external_id=record.id)
                        for entry, record in zip(group, records, strict=True)
                    }
                )
        return made

    def _one(self, entry: Entry, found: str | None) -> Outcome:
        outcome = self._save_one(entry, found)
        if outcome.error is None and outcome.adopted:
            # made by the call before this one
            return Outcome(key=entry.key, external_id=outcome.external_id)
        return outcome

    def _choose_defaults(self, entries: Sequence[Entry], outcomes: Sequence[Outcome]) -> None:
        """Make the marked combination the product's default where it is not."""
        wanted = {
            _variant(entry).product: outcome.external_id
            for entry, outcome in zip(entries, outcomes, strict=True)
            if outcome.error is None
            and outcome.external_id is not None
            and _variant(entry).is_default
            and _may_move_default(entry)
        }
        if not wanted:
            return
        display = ["id", "id_default_combination"]
        records = self.client.find("products", "id", wanted, display)
        changes = {
            record.id: default_combination(wanted[record.id] or "")
            for record in records
            if record.reference("id_default_combination") != wanted[record.id]
        }
        self.client.update("products", changes)


def default_combination(external_id: str) -> Draft:
    """Chooses a product's default; the older field beside it must not say something else."""
    return Draft(
        fields={"id_default_combination": external_id, "cache_default_attribute": external_id}
    )


def _empty(document: Product | Variant, *names: str) -> frozenset[str]:
    return frozenset(name for name in names if not getattr(document, name))


def _may_move_default(entry: Entry) -> bool:
    if "is_default" in entry.kept and entry.external_id is not None:
        return False
    return entry.changed is None or "is_default" in entry.changed


def _variant(entry: Entry) -> Variant:
    return document(entry, Variant)


def _matches(entries: Iterable[Entry], held: Sequence[Record]) -> dict[str, str]:
    """The combination of each entry: by code, else by the very same attribute values."""
    found: dict[str, str] = {}
    for entry in entries:
        document = _variant(entry)
        siblings = [record for record in held if record.reference("id_product") == document.product]
        by_code = [r for r in siblings if document.sku and r.text("reference") == document.sku]
        by_values = [
            r for r in siblings if set(r.ids("product_option_values")) == set(document.values)
        ]
        for record in (*by_code, *by_values):
            if record.id not in found.values():
                found[entry.key] = record.id
                break
    return found
