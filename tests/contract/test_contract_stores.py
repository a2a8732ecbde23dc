"""One store of several: its products, prices, stock and orders, and no others."""

from __future__ import annotations

from decimal import Decimal

import pytest
from pieces import change, child, net
from world import World

from shopapi.adapter import ShopAdapter, ShopOptions
from shopapi.documents import StockLevel
from shopapi.errors import AuthError

pytestmark = pytest.mark.needs("stores")


@pytest.fixture
def store(world: World) -> str:
    assert world.info.stores  # looked at while there is one
    return world.add_store("Outlet")


@pytest.fixture
def outlet(world: World, store: str) -> ShopAdapter:
    return world.open(options=ShopOptions(store=store))


def stock(adapter: ShopAdapter, product: str, quantity: int) -> None:
    level = StockLevel(product=product, variant=None, quantity=Decimal(quantity))
    (outcome,) = adapter.push_stock([level])
    assert outcome.error is None


def test_first_look_lists_the_stores(world: World, store: str, outlet: ShopAdapter) -> None:
    stores = world.open().probe().stores
    assert [code.is_default for code in stores] == [True, False]
    assert (stores[1].external_id, stores[1].name) == (store, "Outlet")
    info = outlet.probe()
    assert (info.name, info.missing_rights) == ("Outlet", ())
    assert info.languages == world.info.languages


def test_a_shop_with_one_store_names_it(world: World) -> None:
    (only,) = world.info.stores
    assert only.is_default
    (product,) = world.save(
        world.open(options=ShopOptions(store=only.external_id)), world.product("A")
    )
    assert change(world.open(), product, world.product("A")).written is False


def test_the_same_code_in_two_stores_is_two_products(
    world: World, adapter: ShopAdapter, store: str, outlet: ShopAdapter
) -> None:
    (ours,) = world.save(adapter, world.product("W-1", "12.20"))
    (theirs,) = world.save(outlet, world.product("W-1", "9.76"))
    assert ours != theirs
    assert change(outlet, theirs, world.product("W-1", "6.10"), "price").written
    assert world.net_price_of("W-1") == net("12.20", 22).net
    with world.in_store(store):
        assert world.net_price_of("W-1") == net("6.10", 22).net
    assert {held.external_id for held in adapter.read_products()} == {ours}
    assert {held.external_id for held in outlet.read_products()} == {theirs}


def test_a_product_of_another_store_is_not_changed(
    world: World, adapter: ShopAdapter, outlet: ShopAdapter
) -> None:
    (ours,) = world.save(adapter, world.product("W-1", "12.20"))
    before = world.held("W-1")
    assert change(outlet, ours, world.product("W-1", "6.10")).error is not None
    assert world.held("W-1") == before


def test_categories_and_variants_stand_in_their_store(
    world: World, store: str, outlet: ShopAdapter
) -> None:
    world.save(world.open(), child(world.texts("Red")))
    (red,) = world.save(outlet, child(world.texts("Red")))
    assert red not in {held.external_id for held in world.open().read_categories()}
    product, variants = world.variants(outlet, "W")
    with world.in_store(store):
        assert world.default_variant_of("W-1") == variants[0]
    assert product not in {held.external_id for held in world.open().read_products()}


def test_stock_of_a_store_is_its_own(
    world: World, adapter: ShopAdapter, store: str, outlet: ShopAdapter
) -> None:
    (ours,) = world.save(adapter, world.product("W-1"))
    (theirs,) = world.save(outlet, world.product("W-1"))
    stock(adapter, ours, 5)
    stock(outlet, theirs, 8)
    assert world.sim.stock_of("W-1") == 5
    with world.in_store(store):
        assert world.sim.stock_of("W-1") == 8
    assert {level.product: level.quantity for level in adapter.read_stock()} == {ours: 5}
    assert {level.product: level.quantity for level in outlet.read_stock()} == {theirs: 8}


def test_stores_that_share_their_stock(world: World, adapter: ShopAdapter) -> None:
    store = world.add_store("Corner", shares_stock=True)
    corner = world.open(options=ShopOptions(store=store))
    (product,) = world.save(corner, world.product("W-1"))
    stock(corner, product, 8)
    with world.in_store(store):
        assert world.sim.stock_of("W-1") == 8
    (level,) = corner.read_stock()
    assert (level.product, level.quantity) == (product, 8)
    before = corner.writes
    stock(corner, product, 8)
    assert corner.writes == before


def test_orders_of_a_store_are_its_own(
    world: World, adapter: ShopAdapter, store: str, outlet: ShopAdapter
) -> None:
    world.stocked(adapter, "W-1")
    world.stocked(outlet, "W-2", "9.76")
    ours = str(world.sim.place_order([("W-1", 1)]))
    with world.in_store(store):
        theirs = str(world.sim.place_order([("W-2", 2)]))
    assert [stamp.external_id for stamp in adapter.changed_orders(None)] == [ours]
    assert [stamp.external_id for stamp in outlet.changed_orders(None)] == [theirs]
    order = world.order(outlet, theirs)
    assert order.total_gross == order.lines[0].total_gross + sum(c.gross for c in order.charges)
    (found,) = outlet.fetch_orders([ours])
    assert not hasattr(found, "lines")
    assert world.sim.stock_of("W-1") == 999


def test_a_key_of_one_store_does_not_open_another(world: World, store: str) -> None:
    key = world.key_for_store(world.info.stores[0].external_id)
    assert world.open(key=key).probe().name == world.info.name
    with pytest.raises(AuthError, match="store"):
        world.open(key=key, options=ShopOptions(store=store)).probe()


def test_a_store_that_is_gone_needs_a_person(world: World, store: str) -> None:
    with pytest.raises(AuthError, match="no store 77"):
        world.open(options=ShopOptions(store="77")).probe()
