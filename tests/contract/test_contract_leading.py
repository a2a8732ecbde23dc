"""What the shop leads is never written; who edits it there is heard; texts for search engines."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from pieces import change, child, entries, net, renamed
from world import World

from shopapi.adapter import ShopAdapter
from shopapi.documents import Entry, HeldProduct, Product, Variant
from shopapi.errors import DataError

SEO = ("meta_title", "meta_description")
TEXTS = ("name", "short_description", "description")


def texts_product(world: World, sku: str = "W-1", **more: object) -> Product:
    return world.product(
        sku,
        short_description=world.texts("<p>Dry & round</p>"),
        description=world.texts("<p>From the hills</p>"),
        meta_title=world.texts("Buy Sangiovese"),
        meta_description=world.texts("The best of Tuscany"),
        **more,
    )


# --- what the shop leads ----------------------------------------------------------------------


def test_a_new_product_has_everything_even_what_the_shop_leads(
    world: World, adapter: ShopAdapter
) -> None:
    document = texts_product(world)
    kept = frozenset({*TEXTS, *SEO, "price", "active"})
    (outcome,) = adapter.save([Entry(key="1", document=document, kept=kept)])
    assert outcome.error is None
    assert world.names_of("W-1") == document.name
    if adapter.capabilities.search_texts:
        assert world.text_of("W-1", "meta_title") == document.meta_title
    assert world.is_on_sale("W-1")


@pytest.mark.parametrize("changed", [("name", "barcode"), ()], ids=["known", "unknown"])
def test_an_update_leaves_what_the_shop_leads(
    world: World, adapter: ShopAdapter, changed: tuple[str, ...]
) -> None:
    document = texts_product(world)
    (external_id,) = world.save(adapter, document)
    italian = world.language("it")
    world.edit_text("W-1", "name", italian, "Il nostro vino")
    ours = replace(renamed(document, italian, "Vino di Odoo"), barcode="8000000000019")
    outcome = change(adapter, external_id, ours, *changed, kept=TEXTS)
    assert outcome.error is None and outcome.written
    assert world.names_of("W-1")[italian] == "Il nostro vino"
    assert world.barcode_of("W-1") == "8000000000019"


def test_nothing_but_kept_fields_is_no_call(world: World, adapter: ShopAdapter) -> None:
    document = texts_product(world)
    (external_id,) = world.save(adapter, document)
    world.sim.clear_log()
    ours = renamed(document, world.language("it"), "Vino di Odoo")
    outcome = change(adapter, external_id, ours, "name", kept=TEXTS)
    assert outcome.error is None and not outcome.written
    assert not world.sim.log


def test_a_product_taken_over_keeps_what_the_shop_leads(world: World, adapter: ShopAdapter) -> None:
    theirs = texts_product(world)
    world.save(adapter, theirs)
    ours = replace(world.product("W-1", "24.40"), name=world.texts("Odoo's name"))
    (outcome,) = world.open().save(
        [Entry(key="1", document=ours, kept=frozenset({*TEXTS, "price"}))]
    )
    assert outcome.adopted and not outcome.written
    assert world.names_of("W-1") == theirs.name
    assert world.net_price_of("W-1") == pytest.approx(theirs.price.net, abs=Decimal("0.000001"))


def test_a_variant_keeps_its_price_in_the_shop(world: World, adapter: ShopAdapter) -> None:
    product, (_first, second) = world.variants(adapter, "W", ["0", "18.30"])
    before = world.net_price_of("W-2")
    document = Variant(
        product=product, values=(), sku="W-2", price=net("99.00", 22), barcode="8000000000019"
    )
    outcome = change(adapter, second, document, "price", "barcode", kept={"price"})
    assert outcome.written
    assert world.net_price_of("W-2") == before
    assert change(adapter, second, document, "price", kept={"price"}).written is False


def test_a_category_that_the_shop_leads_keeps_its_name_and_place(
    world: World, adapter: ShopAdapter
) -> None:
    (wine,) = world.save(adapter, child(world.texts("Wine")))
    (red,) = world.save(adapter, child(world.texts("Red"), wine))
    moved = child(world.texts("Rosso"))
    assert not change(adapter, red, moved, kept={"name", "parent"}).written
    assert world.parent_of_category(red) == wine


def test_a_product_is_hidden_by_a_document_that_says_nothing_else(
    world: World, adapter: ShopAdapter
) -> None:
    document = texts_product(world)
    (external_id,) = world.save(adapter, document)
    nothing = Product(sku=None, name={}, price=net("0", 22), tax="", active=False)
    assert change(adapter, external_id, nothing, "active").written
    assert not world.is_on_sale("W-1")
    assert world.names_of("W-1") == document.name
    assert change(adapter, external_id, replace(document, active=False)).written is False


# --- what was edited there --------------------------------------------------------------------


def test_an_edited_product_is_in_the_list_of_changes(world: World, adapter: ShopAdapter) -> None:
    first, second = world.save(adapter, texts_product(world), texts_product(world, "W-2"))
    stamps = {seen.external_id: seen.stamp for seen in adapter.changed_products(None)}
    assert set(stamps) == {first, second}
    world.sim.clock.advance(4 * 3600)
    world.edit_text("W-2", "description", world.language("it"), "<p>Dal marketing</p>")
    (changed,) = [
        seen
        for seen in adapter.changed_products(max(stamps.values()))
        if seen.external_id == second
    ]
    assert changed.stamp > stamps[second]
    (held,) = adapter.read_products([second])
    assert isinstance(held, HeldProduct)
    assert held.stamp == changed.stamp
    assert held.product.description[world.language("it")] == "<p>Dal marketing</p>"


def test_changes_before_the_overlap_are_not_listed_again(
    world: World, adapter: ShopAdapter
) -> None:
    world.save(adapter, texts_product(world))
    world.sim.clock.advance(-30 * 86400)
    world.save(adapter, texts_product(world, "W-2"))
    listed = list(adapter.changed_products(None))
    assert len(listed) == 2
    assert [seen.stamp for seen in listed] == sorted(seen.stamp for seen in listed)
    assert len(list(adapter.changed_products(listed[-1].stamp))) == 1


def test_a_stamp_that_is_none_of_this_shop_is_refused(world: World, adapter: ShopAdapter) -> None:
    with pytest.raises(DataError):
        list(adapter.changed_products("yesterday"))


# --- search engines ---------------------------------------------------------------------------


@pytest.mark.needs("search_texts")
def test_one_edited_search_engine_text_is_one_call(world: World, adapter: ShopAdapter) -> None:
    document = texts_product(world)
    (external_id,) = world.save(adapter, document)
    held = world.held("W-1")
    italian = world.language("it")
    edited = {**document.meta_title, italian: "Compra il Sangiovese & altro"}
    before = adapter.writes
    outcome = change(adapter, external_id, replace(document, meta_title=edited), "meta_title")
    assert outcome.error is None and outcome.written
    assert adapter.writes == before + 1
    assert world.text_of("W-1", "meta_title") == edited
    after = world.held("W-1")
    assert {key for key in held if held[key] != after[key]} == {"meta_title"}


@pytest.mark.needs("search_texts")
@pytest.mark.parametrize(
    ("field", "text"),
    [("meta_title", "<b>Wine</b>"), ("meta_title", "w" * 256), ("meta_description", "w" * 513)],
)
def test_a_search_engine_text_that_does_not_fit_is_named(
    world: World, adapter: ShopAdapter, field: str, text: str
) -> None:
    document = replace(world.product("W-1"), **{field: world.texts(text)})
    (outcome,) = adapter.save(entries(document))
    assert isinstance(outcome.error, DataError)
    assert field in str(outcome.error)


@pytest.mark.needs("search_texts")
def test_a_search_engine_text_may_have_emoji_and_line_ends(
    world: World, adapter: ShopAdapter
) -> None:
    document = replace(world.product("W-1"), meta_description=world.texts("Rosé 🍷\nd'été"))
    (external_id,) = world.save(adapter, document)
    assert all("🍷 d'été" in text for text in world.text_of("W-1", "meta_description").values())
    assert not change(adapter, external_id, document).written


def test_the_address_is_chosen_once_and_stays(world: World, adapter: ShopAdapter) -> None:
    italian = world.language("it")
    document = replace(world.product("W-1"), slug={italian: "Vino della Casa!"})
    (external_id,) = world.save(adapter, document)
    slugs = world.text_of("W-1", "slug")
    assert slugs.pop(italian) == "vino-della-casa"
    assert all(slug.startswith("wine-w-1") for slug in slugs.values())
    slugs = world.text_of("W-1", "slug")
    later = replace(document, slug={italian: "altro"}, name=world.texts("Other"))
    change(adapter, external_id, later)
    assert world.text_of("W-1", "slug") == slugs
