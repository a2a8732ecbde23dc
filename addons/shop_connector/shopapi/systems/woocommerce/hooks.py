"""Webhooks: what the shop's calls say, and keeping them alive."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping

from ...documents import Hint
from ...errors import AuthError, DataError
from .client import Client, Row

TOPICS = (
    "order.created",
    "order.updated",
    "order.deleted",
    "product.updated",
    "product.deleted",
)
NAME = "Odoo"


def read(headers: Mapping[str, str], body: bytes, secret: str) -> list[Hint]:
    """What a call says changed. Raises AuthError or DataError.

    The ping with which WooCommerce tries a new address is not signed and says nothing.
    """
    named = {name.lower(): value for name, value in headers.items()}
    if named.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return []
    made = base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest())
    given = named.get("x-wc-webhook-signature", "").encode("ascii", "replace")
    if not secret or not hmac.compare_digest(made, given):
        raise AuthError("The signature of the call is wrong.")
    resource = named.get("x-wc-webhook-topic", "").partition(".")[0]
    try:
        content = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise DataError("The call is not JSON.") from error
    number = content.get("id") if isinstance(content, dict) else None
    if resource not in {"order", "product"} or not isinstance(number, int):
        raise DataError("The call names no record that is known here.")
    # a variant tells its product's id besides
    return [Hint(kind=resource, external_id=str(content.get("parent_id") or number))]


def ensure(client: Client, url: str, secret: str) -> bool:
    """Make, repair and tidy our webhooks; False when nothing had to be done.

    The shop never tells the secret, so it is part of the name, as a digest: one of this address or
    of this name is ours, also after Odoo or the secret has changed.
    """
    name = f"{NAME} {hashlib.sha256(secret.encode()).hexdigest()[:12]}"
    rows = client.rows("webhooks")
    own = [row for row in rows if row.get("delivery_url") == url or row.get("name") == name]
    written = False
    for topic in TOPICS:
        found = [row for row in own if row.get("topic") == topic]
        wanted: Row = {"status": "active", "delivery_url": url, "name": name}
        if not found:
            client.post("webhooks", {**wanted, "topic": topic, "secret": secret})
            written = True
        elif any(found[0].get(key) != value for key, value in wanted.items()):
            client.post(f"webhooks/{found[0]['id']}", {**wanted, "secret": secret})
            written = True
        for row in found[1:]:
            client.post(f"webhooks/{row['id']}", {"status": "disabled", "name": "(unused)"})
    return written
