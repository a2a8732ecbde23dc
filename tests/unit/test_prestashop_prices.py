"""Price rules <-> the shop's rows of special prices, checked with recorded rows."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from prestashop_recorded import recorded, records

from shopapi.documents import Price, PriceRule, PriceRules
from shopapi.errors import DataError
from shopapi.systems.prestashop.wire import Draft, Record, dump
from shopapi.systems.prestashop.wire_prices import (
    RowKey,
    changed_figures,
    is_ours,
    new_row,
    row_key,
    rule_rows,
)

D = Decimal
ROME = ZoneInfo("Europe/Rome")
NONE = "0000-00-00 00:00:00"
HERE = frozenset({"1"})


def rows_of(*rules: PriceRule) -> dict[RowKey, Draft]:
    return rule_rows(PriceRules(product="12", rules=rules), ROME)


def net(amount: str) -> Price:
    return Price(net=D(amount), gross=D(amount) * D("1.22"))


#: the three rules that were written when the shop was recorded, and the products they were for
RECORDED = {
    "12": PriceRule(group="4", percent=D(15)),
    "22": PriceRule(min_quantity=D(6), price=net("9.5"), strike=False),
}


@pytest.mark.parametrize("product", RECORDED)
def test_a_recorded_row_is_what_its_rule_says(product: str) -> None:
    (row,) = [each for each in records("248") if each.required("id_product") == product]
    ((key, figures),) = rows_of(RECORDED[product]).items()
    assert row_key(row) == key
    assert not changed_figures(row, figures)
    assert is_ours(row, HERE)


@pytest.mark.parametrize("name", ["139", "140"])
def test_a_new_row_has_the_fields_and_values_that_a_shop_took(name: str) -> None:
    sent = recorded(name)
    taken = etree.fromstring(sent.body)[0]
    product = taken.findtext("id_product") or ""
    ((key, figures),) = rows_of(RECORDED[product]).items()
    made = etree.fromstring(dump("specific_price", [new_row(product, key, figures, None)]))[0]
    fields = {each.tag: each.text for each in made}
    assert set(fields) == {each.tag for each in taken}
    for each in taken:
        text = fields[each.tag] or ""
        if each.tag in {"price", "reduction"}:
            assert D(text) == D(each.text or "")
        else:
            assert text == each.text


@pytest.mark.parametrize("name", ["8.2.1", "1.7.8"])
def test_every_field_a_shop_requires_is_said(name: str) -> None:
    schema = recorded("020-schema") if name == "8.2.1" else recorded("023-schema", old=True)
    required = {
        each.tag
        for each in etree.fromstring(schema.response_body)[0]
        if each.get("required") == "true"
    }
    ((key, figures),) = rows_of(PriceRule(price=net("9"))).items()
    assert required <= set(new_row("12", key, figures, None).fields)


def test_a_dated_row_carries_the_shops_own_time() -> None:
    (row,) = [each for each in records("248") if each.required("id_product") == "17"]
    rule = PriceRule(
        price=net("9"),
        starts_at=datetime(2026, 10, 31, 23, 0, 0, tzinfo=UTC),
        ends_at=datetime(2026, 12, 31, 22, 59, 59, tzinfo=UTC),
    )
    ((key, _figures),) = rows_of(rule).items()
    assert row_key(row) == key
    assert (key.starts, key.ends) == ("2026-11-01 00:00:00", "2026-12-31 23:59:59")


def test_a_struck_price_is_the_ordinary_one_and_what_is_taken_off() -> None:
    ((_key, draft),) = rows_of(PriceRule(price=net("7.5"), ordinary=net("10"))).items()
    assert draft.fields == {
        "price": "10.000000",
        "reduction": "2.500000",
        "reduction_tax": "0",
        "reduction_type": "amount",
    }


@pytest.mark.parametrize("ordinary", ["7.5", "7"])
def test_nothing_lower_is_struck_through(ordinary: str) -> None:
    ((_key, draft),) = rows_of(PriceRule(price=net("7.5"), ordinary=net(ordinary))).items()
    assert (draft.fields["price"], draft.fields["reduction"]) == ("7.500000", "0.000000")


@pytest.mark.parametrize(
    "name", ["id_cart", "id_customer", "id_country", "id_currency", "id_specific_price_rule"]
)
def test_rows_for_somebody_in_particular_are_not_ours(name: str) -> None:
    assert not is_ours(Record(name="specific_price", fields={"id": "1", name: "3"}), HERE)


def test_rows_of_another_store_are_not_ours() -> None:
    def row(store: str) -> Record:
        return Record(name="specific_price", fields={"id": "1", "id_shop": store})

    assert [is_ours(row(store), HERE) for store in ("", "0", "1", "2")] == [True, True, True, False]


@given(
    st.dictionaries(
        st.sampled_from(["id_product_attribute", "id_group", "from_quantity", "from", "to"]),
        st.text(max_size=12),
    )
)
def test_whatever_stands_in_a_row_it_has_a_key_or_is_refused(fields: dict[str, str]) -> None:
    try:
        key = row_key(Record(name="specific_price", fields=fields))
    except DataError:
        return
    assert key.quantity >= 1


@given(
    st.lists(
        st.decimals("0.01", "20", places=2).map(lambda q: PriceRule(min_quantity=q, price=net("1")))
    )
)
def test_a_row_holds_from_the_whole_quantity_at_which_its_rule_does(rules: list[PriceRule]) -> None:
    for key in rows_of(*rules):
        assert any(key.quantity - 1 < rule.min_quantity <= key.quantity for rule in rules)
