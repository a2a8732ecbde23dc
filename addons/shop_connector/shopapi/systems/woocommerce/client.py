"""Calls of the REST API: how we get in, what each failure means, batches, and who broke the shop.

Over https the key goes in HTTP Basic; on plain http WooCommerce looks at nothing but OAuth 1.0a.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from requests.auth import AuthBase

from ...adapter import Credentials
from ...breakdown import Healing, ServerFault
from ...errors import AuthError, DataError, NotFound
from ...files import Files
from ...paging import chunks
from ...transport import Answer, HttpSettings, Transport

Row = dict[str, Any]
API = "/wp-json/wc/v3/"
MEDIA = "/wp-json/wp/v2/media"
PAGE = 100
#: records in one writing call: products with all their fields take the shop some 30 ms each
BATCH = 50
_CRASHED = "internal_server_error"


def _signature(key: str, secret: str) -> AuthBase:
    """OAuth 1.0a; only shops without https need the package, so only they have to have it."""
    try:
        from requests_oauthlib import OAuth1
    except ImportError as error:
        raise DataError(
            "A WooCommerce shop without https needs the Python package requests-oauthlib on the "
            "Odoo server. Enter the shop's https address, or install the package."
        ) from error
    signature: AuthBase = OAuth1(
        key, secret, signature_method="HMAC-SHA256", signature_type="QUERY"
    )
    return signature


def shop_root(address: str) -> str:
    """The shop's address without what people copy along: the API, the back office, the key page."""
    return re.sub(r"/(wp-json|wp-admin|api)(/.*)?$", "", address.strip().rstrip("/"))


def text_of(value: Any) -> str:
    """A name as people read it: the API tells ``&`` as ``&amp;``."""
    return html.unescape(str(value or ""))


