"""Products and their variants: what differs is written, many in one call."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeVar

from ...documents import Entry, Outcome, Product, Variant
from ...errors import DataError, NotFound
from ...paging import chunks
from .client import BATCH, PAGE, Client, Row, is_id, text_of
from .shop import STANDARD, Shop, amount_of
from .translations import Translations, same_text

#: what WordPress calls the category of things without one, in the languages of its larger users
_NO_CATEGORY = re.compile(r"(uncategori[sz]ed|senza-categoria|unkategorisiert|non-classe|sin-cat)")
_LONGEST_CODE = 100
#: brand of ours on a shop without brands, among tags that the merchant gave
BRAND_TAG = "_shop_connector_brand"
#: where WooCommerce keeps the GTIN; before 9.2 we put it there ourselves
GTIN = "_global_unique_id"
#: what WordPress would change or drop silently is compared after writing
_TAKEN = ("sku", "regular_price", "tax_class")

#: by field of a document: makes the fields of the API, or raises what is wrong with them
Values = dict[str, Callable[[], Row]]
D = TypeVar("D")


def own_categories(row: Row) -> set[int]:
    """The categories of a product without the one that means none."""
    found = row.get("categories") or ()
    return {int(c["id"]) for c in found if not _NO_CATEGORY.match(str(c.get("slug", "")))}


def meta_of(row: Row, key: str) -> str:
    """The first value under a key of the meta data, as text."""
    for item in row.get("meta_data") or ():
        if isinstance(item, dict) and item.get("key") == key:
            return str(item.get("value") or "")
    return ""


def brand_of(row: Row) -> Row | None:
    """The brand; on a shop without brands the tag that we gave as one."""
    ours = meta_of(row, BRAND_TAG)
    tags = [tag for tag in row.get("tags") or () if str(tag["id"]) == ours]
    return next(iter(row.get("brands") or tags), None)


def barcode_of(row: Row) -> str:
    """The GTIN, wherever the version keeps it."""
    return str(row.get("global_unique_id") or meta_of(row, GTIN))


class ItemSaver:
    """What products and variants have in common."""

    def __init__(self, client: Client, shop: Shop) -> None:
        self.client = client
        self.shop = shop

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

    def send(
        self, path: str, tasks: Sequence[tuple[Entry, Row, str | None]], adopted: bool = False
    ) -> dict[int, Outcome]:
        """Write the tasks (entry, fields, id or None) in as few calls as allowed."""
        outcomes: dict[int, Outcome] = {}
        for chunk in chunks(tasks, BATCH):
            ordered = [each for each in chunk if each[2] is None]
            create = [fields for _entry, fields, _key in ordered]
            ordered += [each for each in chunk if each[2] is not None]
            update = [{"id": int(key), **fields} for _entry, fields, key in ordered if key]
            results = self.client.batch(path, create, update)
            for (entry, fields, key), result in zip(ordered, results, strict=True):
                error = result if isinstance(result, DataError) else _not_taken(fields, result)
                number = key if isinstance(result, DataError) else str(result["id"])
                outcomes[id(entry)] = Outcome(
                    key=entry.key,
                    external_id=number,
                    error=error,
                    adopted=key is not None and entry.external_id is None,
                )
        return outcomes


class ProductSaver(ItemSaver):
    """Saves products."""

    def save(self, entries: Sequence[Entry]) -> list[Outcome]:
        """Save all entries; the outcomes stand in the same order."""
        return self.client.in_parts("product", entries, self._save, failed)

    def _save(self, entries: Sequence[Entry]) -> list[Outcome]:
        outcomes = {id(e): unwritten(e) for e in entries if nothing_to_say(e)}
        todo = [entry for entry in entries if id(entry) not in outcomes]
        held = self._held(todo)
        coded = {str(row["sku"]).casefold(): row for row in held.values() if row.get("sku")}
        tasks: list[tuple[Entry, Row, str | None]] = []
        for entry in todo:
            try:
                task = self._task(entry, held, coded)
            except DataError as error:
                outcomes[id(entry)] = failed(entry, error)
                continue
            if task[1] or task[2] is None:
                tasks.append(task)
            else:
                adopted = entry.external_id is None
                outcomes[id(entry)] = Outcome(
                    key=entry.key, external_id=task[2], adopted=adopted, written=False
                )
        outcomes |= self.send("products", tasks)
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

    def _task(
        self, entry: Entry, held: Mapping[str, Row], coded: Mapping[str, Row]
    ) -> tuple[Entry, Row, str | None]:
        """What is to be written of an entry, and the id of the product that is there."""
        wanted = document(entry, Product)
        values = self.values(wanted)
        if entry.external_id is not None:
            row = held.get(entry.external_id)
            if row is None:
                if not is_id(entry.external_id):
                    raise DataError(f"The shop has no product {entry.external_id}.")
                raise NotFound(f"The shop does not have product {entry.external_id} any more.")
            return entry, differing(entry, values, row), entry.external_id
        row = coded.get((wanted.sku or "").casefold())
        if row is not None and row.get("parent_id"):
            raise DataError(f"sku: {wanted.sku} is the code of a variant in the shop.")
        if row is not None:
            return entry, differing(entry, _known(values, wanted, row), row), str(row["id"])
        fields: Row = {"type": "variable" if wanted.has_variants else "simple"}
        for make in values.values():
            _merge(fields, make())
        if not wanted.is_virtual and not wanted.has_variants:
            # nothing is sold before we have said how much there is
            fields |= {"manage_stock": True, "stock_quantity": 0}
        if wanted.slug:
            fields["slug"] = self.shop.text(wanted.slug)
        return entry, fields, None

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


class VariantSaver(ItemSaver):
    """Saves variants, product by product."""

    def save(self, entries: Sequence[Entry]) -> list[Outcome]:
        """Save all entries; the outcomes stand in the same order."""
        groups: dict[str, list[Entry]] = {}
        for entry in entries:
            groups.setdefault(document(entry, Variant).product, []).append(entry)
        found: dict[int, Outcome] = {}
        for product, group in groups.items():
            outcomes = self.client.in_parts("variant", group, self._group(product), failed)
            found |= dict(zip(map(id, group), outcomes, strict=True))
        return [found[id(entry)] for entry in entries]

    def _group(self, product: str) -> Callable[[Sequence[Entry]], list[Outcome]]:
        return lambda entries: self._save(product, entries)

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
        tasks: list[tuple[Entry, Row, str | None]] = []
        chosen: dict[int, list[Row]] = {}
        for entry in todo:
            try:
                row = _find(entry, held, names)
                fields, options = self._fields(entry, row, names)
            except DataError as error:
                outcomes[id(entry)] = failed(entry, error)
                continue
            chosen[id(entry)] = options
            key = str(row["id"]) if row is not None else None
            if fields:
                tasks.append((entry, fields, key))
            else:
                outcomes[id(entry)] = Outcome(
                    key=entry.key, external_id=key, adopted=not entry.external_id, written=False
                )
        fine = [each for each in todo if id(each) in chosen]
        written = self._prepare(product, parent, fine, chosen, names)
        outcomes |= self.send(path, tasks)
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
                values = _known(values, wanted, row)
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
            _merge(fields, make())
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
        attributes = [dict(item) for item in parent.get("attributes") or ()]
        changed = False
        for option in (each for entry in entries for each in chosen[id(entry)] if each.get("id")):
            item = next((a for a in attributes if a.get("id") == option["id"]), None)
            if item is None:
                item = {"id": option["id"], "options": [], "visible": True, "variation": True}
                attributes.append(item)
            known = {text_of(text).casefold() for text in item["options"]}
            if text_of(option["option"]).casefold() not in known or not item.get("variation"):
                item["options"] = [*item["options"], text_of(option["option"])]
                item["variation"] = changed = True
        content: Row = {"attributes": attributes} if changed else {}
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


# --- finding and comparing ------------------------------------------------------------------------


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


def differing(entry: Entry, values: Values, held: Row) -> Row:
    """The fields that differ from what the shop holds and are ours to write."""
    names = set(values) - entry.kept
    if entry.changed is not None:
        changed = set(entry.changed) | ({"categories"} if "category" in entry.changed else set())
        names &= changed
    fields: Row = {}
    for name in sorted(names):
        for key, value in values[name]().items():
            if not _is_held(key, value, held):
                _merge(fields, {key: value})
    _keep_tags(fields, held)
    return fields


def _is_held(key: str, value: Any, held: Row) -> bool:
    """Whether the shop holds that already, in whatever spelling."""
    own = held.get(key)
    if key == "regular_price" or key == "weight":
        empty = key == "weight"
        return _amount(own, empty) == _amount(value, empty)
    if key == "categories":
        return own_categories(held) == {item["id"] for item in value}
    if key == "brands":
        return [item["id"] for item in own or ()] == [item["id"] for item in value]
    if key == "tags":
        mine = {meta_of(held, BRAND_TAG)} & {str(item["id"]) for item in own or ()}
        return mine == {str(item["id"]) for item in value}
    if key == "meta_data":
        return all(meta_of(held, item["key"]) == item["value"] for item in value)
    if key == "status":
        return bool((own == "publish") == (value == "publish"))
    if key in {"name", "description", "short_description"}:
        return same_text(own, value)
    return bool(own == value)


def _amount(text: object, empty: bool) -> Decimal | None:
    if text in {"", None}:
        return Decimal(0) if empty else None
    return amount_of(text).quantize(Decimal("0.000001"))


def _merge(fields: Row, part: Row) -> None:
    """Add fields; meta data of several sources stand together."""
    meta = [*fields.get("meta_data", ()), *part.get("meta_data", ())]
    fields |= part
    if meta:
        fields["meta_data"] = meta
    if "tags" in part:
        tag = str(part["tags"][0]["id"]) if part["tags"] else ""
        fields["meta_data"] = [*meta, {"key": BRAND_TAG, "value": tag}]


def _keep_tags(fields: Row, held: Row) -> None:
    """The list of tags is replaced as a whole: the merchant's own ones stay."""
    if "tags" in fields:
        ours = meta_of(held, BRAND_TAG)
        others = [{"id": t["id"]} for t in held.get("tags") or () if str(t["id"]) != ours]
        fields["tags"] = [*others, *fields["tags"]]


