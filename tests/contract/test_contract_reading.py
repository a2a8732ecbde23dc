"""Reading the catalogue that a shop holds: what a first import is made of."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from pieces import child, image, net, picture
from world import World

from shopapi.adapter import ShopAdapter
from shopapi.documents import HeldProduct, Manufacturer, Outcome
from shopapi.errors import DataError, NotFound


def held(adapter: ShopAdapter, *ids: str) -> list[HeldProduct]:
    """The products with these ids (none given: all), which must be readable."""
    found = list(adapter.read_products(list(ids) or None))
    assert all(isinstance(each, HeldProduct) for each in found), found
    return [each for each in found if isinstance(each, HeldProduct)]


def test_an_empty_shop_holds_nothing(adapter: ShopAdapter) -> None:
    assert held(adapter) == []


@pytest.mark.parametrize("count", [1, 3, 4, 8, 10])
def test_all_products_come_once_whatever_the_page(
    world: World, adapter: ShopAdapter, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    world.read_in_pages_of(monkeypatch, 4)
    ids = world.save(adapter, *[world.product(f"W-{number}") for number in range(count)])
    assert [each.external_id for each in held(adapter)] == ids
    assert [each.external_id for each in held(adapter, *reversed(ids))] == ids


def test_a_product_comes_back_as_it_was_sent(world: World, adapter: ShopAdapter) -> None:
    (maker,) = world.save(adapter, Manufacturer(name="Cantina Rossi"))
    (category,) = world.save(adapter, child(world.texts("Reds")))
    sent = world.product(
        "W-1",
        "18.30",
        22,
        barcode="8001234567891",
        short_description=world.texts("<p>Short</p>"),
        description=world.texts("<p>Long</p>"),
        manufacturer=maker,
        category=category,
        categories=(category,),
        weight=Decimal("1.35"),
    )
    (external_id,) = world.save(adapter, sent)
    (found,) = held(world.open(), external_id)
    product = found.product
    assert (product.sku, product.barcode, product.name) == (sent.sku, sent.barcode, sent.name)
    assert product.short_description == sent.short_description
    assert product.description == sent.description
    assert (product.weight, product.active, product.has_variants) == (sent.weight, True, False)
    assert (product.tax, found.tax_rate) == (sent.tax, 22)
    assert (product.price.net, product.price.gross) == (Decimal(15), Decimal("18.30"))
    assert (product.category, product.manufacturer) == (category, maker)
    assert category in product.categories
    assert found.manufacturer_name == "Cantina Rossi"
    assert found.stamp and found.variants == () and found.images == ()
    assert set(product.slug) == set(world.texts("x"))


def test_variants_come_with_their_values_in_every_language(
    world: World, adapter: ShopAdapter
) -> None:
    product, variants = world.variants(adapter, "W", ("0", "18.30"))
    (found,) = held(world.open(), product)
    assert found.product.has_variants
    assert [each.external_id for each in found.variants] == variants
    first, second = found.variants
    assert (first.variant.sku, second.variant.sku) == ("W-1", "W-2")
    assert (first.variant.is_default, second.variant.is_default) == (True, False)
    assert second.variant.product == product
    # what a variant costs is told as the system tells it
    extra = second.variant.price.net - first.variant.price.net
    assert extra == Decimal(15)
    (value,) = second.values
    assert value.attribute_name == world.texts("Format")
    assert value.value_name == world.texts("Size 2")
    assert second.variant.values == (value.value,)
    assert first.values[0].attribute == value.attribute


def test_pictures_come_in_order_with_the_variants_they_show(
    world: World, adapter: ShopAdapter
) -> None:
    product, variants = world.variants(adapter, "W")
    contents = [picture("red"), picture("green"), picture("blue")]
    red, green, blue = world.save(
        adapter,
        image(product, contents[0], is_cover=True),
        image(product, contents[1], variants=(variants[1],)),
        image(product, contents[2]),
    )
    (found,) = held(world.open(), product)
    assert found.images[0] == red
    assert set(found.images) == {red, green, blue}
    assert [each.images for each in found.variants] == [(), (green,)]
    reader = world.open()
    assert len({reader.read_image(product, each) for each in found.images}) == 3
    assert reader.writes == 0


def test_a_picture_that_is_gone_is_not_found(world: World, adapter: ShopAdapter) -> None:
    (product,) = world.save(adapter, world.product("W-1"))
    with pytest.raises(NotFound):
        adapter.read_image(product, "999")


def test_a_page_in_the_place_of_a_picture_is_refused(world: World, adapter: ShopAdapter) -> None:
    (product,) = world.save(adapter, world.product("W-1"))
    (stored,) = world.save(adapter, image(product, picture("red")))
    world.sim.fail(200, path=world.picture_path, body=b"<html>Please log in</html>")
    with pytest.raises(DataError, match="not readable"):
        adapter.read_image(product, stored)


def test_products_that_are_gone_are_left_out(world: World, adapter: ShopAdapter) -> None:
    ids = world.save(adapter, world.product("W-1"), world.product("W-2"))
    assert [each.external_id for each in held(adapter, *ids, "987654")] == ids


def test_a_hidden_product_is_read_as_hidden(world: World, adapter: ShopAdapter) -> None:
    (external_id,) = world.save(adapter, world.product("W-1", active=False))
    (found,) = held(adapter)
    assert (found.external_id, found.product.active) == (external_id, False)


def test_the_same_code_twice_is_two_products(world: World, adapter: ShopAdapter) -> None:
    one, other = world.save(adapter, world.product("W-1"), world.product("W-2"))
    world.spoil_product(other, sku="W-1")
    assert [(each.external_id, each.product.sku) for each in held(adapter)] == [
        (one, "W-1"),
        (other, "W-1"),
    ]


def test_a_product_that_is_not_understood_stops_no_other(
    world: World, adapter: ShopAdapter
) -> None:
    ids = world.save(adapter, *[world.product(f"W-{number}") for number in range(3)])
    world.spoil_product(ids[1], price="n/a")
    found = list(adapter.read_products())
    assert [each.external_id for each in found] == ids
    assert isinstance(found[1], Outcome) and isinstance(found[1].error, DataError)
    assert isinstance(found[0], HeldProduct) and isinstance(found[2], HeldProduct)


def test_a_product_without_code_name_or_category_is_read(
    world: World, adapter: ShopAdapter
) -> None:
    (external_id,) = world.save(adapter, replace(world.product("W-1"), price=net("0.00", 22)))
    world.spoil_product(external_id, sku="", name="", category="0", barcode="0")
    (found,) = held(adapter)
    assert (found.product.sku, found.product.barcode, found.product.name) == (None, None, {})
    assert found.product.category is None


def test_the_category_tree_comes_parents_first(world: World, adapter: ShopAdapter) -> None:
    (wine,) = world.save(adapter, child(world.texts("Wine")))
    (red,) = world.save(adapter, child(world.texts("Red"), wine))
    (food,) = world.save(adapter, child(world.texts("Food")))
    (old,) = world.save(adapter, child(world.texts("Old"), red))
    tree = world.open().read_categories()
    ours = {each.external_id: each for each in tree}
    assert {wine, red, food, old} <= set(ours)
    assert [ours[key].depth for key in (wine, food, red, old)] == [1, 1, 2, 3]
    assert ours[wine].category.parent is None
    assert (ours[red].category.parent, ours[old].category.parent) == (wine, red)
    assert ours[red].category.name == world.texts("Red")
    places = {each.external_id: number for number, each in enumerate(tree)}
    assert places[wine] < places[red] < places[old]


def test_reading_writes_nothing(world: World, adapter: ShopAdapter) -> None:
    world.variants(adapter, "W")
    reader = world.open()
    held(reader)
    reader.read_categories()
    assert reader.writes == 0


def test_in_read_only_mode_nothing_can_be_written(world: World, adapter: ShopAdapter) -> None:
    (external_id,) = world.save(adapter, world.product("W-1"))
    before = len(world.sim.writes)
    careful = world.open(settings=replace(world.patience, read_only=True))
    assert [each.external_id for each in careful.read_products()] == [external_id]
    with pytest.raises(PermissionError):
        world.save(careful, world.product("W-2"))
    assert (careful.writes, len(world.sim.writes)) == (0, before)
