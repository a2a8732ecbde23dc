"""Catalogue documents -> what PrestaShop stores, and pictures that are the same."""

from __future__ import annotations

import io
import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image as Picture
from prestashop_recorded import records

from shopapi.documents import Price, Product, Texts
from shopapi.errors import DataError
from shopapi.pictures import is_same_picture
from shopapi.systems.prestashop import wire_catalogue, wire_codes
from shopapi.systems.prestashop.wire import Draft, Record

D = Decimal


def complete(texts: Texts, field: str) -> dict[str, str]:
    return {language: texts.get(language, "") for language in ("1", "2", "3")}


def product(**more: object) -> Product:
    values = {
        "sku": "W-1",
        "name": {"1": "Wine", "2": "Vino", "3": "Bor"},
        "price": Price(net=D("10"), gross=D("12.2")),
        "tax": "1",
        **more,
    }
    return Product(**values)  # type: ignore[arg-type]


@given(st.text(max_size=300), st.text(max_size=20))
def test_slug_is_always_a_valid_address_part(text: str, spare: str) -> None:
    made = wire_catalogue.slug(text, spare)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", made)
    assert len(made) <= 128


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("Vino Nobile di Montepulciano", "vino-nobile-di-montepulciano"),
        ("Tokaji Aszú — 5 puttonyos", "tokaji-aszu-5-puttonyos"),
        ("Łódź Größe Øl", "lodz-grosse-ol"),
        ("赤ワイン", "w-1"),
    ],
)
def test_slugs(text: str, made: str) -> None:
    assert wire_catalogue.slug(text, "W-1") == made


def test_new_product_is_sellable_in_all_languages() -> None:
    draft = wire_catalogue.new_product(product(category="6"), "2", complete)
    for field in ("state", "active", "available_for_order", "show_price", "minimal_quantity"):
        assert draft.fields[field] == "1"
    assert draft.fields["link_rewrite"] == {"1": "wine", "2": "vino", "3": "bor"}
    assert draft.fields["id_category_default"] == "6"
    assert draft.lists["categories"] == ("6",)
    assert draft.fields["price"] == "10.000000"


def test_product_without_category_stands_in_the_home_category() -> None:
    draft = wire_catalogue.new_product(product(), "2", complete)
    assert draft.fields["id_category_default"] == "2"
    assert draft.lists["categories"] == ("2",)


def test_main_category_is_always_among_the_categories() -> None:
    drafts = wire_catalogue.product(product(category="6", categories=("4", "5")), "2", complete)
    assert drafts["categories"].lists["categories"] == ("6", "4", "5")


@pytest.mark.parametrize(
    ("has_variants", "is_virtual", "kind"),
    [(True, False, "combinations"), (False, True, "virtual"), (False, False, "standard")],
)
def test_kind_of_product(has_variants: bool, is_virtual: bool, kind: str) -> None:
    document = product(has_variants=has_variants, is_virtual=is_virtual)
    assert wire_catalogue.product_type(document) == kind


@pytest.mark.parametrize("bad", ["<b>", "a;b", "a=b", "#1", "{x}", "", "   ", "n" * 129])
def test_names_the_shop_would_refuse_are_named(bad: str) -> None:
    with pytest.raises(DataError, match="name"):
        wire_catalogue.new_product(product(name={"1": bad, "2": "x", "3": "x"}), "2", complete)


def test_only_what_differs_is_left_of_a_draft() -> None:
    record = Record(
        name="product",
        fields={"price": "10.000000", "reference": "W-1", "id_manufacturer": "0"},
        texts={"name": {"1": "Wine &amp; more", "2": "Vino"}, "description": {"1": "Ours"}},
        lists={"categories": ({"id": "2"}, {"id": "6"})},
    )
    draft = Draft(
        fields={
            "price": "10.00",
            "reference": "W-2",
            "id_manufacturer": "0",
            "name": {"1": "Wine & more", "2": "Vino"},
            "description": {"1": "", "2": ""},
        },
        lists={"categories": ("6", "2")},
    )
    assert wire_catalogue.differing(draft, record) == Draft(fields={"reference": "W-2"})


