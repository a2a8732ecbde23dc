"""HTTP as the shop clients use it, against a server that misbehaves on command."""

from __future__ import annotations

import socket
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from raw_server import RawServer, answer, reset, say, silence

from shopapi.errors import AuthError, DataError, RateLimited, Unreachable
from shopapi.pace import TokenBucket, retry_after
from shopapi.transport import HttpSettings, Transport, normalise_base_url

KEY = "S3CRETKEYS3CRETKEYS3CRETKEYS3CRE"


def transport(url: str, **settings: object) -> Transport:
    patience = {"connect_timeout": 2.0, "read_timeout": 2.0, **settings}
    return Transport(url, basic=(KEY, ""), settings=HttpSettings(**patience))  # type: ignore[arg-type]


def test_answer_is_read_whole_and_key_travels_in_the_header(raw_server: RawServer) -> None:
    got = transport(raw_server.url).send("GET", "/api/x", params={"filter[id]": "[1|2]"})
    assert (got.status, got.body) == (200, b"ok")
    assert b"Authorization: Basic UzNDUkVU" in raw_server.requests[0]
    assert raw_server.requests[0].startswith(b"GET /api/x?filter%5Bid%5D=%5B1%7C2%5D HTTP/1.1")


def test_session_cookie_is_not_sent_back(raw_server: RawServer) -> None:
    raw_server.steps = [answer(Set_Cookie="PHPSESSID=abc; path=/")]
    connection = transport(raw_server.url)
    connection.send("GET", "/a")
    connection.send("GET", "/b")
    assert b"Cookie" not in raw_server.requests[1]


def test_redirect_is_a_wrong_address_and_not_followed(raw_server: RawServer) -> None:
    raw_server.steps = [answer("302 Found", b"", Location="http://127.0.0.1:1/?url=products")]
    with pytest.raises(AuthError, match="is not the shop's own") as caught:
        transport(raw_server.url).send("GET", "/api/products")
    assert "http://127.0.0.1:1/" in str(caught.value)
    assert len(raw_server.requests) == 1


@pytest.mark.parametrize(
    ("status", "headers", "seconds"),
    [
        ("429 Too Many Requests", {"Retry_After": "7"}, 7.0),
        ("429 Too Many Requests", {}, 30.0),
        ("503 Service Unavailable", {"Retry_After": "120"}, 120.0),
    ],
)
def test_slow_down_tells_how_long(
    raw_server: RawServer, status: str, headers: dict[str, str], seconds: float
) -> None:
    raw_server.steps = [answer(status, b"", **headers)]
    with pytest.raises(RateLimited) as caught:
        transport(raw_server.url).send("GET", "/")
    assert caught.value.retry_after == seconds


def test_503_without_a_pause_is_left_to_the_client(raw_server: RawServer) -> None:
    raw_server.steps = [answer("503 Service Unavailable", b"<errors/>")]
    assert transport(raw_server.url).send("GET", "/").body == b"<errors/>"


def test_retry_after_as_date_counts_from_now() -> None:
    now = datetime(2026, 11, 21, 21, 0, 0, tzinfo=UTC)
    assert retry_after("Sat, 21 Nov 2026 21:01:30 GMT", now) == 90.0
    assert retry_after("Sat, 21 Nov 2026 20:00:00 GMT", now) == 0.0


@given(st.text(max_size=40))
def test_any_retry_after_gives_a_sane_pause(text: str) -> None:
    assert 0.0 <= retry_after(text) <= 3600.0


def test_refused_connection_was_never_carried_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(Unreachable, match="cannot be connected to") as caught:
        transport(f"http://127.0.0.1:{port}").send("POST", "/api/products", body=b"x")
    assert caught.value.maybe_done is False


@pytest.mark.parametrize(("method", "maybe_done"), [("GET", False), ("POST", True)])
def test_time_out_says_whether_it_may_be_done(
    raw_server: RawServer, method: str, maybe_done: bool
) -> None:
    raw_server.steps = [silence(0.6)]
    with pytest.raises(Unreachable, match="did not answer in time") as caught:
        transport(raw_server.url, read_timeout=0.2).send(method, "/")
    assert caught.value.maybe_done is maybe_done


