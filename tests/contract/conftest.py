"""Every scenario of this folder runs against every adapter and version in the table below.

A scenario about something that not every system can do says so with ``needs``: it is collected for
those worlds that have it, and skipped for none.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from prestashop_world import PrestaShopWorld
from toy_world import ToyWorld, add_toy
from woocommerce_world import WooCommerceWorld
from world import World

from shopapi.adapter import ShopAdapter
from shopapi.registry import adapter_class

add_toy()

#: the systems and versions that are promised to work, and a toy; the last word: all scenarios, the
#: core of them or what every system is able to do
WORLDS: list[tuple[type[World], str, str]] = [
    (PrestaShopWorld, "9.0.0", "core"),
    (PrestaShopWorld, "8.2.1", "all"),
    (PrestaShopWorld, "1.7.8.11", "all"),
    (PrestaShopWorld, "1.6.1.24", "core"),
    (WooCommerceWorld, "11.0.1", "all"),
    (WooCommerceWorld, "8.2.2", "all"),
    (ToyWorld, "1", "basic"),
]
#: what scenarios may need that is no field of Capabilities
FEATURES = {
    "own_host": "answers under its own name only",
    "resource_rights": "a key's rights are given resource by resource",
    "languages": "several languages out of the box",
    "currencies": "several currencies",
    "case_in_codes": "codes that differ in the case of letters are two",
    "limited_texts": "the shop limits the length of names",
    "fine_states": "paid is told from processing, delivered from shipped",
    "customer_details": "orders tell language and group of their customer",
    "first_parcel": "an order has a parcel with the chosen carrier from the beginning",
    "split_carts": "a cart may become several orders",
    "gift_wrapping": "gift wrapping with a message",
    "free_shipping_vouchers": "free shipping is a discount beside the cost of shipping",
    "many_payments": "an order may have several payments",
    "merged_rows": "goods stand once on an order",
    "images_in_place": "a picture keeps its id when its content changes",
    "fixed_image_order": "a new picture is the last and cannot be moved",
    "inactive_categories": "a category can be switched off",
    "plain_https": "keys travel signed on plain http",
}
#: scenarios in which versions of one system differ: access, writing a record, orders
CORE = {"connect", "catalogue", "stock", "orders", "order_back", "order_placing", "stores"}


def pytest_configure(config: pytest.Config) -> None:
    """Make the mark known."""
    config.addinivalue_line(
        "markers", "needs(*names): fields of Capabilities or features of the world it is about"
    )
    config.addinivalue_line("markers", "basic: a scenario that every system must be able to play")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a scenario in the worlds that are able to play it."""
    if "world" not in metafunc.fixturenames:
        return
    needed = {name for mark in metafunc.definition.iter_markers("needs") for name in mark.args}
    topic = metafunc.module.__name__.rpartition(".")[2].removeprefix("test_contract_")
    shares = {"all"} | ({"core"} if topic in CORE else set())
    if metafunc.definition.get_closest_marker("basic"):
        shares |= {"core", "basic"}
    worlds = [
        (kind, version)
        for kind, version, share in WORLDS
        if share in shares and all(_has(kind, name) for name in needed)
    ]
    if not worlds:
        raise pytest.UsageError(f"{metafunc.definition.nodeid}: no system has {sorted(needed)}.")
    ids = [f"{kind.system}-{version}" for kind, version in worlds]
    metafunc.parametrize("world", worlds, ids=ids, indirect=True)


def _has(kind: type[World], name: str) -> bool:
    if name in kind.features:
        return True
    return bool(getattr(adapter_class(kind.system).capabilities, name, False))


@pytest.fixture
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    """A fresh shop that is running."""
    kind, version = request.param
    made: World = kind(version)
    made.sim.start()
    yield made
    made.close()


@pytest.fixture
def adapter(world: World) -> ShopAdapter:
    """A connector of that shop, with the full key."""
    return world.open()
