"""Orders that are changed here: the shop holds the new stand, and only what differs is written."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from test_contract_order_placing import charge, line
from world import World

from shopapi.adapter import ShopAdapter
from shopapi.documents import Charge, DraftLine, OrderEdit, StatusChange
from shopapi.errors import DataError, ShopError

D = Decimal


@pytest.fixture
def product(world: World, adapter: ShopAdapter) -> str:
    return world.stocked(adapter, "W-1", "12.20")


def edit_of(order: Any, lines: list[DraftLine], *charges: Charge) -> OrderEdit:
    net = sum(((each.unit_net * each.quantity).quantize(D("0.01")) for each in lines), D(0))
    gross = sum(((each.unit_gross * each.quantity).quantize(D("0.01")) for each in lines), D(0))
    return OrderEdit(
        order=order.external_id,
        lines=tuple(lines),
        charges=charges,
        total_net=net + sum((each.net for each in charges), D(0)),
        total_gross=gross + sum((each.gross for each in charges), D(0)),
    )


@pytest.fixture
def bought(world: World, adapter: ShopAdapter, product: str) -> Any:
    """An order of a visitor: two W-1 with the courier."""
    return world.order(adapter, world.sim.place_order([("W-1", 2)], {"email": "a@shop.example"}))


def same_line(order: Any, **more: Any) -> DraftLine:
    row = order.lines[0]
    values = {
        "product": row.product,
        "variant": row.variant,
        "name": row.name,
        "sku": row.sku,
        "quantity": row.quantity,
        "unit_net": row.unit_net,
        "unit_gross": row.unit_gross,
        "tax_rate": row.tax_rate,
        "external_id": row.external_id,
    }
    return DraftLine(**(values | more))


def test_an_edit_that_changes_nothing_writes_nothing(
    world: World, adapter: ShopAdapter, bought: Any
) -> None:
    writes = adapter.writes
    assert adapter.edit_order(edit_of(bought, [same_line(bought)], *bought.charges)) is False
    assert adapter.writes == writes


def test_quantity_price_shipping_and_discount_are_changed(
    world: World, adapter: ShopAdapter, bought: Any
) -> None:
    mails = world.mails()
    changed = same_line(bought, quantity=D(5), unit_net=D("8.00"), unit_gross=D("9.76"))
    shipping = replace(bought.charges[0], net=D("8.20"), gross=D("10.00"))
    edit = edit_of(bought, [changed], shipping, charge("discount", "-1.00", "-1.22", name="Sorry"))
    assert adapter.edit_order(edit) is True
    order = world.order(adapter, bought.external_id)
    (row,) = order.lines
    assert (row.external_id, row.quantity, row.total_net) == (
        bought.lines[0].external_id,
        D(5),
        D("40.00"),
    )
    assert {each.kind: each.gross for each in order.charges} == {
        "shipping": D("10.00"),
        "discount": D("-1.22"),
    }
    assert (order.total_gross, order.total_net) == (edit.total_gross, edit.total_net)
    assert order.state == bought.state
    assert world.mails() == mails
    assert adapter.edit_order(edit) is False


def test_lines_are_added_and_removed(world: World, adapter: ShopAdapter, bought: Any) -> None:
    other = world.stocked(adapter, "H-1", "5.50", 10)
    both = [same_line(bought), line(other, 3, "5.00", 10, sku="H-1", name="Honey")]
    assert adapter.edit_order(edit_of(bought, both, *bought.charges))
    order = world.order(adapter, bought.external_id)
    assert [(row.sku, row.quantity, row.tax_rate) for row in order.lines] == [
        ("W-1", D(2), D(22)),
        ("H-1", D(3), D(10)),
    ]
    assert adapter.edit_order(edit_of(bought, both[1:], *bought.charges))
    order = world.order(adapter, bought.external_id)
    assert [row.sku for row in order.lines] == ["H-1"]
    assert order.total_gross == D("16.50") + D("7.00")


def test_an_answer_lost_while_adding_makes_one_row(
    world: World, adapter: ShopAdapter, bought: Any
) -> None:
    other = world.stocked(adapter, "H-1", "5.50", 10)
    edit = edit_of(bought, [same_line(bought), line(other, 1, "5.00", 10)], *bought.charges)
    world.lose_answer_of_write(1)
    try:
        adapter.edit_order(edit)
    except ShopError:
        world.open().edit_order(edit)
    order = world.order(adapter, bought.external_id)
    assert len(order.lines) == 2
    assert order.total_gross == edit.total_gross


def test_an_order_that_left_is_not_changed(world: World, adapter: ShopAdapter, bought: Any) -> None:
    edit = edit_of(bought, [same_line(bought, quantity=D(1))], *bought.charges)
    for meaning in ("shipped", "cancelled"):
        state = world.state(meaning)
        adapter.change_status(StatusChange(order=bought.external_id, state=state))
        writes = adapter.writes
        with pytest.raises(DataError, match="any more"):
            adapter.edit_order(edit)
        assert adapter.writes == writes


def test_edit_of_an_order_that_is_gone(world: World, adapter: ShopAdapter, bought: Any) -> None:
    gone = replace(edit_of(bought, [same_line(bought)], *bought.charges), order="987654")
    with pytest.raises(DataError, match="987654"):
        adapter.edit_order(gone)
