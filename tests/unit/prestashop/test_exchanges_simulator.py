"""Every recorded exchange, sent to the simulator in the state it met, is answered alike."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from replay import differences, send

import shopapi
from shopapi.exchange import Exchange, read_exchanges
from shopapi.systems.prestashop.simulator import PrestaShopSimulator

FOLDER = Path(shopapi.__file__).parent / "systems" / "prestashop" / "exchanges"
VERSIONS = {"8.2.1": "8.2.1", "1.7.8": "1.7.8.11", "1.6.1": "1.6.1.24"}


def _recorded() -> Iterator[tuple[str, Exchange]]:
    for folder, version in VERSIONS.items():
        for exchange in read_exchanges(FOLDER / folder):
            yield version, exchange


CASES = list(_recorded())


def test_there_are_exchanges_of_every_version_and_nowhere_else() -> None:
    assert len(CASES) >= 150
    assert {version for version, _exchange in CASES} == set(VERSIONS.values())
    assert len(CASES) == len(list(FOLDER.rglob("*.http")))


@pytest.mark.parametrize(
    ("version", "exchange"), CASES, ids=[f"{version}-{each.name}" for version, each in CASES]
)
def test_recorded_exchange_is_answered_alike(version: str, exchange: Exchange) -> None:
    with PrestaShopSimulator(version=version) as simulator:
        answer = send(exchange, simulator)
        assert list(differences(exchange, answer)) == []
