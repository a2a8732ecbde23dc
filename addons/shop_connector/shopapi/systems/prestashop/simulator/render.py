"""Documents of the web service: records and lists as XML and JSON, errors, schemas."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from .schema import Association, Field, Resource, Schema
from .store import Record, Rows

_XML_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<prestashop xmlns:xlink="http://www.w3.org/1999/xlink">\n'
)
_XML_TAIL = "</prestashop>\n"

# fields that PHP computes and that keep their own type in JSON
_JSON_TYPES: dict[tuple[str, str], Any] = {
    ("products", "new"): lambda value: value or None,
    ("products", "id_default_combination"): lambda value: int(value or 0),
    ("products", "manufacturer_name"): lambda value: value or False,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Display:
    """What of each record is shown: ids only, everything, or some fields and associations."""

    ids_only: bool = False
    fields: Collection[str] | None = None
    associations: dict[str, Collection[str]] | None = None
    languages: Collection[int] | None = None

    def shows(self, name: str) -> bool:
        """Tell whether a field is shown."""
        return self.fields is None or name in self.fields


@dataclass(frozen=True, slots=True)
class Shown:
    """A record ready to be shown; `extra` are computed prices under the asker's own names."""

    record: Record
    extra: dict[str, str]


class Renderer:
    """Writes documents for one shop address and version."""

    def __init__(self, schema: Schema, base: str, languages: Sequence[int]) -> None:
        self.schema = schema
        self.api = f"{base}/api"
        self.languages = languages
        # 1.6 leaves the CDATA out where there is nothing
        self.cdata_when_empty = schema.at_least(1, 7)

    # --- XML -----------------------------------------------------------------------------------

    def document(self, content: str) -> str:
        """Wrap the content of an answer."""
        return f"{_XML_HEAD}{content}{_XML_TAIL}"

    def one(self, resource: Resource, shown: Shown, display: Display) -> str:
        """Write the document of a single record."""
        return self.document(self.element(resource, shown, display))

    def many(self, resource: Resource, records: Iterable[Shown], display: Display) -> str:
        """Write the document of several records, from a list or after several writes."""
        node = resource.list_node
        if display.ids_only:
            lines = [
                f'<{resource.node} id="{shown.record.id}" '
                f'xlink:href="{self.api}/{resource.name}/{shown.record.id}"/>\n'
                for shown in records
            ]
        else:
            lines = [self.element(resource, shown, display) for shown in records]
        return self.document(f"<{node}>\n{''.join(lines)}</{node}>\n")

    def element(self, resource: Resource, shown: Shown, display: Display) -> str:
        """Write one record."""
        record = shown.record
        parts = [f"<{resource.node}>\n"]
        if display.shows("id"):
            parts.append(f"\t<id><![CDATA[{record.id}]]></id>\n")
        for field in resource.fields.values():
            if display.shows(field.name):
                parts.append(self._field(resource, field, record, display))
        for name, value in shown.extra.items():
            parts.append(f"\t<{name}><![CDATA[{value}]]></{name}>\n")
        parts.append(self._associations(resource, record, display))
        parts.append(f"</{resource.node}>\n")
        return "".join(parts)

    def _field(self, resource: Resource, field: Field, record: Record, display: Display) -> str:
        flag = ' notFilterable="true"' if field.dynamic else ""
        if field.translated:
            return f"\t<{field.name}{flag}>{self._texts(field, record, display)}</{field.name}>\n"
        value = record.values.get(field.name, "")
        link = ""
        if field.link and (value not in {"", "0"} or _links_when_empty(resource, field, record)):
            parent = f"/{record.id}" if field.link == "images/products" else ""
            link = f' xlink:href="{self.api}/{field.link}{parent}/{value}"'
        return f"\t<{field.name}{link}{flag}>{self._cdata(value)}</{field.name}>\n"

    def _texts(self, field: Field, record: Record, display: Display) -> str:
        texts = record.texts.get(field.name)
        parts = []
        for language in self.languages:
            if display.languages is not None and language not in display.languages:
                continue
            value = (texts or {}).get(language, "")
            if texts is None or texts.get(-1) is not None:
                # a text that the document did not set: no link, no matter the language
                parts.append(f'<language id="{language}">{self._cdata(value)}</language>')
            else:
                link = f"{self.api}/languages/{language}"
                parts.append(
                    f'<language id="{language}" xlink:href="{link}">'
                    f"<![CDATA[{_cdata_safe(value)}]]></language>"
                )
        return "".join(parts)

    def _cdata(self, value: str) -> str:
        if not value and not self.cdata_when_empty:
            return ""
        return f"<![CDATA[{_cdata_safe(value)}]]>"

    def _associations(self, resource: Resource, record: Record, display: Display) -> str:
        wanted = [each for each in resource.associations.values() if _wants(display, each.name)]
        if not wanted:
            return ""
        parts = ["<associations>\n"]
        for association in wanted:
            rows = record.associations.get(association.name, [])
            parts.append(self._association(association, rows, record, display))
        parts.append("</associations>\n")
        return "".join(parts)

    def _association(
        self, association: Association, rows: Rows, record: Record, display: Display
    ) -> str:
        kind = f'api="{association.api}"' if association.api else 'virtualEntity="true"'
        head = f'<{association.name} nodeType="{association.node}" {kind}'
        if not rows:
            return f"{head}/>\n"
        parts = [f"{head}>\n"]
        for row in rows:
            link = self._row_link(association, row, record)
            parts.append(f"\t<{association.node}{link}>\n")
            for field in _row_fields(association, display):
                value = row.get(field.name, "")
                link = f' xlink:href="{self.api}/{field.link}/{value}"' if field.link else ""
                parts.append(f"\t<{field.name}{link}>{self._cdata(value)}</{field.name}>\n")
            parts.append(f"\t</{association.node}>\n")
        parts.append(f"</{association.name}>\n")
        return "".join(parts)

    def _row_link(self, association: Association, row: dict[str, str], record: Record) -> str:
        if not association.api or association.fields.get("id", Field(name="id")).link:
            return ""
        address = association.api
        if association.name == "images":
            product = record.values.get("id_product") or record.id
            address = f"images/products/{product}"
        return f' xlink:href="{self.api}/{address}/{row.get("id", "")}"'

    def errors(self, errors: Sequence[tuple[int, str]]) -> str:
        """Write an error document."""
        lines = [
            f"<error>\n<code><![CDATA[{code}]]></code>\n"
            f"<message><![CDATA[{_cdata_safe(message)}]]></message>\n</error>\n"
            for code, message in errors
        ]
        return self.document(f"<errors>\n{''.join(lines)}</errors>\n")

    # --- JSON ----------------------------------------------------------------------------------

    def one_json(self, resource: Resource, shown: Shown, display: Display) -> str:
        """Write a single record; 8.x leaves out every field that PHP calls empty."""
        content = self._json(resource, shown, display)
        if self.schema.at_least(8):
            content = {name: value for name, value in content.items() if not _is_empty(value)}
        return dump_json({resource.node: content})

    def many_json(self, resource: Resource, records: Iterable[Shown], display: Display) -> str:
        """Write a list; an empty one is a bare array."""
        if display.ids_only:
            rows: list[dict[str, Any]] = [{"id": shown.record.id} for shown in records]
        else:
            rows = [self._json(resource, shown, display) for shown in records]
        return dump_json({resource.list_node: rows} if rows else [])

    def _json(self, resource: Resource, shown: Shown, display: Display) -> dict[str, Any]:
        record = shown.record
        content: dict[str, Any] = {"id": record.id} if display.shows("id") else {}
        for field in resource.fields.values():
            if not display.shows(field.name):
                continue
            if field.translated:
                content[field.name] = self._texts_json(record.texts.get(field.name, {}), display)
                continue
            value = record.values.get(field.name, "")
            convert = _JSON_TYPES.get((resource.name, field.name))
            if convert is not None:
                content[field.name] = convert(value)
            else:
                content[field.name] = None if field.nullable and not value else value
        if resource.name == "products" and "id_default_image" in content:
            content["id_default_image"] = content["id_default_image"] or ""
        content.update(shown.extra)
        associations = {
            each.name: [
                {field.name: row.get(field.name, "") for field in _row_fields(each, display)}
                for row in record.associations.get(each.name, [])
            ]
            for each in resource.associations.values()
            if _wants(display, each.name)
        }
        associations = {name: rows for name, rows in associations.items() if rows}
        if associations:
            content["associations"] = associations
        return content

    def _texts_json(self, texts: dict[int, str], display: Display) -> Any:
        shown = [
            {"id": str(language), "value": texts.get(language, "")}
            for language in self.languages
            if display.languages is None or language in display.languages
        ]
        one_asked = display.languages is not None and len(shown) == 1
        return shown[0]["value"] if one_asked else shown

    def errors_json(self, errors: Sequence[tuple[int, str]]) -> str:
        """Write an error document."""
        return dump_json({"errors": [{"code": code, "message": text} for code, text in errors]})

    # --- schemas -------------------------------------------------------------------------------

    def blank(self, resource: Resource) -> str:
        """Write ``schema=blank``: an empty record with one row of each association."""
        lines = [f"<{resource.node}>\n\t<id>{self._cdata('')}</id>\n"]
        for field in resource.fields.values():
            if field.read_only:
                continue
            lines.append(f"\t<{field.name}>{self._blank_value(field)}</{field.name}>\n")
        lines.append(self._schema_associations(resource, synopsis=False))
        lines.append(f"</{resource.node}>\n")
        return self.document("".join(lines))

    def _blank_value(self, field: Field) -> str:
        if not field.translated:
            return self._cdata("")
        return "".join(
            f'<language id="{each}">{self._cdata("")}</language>' for each in self.languages
        )

    def blank_json(self, resource: Resource) -> str:
        """Write ``schema=blank`` as JSON: empty fields are left out, so little remains."""
        associations = {
            each.name: [dict.fromkeys(each.fields)] for each in resource.associations.values()
        }
        return dump_json({resource.node: {"associations": associations} if associations else []})

    def synopsis(self, resource: Resource) -> str:
        """Write ``schema=synopsis``: formats, sizes, required and read-only fields."""
        lines = [f"<{resource.node}>\n"]
        for field in resource.fields.values():
            lines.append(f"\t<{field.name}{_synopsis_flags(field)}>{self._synopsis_value(field)}")
            lines.append(f"</{field.name}>\n")
        lines.append(self._schema_associations(resource, synopsis=True))
        lines.append(f"</{resource.node}>\n")
        return self.document("".join(lines))

    def _synopsis_value(self, field: Field) -> str:
        if not field.translated:
            return self._cdata("")
        return "".join(
            f'<language id="{each}" xlink:href="{self.api}/languages/{each}" '
            f'format="isUnsignedId" >{self._cdata("")}</language>'
            for each in self.languages
        )

    def _schema_associations(self, resource: Resource, *, synopsis: bool) -> str:
        if not resource.associations:
            return ""
        lines = ["<associations>\n"]
        for each in resource.associations.values():
            kind = f'api="{each.api}"' if each.api else 'virtualEntity="true"'
            head = f' nodeType="{each.node}" {kind}' if synopsis else ""
            lines.append(f"<{each.name}{head}>\n\t<{each.node}>\n")
            for part in each.fields.values():
                flags = self._part_flags(part) if synopsis else ""
                lines.append(f"\t<{part.name}{flags}>{self._cdata('')}</{part.name}>\n")
            lines.append(f"\t</{each.node}>\n</{each.name}>\n")
        lines.append("</associations>\n")
        return "".join(lines)

    def _part_flags(self, part: Field) -> str:
        flags = f' xlink:href="{self.api}/{part.link}/"' if part.link else ""
        flags += ' required="true"' if part.required else ""
        return flags + (' read_only="true" readOnly="true"' if part.read_only else "")


