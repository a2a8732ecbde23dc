"""Getting in: the first look, keys, rights, addresses."""

from __future__ import annotations

from decimal import Decimal

import pytest
from world import World

from shopapi.adapter import ShopAdapter
from shopapi.documents import Manufacturer
from shopapi.errors import AuthError, DataError


def test_first_look_tells_everything_that_is_mapped(world: World, adapter: ShopAdapter) -> None:
    info = adapter.probe()
    assert info.version == world.version
    assert info.timezone == "Europe/Rome"
    assert "it" in {code.iso for code in info.languages}
    assert [code.is_default for code in info.languages].count(True) == 1
    assert [code.iso for code in info.currencies if code.is_default] == ["EUR"]
    assert {Decimal(22), Decimal(10), Decimal(0)} <= {code.rate for code in info.taxes}
    assert len({code.external_id for code in info.taxes}) == len(info.taxes)
    assert info.carriers and info.payment_methods
    assert bool(info.customer_groups) == adapter.capabilities.customer_groups
    assert info.missing_rights == ()
    assert adapter.writes == 0


@pytest.mark.needs("languages", "currencies")
def test_first_look_tells_all_languages_and_currencies(world: World) -> None:
    assert {code.iso for code in world.info.languages} == {"en", "it", "hu"}
    assert world.currency("HUF").rate == Decimal("395.5")


@pytest.mark.basic
def test_order_states_have_a_meaning(world: World) -> None:
    meanings = {code.meaning for code in world.info.order_states}
    needed = {"waiting", "paid", "processing", "shipped", "delivered"}
    assert {world.synonyms.get(meaning, meaning) for meaning in needed} <= meanings
    assert {"cancelled", "refunded", "error"} <= meanings


@pytest.mark.basic
@pytest.mark.parametrize("key", ["WRONG", "W" * 32, "", "schlüssel-ő"])
def test_wrong_key_is_refused_and_not_shown(world: World, key: str) -> None:
    with pytest.raises(AuthError) as caught:
        world.open(key=key).probe()
    assert caught.value.resource is None
    assert not key or key not in str(caught.value)


@pytest.mark.basic
def test_inactive_key_is_refused(world: World) -> None:
    with pytest.raises(AuthError):
        world.open(key=world.inactive_key()).probe()


@pytest.mark.needs("resource_rights")
def test_missing_right_is_named_at_the_first_look(world: World) -> None:
    info = world.open(key=world.key_without("order_histories")).probe()
    assert any("order_histories" in text for text in info.missing_rights)
    assert info.languages and info.order_states


@pytest.mark.needs("resource_rights")
def test_missing_right_in_use_names_the_resource(world: World) -> None:
    adapter = world.open(key=world.key_without("manufacturers"))
    with pytest.raises(AuthError) as caught:
        world.save(adapter, Manufacturer(name="Cantina"))
    assert caught.value.resource == "manufacturers"


@pytest.mark.needs("own_host")
def test_wrong_host_name_is_told_as_a_wrong_address(world: World) -> None:
    assert world.other_host is not None
    with pytest.raises(AuthError, match="not the shop's own"):
        world.open(url=world.other_host).probe()


def test_address_may_be_typed_in_any_usual_way(world: World) -> None:
    for suffix in world.suffixes:
        assert world.open(url=world.sim.url + suffix).probe().name == world.info.name


def test_address_without_a_shop_needs_a_person(world: World) -> None:
    with pytest.raises((AuthError, DataError)):
        world.open(url=f"{world.sim.url}/no/such/place").probe()
