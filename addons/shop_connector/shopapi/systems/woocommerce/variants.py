"""Variants: product by product, with the options that their product needs for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

from ...documents import Entry, Outcome, Variant
from ...errors import DataError, NotFound
from ...saving import document, failed, nothing_to_say, planned, save_grouped, unwritten
from .client import Row, text_of
from .comparing import differing, known_values, merge
from .products import ItemSaver


class VariantSaver(ItemSaver):
    """Saves variants, product by product."""

    def save(self, entries: Sequence[Entry]) -> list[Outcome]:
        """Save all entries; the outcomes stand in the same order."""
        return save_grouped(entries, lambda entry: document(entry, Variant).product, self._group)

    def _group(self, product: str, entries: Sequence[Entry]) -> list[Outcome]:
        work = partial(self._save, product)
        return self.client.in_parts("variant", entries, work, failed)

    def _save(self, product: str, entries: Sequence[Entry]) -> list[Outcome]:
        outcomes = {id(e): unwritten(e) for e in entries if nothing_to_say(e)}
        todo = [entry for entry in entries if id(entry) not in outcomes]
        if not todo:
            return [outcomes[id(entry)] for entry in entries]
        try:
            parent = self.shop.known_product(product, context="edit")
        except NotFound as error:
            return [outcomes.get(id(entry)) or failed(entry, error) for entry in entries]
        path = f"products/{product}/variations"
        held = list(self.client.rows(path)) if parent.get("variations") else []
        names = self._names(parent, todo)
        chosen: dict[int, list[Row]] = {}

        def plan(entry: Entry) -> tuple[Row, str | None]:
            row = _find(entry, held, names)
            fields, chosen[id(entry)] = self._fields(entry, row, names)
            return fields, str(row["id"]) if row is not None else None

        found, tasks = planned(todo, plan)
        fine = [each for each in todo if id(each) in chosen]
        written = self._prepare(product, parent, fine, chosen, names)
        outcomes |= found | self.send(path, tasks)
        if written and not tasks:
            default = next((e for e in fine if _says_default(e)), fine[0])
            outcomes[id(default)] = Outcome(
                key=default.key, external_id=outcomes[id(default)].external_id
            )
        return [outcomes[id(entry)] for entry in entries]

    def _names(self, parent: Row, entries: Sequence[Entry]) -> dict[str, Row]:
        """The values that the entries speak of by id, each with its attribute."""
        wanted = {v for entry in entries for v in document(entry, Variant).values}
        if not wanted and not any(map(_says_default, entries)):
            return {}
        own = [int(item["id"]) for item in parent.get("attributes") or () if item.get("id")]
        known: dict[str, Row] = {}
        for attribute in own:
            known |= self._terms(attribute)
        if wanted - set(known):
            others = {int(row["id"]) for row in self.client.page("products/attributes")}
            for attribute in sorted(others - set(own)):
                known |= self._terms(attribute)
        return known

    def _terms(self, attribute: int) -> dict[str, Row]:
        path = f"products/attributes/{attribute}/terms"
        rows = self.client.rows(path, _fields="id,name,slug")
        return {str(row["id"]): {**row, "attribute": attribute} for row in rows}

    def _fields(
        self, entry: Entry, row: Row | None, names: Mapping[str, Row]
    ) -> tuple[Row, list[Row]]:
        """What is to be written of a variant, and its options."""
        wanted = document(entry, Variant)
        values = self.figures(wanted)
        if row is not None:
            if entry.external_id is None:
                values = known_values(values, wanted, row)
            return differing(entry, values, row), list(row.get("attributes") or ())
        unknown = [value for value in wanted.values if value not in names]
        if unknown or not wanted.values:
            raise DataError(f"The shop has no attribute value {', '.join(unknown) or '(none)'}.")
        options = [
            {"id": names[v]["attribute"], "option": text_of(names[v]["name"])}
            for v in wanted.values
        ]
        fields: Row = {"attributes": options, "manage_stock": True, "stock_quantity": 0}
        for make in values.values():
            merge(fields, make())
        return fields, options

    def _prepare(
        self,
        product: str,
        parent: Row,
        entries: Sequence[Entry],
        chosen: Mapping[int, list[Row]],
        names: Mapping[str, Row],
    ) -> bool:
        """Tell the product of new options, and which variant is shown first; whether it wrote."""
        options = (each for entry in entries for each in chosen[id(entry)] if each.get("id"))
        content = _new_attributes(parent, options)
        if parent.get("type") != "variable":
            content["type"] = "variable"
        default = next((e for e in entries if _says_default(e)), None)
        slugs = {
            (row["attribute"], text_of(row["name"]).casefold()): row["slug"]
            for row in names.values()
        }

        def slug_of(option: Row) -> str:
            name = text_of(option["option"])
            return str(slugs.get((option.get("id"), name.casefold()), name))

        if default is not None and not is_default(parent, chosen[id(default)], slug_of):
            content["default_attributes"] = [
                {"id": each["id"], "option": text_of(each["option"])}
                for each in chosen[id(default)]
            ]
        if content:
            self.client.post(f"products/{product}", content)
        return bool(content)


def _new_attributes(parent: Row, options: Iterable[Row]) -> Row:
    """The attributes of a product with these options, as a field; {} where it has them all."""
    attributes = [dict(item) for item in parent.get("attributes") or ()]
    changed = False
    for option in options:
        item = next((a for a in attributes if a.get("id") == option["id"]), None)
        if item is None:
            item = {"id": option["id"], "options": [], "visible": True, "variation": True}
            attributes.append(item)
        known = {text_of(text).casefold() for text in item["options"]}
        if text_of(option["option"]).casefold() not in known or not item.get("variation"):
            item["options"] = [*item["options"], text_of(option["option"])]
            item["variation"] = changed = True
    return {"attributes": attributes} if changed else {}


def _find(entry: Entry, held: Sequence[Row], names: Mapping[str, Row]) -> Row | None:
    """The variation of an entry: by id, else by code, else by its options."""
    wanted = document(entry, Variant)
    if entry.external_id is not None:
        row = next((row for row in held if str(row["id"]) == entry.external_id), None)
        if row is None:
            raise NotFound(f"The shop does not have variant {entry.external_id} any more.")
        return row
    code = (wanted.sku or "").casefold()
    for row in held:
        if code and str(row.get("sku")).casefold() == code:
            return row
    options = {
        (names[v]["attribute"], text_of(names[v]["name"]).casefold())
        for v in wanted.values
        if v in names
    }
    for row in held:
        own = {(a.get("id"), text_of(a.get("option")).casefold()) for a in row["attributes"]}
        if options and own == options and not (code and row.get("sku")):
            return row
    return None


def is_default(parent: Row, options: Sequence[Row], slug_of: Callable[[Row], str]) -> bool:
    """Whether these options are chosen when the product's page opens (the shop tells slugs)."""
    chosen = {item.get("id"): item.get("option") for item in parent["default_attributes"]}
    return chosen == {item.get("id"): slug_of(item) for item in options}


def _says_default(entry: Entry) -> bool:
    changed = entry.changed
    return document(entry, Variant).is_default and (changed is None or "is_default" in changed)
