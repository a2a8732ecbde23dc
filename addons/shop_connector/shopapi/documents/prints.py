"""Digests of documents: equal content, equal fingerprint."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any


def _plain(value: Any) -> Any:
    """The value in a form that is equal for equal content, whatever its spelling."""
    if is_dataclass(value) and not isinstance(value, type):
        return {item.name: _plain(getattr(value, item.name)) for item in _identity_fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, Decimal):
        return format(value.normalize(), "f") if value else "0"
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value


def _identity_fields(document: Any) -> list[Any]:
    return [item for item in fields(document) if item.metadata.get("fingerprint", True)]


def _digest(value: Any, length: int) -> str:
    text = json.dumps(_plain(value), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:length]


def fingerprint(document: Any) -> str:
    """A digest of the content of a document: equal content, equal fingerprint (32 hex digits).

    >>> from . import Manufacturer
    >>> fingerprint(Manufacturer(name="A")) == fingerprint(Manufacturer(name="A"))
    True
    """
    return _digest(document, 32)


def field_fingerprints(document: Any) -> dict[str, str]:
    """A short digest for each field, to tell which of them changed since the last time.

    >>> from . import Manufacturer
    >>> sorted(field_fingerprints(Manufacturer(name="A")))
    ['name']
    """
    return {
        item.name: _digest(getattr(document, item.name), 12) for item in _identity_fields(document)
    }
