"""Webhooks in the common form: a small signed JSON document.

A module in the shop, or any middleware, posts ``{"kind": "order", "id": "17"}`` (or a list of
such) with two headers: ``X-Shop-Timestamp`` (seconds since 1970) and ``X-Shop-Signature``, the
hexadecimal HMAC-SHA256 with the shop's hint secret over the timestamp, a dot and the body.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Mapping

from .documents import Hint
from .errors import AuthError, DataError

#: seconds a signature stays good: clocks differ, and a call caught on the way must not be replayed
LIFETIME = 300
MAX_HINTS = 500
KINDS = frozenset({"order", "product", "stock"})


def sign(body: bytes, secret: str, timestamp: int) -> str:
    """The signature of a hint.

    >>> sign(b"{}", "secret", 0)[:8]
    '4bbe8d39'
    """
    return hmac.new(secret.encode(), b"%d." % timestamp + body, hashlib.sha256).hexdigest()


def read_signed_hint(headers: Mapping[str, str], body: bytes, secret: str) -> list[Hint]:
    """The hints of a call. Raises AuthError (forged, too old) or DataError (not understood)."""
    named = {name.lower(): value for name, value in headers.items()}
    stamp = named.get("x-shop-timestamp", "")
    if not secret or not (stamp.isascii() and stamp.isdigit() and len(stamp) < 12):
        raise AuthError("The call is not signed.")
    good = sign(body, secret, int(stamp))
    given = named.get("x-shop-signature", "").encode("ascii", "replace")
    if not hmac.compare_digest(good.encode(), given):
        raise AuthError("The signature of the call is wrong.")
    if abs(time.time() - int(stamp)) > LIFETIME:
        raise AuthError("The call is too old.")
    return _parse(body)


def _parse(body: bytes) -> list[Hint]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise DataError("The call is not JSON.") from error
    rows = found if isinstance(found, list) else [found]
    if len(rows) > MAX_HINTS:
        raise DataError(f"The call names more than {MAX_HINTS} records.")
    return [_hint(row) for row in rows]


def _hint(row: object) -> Hint:
    kind = row.get("kind") if isinstance(row, dict) else None
    if not isinstance(row, dict) or not isinstance(kind, str) or kind not in KINDS:
        raise DataError("The call names no kind of record that is known here.")
    key = row.get("id")
    if isinstance(key, bool) or not isinstance(key, str | int) or not 0 < len(str(key)) <= 64:
        raise DataError("The call names no record.")
    if not str(key).isprintable():
        # the database refuses some of them (NUL), and no shop has such ids
        raise DataError("The call names a record by characters that no id has.")
    return Hint(kind=kind, external_id=str(key))


def call_key(headers: Mapping[str, str], body: bytes) -> str:
    """What tells one call from all others: its time and content, both of them signed."""
    named = {name.lower(): value for name, value in headers.items()}
    stamp = named.get("x-shop-timestamp", "").encode("utf-8", "replace")
    return hashlib.sha256(stamp + b"\n" + body).hexdigest()
