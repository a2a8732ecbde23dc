"""The recorded PrestaShop exchanges that the connector keeps, by name and version."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import shopapi
from shopapi.exchange import Exchange, read_exchange
from shopapi.systems.prestashop.wire import Record, parse_records

FOLDER = Path(shopapi.__file__).parent / "systems" / "prestashop" / "exchanges"


@cache
def recorded(name: str, *, old: bool = False) -> Exchange:
    """The one exchange whose name begins so ("400-order-12"); ``old``: of 1.7.8 instead of 8."""
    found = list((FOLDER / ("1.7.8" if old else "8.2.1")).glob(f"{name}*.http"))
    if len(found) != 1:
        raise LookupError(f"{len(found)} exchanges are called {name!r}.")
    return read_exchange(found[0])


def records(name: str, *, old: bool = False) -> list[Record]:
    """The records in the answer of an exchange."""
    return parse_records(recorded(name, old=old).response_body)
