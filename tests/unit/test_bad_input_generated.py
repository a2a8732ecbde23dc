"""Recorded answers, damaged at random: documents or our own errors come of them, nothing else."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from prestashop_recorded import records
from werkzeug.wrappers import Request, Response

from shopapi.adapter import Credentials, ShopAdapter
from shopapi.documents import Order, Outcome
from shopapi.errors import DataError, ShopError
from shopapi.registry import adapter_class
from shopapi.systems.prestashop import wire_codes, wire_held, wire_orders, wire_prices
from shopapi.systems.prestashop.simulator import PrestaShopSimulator
from shopapi.systems.prestashop.wire import Record, parse_faults, parse_records, parse_rights
from shopapi.systems.prestashop.wire_orders import OrderContext, OrderParts

#: what may stand where something else belongs
HOSTILE = (
    "", "0", "-1", "NaN", "Infinity", "-0", "1e400", "1e-400", "9" * 60, "1,5", "0x10", "٣", "½",
    "n/a", "null", "false", "\u0000", "<script>alert(1)</script>", "]]>", "&lol;", "../../etc",
    "' OR 1=1 --", "9999-99-99 99:99:99", "0000-00-00", "0001-01-01 00:00:00",
    "9999-12-31 23:59:59", "1970-01-01", "2026-02-30 25:61:61", "\U0001f377" * 50, "\ud7ff",
    "A" * 5000, "\u202e", " ", "\n",
)  # fmt: skip
hostile = st.sampled_from(HOSTILE) | st.text(max_size=30)
CONTEXT = OrderContext(zone=ZoneInfo("Europe/Rome"), tax_rates={"1": Decimal(22)})


def spoilt(record: Record, changes: Mapping[int, str], lost: set[int]) -> Record:
    """The record with some of its fields, by number, replaced or gone."""
    names = sorted(record.fields)
    fields = dict(record.fields)
    for place, value in changes.items():
        fields[names[place % len(names)]] = value
    for place in lost:
        fields.pop(names[place % len(names)], None)
    return replace(record, fields=fields)


damage = st.tuples(
    st.dictionaries(st.integers(0, 80), hostile, max_size=6),
    st.sets(st.integers(0, 80), max_size=2),
)

ONE: dict[str, tuple[str, Callable[[Record], object]]] = {
    "product": ("169-product-one", lambda r: wire_held.product(r, Decimal(22), Decimal(1))),
    "variant": (
        "234-combination-one",
        lambda r: (wire_held.price(r, Decimal(22)), wire_held.weight(r, Decimal(1))),
    ),
    "price rule": ("248-specific-prices-full", lambda r: wire_prices.row_key(r)),
    "line": ("410-order-details", lambda r: wire_orders.line(r, CONTEXT)),
    "refund": ("417-order-slip", lambda r: wire_orders.refund(r, CONTEXT)),
    "parcel": ("415-order-carriers", lambda r: list(wire_orders.shipments([r], CONTEXT))),
    "languages": ("105-languages-full", lambda r: wire_codes.languages([r], "1")),
    "currencies": ("106-currencies-full", lambda r: wire_codes.currencies([r], "1", "1")),
    "taxes": ("111-taxes-full", lambda r: wire_codes.tax_rates([r])),
    "states": ("107-order-states-full", lambda r: wire_codes.order_states([r], {}, "1")),
    "groups": ("109-groups-full", lambda r: wire_codes.customer_groups([r], "1", "1")),
    "stores": ("515-multistore-shops", lambda r: wire_codes.stores([r], "1")),
    "carriers": ("249-carriers-full", lambda r: wire_codes.carriers([r], "Shop")),
}


@pytest.mark.parametrize("kind", ONE)
@settings(max_examples=30, deadline=None)
@given(damage=damage)
def test_any_damaged_record_gives_a_document_or_a_data_error(
    kind: str, damage: tuple[dict[int, str], set[int]]
) -> None:
    name, read = ONE[kind]
    try:
        read(spoilt(records(name)[0], *damage))
    except DataError as error:
        assert str(error)


@settings(max_examples=80, deadline=None)
@given(order=damage, detail=damage, voucher=damage, payment=damage)
def test_any_damaged_order_gives_an_order_or_a_data_error(
    order: tuple[dict[int, str], set[int]],
    detail: tuple[dict[int, str], set[int]],
    voucher: tuple[dict[int, str], set[int]],
    payment: tuple[dict[int, str], set[int]],
) -> None:
    parts = OrderParts(
        order=spoilt(records("393-order-3")[0], *order),
        details=[spoilt(each, *detail) for each in records("410-order-details")],
        vouchers=[spoilt(records("418-order-cart-rules")[0], *voucher)],
        payments=[(spoilt(records("414-order-payments")[0], *payment), Decimal(1))],
    )
    try:
        found = wire_orders.order(parts, CONTEXT)
    except DataError:
        return
    assert isinstance(found, Order)
    assert found.total_gross.is_finite() and found.placed_at.tzinfo is not None


@settings(max_examples=100, deadline=None)
@given(payload=st.binary(max_size=400))
@example(payload=b"\xef\xbb\xbf<prestashop/>")
@example(payload=b"<prestashop><?x y?><!-- --><a/></prestashop>")
def test_any_bytes_are_records_or_a_data_error(payload: bytes) -> None:
    assert isinstance(parse_faults(payload), list)
    for read in (parse_records, parse_rights):
        try:
            read(payload)
        except DataError as error:
            assert str(error)


# --- the whole way: a shop whose answers are damaged on the road ----------------------------------

_FIELD = re.compile(rb"<!\[CDATA\[([^\]]*)\]\]>")
_ID = re.compile(rb"(?<=<id>)<!\[CDATA\[[0-9]*\]\]>")


class DamagingShop(PrestaShopSimulator):
    """Answers as recorded, with damage done to some of its answers."""

    damage: random.Random | None = None

    def handle(self, request: Request) -> Response:
        """Answer one request."""
        response = super().handle(request)
        if self.damage is not None and self.damage.random() < 0.1:
            response.set_data(self._damaged(response.get_data()))
        return response

    def _damaged(self, body: bytes) -> bytes:
        assert self.damage is not None
        kind = self.damage.randrange(6)
        if kind == 0:
            return body[: self.damage.randrange(len(body) + 1)]
        if kind == 1:
            place = self.damage.randrange(len(body) + 1)
            return body[:place] + self.damage.randbytes(3) + body[place + 3 :]
        fields = list((_ID if kind == 2 else _FIELD).finditer(body))
        for match in self.damage.sample(fields, min(len(fields), kind)):
            value = self.damage.choice(HOSTILE).encode()
            body = body.replace(match[0], b"<![CDATA[" + value + b"]]>", 1)
        return body


@pytest.fixture(scope="module")
def shop() -> Iterator[DamagingShop]:
    with DamagingShop(seed="recorded") as running:
        yield running


TASKS: dict[str, Callable[[ShopAdapter], object]] = {
    "probe": lambda adapter: adapter.probe(),
    "orders": lambda adapter: adapter.fetch_orders([str(number) for number in range(1, 18)]),
    "changed": lambda adapter: list(adapter.changed_orders(None)),
    "touched": lambda adapter: list(adapter.touched_orders(None)),
    "products": lambda adapter: list(adapter.read_products()),
    "categories": lambda adapter: adapter.read_categories(),
    "stock": lambda adapter: list(adapter.read_stock()),
}


@pytest.mark.parametrize("task", TASKS)
@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(seed=st.integers(0, 2**32))
def test_any_damage_on_the_road_is_one_of_our_errors(
    shop: DamagingShop, task: str, seed: int
) -> None:
    shop.damage = random.Random(seed)
    credentials = Credentials(base_url=shop.url, api_key=shop.api_key)
    with adapter_class("prestashop")(credentials) as adapter:
        try:
            found = TASKS[task](adapter)
        except ShopError as error:
            assert str(error)
            return
    if task == "orders":
        assert isinstance(found, list)
        assert len(found) == 17
        assert all(isinstance(each, Order | Outcome) for each in found)
