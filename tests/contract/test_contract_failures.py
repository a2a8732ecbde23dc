"""What goes wrong on the way, and what is left behind: nothing twice, nothing lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from email.utils import formatdate
from time import time

import pytest
from pieces import child, entries, image, picture
from world import PATIENCE, World

from shopapi.adapter import ShopAdapter
from shopapi.documents import (
    Attribute,
    AttributeValue,
    CatalogueDocument,
    Manufacturer,
    Outcome,
    Variant,
)
from shopapi.errors import DataError, RateLimited, ShopError, Unreachable


def test_slow_down_in_seconds(world: World, adapter: ShopAdapter) -> None:
    world.sim.fail(429, headers={"Retry-After": "17"})
    with pytest.raises(RateLimited) as caught:
        adapter.probe()
    assert caught.value.retry_after == 17


def test_slow_down_until_a_date(world: World, adapter: ShopAdapter) -> None:
    date = formatdate(time() + 90, usegmt=True)
    world.sim.fail(503, headers={"Retry-After": date})
    with pytest.raises(RateLimited) as caught:
        adapter.probe()
    assert 60 < caught.value.retry_after <= 90


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_shop_out_of_order_is_to_be_tried_later(
    world: World, adapter: ShopAdapter, status: int
) -> None:
    world.sim.fail(status, body=b"<html>Oops</html>", times=None)
    with pytest.raises(Unreachable):
        adapter.probe()
    with pytest.raises(Unreachable):
        adapter.save(entries(Manufacturer(name="Cantina")))


def test_shop_that_is_down_is_to_be_tried_later(world: World, adapter: ShopAdapter) -> None:
    world.sim.stop()
    with pytest.raises(Unreachable) as caught:
        adapter.probe()
    assert not caught.value.maybe_done


def test_one_breakdown_while_writing_is_healed(world: World, adapter: ShopAdapter) -> None:
    world.sim.fail(500, method="POST")
    (outcome,) = adapter.save(entries(world.product("P1")))
    assert outcome.error is None
    assert world.sim.holdings()["products"] == 1


def test_record_that_breaks_the_shop_does_not_stop_the_others(
    world: World, adapter: ShopAdapter
) -> None:
    good, bad, other = world.product("P1"), world.product("P2"), world.product("P3")
    (first,) = adapter.save(entries(good))
    world.sim.fail(500, method="POST", times=2)
    outcomes = adapter.save(entries(bad, other))
    assert first.error is None
    assert isinstance(outcomes[0].error, DataError)
    assert outcomes[1].error is None


def test_refused_record_does_not_stop_the_others(world: World, adapter: ShopAdapter) -> None:
    bad = world.refused("BAD")
    outcomes = adapter.save(entries(world.product("P1"), bad, world.product("P2")))
    assert [outcome.error is None for outcome in outcomes] == [True, False, True]
    assert isinstance(outcomes[1].error, DataError)
    assert world.sim.holdings()["products"] == 2


def test_time_out_of_a_reading_call(world: World) -> None:
    adapter = world.open(settings=replace(PATIENCE, read_timeout=0.3))
    world.sim.fail(delay=1.0)
    with pytest.raises(Unreachable, match="in time") as caught:
        adapter.probe()
    assert not caught.value.maybe_done


def test_time_out_of_a_writing_call_may_be_done(world: World) -> None:
    adapter = world.open(settings=replace(PATIENCE, read_timeout=0.3))
    product = world.product("P1")
    world.sim.fail(method="POST", delay=1.0)
    with pytest.raises(Unreachable) as caught:
        adapter.save(entries(product))
    assert caught.value.maybe_done


def test_cut_answer(world: World, adapter: ShopAdapter) -> None:
    world.sim.fail(cut=True, times=2)
    with pytest.raises(Unreachable):
        adapter.probe()


def test_one_lost_connection_while_reading_is_nothing(world: World, adapter: ShopAdapter) -> None:
    world.sim.fail(drop=True, method="GET")
    assert adapter.probe().name


def test_answer_that_is_too_big_is_not_read(world: World) -> None:
    adapter = world.open(settings=replace(PATIENCE, max_bytes=100))
    with pytest.raises(DataError, match="larger"):
        adapter.probe()


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>Maintenance</html>", b"<prestashop><api", b"{}", b"\x00\xff", b"null"],
)
def test_answer_that_is_nonsense_is_a_data_error(
    world: World, adapter: ShopAdapter, body: bytes
) -> None:
    world.sim.fail(200, body=body, times=None)
    with pytest.raises(DataError):
        adapter.probe()
    with pytest.raises(ShopError):
        adapter.fetch_orders(["1"])


Make = Callable[[World, ShopAdapter], CatalogueDocument]


def _value(world: World, adapter: ShopAdapter) -> CatalogueDocument:
    (attribute,) = world.save(adapter, Attribute(name=world.texts("Format")))
    return AttributeValue(attribute=attribute, name=world.texts("Magnum"))


def _variant(world: World, adapter: ShopAdapter) -> CatalogueDocument:
    (value,) = world.save(adapter, _value(world, adapter))
    product = world.product("P1", has_variants=True)
    (external_id,) = world.save(adapter, product)
    return Variant(product=external_id, values=(value,), sku="P1-1", price=product.price)


def _image(world: World, adapter: ShopAdapter) -> CatalogueDocument:
    (product,) = world.save(adapter, world.product("P1"))
    return image(product, picture("darkred"))


CREATED: dict[str, tuple[Make, str]] = {
    "manufacturer": (lambda world, adapter: Manufacturer(name="Cantina"), "manufacturers"),
    "category": (lambda world, adapter: child(world.texts("Wine")), "categories"),
    "attribute": (lambda world, adapter: Attribute(name=world.texts("Format")), ""),
    "value": (_value, ""),
    "product": (lambda world, adapter: world.product("P1"), "products"),
    "variant": (_variant, "combinations"),
    "image": (_image, "images"),
}


def _lose_answer(world: World, how: str) -> None:
    if how == "reset":
        world.sim.fail(method="POST", drop=True, after_work=True)
    else:
        world.sim.fail(500, method="POST", after_work=True)


@pytest.mark.parametrize("how", ["reset", "breakdown"])
@pytest.mark.parametrize("kind", CREATED)
def test_repeating_a_creation_after_a_lost_answer_makes_no_twin(
    world: World, adapter: ShopAdapter, kind: str, how: str
) -> None:
    make, counted = CREATED[kind]
    document = make(world, adapter)
    before = world.sim.holdings().get(counted, 0)
    _lose_answer(world, how)
    outcome = _save_until_answered(world, document)
    assert outcome.error is None
    if counted:
        assert world.sim.holdings()[counted] == before + 1
    # and once more, by a connector that knows nothing
    (again,) = world.open().save(entries(document))
    assert again.adopted and not again.written
    assert again.external_id == outcome.external_id


def _save_until_answered(world: World, document: CatalogueDocument) -> Outcome:
    """Save as the engine does: on a lost answer again, by a new connector."""
    for _ in range(3):
        try:
            (outcome,) = world.open().save(entries(document))
        except Unreachable as error:
            assert error.maybe_done
            continue
        return outcome
    raise AssertionError("never answered")
