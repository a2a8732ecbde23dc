"""Orders made by us, placed in the shop: in the customer's account, to the cent, once."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from world import World

from shopapi.adapter import ShopAdapter
from shopapi.documents import (
    Address,
    Charge,
    DraftLine,
    OrderDraft,
    Party,
)
from shopapi.errors import DataError, ShopError

D = Decimal
ANNA = Party(external_id=None, email="anna@shop.example", first_name="Anna", last_name="Verdi")
HOME = Address(
    first_name="Anna",
    last_name="Verdi",
    street="Via dei Mille 12",
    zip="10123",
    city="Torino",
    state="TO",
    country="IT",
    phone="+39 011 0000001",
)


def line(product: str, quantity: int, unit_net: str, rate: int = 22, **more: Any) -> DraftLine:
    """Goods at a price of ours."""
    net = D(unit_net)
    return DraftLine(
        product=product,
        variant=more.pop("variant", None),
        name=more.pop("name", "Wine"),
        sku=more.pop("sku", None),
        quantity=D(quantity),
        unit_net=net,
        unit_gross=(net * (1 + D(rate) / 100)).quantize(D("0.000001")),
        tax_rate=D(rate),
        **more,
    )


def charge(kind: str, net: str, gross: str, rate: int = 22, **more: Any) -> Charge:
    name = more.pop("name", kind.title())
    return Charge(kind=kind, name=name, net=D(net), gross=D(gross), tax_rate=D(rate), **more)


def draft(world: World, lines: list[DraftLine], *charges: Charge, **more: Any) -> OrderDraft:
    net = sum(((each.unit_net * each.quantity).quantize(D("0.01")) for each in lines), D(0))
    gross = sum(((each.unit_gross * each.quantity).quantize(D("0.01")) for each in lines), D(0))
    values = {"key": "S00042/17-1f3a9c2e", "customer": ANNA, "billing": HOME, "shipping": HOME}
    values |= {"currency": world.currency("EUR").external_id, "state": world.state("processing")}
    values |= {"language": world.language("it")}
    return OrderDraft(
        **(values | more),
        lines=tuple(lines),
        charges=charges,
        total_net=net + sum((each.net for each in charges), D(0)),
        total_gross=gross + sum((each.gross for each in charges), D(0)),
    )


def courier(world: World) -> str:
    """A carrier that is not the shop's free one."""
    return world.info.carriers[1].external_id


@pytest.fixture
def product(world: World, adapter: ShopAdapter) -> str:
    return world.stocked(adapter, "W-1", "12.20")


def test_an_order_appears_in_the_shop_to_the_cent(
    world: World, adapter: ShopAdapter, product: str
) -> None:
    other = world.stocked(adapter, "H-1", "5.50", 10)
    shipping = charge("shipping", "5.74", "7.00", code=courier(world))
    wanted = draft(
        world,
        [line(product, 3, "9.123456"), line(other, 2, "5.00", 10)],
        shipping,
        charge("discount", "-4.10", "-5.00", name="Loyal customer"),
        carrier=courier(world),
    )
    order = world.order(adapter, adapter.place_order(wanted))
    assert (order.total_gross, order.total_net) == (wanted.total_gross, wanted.total_net)
    assert [(each.quantity, each.total_net) for each in order.lines] == [
        (D(3), D("27.37")),
        (D(2), D("10.00")),
    ]
    amounts = {each.kind: (each.net, each.gross) for each in order.charges}
    assert amounts == {
        "shipping": (D("5.74"), D("7.00")),
        "discount": (D("-4.10"), D("-5.00")),
    }
    assert order.carrier == courier(world)
    assert order.state == world.state("processing")
    assert order.our_key == wanted.key
    assert order.customer.email == "anna@shop.example"
    assert (order.billing.street, order.billing.state) == ("Via dei Mille 12", "TO")
    assert world.mails() == 0 or not adapter.capabilities.silent_states


def test_the_shop_takes_the_goods_off_its_stock(
    world: World, adapter: ShopAdapter, product: str
) -> None:
    adapter.place_order(draft(world, [line(product, 3, "9.00")]))
    assert world.sim.stock_of("W-1") == 997


def test_placing_again_finds_the_order(world: World, adapter: ShopAdapter, product: str) -> None:
    wanted = draft(world, [line(product, 1, "9.00")])
    first = adapter.place_order(wanted)
    writes = adapter.writes
    assert adapter.place_order(wanted) == first
    assert world.open().place_order(wanted) == first
    assert adapter.writes == writes
    assert world.sim.holdings()["orders"] == 1


def test_a_variant_has_our_price(world: World, adapter: ShopAdapter) -> None:
    chosen, variants = world.variants(adapter, "V")
    wanted = draft(world, [line(chosen, 2, "31.25", variant=variants[1], sku="V-2")])
    order = world.order(adapter, adapter.place_order(wanted))
    (row,) = order.lines
    assert (row.variant, row.unit_net, row.total_net) == (variants[1], D("31.25"), D("62.50"))