def test_slow_drip_ends_at_the_total_time(raw_server: RawServer) -> None:
    def drip(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 400000\r\n\r\n")
        for _ in range(40):
            connection.sendall(b"x" * 10000)
            silence(0.02)(connection)

    raw_server.steps = [drip]
    with pytest.raises(Unreachable, match="too slowly"):
        transport(raw_server.url, total_timeout=0.1).send("GET", "/")


def test_reading_call_is_repeated_once_after_a_reset(raw_server: RawServer) -> None:
    raw_server.steps = [reset]
    assert transport(raw_server.url).send("GET", "/").body == b"ok"
    raw_server.steps = [reset, reset]
    with pytest.raises(Unreachable, match="broke the connection off"):
        transport(raw_server.url).send("GET", "/")


def test_writing_call_is_not_repeated_after_a_reset(raw_server: RawServer) -> None:
    raw_server.steps = [reset]
    connection = transport(raw_server.url)
    with pytest.raises(Unreachable) as caught:
        connection.send("POST", "/", body=b"x")
    assert caught.value.maybe_done is True
    assert len(raw_server.requests) == 1
    assert connection.writes == 1


def test_cut_answer_is_no_answer(raw_server: RawServer) -> None:
    cut = say("HTTP/1.1 200 OK\nContent-Length: 100\nConnection: close\n\n<half>")
    raw_server.steps = [cut, cut]
    with pytest.raises(Unreachable, match="broke the connection off"):
        transport(raw_server.url).send("GET", "/")


def test_cut_chunked_answer_is_no_answer(raw_server: RawServer) -> None:
    cut = say("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n5\nhello\nff\nx")
    raw_server.steps = [cut]
    with pytest.raises(Unreachable) as caught:
        transport(raw_server.url).send("PUT", "/", body=b"x")
    assert caught.value.maybe_done is True


def test_answer_larger_than_allowed_is_not_read(raw_server: RawServer) -> None:
    raw_server.steps = [answer(body=b"x" * 300_000)]
    with pytest.raises(DataError, match="larger than 100 kB"):
        transport(raw_server.url, max_bytes=100 * 1024).send("GET", "/")


def test_speaking_tls_to_a_plain_server_is_a_sentence(raw_server: RawServer) -> None:
    with pytest.raises(Unreachable, match="certificate"):
        transport(raw_server.url.replace("http", "https")).send("GET", "/")


def test_secrets_never_show(raw_server: RawServer) -> None:
    raw_server.steps = [answer("302 Found", b"", Location=f"http://x/?ws_key={KEY}")]
    seen: list[str] = []
    settings = HttpSettings(on_call=lambda method, path, *rest: seen.append(path))
    address = raw_server.url.replace("//", "//user:hunter2hunter2@")
    connection = Transport(address, basic=(KEY, ""), settings=settings)
    with pytest.raises(AuthError) as caught:
        connection.send("GET", f"/api/{KEY}")
    told = f"{caught.value} {caught.value!r} {connection!r} {seen}"
    assert KEY not in told
    assert "hunter2hunter2" not in told


def test_every_call_is_told_to_the_hook_and_writes_are_counted(raw_server: RawServer) -> None:
    seen: list[tuple[str, str, int | None, int]] = []

    def hook(method: str, path: str, status: int | None, seconds: float, size: int) -> None:
        assert seconds >= 0
        seen.append((method, path, status, size))

    connection = transport(raw_server.url, on_call=hook)
    connection.send("GET", "/a", params={"email": "a@b.example"})
    connection.send("PATCH", "/b", body=b"x")
    raw_server.steps = [reset]
    with pytest.raises(Unreachable):
        connection.send("DELETE", "/c")
    assert seen == [("GET", "/a", 200, 2), ("PATCH", "/b", 200, 2), ("DELETE", "/c", None, 0)]
    assert (connection.calls, connection.writes) == (3, 2)


@pytest.mark.parametrize("text", ["", "   ", "ftp://shop.example", "https://", "a b.example"])
def test_what_is_no_web_address_needs_a_person(text: str) -> None:
    with pytest.raises(AuthError):
        normalise_base_url(text)


@given(st.text(max_size=60))
def test_any_address_is_usable_or_refused_as_such(text: str) -> None:
    try:
        connection = Transport(text, basic=("k", ""))
    except AuthError:
        return
    assert connection.base_url.startswith(("http://", "https://"))


def test_host_that_cannot_be_written_down_needs_a_person() -> None:
    with pytest.raises((AuthError, Unreachable)):
        transport(f"http://{'a' * 70}.example").send("GET", "/")


def test_bucket_lets_a_burst_through_and_then_keeps_the_pace() -> None:
    now = [0.0]
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        now[0] += seconds

    bucket = TokenBucket(2.0, burst=3, clock=lambda: now[0], sleep=sleep)
    for _ in range(3):
        assert bucket.take() == 0.0
    assert bucket.take() == pytest.approx(0.5)
    assert bucket.take() == pytest.approx(0.5)
    now[0] += 10
    assert [bucket.take() for _ in range(3)] == [0.0, 0.0, 0.0]
    assert sum(slept) == pytest.approx(1.0)


def test_bucket_refuses_nonsense() -> None:
    with pytest.raises(ValueError, match="positive"):
        TokenBucket(0)


def test_read_only_lets_nothing_out_that_writes(raw_server: RawServer) -> None:
    connection = transport(raw_server.url, read_only=True)
    with pytest.raises(PermissionError, match="may only read"):
        connection.send("POST", "/x", body=b"secret")
    assert raw_server.requests == []
    assert connection.send("GET", "/x").body == b"ok"
    assert (connection.calls, connection.writes) == (1, 0)
