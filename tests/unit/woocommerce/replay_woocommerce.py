"""Sends recorded requests, one after the other, to a simulated shop and compares the answers."""

from __future__ import annotations

import base64
import io
import json
import re
import threading
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote

import requests
from PIL import Image as Picture
from recorded_background import BACKGROUND

from shopapi.exchange import Exchange
from shopapi.simulation import Clock
from shopapi.systems.woocommerce.simulator import WooCommerceSimulator

#: where the recorded shops fetched pictures and sent webhooks
RECORDED_LISTENER = "http://127.0.0.1:8391"
_HOST = re.compile(r"https?://127\.0\.0\.1:\d+")
#: sent by the shop, not to it
DELIVERIES = {"702", "710", "711", "712", "713", "714", "715", "716"}
#: sent because later ones meet what they made; parts of their answers are not simulated (pictures
#: of categories, details of settings and of the library, the order of meta data)
EFFECT_ONLY = {
    "110",
    "132",
    "302",
    "405",
    "411",
    "412",
    "427",
    "463",
    "466",
    "490",
    "612",
    "901",
    "908",
}
#: decided by chance or by parts that are not simulated
_FREE = {
    "_links", "price_html", "permalink", "order_key", "payment_url", "related_ids", "avatar_url",
    "sizes", "permalink_template", "generated_slug", "hooks", "total_sales",
}  # fmt: skip
#: lists whose numbers are drawn in another order
_FREE_IDS = {"meta_data", "tax_lines", "coupon_lines"}
_KINDS = (
    ("/products/categories", "term"),
    ("/products/tags", "term"),
    ("/products/brands", "term"),
    ("/terms", "term"),
    ("/products/attributes", "attribute"),
    ("/notes", "note"),
    ("/customers", "user"),
    ("/webhooks", "webhook"),
    ("/taxes", "rate"),
    ("/methods", "method"),
    ("/zones", "zone"),
    ("/products", "post"),
    ("/orders", "post"),
    ("/coupons", "post"),
    ("/media", "post"),
)


def in_order(exchanges: Sequence[Exchange]) -> list[Exchange]:
    """The recordings in the order in which they were made."""
    moved = {"28": "293-", "0": "273-"}

    def place(exchange: Exchange) -> str:
        name = exchange.name
        if name[:3] in {"280", "281"}:
            return name
        return next((new + name for old, new in moved.items() if name.startswith(old)), name)

    return sorted(exchanges, key=place)


