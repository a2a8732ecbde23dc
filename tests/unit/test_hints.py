"""Webhook calls: genuine, forged, old, and what is no call at all."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopapi.documents import Hint
from shopapi.errors import AuthError, DataError
from shopapi.hints import LIFETIME, MAX_HINTS, call_key, read_signed_hint, sign

SECRET = "a-secret-of-the-shop"


def call(body: bytes, *, secret: str = SECRET, age: int = 0) -> tuple[dict[str, str], bytes]:
    stamp = int(time.time()) - age
    headers = {"X-Shop-Timestamp": str(stamp), "X-Shop-Signature": sign(body, secret, stamp)}
    return headers, body


def test_one_hint_and_many() -> None:
    one = call(b'{"kind": "order", "id": "17"}')
    assert read_signed_hint(*one, SECRET) == [Hint(kind="order", external_id="17")]
    many = call(b'[{"kind": "stock", "id": 4}, {"kind": "product", "id": "x"}]')
    assert [hint.external_id for hint in read_signed_hint(*many, SECRET)] == ["4", "x"]


def test_names_of_headers_in_any_case() -> None:
    headers, body = call(b'{"kind": "order", "id": "17"}')
    lower = {name.lower(): value for name, value in headers.items()}
    assert read_signed_hint(lower, body, SECRET)


@pytest.mark.parametrize("age", [LIFETIME + 5, -LIFETIME - 5])
def test_too_old_or_from_the_future(age: int) -> None:
    with pytest.raises(AuthError, match="too old"):
        read_signed_hint(*call(b'{"kind": "order", "id": "17"}', age=age), SECRET)


def test_forged() -> None:
    headers, body = call(b'{"kind": "order", "id": "17"}', secret="guessed")
    with pytest.raises(AuthError, match="signature"):
        read_signed_hint(headers, body, SECRET)


def test_changed_on_the_way() -> None:
    headers, _body = call(b'{"kind": "order", "id": "17"}')
    with pytest.raises(AuthError):
        read_signed_hint(headers, b'{"kind": "order", "id": "18"}', SECRET)
    later = headers | {"X-Shop-Timestamp": str(int(headers["X-Shop-Timestamp"]) + 1)}
    with pytest.raises(AuthError):
        read_signed_hint(later, b'{"kind": "order", "id": "17"}', SECRET)


def test_a_shop_without_a_secret_takes_nothing() -> None:
    with pytest.raises(AuthError):
        read_signed_hint(*call(b'{"kind": "order", "id": "17"}', secret=""), "")


@pytest.mark.parametrize("stamp", ["", "-1", "1e3", "٣", "9" * 40])
def test_timestamps_that_are_none(stamp: str) -> None:
    with pytest.raises(AuthError, match="not signed"):
        read_signed_hint({"X-Shop-Timestamp": stamp, "X-Shop-Signature": "0"}, b"{}", SECRET)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<xml/>",
        b"\xff\xfe",
        b"null",
        b"[1]",
        b'{"kind": "order"}',
        b'{"kind": "order", "id": ""}',
        json.dumps({"kind": "order", "id": "1\0"}).encode(),
        b'{"kind": ["order"], "id": "1"}',
        b'{"kind": "customer", "id": "1"}',
        json.dumps({"kind": "order", "id": "1" * 65}).encode(),
        json.dumps([{"kind": "order", "id": n} for n in range(MAX_HINTS + 1)]).encode(),
        b"[" * 30_000,
    ],
)
def test_what_is_not_understood(body: bytes) -> None:
    with pytest.raises(DataError):
        read_signed_hint(*call(body), SECRET)


@given(st.binary(max_size=200), st.dictionaries(st.text(max_size=20), st.text(max_size=20)))
def test_anything_unsigned_is_refused(body: bytes, headers: dict[str, str]) -> None:
    with pytest.raises(AuthError):
        read_signed_hint(headers, body, SECRET)


@given(
    st.recursive(
        st.none() | st.text() | st.integers(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)
    )
)
def test_anything_signed_is_hints_or_a_data_error(content: object) -> None:
    try:
        hints = read_signed_hint(*call(json.dumps(content).encode()), SECRET)
    except DataError:
        return
    assert hints == []


def test_a_call_is_told_apart_by_its_time_and_content() -> None:
    keys = {
        call_key({"X-Shop-Timestamp": "1"}, b"a"),
        call_key({"X-Shop-Timestamp": "2"}, b"a"),
        call_key({"X-Shop-Timestamp": "1"}, b"b"),
    }
    assert len(keys) == 3
    assert call_key({"x-shop-timestamp": "1", "Other": "x"}, b"a") in keys
