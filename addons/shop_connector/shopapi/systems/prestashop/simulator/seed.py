"""What the shop holds on its first day: an Italian wine seller with three languages, no products.

``seed.json`` has languages, order states (with their flags), taxes, zones and customer groups as
recorded from a fresh shop; carriers, vouchers and countries are those of the made-up shop.  Texts
stand in the order of the languages en, it, hu.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from .shop import Shop

_FILE = Path(__file__).with_name("seed.json")


def fill(shop: Shop) -> None:
    """Fill an empty shop."""
    data: dict[str, list[dict[str, Any]]] = json.loads(_FILE.read_text(encoding="utf-8"))
    # the time zone decides what every date means
    order = sorted(data, key=lambda name: name not in {"languages", "configurations"})
    for resource in order:
        fields = shop.store.schema.resources[resource].fields
        for row in data[resource]:
            texts = {
                name: dict(enumerate(values, start=1))
                for name, values in row.get("texts", {}).items()
                if name in fields
            }
            values = {
                name: value
                for name, value in row.items()
                if name in fields and not fields[name].translated
            }
            shop.store.add(resource, values, texts=texts, record_id=row["id"])
    shop.store.add("employees", record_id=1)
    shop.store.add("contacts", record_id=1)
