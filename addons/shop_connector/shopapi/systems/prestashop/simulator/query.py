"""Reading: display, filters, sort, limit, language and date parameters of a list."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from decimal import Decimal, InvalidOperation
from typing import Any

from werkzeug.datastructures import MultiDict

from .faults import ServiceError
from .multistore import MultiStore
from .render import Display
from .schema import Field, Resource
from .store import Record, Store

_FILTER = re.compile(r"^filter\[(?P<name>[^\]]+)\]$")
_OPERATION = re.compile(r"^(?P<before>.*)\[(?P<value>.*)\](?P<after>.*)$", re.DOTALL)
_SORT = re.compile(r"^(?P<name>[a-z0-9_]+?)(?:_(?P<direction>ASC|DESC))?$", re.IGNORECASE)
_DATES = ("date_add", "date_upd")
#: numbers of an interval up to which each is looked up, instead of going through all records
_INDEXED = 1000

Args = MultiDict[str, str]
Test = Callable[[str], bool]


def parse_display(resource: Resource, args: Args, *, single: bool) -> Display:
    """Read ``display`` and ``language``; raises ServiceError 35 for an unknown field."""
    languages = _parse_languages(args.get("language", ""))
    wanted = args.get("display", "")
    if wanted == "full" or (single and not wanted.startswith("[")):
        return Display(languages=languages)
    if not wanted.startswith("["):
        return Display(ids_only=True, languages=languages)
    fields: list[str] = []
    associations: dict[str, Collection[str]] = {}
    for name, parts in _split_display(wanted[1:-1] if wanted.endswith("]") else wanted[1:]):
        if parts is not None and name in resource.associations:
            associations[name] = parts
        elif name == "full":
            return Display(languages=languages)
        elif name == "id" or (name in resource.fields and parts is None):
            fields.append(name)
        else:
            available = ", ".join(["id", *resource.fields])
            raise ServiceError(
                400,
                35,
                f'Unable to display this field "{name}". However, these are available: {available}',
            )
    return Display(fields=fields, associations=associations, languages=languages)


def _split_display(text: str) -> Iterable[tuple[str, list[str] | None]]:
    """Split ``id,order_rows[id,product_id]`` into names with their parts."""
    for match in re.finditer(r"([^,\[\]]+)(?:\[([^\]]*)\])?", text):
        parts = match[2]
        yield match[1].strip(), None if parts is None else [p.strip() for p in parts.split(",")]


def _parse_languages(text: str) -> list[int] | None:
    numbers = [int(part) for part in re.findall(r"\d+", text)]
    if not numbers:
        return None
    if "," in text and len(numbers) == 2:
        return list(range(numbers[0], numbers[1] + 1))
    return numbers


def select(store: MultiStore, resource: Resource, args: Args, display: Display) -> list[Record]:
    """Return the records of a list request, filtered, sorted and cut to the page.

    Raises ServiceError 32 or 34 for a filter and 38 for a sort field that is not possible.
    """
    tests = _parse_filters(resource, args, display)
    candidates = _candidates(store, resource, args)
    records = [
        record
        for record in candidates
        if store.is_listed(resource.name, record) and all(test(record) for test in tests.values())
    ]
    order = args.get("sort", "")
    if order:
        records = _sorted(store, resource, records, order, args)
    else:
        records.sort(key=_own_order(resource.name, args, display))
    return _page(records, args)


def _filters(args: Args) -> dict[str, str]:
    found = {}
    for key in args:
        match = _FILTER.match(key)
        if match:
            found[match["name"]] = args.getlist(key)[-1]
    return found


def _candidates(store: MultiStore, resource: Resource, args: Args) -> Iterable[Record]:
    """Use an index where a filter asks for exact values of one of its fields."""
    for name, value in _filters(args).items():
        if numbers := _asked_numbers(value):
            found = _of_numbers(store, resource, name, numbers)
            if found is not None:
                return found
        match = re.fullmatch(r"\[([^\[\],|]*)\]|([^\[\]]*)", value)
        literal = (
            next((part for part in match.groups() if part is not None), None) if match else None
        )
        if literal is None:
            continue
        if name == "id" and literal.isdigit():
            record = store.get(resource.name, literal)
            return [record] if record else []
        field = resource.fields.get(name)
        if field is None or (field.kind == "int" and not literal.isdigit()):
            continue
        key = str(int(literal)) if field.kind == "int" else literal
        found = store.indexed(resource.name, name, key)
        if found is not None:
            return found
    return store.all(resource.name)


def _asked_numbers(value: str) -> list[int] | None:
    """The numbers that a filter lists, or those of an interval that is not too long."""
    if several := re.fullmatch(r"\[([0-9]+(?:\|[0-9]+)+)\]", value):
        return sorted({int(number) for number in several[1].split("|")})
    if interval := re.fullmatch(r"\[([0-9]+),([0-9]+)\]", value):
        first, last = int(interval[1]), int(interval[2])
        return list(range(first, last + 1)) if last - first < _INDEXED else None
    return None


def _of_numbers(
    store: Store, resource: Resource, name: str, numbers: list[int]
) -> list[Record] | None:
    """The records with one of these numbers in a field, by id; None without an index."""
    if name == "id":
        return [record for n in numbers if (record := store.get(resource.name, n))]
    field = resource.fields.get(name)
    lists = [store.indexed(resource.name, name, str(n)) for n in numbers]
    if field is None or field.kind != "int" or None in lists:
        return None
    return sorted((record for found in lists for record in found or ()), key=lambda r: r.id)


def _parse_filters(
    resource: Resource, args: Args, display: Display
) -> dict[str, Callable[[Record], bool]]:
    tests: dict[str, Callable[[Record], bool]] = {}
    for name, value in _filters(args).items():
        field = resource.fields.get(name)
        if name == "id":
            field = Field(name="id", kind="int")
        if field is None or (name in _DATES and args.get("date") != "1"):
            raise _unknown_filter(resource, name, with_dates=args.get("date") == "1")
        if field.dynamic:
            raise ServiceError(
                400,
                34,
                f'The field "{name}" is dynamic. It is not possible to filter GET query '
                "with this field.",
            )
        test = _parse_test(value, field)
        if test is not None:
            tests[name] = _bind(field, test, display)
    return tests


def _bind(field: Field, test: Test, display: Display) -> Callable[[Record], bool]:
    if field.name == "id":
        return lambda record: test(str(record.id))
    if not field.translated:
        return lambda record: test(record.values.get(field.name, ""))
    languages = display.languages

    def check(record: Record) -> bool:
        return any(
            test(text)
            for language, text in record.texts.get(field.name, {}).items()
            if languages is None or language in languages
        )

    return check


def _parse_test(value: str, field: Field) -> Test | None:
    """Return the test of one filter; None for an operator that the shop does not know.

    ``>=[v]`` is such a one: the filter is dropped silently and everything comes back.
    """
    match = _OPERATION.match(value)
    if match is None:
        return _equals(field, value)
    before, inner, after = match["before"], match["value"], match["after"]
    if before == "" and after == "":
        return _parse_list(field, inner)
    if before in {"", "%"} and after in {"", "%"}:
        return _like(before, inner, after)
    if after == "" and before in {"!", ">", "<"}:
        key = _comparable(field)
        wanted = key(inner)
        if before == "!":
            return lambda text: bool(key(text) != wanted)
        if before == ">":
            return lambda text: bool(key(text) > wanted)
        return lambda text: bool(key(text) < wanted)
    return None


def _parse_list(field: Field, inner: str) -> Test:
    if "|" in inner:
        of = _comparable(field)
        values = {of(part) for part in inner.split("|")}
        return lambda text: of(text) in values
    if inner.count(",") == 1:
        key = _comparable(field)
        low, high = (key(part) for part in inner.split(","))
        return lambda text: bool(low <= key(text) <= high)
    return _equals(field, inner)


def _equals(field: Field, wanted: str) -> Test:
    key = _comparable(field)
    value = key(wanted)
    return lambda text: bool(key(text) == value)


def _like(before: str, inner: str, after: str) -> Test:
    pattern = re.escape(inner).replace("%", ".*").replace("_", ".")
    pattern = f"{'.*' if before else ''}{pattern}{'.*' if after else ''}"
    compiled = re.compile(pattern, re.IGNORECASE | re.DOTALL)
    return lambda text: compiled.fullmatch(text) is not None


def _comparable(field: Field) -> Callable[[str], Any]:
    """Return how the database compares the field's values: as numbers, or text without case."""
    if field.kind == "int" or field.kind.startswith("decimal"):
        return _number
    return str.casefold


