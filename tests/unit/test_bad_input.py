"""What a shop may answer, and that nothing but our own few errors comes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest
from raw_server import RawServer, Step, answer, say

from shopapi.adapter import Credentials, ShopAdapter
from shopapi.documents import Entry, Manufacturer, StatusChange, StockLevel
from shopapi.errors import AuthError, DataError, ShopError, Unreachable
from shopapi.registry import adapter_class
from shopapi.transport import HttpSettings

XML = b'<?xml version="1.0" encoding="UTF-8"?>'
BOMB = (
    b"<!DOCTYPE lolz [<!ENTITY a 'aaaaaaaaaa'>"
    + b"".join(b"<!ENTITY %c '%s'>" % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(10))
    + b"]><prestashop>&k;</prestashop>"
)
DOCUMENTS = {
    "entity bomb": XML + BOMB,
    "external entity": XML
    + b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><prestashop>&f;</prestashop>',
    "external document type": XML
    + b'<!DOCTYPE x SYSTEM "http://127.0.0.1:1/evil.dtd"><prestashop/>',
    "empty": b"",
    "blank": b" \n\t ",
    "page for people": b"<!doctype html><html><body><h1>Maintenance</h1></body></html>",
    "JSON": b'{"orders": []}',
    "cut in the middle": XML + b"<prestashop><orders><order><id><![CDATA[1]]",
    "no XML at all": b"\x00\x01\x02\xff",
    "wrong encoding": XML + b"<prestashop><a>\xff\xfe\xfa</a></prestashop>",
    "unknown encoding": b'<?xml version="1.0" encoding="klingon"?><prestashop/>',
    "other encoding": b'<?xml version="1.0" encoding="utf-16"?><prestashop/>',
    "another document": XML + b"<rss><channel/></rss>",
    "deep": XML + b"<prestashop>" + b"<a>" * 5000 + b"</a>" * 5000 + b"</prestashop>",
    "nothing in it": XML + b"<prestashop/>",
    "a list of nothing": XML + b"<prestashop><orders><order/></orders></prestashop>",
    "records without id": XML + b"<prestashop><rows><row><x>1</x></row></rows></prestashop>",
    "id that is none": XML
    + b"<prestashop><rows><row><id>one</id><date_upd>x</date_upd></row></rows></prestashop>",
}

Task = Callable[[ShopAdapter], object]
TASKS: dict[str, Task] = {
    "first look": lambda adapter: adapter.probe(),
    "changed orders": lambda adapter: list(adapter.changed_orders(None)),
    "whole orders": lambda adapter: adapter.fetch_orders(["1", "2"]),
    "products": lambda adapter: list(adapter.read_products()),
    "categories": lambda adapter: adapter.read_categories(),
    "changed products": lambda adapter: list(adapter.changed_products(None)),
    "stock": lambda adapter: list(adapter.read_stock()),
    "carts": lambda adapter: list(adapter.abandoned_carts(None)),
    "a record": lambda adapter: adapter.save([Entry(key="1", document=Manufacturer(name="A"))]),
    "a level": lambda adapter: adapter.push_stock(
        [StockLevel(product="1", variant=None, quantity=Decimal(1))]
    ),
    "a state": lambda adapter: adapter.change_status(StatusChange(order="1", state="2")),
}


@pytest.fixture
def server() -> Iterator[RawServer]:
    running = RawServer()
    yield running
    running.close()


@pytest.fixture
def adapter(server: RawServer) -> Iterator[ShopAdapter]:
    credentials = Credentials(base_url=server.url, api_key="SECRET0KEY" * 3)
    settings = HttpSettings(connect_timeout=2, read_timeout=3, max_bytes=200_000)
    with adapter_class("prestashop")(credentials, settings) as opened:
        yield opened


def always(server: RawServer, step: Step) -> None:
    server.steps = [step] * 60


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("kind", DOCUMENTS)
def test_a_document_that_is_none_is_one_of_our_errors(
    server: RawServer, adapter: ShopAdapter, kind: str, task: str
) -> None:
    always(server, answer(body=DOCUMENTS[kind], PSWS_Version="8.2.1"))
    try:
        TASKS[task](adapter)
    except ShopError as error:
        assert str(error)
        assert "SECRET" not in str(error)


@pytest.mark.parametrize("kind", ["entity bomb", "external entity", "external document type"])
def test_document_types_are_refused_by_name(
    server: RawServer, adapter: ShopAdapter, kind: str
) -> None:
    always(server, answer(body=DOCUMENTS[kind], PSWS_Version="8.2.1"))
    with pytest.raises(DataError, match=r"document type|not readable"):
        list(adapter.changed_orders(None))
    assert len(server.requests) == 1  # nobody was asked for the entity


def test_an_answer_over_the_limit_is_not_read(server: RawServer, adapter: ShopAdapter) -> None:
    always(server, answer(body=b"x" * 300_000))
    with pytest.raises(DataError, match="larger than"):
        list(adapter.changed_orders(None))


def test_an_answer_that_ends_early_is_the_network(server: RawServer, adapter: ShopAdapter) -> None:
    always(server, say("HTTP/1.1 200 OK\nContent-Length: 5000\n\n<prestashop>"))
    with pytest.raises(Unreachable):
        list(adapter.changed_orders(None))


def test_a_redirect_to_another_host_is_told_and_not_followed(
    server: RawServer, adapter: ShopAdapter
) -> None:
    other = RawServer()
    always(server, answer("302 Found", b"", Location=f"{other.url}/api/orders"))
    try:
        with pytest.raises(AuthError, match="not the shop's own"):
            list(adapter.changed_orders(None))
        assert other.requests == []
    finally:
        other.close()


@pytest.mark.parametrize("status", ["200 OK", "500 Oops", "404 Gone", "403 No", "999 What"])
def test_rubbish_under_any_status_is_one_of_our_errors(
    server: RawServer, adapter: ShopAdapter, status: str
) -> None:
    always(server, answer(status, b"\xff<rubbish>&;", Content_Type="text/xml; charset=nonsense"))
    for task in TASKS.values():
        with pytest.raises(ShopError):
            task(adapter)


@pytest.mark.parametrize(
    "lines",
    [
        "",
        "ICY 200 OK\n\n",
        "HTTP/1.1 banana\n\n",
        "HTTP/1.1 200 OK\nContent-Length: many\n\nx",
        "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\nzz\nhello\n",
        "HTTP/1.1 200 OK\nContent-Encoding: gzip\nContent-Length: 3\n\nabc",
        "HTTP/1.1 429 Slow\nRetry-After: whenever\nContent-Length: 0\n\n",
        "HTTP/1.1 302 Found\nLocation: http://[broken\nContent-Length: 0\n\n",
    ],
)
def test_what_is_hardly_http_is_one_of_our_errors(
    server: RawServer, adapter: ShopAdapter, lines: str
) -> None:
    always(server, say(lines))
    with pytest.raises(ShopError):
        list(adapter.changed_orders(None))
