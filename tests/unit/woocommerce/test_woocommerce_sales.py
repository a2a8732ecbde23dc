"""When the simulated shop takes a sale price into account, as the versions differ in it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from shopapi.systems.woocommerce.simulator import WooCommerceSimulator

STARTS, ENDS = "2026-12-02T10:00:00", "2026-12-04T17:59:59"


def opened(version: str) -> WooCommerceSimulator:
    """A shop with one product at 10, whose sale at 8 is to come."""
    simulator = WooCommerceSimulator(version=version)
    travel(simulator, "2026-12-01T12:00:00")
    fields = {"sku": "W-1", "name": "Wine", "regular_price": "10.00", "sale_price": "8.00"}
    dates = {"date_on_sale_from_gmt": STARTS, "date_on_sale_to_gmt": ENDS}
    simulator.routes.products.create({**fields, **dates})
    return simulator


def travel(simulator: WooCommerceSimulator, moment: str) -> None:
    wanted = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    simulator.clock.advance((wanted - simulator.clock.now()).total_seconds())


def paid(simulator: WooCommerceSimulator, moment: str) -> str:
    travel(simulator, moment)
    return str(simulator.product_by_sku("W-1")["price"])


@pytest.mark.parametrize(
    ("version", "at_once"), [("8.2.2", False), ("11.0.1", True)], ids=["8.2", "11.0"]
)
def test_old_shops_look_at_the_times_at_midnight(version: str, at_once: bool) -> None:
    shop = opened(version)
    assert paid(shop, "2026-12-02T09:59:59") == "10.00"
    assert paid(shop, "2026-12-02T10:00:01") == ("8.00" if at_once else "10.00")
    # midnight in Rome
    assert paid(shop, "2026-12-02T22:59:00") == ("8.00" if at_once else "10.00")
    assert paid(shop, "2026-12-02T23:00:01") == "8.00"
    assert paid(shop, "2026-12-04T18:00:01") == ("10.00" if at_once else "8.00")
    assert paid(shop, "2026-12-04T23:00:01") == "10.00"
    assert shop.product_by_sku("W-1")["sale_price"] == ""


def test_a_write_counts_the_price_only_when_it_changes_what_it_comes_from() -> None:
    shop = opened("8.2.2")
    assert paid(shop, "2026-12-02T10:00:30") == "10.00"
    shop.edit_product("W-1", name="Wine", sale_price="8.00", date_on_sale_from_gmt=STARTS)
    assert paid(shop, "2026-12-02T10:00:40") == "10.00"
    shop.edit_product("W-1", date_on_sale_from_gmt="")
    assert paid(shop, "2026-12-02T10:00:50") == "8.00"