def _number(text: str) -> Decimal:
    try:
        return Decimal(text or "0")
    except InvalidOperation:
        return Decimal(0)


def _unknown_filter(resource: Resource, name: str, *, with_dates: bool) -> ServiceError:
    names = ["id", *_plain_names(resource, with_dates=with_dates)]
    listed = ", ".join(f'"{each}"' for each in names)
    return ServiceError(
        400,
        32,
        f'This filter does not exist. Did you mean: "{closest(name, names)}"? '
        f"The full list is: {listed}",
    )


def _plain_names(resource: Resource, *, with_dates: bool) -> list[str]:
    return [
        field.name
        for field in resource.fields.values()
        if not field.translated and (with_dates or field.name not in _DATES)
    ]


def _sorted(
    store: MultiStore, resource: Resource, records: list[Record], order: str, args: Args
) -> list[Record]:
    language = next(iter(store.languages), 1)
    with_dates = args.get("date") == "1"
    for part in reversed([each.strip() for each in order.strip("[]").split(",")]):
        match = _SORT.match(part)
        name = match["name"] if match else part
        field = resource.fields.get(name)
        if name != "id" and (field is None or (name in _DATES and not with_dates)):
            raise _unknown_sort(resource, with_dates=with_dates)
        descending = bool(match and (match["direction"] or "").upper() == "DESC")
        # by one language only, whatever language is asked for
        records.sort(key=_sort_key(field, language), reverse=descending)
    return records


