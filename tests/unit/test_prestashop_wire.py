"""The XML of PrestaShop: what recorded answers say, and what any rubbish must not do."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree
from prestashop_recorded import FOLDER, recorded, records

from shopapi.errors import DataError
from shopapi.exchange import Exchange, read_exchange
from shopapi.systems.prestashop.wire import (
    Draft,
    Record,
    clean_text,
    dump,
    is_same,
    merged,
    parse_faults,
    parse_record,
    parse_records,
    parse_rights,
)

ROME = ZoneInfo("Europe/Rome")


def _answers_in_xml() -> list[Exchange]:
    exchanges = [read_exchange(path) for path in sorted(FOLDER.rglob("*.http"))]
    return [item for item in exchanges if item.content_type == "text/xml" and item.response_body]


@pytest.mark.parametrize("exchange", _answers_in_xml(), ids=lambda item: item.name)
def test_every_recorded_answer_is_read(exchange: Exchange) -> None:
    if exchange.status >= 400:
        assert parse_faults(exchange.response_body)
    elif exchange.path.rstrip("/") == "/api":
        assert parse_rights(exchange.response_body).allowed
    else:
        parse_records(exchange.response_body)


def test_product_keeps_fields_texts_and_lists_apart() -> None:
    product = parse_record(recorded("169-product-one").response_body)
    assert product.id == "12"
    assert product.fields["reference"] == "TES-001"
    assert product.texts["name"]["1"] == "Linen shirt"
    assert product.ids("categories") == ("2", "8")
    assert product.amount("price") == Decimal("49.180328")
    assert product.flag("active") and not product.flag("online_only")
    assert product.reference("id_supplier") == "1"
    assert product.moment("date_add", ROME) == datetime(2026, 11, 21, 21, 26, 49, tzinfo=UTC)


def test_list_is_told_from_record_by_its_content() -> None:
    assert [record.name for record in records("105-languages-full")] == ["language"] * 3
    assert records("102-empty-list-xml") == []
    assert records("417-order-slip")[0].lists["order_slip_details"][0]["id_order_detail"] == "13"
    assert records("117-configurations-some")[0].fields["name"] == "PS_CURRENCY_DEFAULT"


def test_rights_of_a_key() -> None:
    rights = parse_rights(recorded("001-root-xml").response_body)
    assert rights.shop_name == "Bottega Lab"
    assert rights.can("products", "patch")
    assert not rights.can("no_such_resource", "get")
    only_reading = parse_rights(recorded("004-root-readonly-key").response_body)
    assert only_reading.can("products", "get") and not only_reading.can("products", "put")


def test_error_messages_are_for_people() -> None:
    faults = parse_faults(recorded("145-post-customer-same-email").response_body)
    assert [fault.code for fault in faults] == [140, 46]
    escaped = parse_faults(recorded("508-patch-stock-several-one-bad").response_body)
    assert "StockAvailable->quantity" in escaped[0].message


@given(st.binary(max_size=300))
@example(b"")
@example(b"<html><body>Maintenance</body></html>")
@example(b"<prestashop>")
@example(b"<prestashop><product><id>1</id></product>")
@example(b"\xff\xfe<prestashop/>")
@example(b"<?xml version='1.0' encoding='no-such'?><prestashop/>")
def test_any_bytes_give_records_or_a_data_error(payload: bytes) -> None:
    for read in (parse_records, parse_rights, parse_record):
        try:
            read(payload)
        except DataError:
            continue
    parse_faults(payload)


names = st.sampled_from(["id", "name", "price", "language", "associations", "error", "api", "x"])
trees = st.recursive(
    st.builds(lambda tag, text: f"<{tag}>{text}</{tag}>", names, st.sampled_from(["", "1", "a"])),
    lambda inner: st.builds(
        lambda tag, parts: f"<{tag} id='2'>{''.join(parts)}</{tag}>", names, st.lists(inner)
    ),
    max_leaves=12,
)


@given(st.lists(trees, max_size=4))
def test_any_tree_gives_records_or_a_data_error(parts: list[str]) -> None:
    payload = f"<prestashop>{''.join(parts)}</prestashop>".encode()
    try:
        for record in parse_records(payload):
            record.moment("name", ROME)
            record.day("name")
            record.amount("price")
    except DataError:
        return


@pytest.mark.parametrize(
    "payload",
    [
        b'<!DOCTYPE p [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><prestashop><x>&b;</x></prestashop>',
        b'<!DOCTYPE p [<!ENTITY f SYSTEM "file:///etc/passwd">]><prestashop><x>&f;</x></prestashop>',
        b'<!DOCTYPE p SYSTEM "http://127.0.0.1:1/x.dtd"><prestashop/>',
    ],
    ids=["laughs", "file", "network"],
)
def test_document_types_and_entities_are_refused(payload: bytes) -> None:
    with pytest.raises(DataError):
        parse_records(payload)


texts = st.text(max_size=60)


@given(st.dictionaries(st.sampled_from(["1", "2", "3"]), texts, min_size=1), texts)
def test_what_is_written_is_read_back(name: dict[str, str], sku: str) -> None:
    draft = Draft(
        fields={"id": "7", "reference": sku, "name": name},
        lists={"categories": ("2", "6")},
    )
    record = parse_record(dump("product", [draft]))
    assert is_same(record.fields["reference"], sku)
    assert is_same(record.texts["name"], name)
    assert record.ids("categories") == ("2", "6")


def test_several_records_stand_side_by_side() -> None:
    drafts = [Draft(fields={"id": key, "quantity": "5"}) for key in ("1", "2")]
    root = etree.fromstring(dump("stock_available", drafts))
    assert [child.tag for child in root] == ["stock_available", "stock_available"]


def test_own_documents_have_the_shape_of_the_recorded_requests() -> None:
    sent = parse_record(recorded("131-post-combination").body)
    own = parse_record(
        dump(
            "combination",
            [Draft(fields=dict(sent.fields), lists={"product_option_values": ("5",)})],
        )
    )
    assert own == sent


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("12.295082", "12.2950820"),
        ("0.4", "0.400000"),
        ("", "0"),
        ("0.000000", ""),
        ("Tom & Jerry", "Tom &amp; Jerry"),
        ("a\r\nb ", "a\nb"),
    ],
)
def test_spellings_that_mean_the_same(left: str, right: str) -> None:
    assert is_same(left, right)
    assert is_same({"1": left}, {"1": right})


@pytest.mark.parametrize(("left", "right"), [("10", "1"), ("a", "b"), ("100", "1.00"), ("x", "")])
def test_spellings_that_differ(left: str, right: str) -> None:
    assert not is_same(left, right)


def test_languages_that_one_side_lacks_count_as_empty() -> None:
    assert is_same({"1": "a", "2": ""}, {"1": "a"})
    assert not is_same({"1": "a", "2": "b"}, {"1": "a"})


def test_whole_record_keeps_everything_but_what_the_shop_refuses() -> None:
    product = records("040-product-one", old=True)[0]
    whole = merged(
        product, Draft(fields={"price": "9.000000"}), frozenset({"manufacturer_name", "quantity"})
    )
    assert whole.fields["price"] == "9.000000"
    assert whole.fields["reference"] == "CER-001"
    assert whole.fields["date_add"] == product.fields["date_add"]
    assert whole.fields["name"] == dict(product.texts["name"])
    assert "manufacturer_name" not in whole.fields and "quantity" not in whole.fields
    # without the node the shop leaves the associations alone
    assert not whole.lists


def test_control_characters_are_left_out() -> None:
    assert clean_text("a\x00b\x0bc\ud800d\te 🍷") == "abcd\te 🍷"


@pytest.mark.parametrize("value", ["0000-00-00 00:00:00", "", "0000-00-00"])
def test_zero_dates_are_none(value: str) -> None:
    record = Record(name="order", fields={"date_add": value})
    assert record.moment("date_add", ROME) is None
    assert record.day("date_add") is None


def test_missing_field_is_a_data_error_not_a_key_error() -> None:
    with pytest.raises(DataError, match="has no field 'price'"):
        Record(name="product", fields={}).amount("price")


@pytest.mark.parametrize(
    ("local", "utc"),
    [
        ("2026-07-01 12:00:00", "2026-07-01T10:00:00+00:00"),
        ("2026-12-01 12:00:00", "2026-12-01T11:00:00+00:00"),
        ("2026-10-25 02:30:00", "2026-10-25T00:30:00+00:00"),  # happens twice: the first
        ("2026-03-29 02:30:00", "2026-03-29T01:30:00+00:00"),  # does not exist
    ],
)
def test_local_times_of_the_shop(local: str, utc: str) -> None:
    moment = Record(name="order", fields={"date_add": local}).moment("date_add", ROME)
    assert moment is not None
    assert moment.isoformat() == utc
