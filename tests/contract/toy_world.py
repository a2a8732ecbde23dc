"""A shop system that a test adds: one folder, and one line in the registry.

`add_toy` is that line; it also tells Python that the folder stands here and not below
``shopapi/systems``.  The toy plays the scenarios marked ``basic``, which ask for nothing but what
every system must be able to do.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from world import World

import shopapi.systems
from shopapi import registry


def add_toy() -> None:
    """Add the system, as somebody would who wrote it."""
    shopapi.systems.__path__.append(str(Path(__file__).parent / "toy_systems"))
    registry.SYSTEMS["toy"] = "toy"


class ToyWorld(World):
    """Knows what the basic scenarios ask for."""

    system = "toy"
    vouchers: dict[str, str] = {}

    def held(self, sku: str) -> dict[str, Any]:
        return self.sim.product_by_sku(sku)

    def mails(self) -> int:
        return int(self.simulator.mails)

    def inactive_key(self) -> str:
        return str(self.simulator.inactive_key)


# a real system's world answers everything; the toy's has no answer for what no basic scenario asks
ToyWorld.__abstractmethods__ = frozenset()
