"""The XML of the PrestaShop Webservice: bytes -> `Record`, `Draft` -> bytes, error answers.

Follows the Webservice reference of PrestaShop 8 (devdocs, "Webservice") and what recorded answers
of 8.2.1 and 1.7.8.11 hold.  Only shapes, no input or output; a bad answer is a `DataError`.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from lxml import etree

from ...errors import DataError
from ...money import parse_amount

Value = str | Mapping[str, str]
#: what XML 1.0 cannot carry at all; invisible in a browser, so it is left out rather than refused
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ID = re.compile(r"[0-9]{1,20}")
_NO_REFERENCE = frozenset({"", "0"})
_NO_DATE = re.compile(r"0000-00-00")

#: list in ``associations`` -> element of one entry, for the lists that are written
_ENTRY_NAMES = {
    "cart_rows": "cart_row",
    "categories": "category",
    "groups": "group",
    "images": "image",
    "product_option_values": "product_option_value",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One record of an answer.

    ``fields``: plain values as text; ``texts``: translated fields by language id; ``lists``: the
    associations, each entry again as plain values.
    """

    name: str
    fields: Mapping[str, str]
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    lists: Mapping[str, tuple[Mapping[str, str], ...]] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The record's id, digits. Raises DataError when the answer has none."""
        found = self.required("id").strip()
        if not _ID.fullmatch(found):
            raise DataError(f"The shop's {self.name} has no usable id: {found[:40]!r}")
        return found

    def required(self, name: str) -> str:
        """A field that must be there, maybe empty. Raises DataError when it is missing."""
        try:
            return self.fields[name]
        except KeyError:
            raise DataError(f"The shop's {self.name} has no field {name!r}.") from None

    def text(self, name: str) -> str | None:
        """A field's text without spaces around, None when empty or missing."""
        return self.fields.get(name, "").strip() or None

    def reference(self, name: str) -> str | None:
        """The id another record is named by; None for 0, empty or missing."""
        value = self.fields.get(name, "").strip()
        return None if value in _NO_REFERENCE else value

    def flag(self, name: str) -> bool:
        """A yes-no field: "1" is yes; "", "0" and missing are no."""
        return self.fields.get(name, "").strip() not in _NO_REFERENCE

    def amount(self, name: str) -> Decimal:
        """A number; empty means 0. Raises DataError when missing or not a number."""
        value = self.required(name).strip()
        try:
            return parse_amount(value) if value else Decimal(0)
        except DataError as error:
            raise DataError(f"{self.name} {self.fields.get('id')}, {name}: {error}") from error

    def moment(self, name: str, zone: ZoneInfo) -> datetime | None:
        """A local time of the shop -> aware UTC; None for none. Raises DataError otherwise.

        In the hour that autumn repeats the shop does not say which one it means: the first.
        """
        value = self.text(name)
        if value is None or _NO_DATE.match(value):
            return None
        try:
            local = datetime.strptime(value, "%Y-%m-%d %H:%M:%S")
            return local.replace(tzinfo=zone).astimezone(UTC)
        except (ValueError, OverflowError) as error:
            raise DataError(f"{self.name}, {name}: not a time: {value[:40]!r}") from error

    def day(self, name: str) -> date | None:
        """A date; None for none. Raises DataError otherwise."""
        value = self.text(name)
        if value is None or _NO_DATE.match(value):
            return None
        try:
            return date.fromisoformat(value)
        except ValueError as error:
            raise DataError(f"{self.name}, {name}: not a date: {value[:40]!r}") from error

    def translated(self, name: str) -> Mapping[str, str]:
        """A translated field by language id ({} when missing)."""
        return self.texts.get(name, {})

    def label(self, name: str, language: str) -> str:
        """One text to show: in that language, else in any, else the plain field, else ""."""
        texts = self.translated(name)
        found = texts.get(language) or next((text for text in texts.values() if text), None)
        return (found if found is not None else self.fields.get(name, "")).strip()

    def ids(self, name: str) -> tuple[str, ...]:
        """The ids in one of the associations."""
        return tuple(entry["id"] for entry in self.lists.get(name, ()) if entry.get("id"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What is to be written: fields (translated ones as texts by language id) and associations.

    ``lists`` hold ids, ``rows`` associations whose entries have fields of their own.
    """

    fields: Mapping[str, Value]
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rows: Mapping[str, tuple[Mapping[str, str], ...]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.fields or self.lists or self.rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopFault:
    """One entry of an error answer."""

    code: int
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """The root of the web service: the shop's name, and which methods the key may use on what."""

    shop_name: str
    allowed: Mapping[str, frozenset[str]]

    def can(self, resource: str, method: str) -> bool:
        """Whether the key may use the method (get, post, put, patch, delete) on the resource."""
        return method in self.allowed.get(resource, frozenset())


# --- reading --------------------------------------------------------------------------------------


def parse_records(payload: bytes) -> list[Record]:
    """The records of an answer: a list, one record, or several written at once.

    Raises DataError when it is not the documented XML.
    """
    children = list(_children(_root(payload)))
    if len(children) == 1 and _is_list(children[0]):
        children = list(_children(children[0]))
    return [_record(element) for element in children if len(element)]


def parse_record(payload: bytes) -> Record:
    """The one record of an answer. Raises DataError when there is none or more."""
    records = parse_records(payload)
    if len(records) != 1:
        raise DataError(f"The shop answered {len(records)} records where one was expected.")
    return records[0]


def parse_faults(payload: bytes) -> list[ShopFault]:
    """The entries of an error answer, [] when the body is none."""
    try:
        root = _root(payload)
    except DataError:
        return []
    return [
        ShopFault(code=_fault_code(error), message=_fault_message(error))
        for error in root.iterfind("errors/error")
    ]


def parse_rights(payload: bytes) -> Rights:
    """The list of resources. Raises DataError when it is not one."""
    api = _root(payload).find("api")
    if api is None:
        raise DataError("The address does not answer with the list of a PrestaShop web service.")
    allowed = {
        str(element.tag): frozenset(
            str(name) for name, value in element.attrib.items() if value == "true"
        )
        for element in _children(api)
    }
    return Rights(shop_name=str(api.get("shopName") or ""), allowed=allowed)


def _root(payload: bytes) -> etree._Element:
    """Parse without entities, document types, network or huge trees."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_pis=True
    )
    try:
        root = etree.fromstring(payload.strip(), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise DataError(f"The shop's answer is not readable XML: {error}") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise DataError("The shop's answer carries a document type; refused.")
    if root.tag != "prestashop":
        raise DataError("The shop's answer is not one of a PrestaShop web service.")
    return root


def _children(element: etree._Element) -> Iterable[etree._Element]:
    """Child elements, without comments and entities."""
    return element.iterchildren("*")


def _is_list(element: etree._Element) -> bool:
    """Tell ``<products>`` with its rows from ``<product>`` with its fields.

    The name does not tell reliably (``order_slips`` for order_slip), the content does: a record
    holds its ``id`` or other plain fields, a list holds elements with elements or nothing.
    """
    children = list(_children(element))
    if not children:
        return True
    if element.find("id") is not None:
        return False
    return all(len(child) or _is_link(child) for child in children) and not any(
        child.tag in {"associations"} or child.find("language") is not None for child in children
    )


def _is_link(element: etree._Element) -> bool:
    return "id" in element.attrib and not len(element)


def _record(element: etree._Element) -> Record:
    fields: dict[str, str] = {}
    texts: dict[str, dict[str, str]] = {}
    lists: dict[str, tuple[Mapping[str, str], ...]] = {}
    for child in _children(element):
        name = str(child.tag)
        if not len(child):  # nearly all are plain
            if name != "associations":
                fields[name] = child.text or ""
        elif name == "associations":
            lists.update({str(group.tag): _entries(group) for group in _children(child)})
        elif languages := child.findall("language"):
            texts[name] = {str(item.get("id") or ""): item.text or "" for item in languages}
        else:
            fields[name] = child.text or ""
    return Record(name=str(element.tag), fields=fields, texts=texts, lists=lists)


def _entries(group: etree._Element) -> tuple[Mapping[str, str], ...]:
    return tuple(
        {str(item.tag): item.text or "" for item in _children(entry)} for entry in _children(group)
    )


def _fault_code(error: etree._Element) -> int:
    code = (error.findtext("code") or "").strip()
    return int(code) if re.fullmatch(r"[0-9]{1,6}", code) else 0


def _fault_message(error: etree._Element) -> str:
    # 8.x escapes the message a second time inside its CDATA
    return html.unescape((error.findtext("message") or "").strip()) or "no explanation"


# --- writing --------------------------------------------------------------------------------------


def dump(name: str, drafts: Sequence[Draft]) -> bytes:
    """The document that writes one or more records, which stand side by side without a wrapper."""
    root = etree.Element("prestashop")
    for draft in drafts:
        element = etree.SubElement(root, name)
        for key, value in draft.fields.items():
            _put(etree.SubElement(element, key), value)
        rows: dict[str, tuple[Mapping[str, str], ...]] = {
            key: tuple({"id": entry} for entry in ids) for key, ids in draft.lists.items()
        }
        rows.update(draft.rows)
        if rows:
            associations = etree.SubElement(element, "associations")
            for key, entries in rows.items():
                group = etree.SubElement(associations, key)
                for entry in entries:
                    row = etree.SubElement(group, _ENTRY_NAMES[key])
                    for name, text in entry.items():
                        etree.SubElement(row, name).text = text
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _put(element: etree._Element, value: Value) -> None:
    if isinstance(value, str):
        element.text = clean_text(value)
        return
    for language, text in value.items():
        etree.SubElement(element, "language", id=language).text = clean_text(text)


def clean_text(text: str) -> str:
    """The text without what XML cannot carry (control characters, lone surrogates)."""
    return _NOT_XML.sub("", text)


# --- comparing ------------------------------------------------------------------------------------


def is_same(left: Value, right: Value) -> bool:
    """Whether two spellings mean the same to the shop.

    ``&`` comes back as ``&amp;``, 0.4 as 0.400000, an unset number as "" or 0; line ends and spaces
    at the ends do not count.
    """
    if isinstance(left, str) and isinstance(right, str):
        return _plain(left) == _plain(right)
    if isinstance(left, str) or isinstance(right, str):
        return False
    languages = set(left) | set(right)
    return all(_plain(left.get(key, "")) == _plain(right.get(key, "")) for key in languages)


def _plain(text: str) -> str:
    text = html.unescape(clean_text(text)).replace("\r\n", "\n").strip()
    if re.fullmatch(r"-?[0-9]+\.[0-9]+", text):
        text = text.rstrip("0").rstrip(".")
    return "" if text in {"0", "-0"} else text


def merged(record: Record, draft: Draft, drop: frozenset[str]) -> Draft:
    """The whole record with the draft's values in it, for a PUT that replaces everything.

    ``drop`` names the fields that the shop refuses or computes.  Associations stay as they are in
    the shop where the draft has none.
    """
    fields: dict[str, Value] = {
        **{key: value for key, value in record.fields.items() if key not in drop},
        **{key: dict(value) for key, value in record.texts.items() if key not in drop},
    }
    fields.update(draft.fields)
    return Draft(fields=fields, lists=draft.lists)