def _sort_key(field: Field | None, language: int) -> Callable[[Record], Any]:
    if field is None:
        return lambda record: record.id
    if field.translated:
        return lambda record: record.text(field.name, language).casefold()
    key = _comparable(field)
    return lambda record: key(record.values.get(field.name, ""))


def _unknown_sort(resource: Resource, *, with_dates: bool) -> ServiceError:
    plain = ", ".join(["id", *_plain_names(resource, with_dates=with_dates)])
    translated = ", ".join(each.name for each in resource.fields.values() if each.translated)
    more = f", for i18n fields:{translated}" if translated else ""
    return ServiceError(
        400,
        38,
        f"Unable to filter by this field. However, these are available: {plain}{more}",
    )


def _own_order(resource: str, args: Args, display: Display) -> Callable[[Record], Any]:
    """Return the order of a list nobody asked to sort: that of the index the database takes."""
    filters = _filters(args)
    if resource == "products":
        if "reference" in filters:
            return lambda record: (record.values["reference"].casefold(), record.id)
        # no condition that an index of its own serves: the index (indexed, active, id)
        if all(re.match(r"!|.*=\[", value) for value in filters.values()):
            return lambda record: (record.values["active"], record.id)
    if resource == "order_states":
        return lambda record: (record.values["module_name"], record.id)
    if resource == "order_payments":
        return lambda record: (record.values["order_reference"], record.id)
    if resource == "specific_prices":
        return lambda record: (record.number("id_product"), record.id)
    if resource in {"configurations", "image_types"}:
        return lambda record: (record.values["name"], record.id)
    if resource == "combinations" and "id_product" in filters and display.fields is not None:
        return lambda record: (record.values["default_on"], record.id)
    return lambda record: record.id


def _page(records: list[Record], args: Args) -> list[Record]:
    if "limit" not in args:
        return records
    parts = [_leading_number(part) for part in args["limit"].split(",")]
    if len(parts) == 1:
        return records[: parts[0]]
    return records[parts[0] : parts[0] + parts[1]]


def _leading_number(text: str) -> int:
    match = re.match(r"\s*(\d+)", text)
    return int(match[1]) if match else 0


def closest(word: str, words: Iterable[str]) -> str:
    """Return the word with the smallest edit distance, the last of equals."""
    best, shortest = "", -1
    for candidate in words:
        distance = _distance(word, candidate)
        if distance <= shortest or shortest < 0:
            best, shortest = candidate, distance
    return best


def _distance(left: str, right: str) -> int:
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        previous, row[0] = row[0], i
        for j, b in enumerate(right, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (a != b))
    return row[-1]
