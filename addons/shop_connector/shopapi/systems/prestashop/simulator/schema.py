"""Resources of the web service and their fields, per shop version.

``schema.json`` was made from the recorded answers of real servers (8.2.1, 1.7.8.11, 1.6.1.24):
names, order, format, size, required and read-only of every field from ``schema=synopsis``; `kind`
(how the database stores it), `nullable` and `link` from the values and links of all recorded
records; the lists of resources from ``GET /api/``.  Resources that were not recorded on 1.7 and 1.6
are taken from 8.2.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).with_name("schema.json")
#: version family -> name in the address -> resource; its class and elements are the same, read in
#: the published source of 1.6 (OrderDiscount extends OrderCartRule), not seen
_OLD_NAMES = {"1.6": {"order_discounts": "order_cart_rules"}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field; `kind` is text, int, decimal:N, date or datetime (translated fields: text)."""

    name: str
    kind: str = "text"
    format: str = ""
    max: int = 0
    required: bool = False
    read_only: bool = False
    shown_read_only: bool = False
    dynamic: bool = False
    translated: bool = False
    nullable: bool = False
    link: str = ""

    @property
    def blank(self) -> str:
        """What the database holds when nothing was given."""
        if self.nullable or self.kind == "text":
            return ""
        if self.kind.startswith("decimal:"):
            return "0." + "0" * int(self.kind.partition(":")[2])
        return {"int": "0", "date": "0000-00-00", "datetime": "0000-00-00 00:00:00"}[self.kind]


@dataclass(frozen=True, slots=True, kw_only=True)
class Association:
    """A list of related records inside a record; without `api` it is a list of plain rows."""

    name: str
    node: str
    api: str
    fields: dict[str, Field]


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One resource: the element of a record, the element of a list, its fields in order."""

    name: str
    node: str
    list_node: str
    fields: dict[str, Field]
    associations: dict[str, Association]

    @property
    def class_name(self) -> str:
        """Name of the shop's class, as it stands in validation errors."""
        special = {
            "product_options": "AttributeGroup",
            "product_option_values": "ProductAttribute",
            "product_features": "Feature",
            "product_feature_values": "FeatureValue",
            "order_cart_rules": "OrderCartRule",
            "tax_rule_groups": "TaxRulesGroup",
        }
        return special.get(self.name) or "".join(part.title() for part in self.node.split("_"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """All resources of one shop version; `listing` is the root: name, text, has a schema."""

    version: str
    resources: dict[str, Resource]
    listing: tuple[tuple[str, str, bool], ...]
    #: name in the address -> name of the resource here, where a version calls it otherwise
    old_names: dict[str, str]

    @property
    def names(self) -> list[str]:
        """Names of all resources, listed ones without fields included."""
        return [name for name, _text, _has_schema in self.listing]

    def resource(self, name: str) -> Resource:
        """Return a resource by its name in the address."""
        return self.resources[self.old_names.get(name, name)]

    def at_least(self, *version: int) -> bool:
        """Tell whether the shop is of that version or newer, e.g. ``at_least(1, 7)``."""
        return tuple(int(part) for part in self.version.split(".")) >= version


@lru_cache(maxsize=8)
def load_schema(version: str) -> Schema:
    """Return the schema of a shop version such as "8.2.1"; ValueError for one before 1.6."""
    data: dict[str, Any] = json.loads(_FILE.read_text(encoding="utf-8"))
    family = _family(version)
    descriptions = {**data["8.2"], **(data[family] if family != "8.2" else {})}
    listing = tuple((name, text, has) for name, text, has in data["roots"][family])
    old_names = _OLD_NAMES.get(family, {})
    names = [old_names.get(name, name) for name, _text, _has in listing]
    resources = {
        name: _read_resource(name, descriptions.get(name) or _bare(name))
        for name in names
        if name not in {"images", "search"}
    }
    return Schema(version=version, resources=resources, listing=listing, old_names=old_names)


def _family(version: str) -> str:
    numbers = tuple(int(part) for part in version.split("."))
    if numbers < (1, 6):
        raise ValueError(f"PrestaShop {version} is older than this simulator knows")
    if numbers < (1, 7):
        return "1.6"
    return "1.7" if numbers < (8,) else "8.2"


def _bare(name: str) -> dict[str, Any]:
    """A resource whose fields were never recorded: it lists and shows ids only."""
    node = name[:-1] if name.endswith("s") else name
    return {"node": node, "fields": {}, "associations": {}}


def _read_resource(name: str, data: dict[str, Any]) -> Resource:
    return Resource(
        name=name,
        node=data["node"],
        list_node=data.get("list", name),
        fields={key: Field(name=key, **value) for key, value in data["fields"].items()},
        associations={
            key: Association(
                name=key,
                node=value["node"],
                api=value.get("api", ""),
                fields={part: Field(name=part, **more) for part, more in value["fields"].items()},
            )
            for key, value in data["associations"].items()
        },
    )
