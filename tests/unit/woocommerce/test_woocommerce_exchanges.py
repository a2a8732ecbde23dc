"""Recorded exchanges, sent one after the other to the simulator, are answered alike."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from replay_woocommerce import DELIVERIES, EFFECT_ONLY, Replay, in_order

import shopapi
from shopapi.exchange import Exchange, read_exchanges

FOLDER = Path(shopapi.__file__).parent / "systems" / "woocommerce" / "exchanges"
VERSIONS = {"11.0.1": "11.0.1", "8.2.2": "8.2.2"}


@cache
def _found(version: str) -> dict[str, list[str]]:
    """In what each answer of a version differs; one shop answers them all."""
    with Replay(version) as replay:
        return {
            exchange.name: replay.differences(exchange)
            for exchange in in_order(read_exchanges(FOLDER / version))
            if exchange.name[:3] not in DELIVERIES
        }


def _cases() -> Iterator[tuple[str, Exchange]]:
    for version in VERSIONS:
        for exchange in read_exchanges(FOLDER / version):
            if exchange.name[:3] not in DELIVERIES | EFFECT_ONLY:
                yield version, exchange


CASES = list(_cases())


def test_there_are_exchanges_of_both_versions_and_nowhere_else() -> None:
    assert len(CASES) >= 220
    shipped = [each for version in VERSIONS for each in read_exchanges(FOLDER / version)]
    assert len(shipped) == len(list(FOLDER.rglob("*.http")))


@pytest.mark.parametrize(
    ("version", "name"),
    [(version, each.name) for version, each in CASES],
    ids=[f"{version}-{each.name}" for version, each in CASES],
)
def test_recorded_exchange_is_answered_alike(version: str, name: str) -> None:
    assert _found(version)[name] == []
