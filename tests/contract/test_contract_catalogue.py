"""Products, variants, categories and what they are made of, out to the shop."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from pieces import change, child, entries, net, renamed
from world import World

from shopapi.adapter import ShopAdapter
from shopapi.documents import (
    Attribute,
    AttributeValue,
    Category,
    Entry,
    Manufacturer,
    Product,
    Variant,
)
from shopapi.errors import DataError, NotFound

D = Decimal


def full_product(world: World, adapter: ShopAdapter, sku: str = "W-1") -> Product:
    """A product with everything."""
    (maker,) = world.save(adapter, Manufacturer(name="Cantina Fiori & Figli"))
    (wine,) = world.save(adapter, child(world.texts("Wine")))
    (red,) = world.save(adapter, child(world.texts("Red"), wine))
    return world.product(
        sku,
        barcode="8000000000019",
        short_description=world.texts("<p>Dry & round</p>"),
        description=world.texts("<p>From the <b>hills</b>: 100% Sangiovese; 13,5°</p>"),
        manufacturer=maker,
        category=red,
        categories=(wine, red),
        weight=D("1.25"),
    )


def test_new_product_stands_in_the_shop_in_every_language(
    world: World, adapter: ShopAdapter
) -> None:
    product = full_product(world, adapter)
    (external_id,) = world.save(adapter, product)
    assert world.names_of("W-1") == product.name
    assert len(world.names_of("W-1")) == len(world.info.languages)
    assert abs(world.net_price_of("W-1") - product.price.net) < D("0.0000005")
    assert world.is_on_sale("W-1")
    # the shop holds exactly that: saving it again finds nothing to write
    before = adapter.writes
    outcome = change(adapter, external_id, product)
    assert outcome.error is None and not outcome.written
    assert adapter.writes == before


def test_one_changed_text_is_one_writing_call_and_touches_nothing_else(
    world: World, adapter: ShopAdapter
) -> None:
    product = full_product(world, adapter)
    (external_id,) = world.save(adapter, product)
    held = world.held("W-1")
    italian = world.language("it")
    world.sim.clear_log()
    before = adapter.writes
    outcome = change(adapter, external_id, renamed(product, italian, "Vino nuovo"), "name")
    assert outcome.error is None and outcome.written
    assert adapter.writes == before + 1 == before + len(world.sim.writes)
    assert world.names_of("W-1") == {**product.name, italian: "Vino nuovo"}
    after = world.held("W-1")
    assert {key for key in held if held[key] != after[key]} == {"name"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("price", net("15.00", 22)),
        ("barcode", "4006381333931"),
        ("weight", D("0.75")),
        ("active", False),
        ("sku", "W-1"),
        ("manufacturer", None),
    ],
)
def test_a_changed_field_leaves_the_others_alone(
    world: World, adapter: ShopAdapter, field: str, value: object
) -> None:
    product = full_product(world, adapter)
    (external_id,) = world.save(adapter, product)
    held = world.held("W-1")
    changed = replace(product, **{field: value})
    assert change(adapter, external_id, changed, field).error is None
    after = world.held("W-1")
    assert len([key for key in held if held[key] != after[key]]) <= 2
    assert world.names_of("W-1") == product.name
    assert change(adapter, external_id, changed).written is False


@pytest.mark.needs("languages")
def test_language_without_a_text_keeps_what_the_shop_has(
    world: World, adapter: ShopAdapter
) -> None:
    product = full_product(world, adapter)
    (external_id,) = world.save(adapter, product)
    italian, hungarian = world.language("it"), world.language("hu")
    partial = {italian: "Solo italiano"}
    outcome = change(adapter, external_id, replace(product, name=partial), "name")
    assert outcome.error is None
    names = world.names_of("W-1")
    assert names[italian] == "Solo italiano"
    assert names[hungarian] == product.name[hungarian]


def test_new_product_without_some_language_gets_another_text_there(
    world: World, adapter: ShopAdapter
) -> None:
    italian = world.language("it")
    world.save(adapter, replace(world.product("W-1"), name={italian: "Solo italiano"}))
    assert set(world.names_of("W-1").values()) == {"Solo italiano"}


@pytest.mark.parametrize(
    "name",
    [
        'Château "Été" & Söhne',
        "Tokaji Aszú 5 puttonyos – ő ű",
        "Rosé 🍷 d'été",
        "赤ワイン",
        "  spaces   inside ",
        "50% & more",
    ],
)
def test_unusual_names_arrive_and_are_recognised(
    world: World, adapter: ShopAdapter, name: str
) -> None:
    product = replace(world.product("W-1"), name=dict.fromkeys(world.texts("x"), name))
    (external_id,) = world.save(adapter, product)
    before = adapter.writes
    assert change(adapter, external_id, product).error is None
    assert adapter.writes == before
    (again,) = world.open().save(entries(product))
    assert (again.external_id, again.adopted, again.written) == (external_id, True, False)


@pytest.mark.parametrize("sku", ["A|B", "A,B", "50%", "A[1]", "ä/ö", "a b", "A&B", "A'B", 'A"B'])
def test_unusual_codes_are_found_again(world: World, adapter: ShopAdapter, sku: str) -> None:
    others = [world.product(text) for text in ("A", "B", "50", "A1")]
    world.save(adapter, *others)
    (external_id,) = world.save(adapter, world.product(sku))
    (again,) = world.open().save(entries(world.product(sku)))
    assert (again.external_id, again.adopted) == (external_id, True)


@pytest.mark.needs("case_in_codes")
def test_code_in_other_letters_is_another_product(world: World, adapter: ShopAdapter) -> None:
    lower, upper = world.save(adapter, world.product("abc-é"), world.product("ABC-E"))
    assert lower != upper


@pytest.mark.parametrize(
    ("more", "named"),
    [
        ({"sku": "x" * 300}, "sku"),
        ({"barcode": "not-digits"}, "barcode"),
        ({"name": {}}, "name"),
        ({"price": net("-1.00", 22)}, "price"),
    ],
)
def test_what_does_not_fit_is_named(
    world: World, adapter: ShopAdapter, more: dict[str, object], named: str
) -> None:
    bad = replace(world.product("W-1"), **more)
    outcomes = adapter.save(entries(bad, world.product("W-2")))
    assert isinstance(outcomes[0].error, DataError)
    assert named in str(outcomes[0].error)
    assert outcomes[1].error is None


@pytest.mark.needs("limited_texts")
def test_text_that_is_too_long_is_refused_not_cut(world: World, adapter: ShopAdapter) -> None:
    name = dict.fromkeys(world.texts("x"), "n" * 300)
    (outcome,) = adapter.save(entries(replace(world.product("W-1"), name=name)))
    assert isinstance(outcome.error, DataError)
    assert world.sim.holdings()["products"] == 0


def test_update_of_a_product_that_is_gone(world: World, adapter: ShopAdapter) -> None:
    product = world.product("W-1")
    for changed in ((), ("price",)):
        outcome = change(adapter, "987654", product, *changed)
        assert isinstance(outcome.error, NotFound)


def test_id_of_another_system_is_a_data_error(world: World, adapter: ShopAdapter) -> None:
    outcome = change(adapter, "gid://other/1?x=[", world.product("W-1"), "price")
    assert isinstance(outcome.error, DataError)


def test_outcomes_stand_in_the_order_of_the_entries(world: World, adapter: ShopAdapter) -> None:
    (known,) = world.save(adapter, world.product("W-1"))
    mixed = [
        Entry(key="b", document=world.product("W-2")),
        Entry(key="a", document=world.product("W-1"), external_id=known),
        Entry(key="c", document=world.product("W-1")),
    ]
    outcomes = adapter.save(mixed)
    assert [outcome.key for outcome in outcomes] == ["b", "a", "c"]
    assert outcomes[2].adopted and outcomes[2].external_id == known


def test_nothing_to_save_is_no_call(world: World, adapter: ShopAdapter) -> None:
    assert adapter.save([]) == []
    assert not world.sim.log


def test_many_new_products_cost_one_look_before(world: World, adapter: ShopAdapter) -> None:
    world.save(adapter, world.product("FIRST"))
    world.sim.clear_log()
    world.save(adapter, *[world.product(f"W-{number}") for number in range(40)])
    reads = [record for record in world.sim.log if not record.is_write]
    assert len(reads) <= 2


# --- categories and brands ------------------------------------------------------------------------


def test_category_tree(world: World, adapter: ShopAdapter) -> None:
    (wine,) = world.save(adapter, child(world.texts("Wine")))
    (glass,) = world.save(adapter, child(world.texts("Glasses")))
    (red,) = world.save(adapter, child(world.texts("Red"), wine))
    assert world.parent_of_category(red) == wine
    # the same name below another parent is another category
    (other,) = world.save(adapter, child(world.texts("Red"), glass))
    assert other != red
    moved = Category(name=world.texts("Red"), parent=glass, active=False)
    assert change(adapter, red, moved, "parent", "active").written
    assert world.parent_of_category(red) == glass
    assert not change(adapter, red, moved).written


@pytest.mark.needs("languages")
def test_renamed_category_keeps_its_other_languages(world: World, adapter: ShopAdapter) -> None:
    names = world.texts("Wine")
    (wine,) = world.save(adapter, child(names))
    italian = world.language("it")
    partial = Category(name={italian: "Vini"})
    assert change(adapter, wine, partial, "name").written
    whole = Category(name={**names, italian: "Vini"})
    assert not change(adapter, wine, whole).written


def test_brands_are_found_by_name(world: World, adapter: ShopAdapter) -> None:
    first, second = world.save(adapter, Manufacturer(name="Rossi"), Manufacturer(name="Rössi & C."))
    assert first != second
    again = world.open().save(entries(Manufacturer(name="Rössi & C."), Manufacturer(name="Rossi")))
    assert [(outcome.external_id, outcome.adopted) for outcome in again] == [
        (second, True),
        (first, True),
    ]
    before = adapter.writes
    assert change(adapter, first, Manufacturer(name="Rossi e figli"), "name").written
    assert adapter.writes == before + 1


def test_attribute_values_belong_to_their_attribute(world: World, adapter: ShopAdapter) -> None:
    size, year = world.save(
        adapter, Attribute(name=world.texts("Size")), Attribute(name=world.texts("Year"))
    )
    values = [
        AttributeValue(attribute=size, name=world.texts("2020")),
        AttributeValue(attribute=year, name=world.texts("2020"), color="#aa0011"),
    ]
    first, second = world.save(adapter, *values)
    assert first != second
    again = world.open().save(entries(*values))
    assert [outcome.external_id for outcome in again] == [first, second]
    assert not any(outcome.written for outcome in again)


# --- variants -------------------------------------------------------------------------------------


def test_variants_have_their_own_code_price_and_default(world: World, adapter: ShopAdapter) -> None:
    _product, (first, second) = world.variants(adapter, "W", ["0", "18.30"])
    assert world.default_variant_of("W-1") == first
    base = world.net_price_of("W-1")
    assert world.net_price_of("W-2") - base == pytest.approx(D(15), abs=D("0.00001"))
    assert first != second


def test_unchanged_variants_are_not_written(world: World, adapter: ShopAdapter) -> None:
    product, (first, second) = world.variants(adapter, "W", ["0", "18.30"])
    writes = adapter.writes
    again, ids = world.variants(world.open(), "W", ["0", "18.30"])
    assert (again, ids) == (product, [first, second])
    assert adapter.writes == writes
    assert len(world.sim.writes) == writes


def test_other_default_variant(world: World, adapter: ShopAdapter) -> None:
    product, (_first, second) = world.variants(adapter, "W", ["0", "18.30"])
    document = Variant(
        product=product, values=(), sku="W-2", price=world.extra("18.30"), is_default=True
    )
    assert change(adapter, second, document, "is_default").error is None
    assert world.default_variant_of("W-1") == second


def test_variant_price_changes_alone(world: World, adapter: ShopAdapter) -> None:
    product, (_first, second) = world.variants(adapter, "W", ["0", "18.30"])
    document = Variant(product=product, values=(), sku="W-2", price=world.extra("24.40"))
    before = adapter.writes
    assert change(adapter, second, document, "price").written
    assert adapter.writes == before + 1
    assert world.net_price_of("W-2") - world.net_price_of("W-1") == D(20)
    (again,) = world.open().save(entries(replace(document, values=("1", "2", "3"))))
    assert again.adopted and again.external_id == second


def test_one_bad_variant_does_not_stop_its_siblings(world: World, adapter: ShopAdapter) -> None:
    product, _ids = world.variants(adapter, "W", ["0"])
    (attribute,) = world.save(adapter, Attribute(name=world.texts("Format")))
    names = [AttributeValue(attribute=attribute, name=world.texts(f"V{n}")) for n in range(3)]
    values = world.save(adapter, *names)
    documents = [
        Variant(product=product, values=(value,), sku=f"W-X{n}", price=world.extra("0"))
        for n, value in enumerate(values)
    ]
    documents[1] = replace(documents[1], barcode="no digits")
    outcomes = adapter.save(entries(*documents))
    assert [outcome.error is None for outcome in outcomes] == [True, False, True]
    assert world.sim.holdings()["combinations"] == 3


def test_thirty_variants_need_few_calls(world: World, adapter: ShopAdapter) -> None:
    (attribute,) = world.save(adapter, Attribute(name=world.texts("Year")))
    names = [
        AttributeValue(attribute=attribute, name=world.texts(f"{1990 + n}")) for n in range(30)
    ]
    values = world.save(adapter, *names)
    (product,) = world.save(adapter, world.product("W", has_variants=True))
    documents = [
        Variant(product=product, values=(value,), sku=f"W-{n}", price=world.extra("0"))
        for n, value in enumerate(values)
    ]
    world.sim.clear_log()
    ids = world.save(adapter, *documents)
    assert len(set(ids)) == 30
    assert len(world.sim.log) <= 5