@pytest.mark.needs("merged_rows")
def test_the_same_goods_on_two_lines_are_one_row(
    world: World, adapter: ShopAdapter, product: str
) -> None:
    wanted = draft(world, [line(product, 2, "10.00"), line(product, 1, "0.00")])
    order = world.order(adapter, adapter.place_order(wanted))
    (row,) = order.lines
    assert (row.quantity, row.total_net, order.total_gross) == (D(3), D("20.00"), D("24.40"))


def test_a_known_customer_keeps_the_account(
    world: World, adapter: ShopAdapter, product: str
) -> None:
    customer = {"email": "Anna@Shop.example", "firstname": "Anna", "lastname": "Verdi"}
    earlier = world.order(adapter, world.sim.place_order([("W-1", 1)], customer))
    wanted = draft(world, [line(product, 1, "9.00")])
    order = world.order(adapter, adapter.place_order(wanted))
    assert order.customer.external_id == earlier.customer.external_id
    named = replace(
        wanted,
        key="S00043/18-1f3a9c2e",
        customer=Party(external_id=earlier.customer.external_id, email=None),
    )
    order = world.order(adapter, adapter.place_order(named))
    assert order.customer.external_id == earlier.customer.external_id
    assert world.sim.holdings()["customers"] == 1


def test_delivery_elsewhere(world: World, adapter: ShopAdapter, product: str) -> None:
    office = replace(HOME, company="Verdi srl", street="Corso Francia 1", vat="IT00743110157")
    wanted = draft(world, [line(product, 1, "9.00")], billing=office)
    order = world.order(adapter, adapter.place_order(wanted))
    assert (order.billing.street, order.billing.vat) == ("Corso Francia 1", "IT00743110157")
    assert order.shipping.street == "Via dei Mille 12"


@pytest.mark.needs("currencies")
def test_another_currency(world: World, adapter: ShopAdapter, product: str) -> None:
    forint = world.currency("HUF").external_id
    wanted = draft(world, [line(product, 2, "4000.00")], currency=forint)
    order = world.order(adapter, adapter.place_order(wanted))
    assert (order.currency, order.total_gross) == (forint, D("9760.00"))


@pytest.mark.parametrize("number", range(1, 9))
def test_an_answer_lost_anywhere_makes_no_second_order(
    world: World, adapter: ShopAdapter, product: str, number: int
) -> None:
    """The shop did the n-th writing call and could not say so; the next try ends well."""
    wanted = draft(
        world,
        [line(product, 2, "9.00")],
        charge("shipping", "5.74", "7.00", code=courier(world)),
        carrier=courier(world),
    )
    world.lose_answer_of_write(number)
    try:
        placed = adapter.place_order(wanted)
    except ShopError:
        placed = world.open().place_order(wanted)
    order = world.order(adapter, placed)
    assert (order.total_gross, order.state) == (wanted.total_gross, world.state("processing"))
    held = world.sim.holdings()
    assert held["orders"] == 1
    # systems that let guests order need no account for him
    assert held["customers"] <= 1
    assert world.sim.stock_of("W-1") == 998


REFUSED = {
    "no e-mail": ({"customer": Party(external_id=None, email=None)}, "e-mail"),
    "no street": ({"billing": replace(HOME, street=None)}, "street"),
    "no country": ({"billing": replace(HOME, country=None)}, "country"),
    "no goods": ({"lines": ()}, "nothing on the order"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_placed_is_said_and_leaves_no_order(
    world: World, adapter: ShopAdapter, product: str, case: str
) -> None:
    change, words = REFUSED[case]
    wanted = replace(draft(world, [line(product, 1, "9.00")]), **change)
    with pytest.raises(DataError, match=words):
        adapter.place_order(wanted)
    assert world.sim.holdings()["orders"] == 0


def test_half_pieces_are_refused(world: World, adapter: ShopAdapter, product: str) -> None:
    half = replace(line(product, 1, "9.00"), quantity=D("1.5"))
    with pytest.raises(DataError, match="whole pieces"):
        adapter.place_order(draft(world, [half]))
    held = world.sim.holdings()
    assert (held["orders"], held["customers"]) == (0, 0)


def test_names_the_shop_refuses_are_made_fit(
    world: World, adapter: ShopAdapter, product: str
) -> None:
    odd = Party(external_id=None, email="r2d2@shop.example", last_name="R2-D2 <droid>")
    company = Party(external_id=None, email="it@shop.example", company="Enoteca 2000 = ottima")
    for number, customer in enumerate((odd, company)):
        address = replace(HOME, phone="tel. 011/1234 (casa)", city="Torino (TO) #1")
        wanted = draft(
            world,
            [line(product, 1, "9.00", name="Wine {red} <b>")],
            customer=customer,
            billing=address,
            shipping=address,
            key=f"S{number}/{number}-1f3a9c2e",
        )
        order = world.order(adapter, adapter.place_order(wanted))
        assert order.total_gross == wanted.total_gross
        assert order.customer.last_name


@pytest.mark.needs("resource_rights")
def test_a_key_without_the_right_is_the_orders_trouble_not_the_shops(
    world: World, product: str
) -> None:
    poor = world.open(key=world.key_without("carts"))
    with pytest.raises(DataError, match="right"):
        poor.place_order(draft(world, [line(product, 1, "9.00")]))
