"""What trials and benchmarks know of each shop system beside what all simulators have."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from shopapi.hints import sign
from shopapi.systems.woocommerce.simulator.totals import sums

#: body and headers of a call that the shop makes to us
Call = tuple[bytes, dict[str, str]]


@dataclass(frozen=True, kw_only=True)
class Seen:
    """An order as its shop holds it; ``states``: all that it is known to have had, by code."""

    reference: str
    total: Decimal
    tracking: list[str]
    states: list[str]


@dataclass(frozen=True, kw_only=True)
class Way:
    """How a system is bought from, broken, looked at, and how it calls."""

    system: str
    #: ways to pay: at once, and later
    paid: str
    unpaid: str
    #: path of the web service, as a regular expression
    api: str
    look: Callable[[Any, int], Seen]
    #: (orders, secret) -> the calls that tell of them: once, the very same again, and anew
    calls: Callable[[Sequence[int], str], Iterator[Call]]


def _look_at_prestashop(shop: Any, order_id: int) -> Seen:
    order = shop.order(order_id)
    return Seen(
        reference=order["reference"],
        total=Decimal(order["total_paid_tax_incl"]).quantize(Decimal("0.01")),
        tracking=[order["tracking"]] if order["tracking"] else [],
        states=[str(state) for state in order["history"]],
    )


def _look_at_woocommerce(shop: Any, order_id: int) -> Seen:
    order = shop.order(order_id)
    meta = {item["key"]: item["value"] for item in order["meta_data"]}
    parcels = meta.get("_wc_shipment_tracking_items", ())
    return Seen(
        reference=str(order_id),
        total=sums(order)["total"].quantize(Decimal("0.01")),
        tracking=[parcel["tracking_number"] for parcel in parcels],
        states=[order["status"]],
    )


def _common_calls(order_ids: Sequence[int], secret: str) -> Iterator[Call]:
    """The form that modules of a shop use: many records in one call."""
    hints = [{"kind": "order", "id": str(order_id)} for order_id in order_ids]
    body, now = json.dumps(hints).encode(), int(time.time())
    for stamp in (now, now, now - 1):
        yield (
            body,
            {
                "Content-Type": "application/json",
                "X-Shop-Timestamp": str(stamp),
                "X-Shop-Signature": sign(body, secret, stamp),
            },
        )


def _woocommerce_calls(order_ids: Sequence[int], secret: str) -> Iterator[Call]:
    """Its own webhooks: one record in a call, signed without a time."""
    for order_id in order_ids:
        for topic, version in (("created", 1), ("created", 1), ("updated", 2)):
            body = json.dumps({"id": order_id, "status": "processing", "version": version}).encode()
            made = hmac.new(secret.encode(), body, hashlib.sha256).digest()
            yield (
                body,
                {
                    "Content-Type": "application/json",
                    "X-WC-Webhook-Topic": f"order.{topic}",
                    "X-WC-Webhook-Signature": base64.b64encode(made).decode(),
                },
            )


_PRESTASHOP = Way(
    system="prestashop",
    paid="ps_checkout",
    unpaid="ps_wirepayment",
    api="/api",
    look=_look_at_prestashop,
    calls=_common_calls,
)
_WOOCOMMERCE = Way(
    system="woocommerce",
    paid="cod",
    unpaid="bacs",
    api="/wp-json",
    look=_look_at_woocommerce,
    calls=_woocommerce_calls,
)
WAYS = {way.system: way for way in (_PRESTASHOP, _WOOCOMMERCE)}
