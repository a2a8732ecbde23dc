"""Products that are deleted for good."""

from __future__ import annotations

import pytest
from world import World

from shopapi.adapter import ShopAdapter
from shopapi.documents import HeldProduct
from shopapi.errors import DataError, Unreachable

pytestmark = pytest.mark.needs("removal")


def there(adapter: ShopAdapter) -> set[str | None]:
    """The SKUs of all products in the shop."""
    found = list(adapter.read_products())
    return {held.product.sku for held in found if isinstance(held, HeldProduct)}


def test_a_product_goes_with_its_variants_and_leaves_the_others(
    world: World, adapter: ShopAdapter
) -> None:
    world.stocked(adapter, "STAYS")
    product, variants = world.variants(adapter, "GOES")
    assert variants
    assert adapter.delete_product(product) is True
    assert there(adapter) == {"STAYS"}
    levels = {level.product for level in adapter.read_stock()}
    assert product not in levels


def test_one_that_is_gone_is_no_fault(world: World, adapter: ShopAdapter) -> None:
    product = world.stocked(adapter, "W-1")
    assert adapter.delete_product(product) is True
    assert adapter.delete_product(product) is False


def test_orders_keep_what_was_bought(world: World, adapter: ShopAdapter) -> None:
    product = world.stocked(adapter, "W-1")
    number = world.sim.place_order([("W-1", 2)])
    adapter.delete_product(product)
    (line,) = world.order(adapter, number).lines
    assert (line.product, line.quantity) == (product, 2)
    # some systems tell the code of the product as it is now
    assert line.name and line.sku in {"W-1", None}


def test_a_lost_answer_can_be_asked_again(world: World, adapter: ShopAdapter) -> None:
    product = world.stocked(adapter, "W-1")
    world.lose_answer_of_write(1)
    with pytest.raises(Unreachable):
        adapter.delete_product(product)
    assert adapter.delete_product(product) is False
    assert there(adapter) == set()


@pytest.mark.needs("resource_rights")
def test_a_key_that_may_not_delete_stops_nothing_else(world: World, adapter: ShopAdapter) -> None:
    world.stocked(adapter, "W-1")
    with world.open(key=world.key_without("products")) as poor, pytest.raises(DataError):
        poor.delete_product("1")
    assert there(adapter) == {"W-1"}
