"""Products that the shop had before us: we fill them in and take nothing away."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from pieces import change, child, entries
from world import World

from shopapi.adapter import ShopAdapter
from shopapi.documents import Attribute, AttributeValue, Manufacturer, Product, Variant

D = Decimal


@pytest.fixture
def merchants(world: World, adapter: ShopAdapter) -> Product:
    """A product that the merchant has made in the shop, with everything."""
    (maker,) = world.save(adapter, Manufacturer(name="Cantina"))
    (wine,) = world.save(adapter, child(world.texts("Wine")))
    (gifts,) = world.save(adapter, child(world.texts("Gifts")))
    document = world.product(
        "W-1",
        barcode="8000000000019",
        manufacturer=maker,
        category=wine,
        categories=(wine, gifts),
        weight=D("1.25"),
    )
    world.save(adapter, document)
    return document


def test_what_we_do_not_know_stays(world: World, adapter: ShopAdapter, merchants: Product) -> None:
    held = world.held("W-1")
    ours = world.product("W-1")
    assert not (ours.barcode or ours.manufacturer or ours.weight or ours.categories)
    (outcome,) = world.open().save(entries(ours))
    assert outcome.error is None
    assert outcome.adopted and not outcome.written
    assert world.held("W-1") == held


def test_what_we_know_is_written(world: World, adapter: ShopAdapter, merchants: Product) -> None:
    ours = world.product("W-1", "24.40", barcode="4006381333931", weight=D("0.75"), active=False)
    (outcome,) = world.open().save(entries(ours))
    assert outcome.error is None
    assert outcome.adopted and outcome.written
    assert world.net_price_of("W-1") == D(20)
    assert not world.is_on_sale("W-1")
    # everything of ours is there, and of the merchant's what we left open
    filled = replace(
        ours,
        manufacturer=merchants.manufacturer,
        category=merchants.category,
        categories=merchants.categories,
    )
    assert not change(adapter, str(outcome.external_id), filled).written


def test_categories_of_the_shop_stay_beside_ours(
    world: World, adapter: ShopAdapter, merchants: Product
) -> None:
    (red,) = world.save(adapter, child(world.texts("Red")))
    ours = world.product("W-1", category=red, categories=(red,))
    (outcome,) = world.open().save(entries(ours))
    assert outcome.adopted and outcome.written
    assert world.categories_of("W-1") == {red, *merchants.categories}
    (again,) = world.open().save(entries(ours))
    assert again.adopted and not again.written


def test_later_changes_take_away_what_they_say(
    world: World, adapter: ShopAdapter, merchants: Product
) -> None:
    (red,) = world.save(adapter, child(world.texts("Red")))
    ours = world.product("W-1", category=red, categories=(red,))
    (outcome,) = world.open().save(entries(ours))
    external_id = str(outcome.external_id)
    fields = ("categories", "barcode", "manufacturer", "weight")
    assert change(adapter, external_id, ours, *fields).written
    assert world.categories_of("W-1") == {red}
    # the shop holds exactly ours now: a look at everything finds nothing
    assert not change(adapter, external_id, ours).written


def test_new_product_has_just_our_categories(
    world: World, adapter: ShopAdapter, merchants: Product
) -> None:
    (red,) = world.save(adapter, child(world.texts("Red")))
    ours = world.product("W-2", category=red, categories=(red,))
    (outcome,) = adapter.save(entries(ours))
    assert not outcome.adopted
    assert world.categories_of("W-2") == {red}
    assert not change(adapter, str(outcome.external_id), ours).written


def test_code_and_barcode_of_a_variant_stay(world: World, adapter: ShopAdapter) -> None:
    (attribute,) = world.save(adapter, Attribute(name=world.texts("Format")))
    (value,) = world.save(adapter, AttributeValue(attribute=attribute, name=world.texts("Magnum")))
    (product,) = world.save(adapter, world.product("W", has_variants=True))
    theirs = Variant(
        product=product,
        values=(value,),
        sku="W-M",
        price=world.extra("0"),
        barcode="4006381333931",
        weight=D("0.75"),
    )
    world.save(adapter, theirs)
    ours = Variant(product=product, values=(value,), sku=None, price=world.extra("18.30"))
    (outcome,) = world.open().save(entries(ours))
    assert outcome.error is None
    assert outcome.adopted and outcome.written
    filled = replace(theirs, price=ours.price)
    assert not change(adapter, str(outcome.external_id), filled).written
