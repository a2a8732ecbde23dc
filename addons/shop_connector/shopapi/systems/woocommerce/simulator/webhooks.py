"""Webhooks: made over the API, delivered later, signed, switched off after failures."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Callable
from urllib.parse import urlsplit

import requests

from .rest import Call, Reply, RestError, created, dumps, no_trash, page_of
from .shop import Row, Shop, date_pair

#: failures in a row that are forgiven
_FORGIVEN = 6
_HOOKS = {
    "order.created": ["woocommerce_new_order"],
    "order.updated": ["woocommerce_update_order", "woocommerce_order_refunded"],
    "order.deleted": ["wp_trash_post"],
    "product.created": ["woocommerce_process_product_meta", "woocommerce_new_product"],
    "product.updated": ["woocommerce_update_product", "woocommerce_update_product_variation"],
    "product.deleted": ["wp_trash_post"],
}
_TOPIC = re.compile(
    r"(coupon|customer|order|product)\.(created|updated|deleted|restored)|action\..+"
)
_SAFE_PORTS = {None, 80, 443, 8080}


class Webhooks:
    """The webhooks of the shop. `deliver` sends what happened, as WordPress' cron does."""

    def __init__(self, shop: Shop, body_of: Callable[[str, int, Call], Row | None]) -> None:
        self.shop = shop
        self._body_of = body_of
        #: without it WordPress refuses private addresses and odd ports: nothing ever arrives
        self.trusts_local = True

    # --- over the API -----------------------------------------------------------------------------

    def get(self, number: int) -> Row:
        """A webhook. Raises RestError."""
        row = self.shop.webhooks.get(number)
        if row is None:
            text = "Invalid ID."
            raise RestError(404, "woocommerce_rest_shop_webhook_invalid_id", text)
        return row

    def render(self, row: Row) -> Row:
        """A webhook as the API shows it: without its secret."""
        topic = row["topic"]
        return {
            **{name: row[name] for name in ("id", "name", "status", "topic")},
            "resource": topic.partition(".")[0],
            "event": topic.partition(".")[2],
            "hooks": _HOOKS.get(topic, []),
            "delivery_url": row["delivery_url"],
            **date_pair(self.shop, "date_created", row["date_created"]),
            **date_pair(self.shop, "date_modified", row["date_modified"]),
            "_links": {},
        }

    def listed(self, call: Call) -> Reply:
        """The webhooks, newest first."""
        rows = sorted(self.shop.webhooks.values(), key=lambda row: -row["id"])
        if call.args.get("status", "all") != "all":
            rows = [row for row in rows if row["status"] == call.args["status"]]
        return page_of(call, [self.render(row) for row in rows])

    def post(self, call: Call) -> Reply:
        """Make one; a ping is sent at once, whatever comes of it."""
        topic, address = str(call.body.get("topic", "")), str(call.body.get("delivery_url", ""))
        _check(topic, address)
        number = self.shop.new_id("webhook")
        self.shop.webhooks[number] = row = {
            "id": number,
            "name": str(call.body.get("name", "")),
            "status": str(call.body.get("status", "active")),
            "topic": topic,
            "delivery_url": address,
            "secret": str(call.body.get("secret") or secrets.token_hex(20)),
            "date_created": self.shop.now(),
            "date_modified": None,
            "failures": 0,
        }
        self._ping(row)
        return created(self.render(row), call)

    def update(self, number: int, body: Row) -> Row:
        """Change what is named; another address is pinged."""
        row = self.get(number)
        address = str(body.get("delivery_url", row["delivery_url"]))
        _check(str(body.get("topic", row["topic"])), address)
        is_new = address != row["delivery_url"]
        for name in ("name", "status", "topic", "delivery_url", "secret"):
            if name in body:
                row[name] = str(body[name])
        if body.get("status") == "active":
            row["failures"] = 0
        row["date_modified"] = self.shop.now()
        if is_new:
            self._ping(row)
        return self.render(row)

    def delete(self, number: int, *, force: bool) -> Row:
        """Remove for good."""
        answer = self.render(self.get(number))
        if not force:
            raise no_trash("Webhooks do")
        del self.shop.webhooks[number]
        return answer

    # --- delivering -------------------------------------------------------------------------------

    def deliver(self, home: str) -> list[int]:
        """Send everything that happened since, each burst once; the statuses of the answers.

        The body is made now, not when it happened.  Nothing is tried twice.
        """
        events = list(self.shop.events)
        self.shop.events.clear()
        answers = []
        for resource, event, number in events:
            for row in list(self.shop.webhooks.values()):
                if row["status"] == "active" and row["topic"] == f"{resource}.{event}":
                    answers.append(self._deliver_one(row, number, event, home))
        return answers

    def _deliver_one(self, row: Row, number: int, event: str, home: str) -> int:
        resource = row["topic"].partition(".")[0]
        call = Call(
            method="GET", path="", args={}, lists={}, body={}, raw=b"", headers={}, home=home
        )
        content = None if event == "deleted" else self._body_of(resource, number, call)
        body = dumps(content if content is not None else {"id": number})
        made = hmac.new(row["secret"].encode(), body, hashlib.sha256)
        headers = {
            "Content-Type": "application/json",
            "X-WC-Webhook-Source": f"{home}/",
            "X-WC-Webhook-Topic": row["topic"],
            "X-WC-Webhook-Resource": resource,
            "X-WC-Webhook-Event": event,
            "X-WC-Webhook-Signature": base64.b64encode(made.digest()).decode(),
            "X-WC-Webhook-ID": str(row["id"]),
            "X-WC-Webhook-Delivery-ID": secrets.token_hex(16),
        }
        status = self._send(row, body, headers)
        if 200 <= status < 300 or status in {301, 302}:
            row["failures"] = 0
        else:
            row["failures"] += 1
            if row["failures"] > _FORGIVEN:
                row["status"] = "disabled"
        return status

    def _ping(self, row: Row) -> None:
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        self._send(row, f"webhook_id={row['id']}".encode(), headers)

    def _send(self, row: Row, body: bytes, headers: dict[str, str]) -> int:
        """The status of the answer, 0 when there was none."""
        address = row["delivery_url"]
        parts = urlsplit(address)
        is_local = parts.hostname in {"127.0.0.1", "localhost"} or parts.port not in _SAFE_PORTS
        if is_local and not self.trusts_local:
            return 0
        agent = f"WooCommerce/{self.shop.version} Hookshot (WordPress/7.1.4)"
        headers = {**headers, "User-Agent": agent, "Connection": "close"}
        try:
            answer = requests.post(
                address, data=body, headers=headers, timeout=10, allow_redirects=False
            )
        except requests.RequestException:
            return 0
        return answer.status_code


def _check(topic: str, address: str) -> None:
    if not _TOPIC.fullmatch(topic):
        text = "Webhook topic is required and must be valid."
        raise RestError(400, "woocommerce_rest_shop_webhook_invalid_topic", text)
    if not address.startswith(("http://", "https://")):
        text = "Webhook delivery URL must be a valid URL starting with http:// or https://."
        raise RestError(400, "woocommerce_rest_shop_webhook_invalid_delivery_url", text)