def _known(values: Values, wanted: Product | Variant, held: Row) -> Values:
    """Of a product that the shop had before us: what we know, beside the shop's categories."""
    known = dict(values)
    for name in ("sku", "barcode", "weight", "short_description", "description", "manufacturer"):
        value = getattr(wanted, name, None)
        if not (any(value.values()) if isinstance(value, Mapping) else value):
            known.pop(name, None)
    if isinstance(wanted, Product) and not wanted.groups:
        own = known["categories"]

        def both() -> Row:
            numbers = {item["id"] for item in own()["categories"]} | own_categories(held)
            return {"categories": [{"id": number} for number in sorted(numbers)]}

        known["categories"] = both
    return known


def is_default(parent: Row, options: Sequence[Row], slug_of: Callable[[Row], str]) -> bool:
    """Whether these options are chosen when the product's page opens (the shop tells slugs)."""
    chosen = {item.get("id"): item.get("option") for item in parent["default_attributes"]}
    return chosen == {item.get("id"): slug_of(item) for item in options}


def _says_default(entry: Entry) -> bool:
    changed = entry.changed
    return document(entry, Variant).is_default and (changed is None or "is_default" in changed)


def plain(amount: Decimal) -> str:
    """An amount as text, at least with two decimals and no more than six.

    >>> plain(Decimal("12.5")), plain(Decimal("0.1234567"))
    ('12.50', '0.123457')
    """
    text = format(amount.quantize(Decimal("0.000001")).normalize(), "f")
    whole, _point, decimals = text.partition(".")
    return f"{whole}.{decimals:0<2}"


def _not_taken(fields: Row, row: Row) -> DataError | None:
    for key in _TAKEN:
        if key in fields and key in row and not _is_held(key, fields[key], row):
            return DataError(f"The shop did not take {key} {fields[key]}, it holds {row[key]!r}.")
    return None


def document(entry: Entry, kind: type[D]) -> D:
    """The document of an entry, which must be of that kind."""
    if not isinstance(entry.document, kind):
        raise TypeError(f"Not a {kind.__name__}.")
    return entry.document


def nothing_to_say(entry: Entry) -> bool:
    """Whether all that changed is the shop's to lead."""
    changed = entry.changed
    return entry.external_id is not None and changed is not None and not changed - entry.kept


def unwritten(entry: Entry) -> Outcome:
    """The outcome of an entry that was left alone."""
    return Outcome(key=entry.key, external_id=entry.external_id, written=False)


def failed(entry: Entry, error: DataError) -> Outcome:
    """The outcome of an entry that went wrong."""
    return Outcome(key=entry.key, external_id=entry.external_id, error=error)
