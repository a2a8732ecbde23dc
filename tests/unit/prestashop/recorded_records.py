"""Records as recorded answers show them: id, plain values, texts per language, associations."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from lxml import etree

from shopapi.systems.prestashop.simulator.schema import Resource
from shopapi.systems.prestashop.simulator.store import Rows

Shown = tuple[int, dict[str, str], dict[str, dict[int, str]], dict[str, Rows]]


def shown_xml(resource: Resource, element: etree._Element) -> Shown | None:
    """Read a record of a document; None for one without an id."""
    number = element.get("id") or element.findtext("id")
    if not number:
        return None
    values: dict[str, str] = {}
    texts: dict[str, dict[int, str]] = {}
    for field in resource.fields.values():
        node = element.find(field.name)
        if node is None:
            continue
        if field.translated:
            texts[field.name] = {int(each.get("id")): each.text or "" for each in node}
        else:
            values[field.name] = node.text or ""
    rows: dict[str, Rows] = {}
    for association in resource.associations.values():
        node = element.find(f"associations/{association.name}")
        if node is not None:
            rows[association.name] = [{part.tag: part.text or "" for part in row} for row in node]
    return int(number), values, texts, rows


def shown_json(resource: Resource, text: str) -> Iterator[Shown]:
    """Read the records of a JSON answer."""
    content = json.loads(text or "[]")
    if not isinstance(content, dict):
        return
    for element in content.get(resource.list_node, ()):
        yield _shown_json_record(resource, element, {})
    if resource.node in content:
        # a single record leaves out what is empty or zero
        blank = {each.name: each.blank for each in resource.fields.values() if not each.translated}
        yield _shown_json_record(resource, content[resource.node], blank)


def _shown_json_record(resource: Resource, element: dict[str, Any], blank: dict[str, str]) -> Shown:
    values = dict(blank)
    texts: dict[str, dict[int, str]] = {}
    for field in resource.fields.values():
        value = element.get(field.name)
        if isinstance(value, list):
            texts[field.name] = {int(each["id"]): each["value"] for each in value}
        elif field.translated and value is not None:
            texts[field.name] = {2: str(value)}
        elif field.name in element:
            values[field.name] = str(value) if value else field.blank
    return int(element["id"]), values, texts, element.get("associations", {})
