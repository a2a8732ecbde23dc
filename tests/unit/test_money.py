"""Exact money: nothing is lost, nothing is invented."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopapi.errors import DataError
from shopapi.money import (
    explain_difference,
    implied_rate,
    net_of,
    parse_amount,
    round_money,
    share_out,
    spread_discount,
)

D = Decimal
RATES = [D(22), D(10), D(4), D(5)]
cents = st.integers(1, 10_000_00).map(lambda value: D(value) / 100)
bases = st.dictionaries(st.sampled_from(RATES), cents, min_size=1, max_size=4)


@pytest.mark.parametrize("text", ["", "1,5", "NaN", "1e9", "Infinity", "1.", ".5", "0x1", "١"])
def test_only_plain_decimals_are_amounts(text: str) -> None:
    with pytest.raises(DataError):
        parse_amount(text)


@given(st.text(max_size=30))
def test_any_text_is_an_amount_or_a_data_error(text: str) -> None:
    try:
        amount = parse_amount(text)
    except DataError:
        return
    assert amount.is_finite()


def test_halves_round_away_from_zero() -> None:
    rounded = [round_money(D(text)) for text in ("8.365", "-8.365", "8.3649999", "2.675")]
    assert rounded == [D("8.37"), D("-8.37"), D("8.36"), D("2.68")]
    assert round_money(D("399.5"), 0) == D(400)


@given(st.decimals(-(10**9), 10**9, places=6), st.integers(0, 3))
def test_rounding_moves_at_most_half_a_unit(amount: Decimal, digits: int) -> None:
    assert abs(round_money(amount, digits) - amount) <= D(1).scaleb(-digits) / 2


def test_one_cent_a_part_is_rounding_and_more_is_not() -> None:
    parts = [D("23.90"), D("7.00"), D("3.05"), D("-5.00")]
    assert explain_difference(D("28.95"), parts).amount == 0
    assert explain_difference(D("28.99"), parts).is_rounding
    off = explain_difference(D("29.00"), parts)
    assert not off.is_rounding
    assert "28.95" in str(off) and "0.05" in str(off) and "more than rounding" in str(off)


def test_rate_is_found_among_the_known_ones() -> None:
    assert implied_rate(D("2.50"), D("3.05"), RATES) == D(22)
    assert implied_rate(D("5.00"), D("5.00"), RATES) == D(0)
    assert implied_rate(D("5.00"), D("9.00"), RATES) is None


@given(st.decimals(-(10**6), 10**6, places=2), bases)
def test_shares_sum_up_exactly(amount: Decimal, weights: dict[Decimal, Decimal]) -> None:
    shares = share_out(amount, weights)
    assert len(shares) == len(weights)
    assert sum(shares) == amount
    assert all(share == round_money(share) for share in shares)


@given(cents, cents, bases)
def test_spread_is_exact_in_net_and_gross_whatever_comes(
    net: Decimal, gross: Decimal, weights: dict[Decimal, Decimal]
) -> None:
    split = spread_discount(-net, -gross, weights)
    assert sum(part for part, _ in split.values()) == -net
    assert sum(part for _, part in split.values()) == -gross
    assert set(split) <= set(weights)


@given(cents, st.integers(1, 90), cents, cents)
def test_percentage_over_two_rates_follows_the_goods(
    _unused: Decimal, percent: int, first: Decimal, second: Decimal
) -> None:
    weights = {D(22): first, D(10): second}
    exact = {rate: base * percent / 100 for rate, base in weights.items()}
    gross = round_money(sum(exact.values(), D(0)))
    net = round_money(sum((net_of(part, rate) for rate, part in exact.items()), D(0)))
    split = spread_discount(-net, -gross, weights)
    for rate, part in exact.items():
        assert abs(split.get(rate, (D(0), D(0)))[1] + part) <= D("0.02")


@given(st.sampled_from([D(22), D(10)]), st.integers(100, 5000))
def test_voucher_for_goods_of_one_rate_stays_there(rate: Decimal, amount: int) -> None:
    gross = D(amount) / 100
    net = round_money(net_of(gross, rate))
    split = spread_discount(-net, -gross, {D(22): D("100.00"), D(10): D("100.00")})
    other = {D(22): D(10), D(10): D(22)}[rate]
    # a mixture may fit as well when a few cents are all there is; never more than those
    assert abs(split.get(other, (D(0), D(0)))[1]) <= D("0.25")


def test_mixture_of_two_rates_is_solved() -> None:
    # 10.00 off at 22 % and 2.00 off at 10 %, on goods of which that is no even share
    gross, net = D("-12.00"), -(round_money(D(10) / D("1.22")) + round_money(D(2) / D("1.10")))
    split = spread_discount(net, gross, {D(22): D("20.00"), D(10): D("80.00")})
    assert split[D(22)][1] == pytest.approx(D("-10.00"), abs=D("0.1"))
    assert split[D(10)][1] == pytest.approx(D("-2.00"), abs=D("0.1"))


def test_discount_without_goods_is_a_data_error() -> None:
    with pytest.raises(DataError):
        spread_discount(D(-1), D(-1), {})