def test_a_list_that_is_added_to_loses_nothing() -> None:
    record = Record(name="product", fields={}, lists={"categories": ({"id": "2"}, {"id": "6"})})

    def left(*ids: str) -> Draft:
        draft = Draft(fields={}, lists={"categories": ids})
        return wire_catalogue.differing(draft, record, adding={"categories"})

    assert set(left("7", "2").lists["categories"]) == {"2", "6", "7"}
    assert not left("6")


def test_text_that_is_empty_everywhere_is_left_as_the_shop_has_it() -> None:
    record = Record(name="product", fields={}, texts={"description": {"1": "Merchant's own"}})
    draft = Draft(fields={"description": {"1": "", "2": ""}})
    assert not wire_catalogue.differing(draft, record)


# --- code lists -----------------------------------------------------------------------------------


def test_recorded_tax_groups_have_the_rate_of_the_country() -> None:
    rates = wire_codes.tax_rates(records("111-taxes-full"))
    taxes = wire_codes.taxes(
        records("110-tax-rule-groups-full"), records("112-tax-rules-it"), rates
    )
    assert {code.external_id: code.rate for code in taxes} == {
        "1": D(22), "2": D(10), "3": D(5), "4": D(4), "5": D(0), "6": D(22), "0": D(0)
    }  # fmt: skip


def test_recorded_order_states_mean_what_they_say() -> None:
    states = wire_codes.order_states(records("107-order-states-full"), {}, "1")
    assert {code.external_id: code.meaning for code in states} == {
        "1": "waiting", "2": "paid", "3": "processing", "4": "shipped", "5": "delivered",
        "6": "cancelled", "7": "refunded", "8": "error", "9": "paid", "10": "waiting",
        "11": "paid", "12": "waiting", "13": "waiting",
    }  # fmt: skip


def test_settings_of_the_shop_overrule_what_a_state_looks_like() -> None:
    settings = {"PS_OS_DELIVERED": "4", "PS_OS_PAYMENT": "3"}
    states = wire_codes.order_states(records("107-order-states-full"), settings, "1")
    meanings = {code.external_id: code.meaning for code in states}
    assert (meanings["4"], meanings["3"], meanings["2"]) == ("delivered", "paid", "paid")


def test_edited_carrier_keeps_its_code() -> None:
    old = Record(name="carrier", fields={"id": "2", "id_reference": "2", "deleted": "1"})
    new = Record(
        name="carrier", fields={"id": "9", "id_reference": "2", "name": "0", "active": "1"}
    )
    (listed,) = wire_codes.carriers([old, new], "Bottega")
    assert (listed.external_id, listed.name) == ("2", "Bottega")
    assert wire_codes.carrier_code(old) == wire_codes.carrier_code(new)


# --- pictures -------------------------------------------------------------------------------------


def drawn(kind: str, *, label: int = 0, size: tuple[int, int] = (600, 800)) -> bytes:
    picture = Picture.radial_gradient("L").resize(size).convert("RGB")
    picture.paste((120, 0, 30), (200, 300, 400, 500))
    if label:
        picture.paste((250, 250, 250), (250, 380, 250 + label, 410))
    buffer = io.BytesIO()
    picture.save(buffer, kind, **({"quality": 80} if kind in {"JPEG", "WEBP"} else {}))
    return buffer.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "PNG"])
def test_picture_stays_the_same_however_it_is_encoded(kind: str) -> None:
    assert is_same_picture(drawn("PNG"), drawn(kind))


def test_other_label_or_size_is_another_picture() -> None:
    assert not is_same_picture(drawn("PNG"), drawn("PNG", label=60))
    assert not is_same_picture(drawn("PNG"), drawn("PNG", size=(300, 400)))


def test_transparent_ground_is_white_as_in_the_shop() -> None:
    clear = Picture.new("RGBA", (50, 50), (0, 0, 0, 0))
    white = Picture.new("RGB", (50, 50), "white")
    files = []
    for picture in (clear, white):
        buffer = io.BytesIO()
        picture.save(buffer, "PNG")
        files.append(buffer.getvalue())
    assert is_same_picture(*files)


@given(st.binary(max_size=200), st.binary(max_size=200))
def test_any_bytes_can_be_compared(left: bytes, right: bytes) -> None:
    assert is_same_picture(left, right) == (left == right)