def dump_json(content: object) -> str:
    """Write JSON as PHP does: no blanks, slashes escaped, other characters as they are."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return text.replace("/", "\\/")


def _links_when_empty(resource: Resource, field: Field, record: Record) -> bool:
    """Tell of the one field that carries a link to nothing: the state of an order just posted."""
    is_state = resource.name == "orders" and field.name == "current_state"
    if is_state:
        return not record.values.get(field.name)
    return resource.name == "order_details" and field.name == "product_attribute_id"


def _wants(display: Display, association: str) -> bool:
    if display.associations is not None:
        return association in display.associations
    return display.fields is None


def _row_fields(association: Association, display: Display) -> list[Field]:
    wanted = (display.associations or {}).get(association.name)
    fields = association.fields.values()
    return [field for field in fields if wanted is None or field.name in wanted]


def _is_empty(value: object) -> bool:
    return value in ("", "0", 0, None, False) or value == []


def _cdata_safe(value: str) -> str:
    return value.replace("]]>", "]]]]><![CDATA[>")


def _synopsis_flags(field: Field) -> str:
    flags = ' notFilterable="true"' if field.dynamic else ""
    flags += ' required="true"' if field.required else ""
    flags += f' maxSize="{field.max}"' if field.max else ""
    flags += ' read_only="true"' if field.read_only else ""
    flags += f' format="{field.format}"' if field.format else ""
    return flags + (' readOnly="true"' if field.read_only or field.shown_read_only else "")
