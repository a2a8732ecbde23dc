"""Where a product stands: the root of our tree, several categories, customers it is kept for."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pieces import change, child, entries, renamed
from world import World

from shopapi.adapter import ShopAdapter, ShopOptions
from shopapi.documents import Category


def test_the_first_look_tells_the_category_tree(world: World, adapter: ShopAdapter) -> None:
    (wine,) = world.save(adapter, child(world.texts("Wine")))
    (red,) = world.save(adapter, child(world.texts("Red"), wine))
    codes = {code.external_id: code for code in adapter.probe().categories}
    default = next(code.external_id for code in world.info.languages if code.is_default)
    assert codes[red].name == f"{codes[wine].name} / {world.texts('Red')[default]}"
    ids = list(codes)
    assert ids.index(wine) < ids.index(red)
    assert [code.external_id for code in codes.values() if code.is_default] == [
        world.parent_of_category(wine)
    ]


def test_our_tree_hangs_below_the_chosen_root(world: World, adapter: ShopAdapter) -> None:
    (cellar,) = world.save(adapter, child(world.texts("Cellar")))
    ours = world.open(options=ShopOptions(root_category=cellar))
    (wine,) = world.save(ours, child(world.texts("Wine")))
    assert world.parent_of_category(wine) == cellar
    (loose,) = world.save(ours, world.product("W-1"))
    assert loose and world.categories_of("W-1") == {cellar}
    # a category of the same name elsewhere in the shop is another one
    (elsewhere,) = world.save(adapter, child(world.texts("Wine")))
    assert elsewhere != wine


def test_another_root_moves_our_tree(world: World, adapter: ShopAdapter) -> None:
    document = child(world.texts("Wine"))
    (wine,) = world.save(adapter, document)
    (cellar,) = world.save(adapter, child(world.texts("Cellar")))
    ours = world.open(options=ShopOptions(root_category=cellar))
    assert change(ours, wine, document).written
    assert world.parent_of_category(wine) == cellar


def test_several_categories_one_of_them_the_main_one(world: World, adapter: ShopAdapter) -> None:
    wine, gifts, new = world.save(
        adapter, *[child(world.texts(name)) for name in ("Wine", "Gifts", "New")]
    )
    document = world.product("W-1", category=gifts, categories=(gifts, wine, new))
    (external_id,) = world.save(adapter, document)
    assert world.categories_of("W-1") == {wine, gifts, new}
    moved = replace(document, category=wine, categories=(wine, new))
    assert change(adapter, external_id, moved, "category", "categories").written
    assert world.categories_of("W-1") == {wine, new}
    assert not change(adapter, external_id, moved).written


def test_a_category_is_renamed_and_moved_with_one_call(world: World, adapter: ShopAdapter) -> None:
    wine, gifts = world.save(adapter, *[child(world.texts(name)) for name in ("Wine", "Gifts")])
    (red,) = world.save(adapter, child(world.texts("Red"), wine))
    before = adapter.writes
    document = Category(name=world.texts("Red gifts"), parent=gifts)
    assert change(adapter, red, document, "name", "parent").written
    assert adapter.writes == before + 1
    assert world.parent_of_category(red) == gifts


# --- for some customers only ------------------------------------------------------------------


@pytest.fixture
def resellers(world: World) -> str:
    """The last customer group of the shop: its trade customers."""
    return world.info.customer_groups[-1].external_id


@pytest.mark.needs("customer_groups")
def test_only_its_customers_find_an_exclusive_product(
    world: World, adapter: ShopAdapter, resellers: str
) -> None:
    if adapter.capabilities.exclusive_products:
        place: dict[str, object] = {}
    else:
        (trade,) = world.save(adapter, child(world.texts("Trade")))
        world.reserve_category(trade, [resellers])
        place = {"category": trade, "categories": (trade,)}
    world.stocked(adapter, "W-1", groups=(resellers,), **place)
    world.stocked(adapter, "W-2")
    assert not world.finds("W-1")
    assert world.finds("W-1", resellers)
    assert world.finds("W-2") and world.finds("W-2", resellers)
    with pytest.raises(ValueError):
        world.sim.place_order([("W-1", 1)], {"email": "anybody@shop.example"})
    assert world.sim.place_order(
        [("W-1", 1)], {"email": "trade@shop.example", "group": int(resellers)}
    )


@pytest.mark.needs("customer_groups")
def test_a_product_taken_over_leaves_the_public_categories(
    world: World, adapter: ShopAdapter, resellers: str
) -> None:
    wine, trade = world.save(adapter, *[child(world.texts(name)) for name in ("Wine", "Trade")])
    world.reserve_category(trade, [resellers])
    world.save(adapter, world.product("W-1", category=wine, categories=(wine,)))
    assert world.finds("W-1")
    ours = world.product("W-1", category=trade, categories=(trade,), groups=(resellers,))
    (outcome,) = world.open().save(entries(ours))
    assert outcome.adopted and outcome.written
    assert not world.finds("W-1")
    assert world.finds("W-1", resellers)


@pytest.mark.needs("customer_groups")
def test_an_exclusive_product_becomes_everybodys_again(
    world: World, adapter: ShopAdapter, resellers: str
) -> None:
    wine, trade = world.save(adapter, *[child(world.texts(name)) for name in ("Wine", "Trade")])
    world.reserve_category(trade, [resellers])
    ours = world.product("W-1", category=trade, categories=(trade,), groups=(resellers,))
    (external_id,) = world.save(adapter, ours)
    public = replace(ours, category=wine, categories=(wine,), groups=())
    assert change(adapter, external_id, public, "category", "categories", "groups").written
    assert world.finds("W-1")
    same = renamed(public, world.language("it"), public.name[world.language("it")])
    assert not change(adapter, external_id, same).written
