"""Conventions of the REST API: errors, parameters, fields, pages, batches."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from .shop import Row, Shop

MOST_AT_ONCE = 100


class RestError(Exception):
    """An answer that is an error: ``data`` is what stands beside the status."""

    def __init__(
        self, status: int, code: str, message: str, *, whole: object = None, **data: object
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.data: object = whole if whole is not None else {"status": status, **data}

    def body(self) -> Row:
        """The JSON body."""
        return {"code": self.code, "message": self.message, "data": self.data}


def no_route() -> RestError:
    """The answer to what there is not."""
    return RestError(
        404, "rest_no_route", "No route was found matching the URL and request method."
    )


def invalid_id(kind: str, status: int) -> RestError:
    """An id that names nothing."""
    return RestError(status, f"woocommerce_rest_{kind}_invalid_id", "Invalid ID.")


def no_trash(what: str) -> RestError:
    """Asked to go to a trash that there is not."""
    text = f"{what} not support trashing."
    return RestError(501, "woocommerce_rest_trash_not_supported", text)


@dataclass(slots=True)
class Faults:
    """Parameters that are wrong, gathered before anything is done."""

    found: dict[str, Row] = field(default_factory=dict)

    def add(self, name: str, code: str, message: str, data: object = None) -> None:
        """Note one."""
        self.found.setdefault(name, {"code": code, "message": message, "data": data})

    def raise_any(self) -> None:
        """Refuse the call when there was one."""
        if not self.found:
            return
        raise RestError(
            400,
            "rest_invalid_param",
            f"Invalid parameter(s): {', '.join(self.found)}",
            params={name: row["message"] for name, row in self.found.items()},
            details=dict(self.found),
        )


def missing(*names: str) -> RestError:
    """Parameters that must be there."""
    return RestError(
        400,
        "rest_missing_callback_param",
        f"Missing parameter(s): {', '.join(names)}",
        params=list(names),
    )


@dataclass(slots=True, kw_only=True)
class Call:
    """One request, understood: parameters of the query, fields of the body."""

    method: str
    path: str
    args: Mapping[str, str]
    #: lists given as ``name[0]=..&name[1]=..``
    lists: Mapping[str, list[str]]
    body: Row
    raw: bytes
    headers: Mapping[str, str]
    home: str

    def flag(self, name: str) -> bool:
        """A true or false of the query or body."""
        return str(self.args.get(name, self.body.get(name, ""))).lower() in {"1", "true", "yes"}

    def values(self, name: str) -> list[str]:
        """A list of the query, given in either form."""
        if name in self.lists:
            return self.lists[name]
        text = self.args.get(name)
        return [part.strip() for part in text.split(",")] if text else []

    def numbers(self, name: str) -> list[int]:
        """A list of ids."""
        return [int(part) for part in self.values(name) if part.lstrip("-").isdigit()]


@dataclass(slots=True, kw_only=True)
class Reply:
    """An answer before it is cut and written."""

    content: Any
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


def created(content: Row, call: Call, path: str | None = None) -> Reply:
    """The answer to a creation; ``path``: where it is, the address of the call without one."""
    where = path or f"{call.path}/{content['id']}"
    return Reply(content=content, status=201, headers={"Location": f"{call.home}{where}"})


def page_of(call: Call, rows: Sequence[Row], *, hides_total: bool = False) -> Reply:
    """One page of a list with its totals.

    ``hides_total``: a page after the last tells 0 of all, as orders in their own tables do.
    """
    faults = Faults()
    size, number = _size(call, faults), _positive(call, "page", 1)
    faults.raise_any()
    offset = _positive(call, "offset", (number - 1) * size)
    found = list(rows[offset : offset + size])
    total = 0 if hides_total and not found else len(rows)
    pages = -(-total // size)
    headers = {"X-WP-Total": str(total), "X-WP-TotalPages": str(pages)}
    links = []
    if number > 1 and number <= pages:
        links.append(f'<{call.home}{call.path}?page={number - 1}>; rel="prev"')
    if number < pages:
        links.append(f'<{call.home}{call.path}?page={number + 1}>; rel="next"')
    if links:
        headers["Link"] = ", ".join(links)
    return Reply(content=found, headers=headers)


def _size(call: Call, faults: Faults) -> int:
    text = call.args.get("per_page", "10")
    if not text.lstrip("-").isdigit() or not 1 <= int(text) <= MOST_AT_ONCE:
        message = f"per_page must be between 1 (inclusive) and {MOST_AT_ONCE} (inclusive)"
        faults.add("per_page", "rest_out_of_bounds", message)
        return 10
    return int(text)


def _positive(call: Call, name: str, default: int) -> int:
    text = call.args.get(name, "")
    return int(text) if text.isdigit() else default


def whole(rows: Sequence[Row]) -> Reply:
    """A list that is never paged."""
    headers = {"X-WP-Total": str(len(rows)), "X-WP-TotalPages": "1"}
    return Reply(content=list(rows), headers=headers)


def check_enum(faults: Faults, call: Call, name: str, allowed: Sequence[str]) -> None:
    """Refuse a value that is not in the list."""
    value = call.args.get(name)
    if value is not None and value not in allowed:
        names = ", ".join(dict.fromkeys(allowed))
        head, _comma, last = names.rpartition(", ")
        faults.add(name, "rest_not_in_enum", f"{name} is not one of {head}, and {last}.")


def moment_of(shop: Shop, call: Call, name: str, faults: Faults) -> datetime | None:
    """A time filter in UTC, with the shop's own trap.

    A time without zone is local unless ``dates_are_gmt``; one with a zone is turned into local time
    and then, with ``dates_are_gmt``, taken for UTC: wrong by the offset.
    """
    text = call.args.get(name)
    if text is None:
        return None
    try:
        given = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        faults.add(name, "rest_invalid_date", "Invalid date.")
        return None
    if given.tzinfo is not None:
        given = given.astimezone(shop.zone).replace(tzinfo=None)
    return given if call.flag("dates_are_gmt") else shop.to_utc(given)


def batch(
    call: Call,
    create: Callable[[Row], Row],
    update: Callable[[int, Row], Row],
    delete: Callable[[int], Row],
    named: Callable[[int], object] = lambda number: number,
) -> Reply:
    """Create, update and delete in one call; what fails carries its error, the call is 200."""
    lists = {
        name: call.body[name]
        for name in ("create", "update", "delete")
        if isinstance(call.body.get(name), list)
    }
    if sum(map(len, lists.values())) > MOST_AT_ONCE:
        text = f"Unable to accept more than {MOST_AT_ONCE} items for this request."
        raise RestError(413, "woocommerce_rest_request_entity_too_large", text)
    answer: Row = {}
    for row in lists.get("create", ()):
        answer.setdefault("create", []).append(_tried(partial(create, row), 0))
    for row in lists.get("update", ()):
        number = int(row.get("id", 0))
        answer.setdefault("update", []).append(_tried(partial(update, number, row), number))
    for number in lists.get("delete", ()):
        answer.setdefault("delete", []).append(
            _tried(partial(delete, int(number)), named(int(number)))
        )
    return Reply(content=answer or [])


def _tried(work: Callable[[], Row], number: object) -> Row:
    try:
        return work()
    except RestError as error:
        return {"id": number, "error": error.body()}


def cut(content: Any, fields: str | None) -> Any:
    """Keep the fields asked for, nested ones with a dot."""
    if not fields:
        return content
    if isinstance(content, list):
        return [cut(row, fields) for row in content]
    if not isinstance(content, dict):
        return content
    tree: dict[str, list[str]] = {}
    for name in fields.split(","):
        head, _dot, rest = name.strip().partition(".")
        tree.setdefault(head, []).append(rest)
    kept = {}
    for name, value in content.items():
        if name in tree:
            inner = tree[name]
            kept[name] = value if "" in inner else cut(value, ",".join(inner))
    return kept


def dumps(content: Any) -> bytes:
    """JSON as PHP writes it: compact, slashes escaped, ASCII."""
    text = json.dumps(content, separators=(",", ":"), ensure_ascii=True)
    return text.replace("/", "\\/").encode()
