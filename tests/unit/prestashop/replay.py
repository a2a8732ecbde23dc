"""Sends recorded requests to a simulated shop and compares the answers."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote_plus

import requests
from lxml import etree
from recorded_setups import SETUPS
from recorded_state import RecordedState, sample_picture

from shopapi.exchange import Exchange
from shopapi.systems.prestashop.simulator import PrestaShopSimulator

_HOST = re.compile(r"http://127\.0\.0\.1:\d+")
_PICTURE = re.compile(rb"\(\d+ bytes of image\)")
# the moment, chance and the picture itself cannot be the recorded ones
_FREE = {
    "content",
    "date_add",
    "date_upd",
    "delivery_date",
    "invoice_date",
    "last_passwd_gen",
    "newsletter_date_add",
    "passwd",
    "reference",
    "secure_key",
}
# `reference` is drawn by chance for orders only
_FREE_REFERENCE_PARENTS = {"order"}
# the order of these lists is that of whatever index the database took
_SETS = {"combinations", "product_option_values", "stock_availables"}


def send(exchange: Exchange, simulator: PrestaShopSimulator) -> requests.Response:
    """Bring the shop into the state that the exchange met and send its request."""
    state = RecordedState(exchange, simulator)
    state.fill()
    setup = SETUPS.get(simulator.version, {}).get(exchange.name[:3])
    if setup is not None:
        setup(state)
    headers = _headers(exchange, simulator)
    url = simulator.url + exchange.target.replace("FULL-KEY", simulator.api_key)
    if "local-content-sha1" in headers:
        known = requests.get(url, auth=(simulator.api_key, ""), timeout=10)
        headers["local-content-sha1"] = known.headers["Content-Sha1"]
    body = _body(exchange)
    return requests.request(
        exchange.method, url, data=body, headers=headers, timeout=10, allow_redirects=False
    )


def _headers(exchange: Exchange, simulator: PrestaShopSimulator) -> dict[str, str]:
    dropped = {"authorization", "content-length"}
    if exchange.headers.get("host", "").startswith("127."):
        dropped.add("host")
    headers = {name: value for name, value in exchange.headers.items() if name not in dropped}
    keys = {
        "FULL-KEY": simulator.api_key,
        "READ-KEY": simulator.read_only_key,
        "INACTIVE-KEY": simulator.inactive_key,
        "UNKNOWN-KEY": "U" * 32,
    }
    if exchange.key:
        token = base64.b64encode(f"{keys.get(exchange.key, exchange.key)}:".encode()).decode()
        headers["authorization"] = f"Basic {token}"
    return headers


def _body(exchange: Exchange) -> bytes:
    content_type = exchange.headers.get("content-type", "")
    if content_type.startswith("multipart/"):
        body = exchange.body.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n") + b"\r\n"
        return _PICTURE.sub(lambda _match: sample_picture(), body)
    if content_type.startswith("application/x-www-form"):
        name, _equals, value = exchange.body.decode().partition("=")
        return f"{name}={quote_plus(value)}".encode()
    return exchange.body


def differences(exchange: Exchange, answer: requests.Response) -> Iterator[str]:
    """Tell in what an answer differs from the recorded one: status, type, document."""
    if answer.status_code != exchange.status:
        yield f"status {answer.status_code} instead of {exchange.status}: {answer.text[-300:]}"
        return
    content_type = answer.headers.get("Content-Type", "").partition(";")[0]
    if content_type != exchange.content_type:
        yield f"content type {content_type!r} instead of {exchange.content_type!r}"
        return
    for name in ("psws-version", "location", "www-authenticate"):
        recorded = _without_host(exchange.response_headers.get(name, ""))
        if _without_host(answer.headers.get(name, "")) != recorded:
            yield f"header {name}: {answer.headers.get(name)!r} instead of {recorded!r}"
    if exchange.method == "HEAD" or exchange.has_binary_body:
        return
    if exchange.content_type == "text/xml":
        recorded_root = etree.fromstring(exchange.response_body)
        yield from _compare(recorded_root, etree.fromstring(answer.content), "")
    elif exchange.content_type == "application/json":
        yield from _compare_json(json.loads(exchange.response_body), answer.json())
    elif answer.text.strip() != exchange.response_body.decode().strip():
        yield f"body {answer.text[:200]!r}"


def _compare(recorded: etree._Element, found: etree._Element, path: str) -> Iterator[str]:
    here = f"{path}/{recorded.tag}"
    if _attributes(recorded) != _attributes(found):
        yield f"{here}: attributes {_attributes(found)} instead of {_attributes(recorded)}"
    if not len(recorded) and not len(found):
        text, expected = (found.text or "").strip(), (recorded.text or "").strip()
        if not _is_free(recorded) and _without_host(text) != _without_host(expected):
            yield f"{here}: {text[:300]!r} instead of {expected[:300]!r}"
        return
    pairs = [list(recorded), list(found)]
    if recorded.tag in _SETS and path.endswith("associations"):
        pairs = [sorted(each, key=lambda row: row.findtext("id") or "") for each in pairs]
    expected_tags, tags = ([each.tag for each in children] for children in pairs)
    if expected_tags != tags:
        yield f"{here}: children {tags[:80]} instead of {expected_tags[:80]}"
        return
    for one, other in zip(*pairs, strict=True):
        yield from _compare(one, other, here)


def _attributes(element: etree._Element) -> dict[str, str]:
    return {str(name): _without_host(value) for name, value in element.attrib.items()}


def _is_free(element: etree._Element) -> bool:
    parent = element.getparent()
    if element.tag == "reference":
        return parent is not None and parent.tag in _FREE_REFERENCE_PARENTS
    return element.tag in _FREE


def _compare_json(recorded: Any, found: Any) -> Iterator[str]:
    recorded, found = _plain(recorded), _plain(found)
    if recorded == found:
        return
    if isinstance(recorded, dict) and isinstance(found, dict):
        for name in recorded.keys() | found.keys():
            one, other = recorded.get(name), found.get(name)
            if isinstance(one, dict) and isinstance(other, dict):
                yield from _compare_json(one, other)
            elif one != other:
                yield f"{name}: {other!r} instead of {one!r}"
    else:
        yield f"{found!r} instead of {recorded!r}"


def _plain(content: Any) -> Any:
    """Sort the lists whose order means nothing and take out what is left to chance."""
    if isinstance(content, dict):
        return {
            name: sorted(value, key=str) if name in _SETS and isinstance(value, list) else value
            for name, value in ((name, _plain(value)) for name, value in content.items())
            if name not in _FREE or name == "reference"
        }
    if isinstance(content, list):
        return [_plain(each) for each in content]
    return content


def _without_host(text: str) -> str:
    return _HOST.sub("http://SHOP", text)
