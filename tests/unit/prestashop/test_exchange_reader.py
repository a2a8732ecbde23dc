"""Reading recorded exchanges from their files."""

from __future__ import annotations

import pytest

from shopapi.exchange import parse_exchange

TEXT = """# what to look at
# twice
### REQUEST
POST /api/products?limit=1&filter[id]=%5B1%5D HTTP/1.1
Host: 127.0.0.1:8300
Authorization: Basic base64("FULL-KEY:")

<a>

b</a>

### RESPONSE (0.039 s)
HTTP/1.1 201 Created
Content-Type: text/xml;charset=utf-8

<ok/>
"""


def test_parts_of_an_exchange() -> None:
    exchange = parse_exchange(TEXT, "one")
    assert (exchange.method, exchange.path, exchange.key) == ("POST", "/api/products", "FULL-KEY")
    assert exchange.query == [("limit", "1"), ("filter[id]", "[1]")]
    assert exchange.body == b"<a>\n\nb</a>"
    assert (exchange.status, exchange.reason, exchange.seconds) == (201, "Created", 0.039)
    assert (exchange.content_type, exchange.response_body) == ("text/xml", b"<ok/>\n")
    assert exchange.remarks == "what to look at\ntwice"
    assert not exchange.has_binary_body


def test_answer_without_a_body() -> None:
    head, _mark, _rest = TEXT.partition("### RESPONSE")
    exchange = parse_exchange(f"{head}### RESPONSE (0.1 s)\nHTTP/1.1 404 Not Found\nDate: now\n\n")
    assert (exchange.response_body, exchange.content_type) == (b"", "")


@pytest.mark.parametrize(
    "text",
    ["", "### REQUEST\nGET / HTTP/1.1\n\n", TEXT.replace("201", "two"), TEXT.replace(" HTTP/", "")],
)
def test_other_files_are_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parse_exchange(text, "bad")