class StandingClock(Clock):
    """A clock that stands at the moment of the recording."""

    moment = datetime(2026, 11, 21, 21, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment


def sample_picture(name: str) -> bytes:
    """A small picture that differs by name."""
    buffer = io.BytesIO()
    colour = (sum(name.encode()) % 256, 90, 120)
    Picture.new("RGB", (64, 64), colour).save(buffer, "PNG")
    return buffer.getvalue()


class Listener(BaseHTTPRequestHandler):
    """Serves pictures as the recorder's own server did, and takes webhooks."""

    def do_GET(self) -> None:
        name = self.path.rpartition("/")[2]
        if "missing" in name:
            self.send_error(404, "Not Found")
            return
        body = b"hello" if name.endswith(("txt.jpg", "text.jpg")) else sample_picture(name)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(int(self.path.rpartition("/")[2]))
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Print nothing."""


class Replay:
    """One shop and the recordings made with it."""

    def __init__(self, version: str) -> None:
        self.simulator = WooCommerceSimulator(version=version, seed="bare")
        self.clock = StandingClock()
        self.simulator.shop.clock = self.clock
        self.listener = ThreadingHTTPServer(("127.0.0.1", 0), Listener)
        self.address = f"http://127.0.0.1:{self.listener.server_address[1]}"
        self.customer_key = self.simulator.customer_key

    def __enter__(self) -> Replay:
        threading.Thread(target=self.listener.serve_forever, args=(0.02,), daemon=True).start()
        self.simulator.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.simulator.stop()
        self.listener.shutdown()
        self.listener.server_close()

    def differences(self, exchange: Exchange) -> list[str]:
        """Send one request; in what its answer differs."""
        self._prepare(exchange)
        answer = self._send(exchange)
        return list(self._compare(exchange, answer))

    # --- before -----------------------------------------------------------------------------------

    def _prepare(self, exchange: Exchange) -> None:
        """The numbers and the moment that the recording met."""
        remarks = exchange.remarks
        self.simulator.access.is_https = "plain http" not in remarks or "HTTPS=on" in remarks
        self._background(exchange)
        if exchange.name.startswith("721"):
            # the one hook that the recorder had made before
            hooks = self.simulator.shop.webhooks
            hooks[12] = hooks.pop(max(hooks)) | {"id": 12}
        trusts = "unsafe" not in exchange.name
        self.simulator.routes.media.trusts_local = trusts
        if "nonce-reused" in exchange.name:
            used = dict(exchange.query)["oauth_nonce"]
            self.simulator.access.nonces[used] = 0.0
        recorded = _json(exchange.response_body)
        stamp = re.search(r"oauth_timestamp=(\d+)", exchange.target + str(exchange.headers))
        if stamp:
            late = 20 if "20 minutes" in exchange.remarks else 0
            self.clock.moment = datetime.fromtimestamp(int(stamp[1]), UTC) + timedelta(minutes=late)
        if exchange.method == "GET" or not isinstance(recorded, dict):
            return
        rows = [recorded] if "id" in recorded else (recorded.get("create") or [])
        rows += list(recorded.get("update") or [])
        for row in rows:
            for name in ("date_modified_gmt", "date_created_gmt", "date_gmt"):
                if isinstance(row.get(name), str):
                    self.clock.moment = datetime.fromisoformat(row[name]).replace(tzinfo=UTC)
                    break
        new = [recorded] if exchange.status == 201 else (recorded.get("create") or [])
        self._number(exchange, [row for row in new if row.get("id")])

    def _background(self, exchange: Exchange) -> None:
        for method, path, body in BACKGROUND.get(exchange.name[:3], ()):
            answer = requests.request(
                method,
                self.simulator.url + path,
                json=body,
                auth=(self.simulator.api_key, self.simulator.api_secret),
                timeout=10,
            )
            assert answer.status_code in {200, 201}, answer.text

    def _number(self, exchange: Exchange, rows: list[dict[str, Any]]) -> None:
        if not rows:
            return
        ids = self.simulator.shop.ids
        if exchange.path.endswith("/methods"):
            kind = "method"
        else:
            kind = next(kind for part, kind in _KINDS if part in exchange.path)
        numbers = [rows[0]["id"]]
        body = _json(exchange.body)
        if kind == "post" and isinstance(body, dict):
            sent = body.get("images") or [each for each in [body.get("image")] if each]
            shown = rows[0].get("images") or [rows[0].get("image")]
            pairs = zip(shown, sent, strict=False)
            numbers += [each["id"] for each, item in pairs if each and "src" in item]
        ids[kind] = min(numbers) - 1
        items = [line["id"] for line in rows[0].get("line_items") or ()]
        if items:
            ids["item"] = min(items) - 1

    # --- the request ------------------------------------------------------------------------------

    def _send(self, exchange: Exchange) -> requests.Response:
        dropped = {"host", "content-length", "authorization"}
        headers = {name: value for name, value in exchange.headers.items() if name not in dropped}
        given = exchange.headers.get("authorization", "")
        if exchange.key:
            match = re.search(r'"([^"]*)"', given)
            assert match is not None
            login = match[1]
            if "key-of-customer" in exchange.name:
                login = f"{self.customer_key}:{self.simulator.api_secret}"
            elif "readonly" in exchange.name:
                login = f"{self.simulator.read_only_key}:{self.simulator.api_secret}"
            elif "writeonly" in exchange.name:
                login = f"{self.simulator.write_only_key}:{self.simulator.api_secret}"
            elif "shop-manager" in exchange.name:
                login = f"{self.simulator.api_key}:{self.simulator.api_secret}"
            elif not login.startswith("ck_"):
                login = self.simulator.media_login
            headers["authorization"] = "Basic " + base64.b64encode(login.encode()).decode()
        elif given:
            headers["authorization"] = given
        if stamp := re.search(r"127\.0\.0\.1:\d+", exchange.headers.get("host", "")):
            headers["host"] = stamp[0]
        body = exchange.body.decode().replace(RECORDED_LISTENER, self.address).encode()
        if "image" in exchange.headers.get("content-type", ""):
            body = sample_picture("upload")
        return requests.request(
            exchange.method,
            self.simulator.url + exchange.target,
            data=body,
            headers=headers,
            timeout=10,
            allow_redirects=False,
        )

    # --- the answer -------------------------------------------------------------------------------

    def _compare(self, exchange: Exchange, answer: requests.Response) -> Iterator[str]:
        if answer.status_code != exchange.status:
            yield f"status {answer.status_code} not {exchange.status}: {answer.text[:300]}"
            return
        for name in ("x-wp-total", "x-wp-totalpages", "location"):
            recorded = _HOST.sub("", exchange.response_headers.get(name, ""))
            found = _HOST.sub("", unquote(answer.headers.get(name, "")))
            if recorded != found:
                yield f"header {name}: {found!r} not {recorded!r}"
        if exchange.method == "HEAD":
            return
        answered = json.loads(_text(answer.text).replace(self.address, RECORDED_LISTENER))
        recorded = json.loads(_text(exchange.response_body.decode()))
        if "cut by the recorder" in exchange.remarks:
            answered = _as_long(recorded, answered)
        yield from _differ(recorded, answered, "")


def _text(text: str) -> str:
    return text.replace("\\/", "/")


def _json(text: bytes) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _as_long(recorded: Any, found: Any) -> Any:
    """Cut the lists of an answer as the recorder cut his."""
    if isinstance(recorded, list) and isinstance(found, list):
        return found[: len(recorded)]
    if isinstance(recorded, dict) and isinstance(found, dict):
        return {key: _as_long(recorded.get(key), value) for key, value in found.items()}
    return found


def _same_moment(recorded: str, found: str) -> bool:
    """Two times that differ by the seconds the real shop needed."""
    try:
        apart = datetime.fromisoformat(recorded) - datetime.fromisoformat(found)
    except ValueError:
        return False
    return abs(apart) <= timedelta(seconds=2)


def _differ(recorded: Any, found: Any, path: str) -> Iterator[str]:
    if isinstance(recorded, dict) and isinstance(found, dict):
        keys = [key for key in recorded if key not in _FREE]
        other = [key for key in found if key not in _FREE]
        if set(keys) != set(other):
            yield f"{path}: keys +{set(other) - set(keys)} -{set(keys) - set(other)}"
        for key in keys:
            if key in found and not (key == "id" and path.rpartition(".")[2] in _FREE_IDS):
                yield from _differ(recorded[key], found[key], f"{path}.{key}")
    elif isinstance(recorded, list) and isinstance(found, list):
        if len(recorded) != len(found):
            yield f"{path}: {len(found)} not {len(recorded)} items: {found} not {recorded}"[:600]
        for one, other in zip(recorded, found, strict=False):
            yield from _differ(one, other, path)
    elif isinstance(recorded, str) and isinstance(found, str):
        if _same_moment(recorded, found):
            return
        if _HOST.sub("", recorded) != _HOST.sub("", found):
            yield f"{path}: {found!r} not {recorded!r}"
    elif recorded != found:
        yield f"{path}: {found!r} not {recorded!r}"
