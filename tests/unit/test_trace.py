"""What is kept of an exchange: enough to find the fault, never a secret, never without limit."""

from __future__ import annotations

import base64
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st
from raw_server import RawServer, answer, reset

from shopapi.errors import ShopError
from shopapi.trace import BODY_LIMIT, REPORT_LIMIT, Call, Trace, readable, redact
from shopapi.transport import HttpSettings, Transport

KEY = "S3CRETKEYS3CRETKEYS3CRETKEYS3CRE"


def traced(url: str, **settings: object) -> tuple[Transport, Trace]:
    trace = Trace()
    chosen = HttpSettings(read_timeout=2.0, trace=trace, **settings)  # type: ignore[arg-type]
    return Transport(url, basic=(KEY, ""), settings=chosen), trace


def plain(text: str) -> str:
    return text


def test_request_and_answer_of_a_refused_call_are_kept(raw_server: RawServer) -> None:
    raw_server.steps = [answer("400 Bad Request", b"<error>name is empty</error>")]
    connection, trace = traced(raw_server.url)
    connection.send("POST", "/api/products", params={"id": "7"}, body=b"<product/>")
    report = trace.report()
    assert "POST /api/products?id=7 → 400, 28 bytes" in report
    assert "sent: <product/>" in report
    assert "received: <error>name is empty</error>" in report


def test_bodies_of_good_calls_are_not_in_the_lines(raw_server: RawServer) -> None:
    connection, trace = traced(raw_server.url)
    connection.send("PUT", "/api/x", body=b"<a>text</a>")
    assert trace.lines().startswith("PUT /api/x → 200, 2 bytes, 0.")
    assert "text" not in trace.lines()


def test_a_call_without_an_answer_is_told(raw_server: RawServer) -> None:
    raw_server.steps = [reset, reset]
    connection, trace = traced(raw_server.url)
    with pytest.raises(ShopError):
        connection.send("GET", "/api/x")
    assert trace.lines().count("GET /api/x → no answer") == 2


def test_an_answer_that_is_too_large_is_not_kept(raw_server: RawServer) -> None:
    raw_server.steps = [answer(body=b"x" * 5000)]
    connection, trace = traced(raw_server.url, max_bytes=1000)
    with pytest.raises(ShopError):
        connection.send("GET", "/api/x")
    assert "xxx" not in trace.report()


def test_the_key_is_nowhere_in_what_is_kept(raw_server: RawServer) -> None:
    token = base64.b64encode(f"{KEY}:".encode()).decode()
    echo = f"you sent {KEY} as {token}".encode()
    raw_server.steps = [answer("500 Oops", echo)]
    connection, trace = traced(raw_server.url)
    connection.send("POST", f"/api/{KEY}", params={"ws_key": KEY}, body=echo)
    assert KEY not in trace.report() and token not in trace.report()
    assert "you sent *** as ***" in trace.report()


@pytest.mark.parametrize(
    "text",
    [
        "<passwd><![CDATA[SECRET]]></passwd>",
        "<customer><secure_key xlink:href='x'>SECRET</secure_key></customer>",
        "<passwd>SECRET and the answer was cut he",
        '{"api_secret": "SECRET", "a": 1}',
        '{"access_token":"SECRET',
        '{"card_number": SECRET}',
        "https://shop.example/api?ws_key=SECRET&x=1",
        "Authorization: Basic SECRETSECRET==",
        "authorization=Bearer SECRET.SECRET-1",
    ],
)
def test_what_is_named_like_a_secret_is_masked(text: str) -> None:
    assert "SECRET" not in redact(text)


def test_ordinary_words_stay() -> None:
    text = "<name>A token of love</name><reference>KHWLILZLL</reference> basic wine"
    assert redact(text) == text


def test_long_base64_is_described() -> None:
    picture = base64.b64encode(os.urandom(600)).decode()
    assert redact(f"<image>{picture}</image>") == "<image>(800 characters of base64)</image>"


@pytest.mark.parametrize(
    ("body", "kind", "told"),
    [
        (b"\x89PNG....", "image/png", "(8 bytes of image/png)"),
        (b"%PDF-1.7", "application/pdf", "(8 bytes of application/pdf)"),
        (b"ab\x00cd", "text/xml", "(5 bytes of text/xml)"),
        (b"ab\x00cd", "", "(5 bytes of binary data)"),
        (b"", "text/xml", ""),
    ],
)
def test_files_are_described(body: bytes, kind: str, told: str) -> None:
    assert readable(body, kind, plain) == told


def test_an_uploaded_picture_is_described(raw_server: RawServer) -> None:
    raw_server.steps = [answer("500 Oops", b"")]
    connection, trace = traced(raw_server.url)
    connection.send("POST", "/api/images", files={"image": ("a.png", b"\x89PNGdata", "image/png")})
    assert "sent: (8 bytes of image/png)" in trace.report()
    assert "PNGdata" not in trace.report()


@given(st.integers(BODY_LIMIT - 40, BODY_LIMIT + 1100), st.integers(0, 30))
def test_a_secret_on_the_cut_is_not_half_shown(start: int, repeat: int) -> None:
    body = (KEY * repeat + "-" * max(start - len(KEY) * repeat, 0) + KEY + "." * 3000).encode()
    shown = readable(body, "text/plain", lambda text: text.replace(KEY, "***"))
    assert KEY[:12] not in shown
    assert len(shown) < BODY_LIMIT + 40


def test_many_calls_take_a_limited_place() -> None:
    trace = Trace()
    for number in range(1000):
        trace.add(
            Call(
                method="GET",
                path=f"/{number}",
                status=500 if number % 2 else 200,
                seconds=0.1,
                sent="s" * BODY_LIMIT,
                received="r" * BODY_LIMIT,
            )
        )
    assert "... 976 more ..." in trace.lines()
    assert "/0 " in trace.lines() and "/999 " in trace.lines()
    assert len(trace.report()) < REPORT_LIMIT + 10
    trace.clear()
    assert trace.report() == trace.lines() == ""