class Client(Healing):
    """One shop's API; not shared between threads."""

    def __init__(self, credentials: Credentials, settings: HttpSettings | None) -> None:
        root = shop_root(credentials.base_url)
        key, secret = credentials.api_key, credentials.api_secret or ""
        self.is_secure = not root.lower().startswith("http://")
        login = credentials.media_login
        secrets = [key, secret, *(login.split(":", 1) if login else ())]
        self.transport = Transport(
            root,
            basic=(key, secret) if self.is_secure else None,
            auth=None if self.is_secure else _signature(key, secret),
            secrets=secrets,
            settings=settings,
        )
        user, _colon, password = (login or "").partition(":")
        #: opens the library of files; None when nobody gave us a login for it
        self.media = (
            Transport(root, basic=(user, password), secrets=secrets, settings=settings)
            if login
            else None
        )
        self.files = Files(settings, secrets)

    def close(self) -> None:
        """Give all connections back."""
        for transport in (self.transport, self.media, self.files):
            if transport is not None:
                transport.close()

    @property
    def writes(self) -> int:
        """Writing calls so far."""
        return self.transport.writes + (self.media.writes if self.media else 0)

    # --- calls ------------------------------------------------------------------------------------

    def get(self, path: str, **params: str | int) -> Any:
        """What a route answers; ``path`` below ``wc/v3`` unless it begins with a slash."""
        return self._call("GET", path, params=params)

    def row(self, path: str, **params: str | int) -> Row:
        """One record. Raises DataError when the answer is none."""
        return _row(self.get(path, **params))

    def rows(self, path: str, *, size: int = PAGE, **params: str | int) -> Iterator[Row]:
        """Every record of a list, page by page."""
        page = 1
        while True:
            found = self.page(path, per_page=size, page=page, **params)
            yield from found
            if len(found) < size:
                return
            page += 1

    def page(self, path: str, **params: str | int) -> list[Row]:
        """One page of a list, or a list that is never paged."""
        found = self.get(path, **params)
        if not isinstance(found, list):
            raise DataError("The shop's answer is not understood: a list was expected.")
        return [_row(item) for item in found]

    def post(self, path: str, content: Row) -> Row:
        """Create, or change what is named of a record (PUT and POST do the same here)."""
        return _row(self._call("POST", path, content))

    def delete(self, path: str) -> None:
        """Remove a record for good. Raises NotFound when it is gone."""
        self._call("DELETE", path, params={"force": "true"})

    def batch(
        self, path: str, create: Sequence[Row], update: Sequence[Row]
    ) -> list[Row | DataError]:
        """Create and update in one call; the records as they stand now, or what is wrong.

        The new ones first, then the changed ones, each in the order given.
        """
        asked = {"create": list(create), "update": list(update)}
        answer = self.post(f"{path}/batch", {name: rows for name, rows in asked.items() if rows})
        found: list[Row | DataError] = []
        for name, rows in asked.items():
            told = answer.get(name, [] if not rows else None)
            if not isinstance(told, list) or len(told) != len(rows):
                raise DataError("The shop's answer is not understood: results are missing.")
            found += [_result(item) for item in told]
        return found

    def _call(self, method: str, path: str, content: Row | None = None, params: Any = None) -> Any:
        answer = self.transport.send(
            method,
            path if path.startswith("/") else API + path,
            params={name: str(value) for name, value in (params or {}).items()},
            body=None if content is None else json.dumps(content).encode(),
            content_type=None if content is None else "application/json",
        )
        return self.understood(answer)

    # --- what an answer means ---------------------------------------------------------------------

    def understood(self, answer: Answer) -> Any:
        """The content of an answer. Raises what it means when it is an error."""
        try:
            content = json.loads(answer.body.decode("utf-8-sig"), parse_float=Decimal)
        except ValueError as error:
            if answer.status < 400:
                raise DataError(f"The shop's answer is not understood: {error}") from error
            content = None
        if answer.status < 400:
            return content
        code, message = "", ""
        if isinstance(content, dict):
            code, message = str(content.get("code", "")), text_of(content.get("message"))
        if answer.status in {401, 403}:
            raise self._refused(answer, code, message)
        if answer.status >= 500 and (not code or code == _CRASHED):
            raise ServerFault(
                f"The shop is out of order ({answer.status}).", maybe_done=answer.is_writing
            )
        if answer.status == 404 and (not code or code == "rest_no_route"):
            raise AuthError("There is no WooCommerce at this address.", reason="address")
        raise _fault(code, message or f"refused ({answer.status})", content)

    def _refused(self, answer: Answer, code: str, message: str) -> AuthError:
        """Keys may lack a right to read or write as a whole, or be no keys of this shop."""
        if "permission" in message:
            resource = answer.path.removeprefix(API).partition("/batch")[0]
            return AuthError(f"The key lacks a right: {message}", resource=resource)
        if code == "woocommerce_rest_cannot_view" and answer.status == 401 and self.is_secure:
            message = "The shop does not know this key."
        return AuthError(f"The shop does not accept the key: {message or code}", reason="key")

    def alive(self) -> None:
        """Raise Unreachable when the shop as a whole is out of order."""
        self.get("data/currencies/current")

    def read_by_id(self, path: str, ids: Sequence[str], **params: str | int) -> dict[str, Row]:
        """Records of a list by their ids; those that are gone are missing."""
        numbers = [each for each in dict.fromkeys(ids) if is_id(each)]
        found: dict[str, Row] = {}
        for chunk in chunks(numbers, PAGE):
            rows = self.page(path, include=",".join(chunk), per_page=PAGE, **params)
            found |= {str(row.get("id")): row for row in rows}
        return found


def is_id(text: str) -> bool:
    """Whether a text can be the id of a record."""
    return text.isascii() and text.isdigit() and len(text) < 19


def _row(content: Any) -> Row:
    if not isinstance(content, dict):
        raise DataError("The shop's answer is not understood: a record was expected.")
    return content


def _result(item: Any) -> Row | DataError:
    """One result of a batch."""
    row = _row(item)
    error = row.get("error")
    if not isinstance(error, dict):
        return row
    return _fault(str(error.get("code", "")), text_of(error.get("message")), error)


def _fault(code: str, message: str, content: Any) -> DataError:
    """What is wrong with a record, in the shop's words."""
    if code.endswith(("_invalid_id", "_term_invalid")):
        return NotFound("The shop does not have this record (any more).")
    data = content.get("data") if isinstance(content, dict) else None
    params = data.get("params") if isinstance(data, dict) else None
    told = [text_of(text) for text in params.values()] if isinstance(params, dict) else []
    if code == "woocommerce_rest_product_not_created" and "lookup table" in message:
        told = ["A product in the shop's trash may have this code: delete it there for good."]
    return DataError(" ".join([f"The shop refused it: {message}", *told]))
