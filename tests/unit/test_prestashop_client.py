"""What each recorded failure of PrestaShop means for a person, and how requests are written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prestashop_recorded import recorded
from raw_server import RawServer, answer

from shopapi.errors import AuthError, DataError, NotFound, ShopError, Unreachable
from shopapi.systems.prestashop.client import Client, ServerFault, _filter_values, _interval
from shopapi.systems.prestashop.wire import Draft, parse_records
from shopapi.transport import HttpSettings

KEY = "0123456789ABCDEF0123456789ABCDEF"


def client(server: RawServer) -> Client:
    return Client(server.url, KEY, HttpSettings(connect_timeout=2, read_timeout=5))


def replay(server: RawServer, name: str) -> None:
    """Let the server give the recorded answer."""
    exchange = recorded(name)
    names = {"psws-version": "PSWS-Version", "location": "Location", "content-type": "Content-Type"}
    headers = {
        shown: exchange.response_headers[key]
        for key, shown in names.items()
        if key in exchange.response_headers
    }
    server.steps.append(
        answer(f"{exchange.status} {exchange.reason}", exchange.response_body, **headers)
    )


FAILURES: list[tuple[str, type[ShopError], str]] = [
    ("159-auth-unknown-key", AuthError, "does not accept the key"),
    ("160-auth-short-key", AuthError, "does not accept the key"),
    ("161-auth-inactive-key", AuthError, "does not accept the key"),
    ("158-auth-no-key", AuthError, "does not accept the key"),
    ("163-auth-no-permission-get", AuthError, "lacks a right"),
    ("164-auth-no-permission-post", AuthError, "lacks a right"),
    ("166-auth-other-host-name", AuthError, "not the shop's own"),
    ("167-unknown-resource", DataError, "does not exist"),
    ("176-product-404", NotFound, "does not have it"),
    ("308-put-product-unknown-id", NotFound, "Invalid ID"),
    ("371-delete-image-again", NotFound, "does not exist"),
    ("510-patch-stock-several-unknown-id", NotFound, "Invalid ID"),
    ("284-post-product-negative-price", DataError, "Product->price"),
    ("288-post-product-long-name", DataError, "128"),
    ("276-post-malformed-xml", DataError, "code 127"),
    ("145-post-customer-same-email", DataError, "already used"),
    ("542-put-product-position-too-large", DataError, "135"),
    ("427-post-order-history-unknown-order", ServerFault, "without an explanation"),
]


@pytest.mark.parametrize(("name", "kind", "said"), FAILURES, ids=[row[0] for row in FAILURES])
def test_recorded_failures_say_what_to_do(
    raw_server: RawServer, name: str, kind: type[ShopError], said: str
) -> None:
    replay(raw_server, name)
    with pytest.raises(kind, match=said) as caught:
        client(raw_server).page("products")
    assert type(caught.value) is kind
    assert KEY not in str(caught.value)


def test_missing_right_names_the_resource(raw_server: RawServer) -> None:
    replay(raw_server, "163-auth-no-permission-get")
    with pytest.raises(AuthError) as caught:
        client(raw_server).page("orders")
    assert caught.value.resource == "orders"


def test_key_without_a_right_on_that_store_needs_a_person(raw_server: RawServer) -> None:
    body = b"<prestashop><errors><error><code>132</code><message>no</message></error></errors>"
    raw_server.steps.append(answer("403 Forbidden", body + b"</prestashop>"))
    with pytest.raises(AuthError, match="not good for this store"):
        client(raw_server).page("products")


def test_method_that_an_old_shop_does_not_know_is_no_question_of_rights(
    raw_server: RawServer,
) -> None:
    body = recorded("050-patch-product", old=True).response_body
    raw_server.steps.append(answer("405 Method Not Allowed", body))
    with pytest.raises(DataError, match="PATCH"):
        client(raw_server).page("products")


@pytest.mark.parametrize("status", ["502 Bad Gateway", "503 Service Unavailable", "504 Timeout"])
def test_proxy_errors_are_to_be_tried_later(raw_server: RawServer, status: str) -> None:
    raw_server.steps.append(answer(status, b"<html>nginx</html>"))
    with pytest.raises(Unreachable) as caught:
        client(raw_server).page("products")
    assert not isinstance(caught.value, ServerFault)


def test_web_service_that_is_switched_off_needs_a_person(raw_server: RawServer) -> None:
    body = b"<prestashop><errors><error><code>22</code><message>off</message></error></errors>"
    raw_server.steps.append(answer("503 Service Unavailable", body + b"</prestashop>"))
    with pytest.raises(AuthError, match="switched off"):
        client(raw_server).page("products")


def test_version_is_learnt_from_the_answer_but_not_from_a_refusal(raw_server: RawServer) -> None:
    raw_server.steps.append(answer(body=b"<prestashop><a/></prestashop>", PSWS_Version="1.7.8.11"))
    shop = client(raw_server)
    shop.page("languages")
    assert shop.version == (1, 7, 8, 11) and not shop.can_patch
    replay(raw_server, "159-auth-unknown-key")
    with pytest.raises(AuthError):
        shop.page("languages")
    assert shop.version_text == "1.7.8.11"


def test_lists_are_sorted_and_dates_carry_their_flag(raw_server: RawServer) -> None:
    raw_server.steps.append(answer(body=b"<prestashop><orders/></prestashop>"))
    client(raw_server).page("orders", ["id"], {"date_upd": "[a,b]"}, limit="0,5")
    line = raw_server.requests[0].split(b"\r\n")[0].decode()
    assert "sort=%5Bid_ASC%5D" in line
    assert "date=1" in line
    assert "filter%5Bdate_upd%5D=%5Ba%2Cb%5D" in line
    assert "limit=0%2C5" in line


def test_change_is_patched_with_the_id_in_the_document(raw_server: RawServer) -> None:
    raw_server.steps += [
        answer(body=b"<prestashop><a/></prestashop>", PSWS_Version="8.2.1"),
        answer(body=b"<prestashop/>"),
    ]
    shop = client(raw_server)
    shop.page("languages")
    shop.update("stock_availables", {"7": Draft(fields={"quantity": "5"})})
    request = raw_server.requests[1]
    assert request.startswith(b"PATCH /api/stock_availables HTTP/1.1")
    (record,) = parse_records(request.partition(b"\r\n\r\n")[2])
    assert dict(record.fields) == {"id": "7", "quantity": "5"}


def test_before_8_the_whole_record_goes_back(raw_server: RawServer) -> None:
    product = recorded("040-product-one", old=True)
    one = product.response_body.replace(b"<product>", b"<products><product>", 1)
    listed = one.replace(b"</product>\n</prestashop>", b"</product></products></prestashop>")
    raw_server.steps += [
        answer(body=listed, PSWS_Version="1.7.8.11"),
        answer(body=listed, PSWS_Version="1.7.8.11"),
        answer(body=b"<prestashop/>", PSWS_Version="1.7.8.11"),
    ]
    shop = client(raw_server)
    (before,) = shop.find("products", "id", ["1"])
    shop.update("products", {"1": Draft(fields={"price": "9.5"})})
    request = raw_server.requests[2]
    assert request.startswith(b"PUT /api/products HTTP/1.1")
    (sent,) = parse_records(request.partition(b"\r\n\r\n")[2])
    assert sent.fields["price"] == "9.5"
    assert sent.texts == before.texts
    lost = set(before.fields) - set(sent.fields)
    assert lost == {"manufacturer_name", "quantity", "position_in_category", "type", "new"}
    assert not sent.lists


@pytest.mark.parametrize("external_id", ["", "1/2", "1?x", "../1", "١", "-1", "1" * 30])
def test_only_digits_get_into_an_address(raw_server: RawServer, external_id: str) -> None:
    with pytest.raises(DataError, match="Not an id"):
        client(raw_server).get("products", external_id)
    assert not raw_server.requests


@given(st.lists(st.text(max_size=80), max_size=400))
def test_filters_hold_every_value_and_stay_short(values: list[str]) -> None:
    filters = list(_filter_values(values))
    told: set[str] = set()
    for text in filters:
        grouped = text.startswith("[") and text.endswith("]") and text not in values
        told |= set(text[1:-1].split("|")) if grouped else {text}
    assert set(values) <= told | {""}
    assert all(len(text) <= 3100 for text in filters)


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        (["12", "10", "11"], "[10,12]"),
        ([str(number) for number in range(1, 21) if number != 7], "[1,20]"),
        (["1", "3"], None),
        (["12"], None),
        (["1", "2", "987654"], None),
        (["1", "x"], None),
        (["1", "2" * 5000], None),
        ([], None),
    ],
)
def test_ids_that_nearly_follow_each_other_are_an_interval(
    values: list[str], wanted: str | None
) -> None:
    assert _interval(values, 0.1) == wanted
