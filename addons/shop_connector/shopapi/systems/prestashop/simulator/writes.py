"""Writing: documents of POST, PUT and PATCH become records, one after the other, no transaction.

PUT blanks what the document leaves out; PATCH keeps it.  A translated field that the document has
is emptied in the languages that it leaves out, unless the synopsis calls the field required.
"""

from __future__ import annotations

from collections.abc import Iterable

from lxml import etree

from .effects import Effects
from .faults import ServiceError
from .multistore import MultiStore
from .schema import Field, Resource
from .store import Record, Rows, stored
from .validation import clean_html, empty_field, validate


class Writer:
    """Saves the records of documents."""

    def __init__(self, store: MultiStore, effects: Effects) -> None:
        self.store = store
        self.effects = effects
        self.escape = store.schema.at_least(8)

    def save(self, method: str, resource: Resource, body: bytes) -> list[Record]:
        """Write every record of a document; return them as PHP holds them in memory afterwards.

        Raises ServiceError at the first bad record: those before it stay written.
        """
        saved = []
        for element in parse_document(body):
            if method == "POST":
                saved.append(self._create(resource, element))
            else:
                saved.append(self._change(resource, element, patch=method == "PATCH"))
        return saved

    def _create(self, resource: Resource, element: etree._Element) -> Record:
        if _child_text(element, "id"):
            raise ServiceError(400, 91, "id is forbidden when adding a new resource")
        written = self._read(resource, element, None)
        self._check_required(resource, element)
        self.effects.prepare(resource, written, None)
        validate(resource, written, escape=self.escape)
        self._refuse_empty(resource, written)
        record = self.effects.create(resource, written)
        written.id = record.id
        self.effects.answer_created(resource, written, record)
        return written

    def _change(self, resource: Resource, element: etree._Element, *, patch: bool) -> Record:
        record_id = _child_text(element, "id")
        if not record_id:
            raise ServiceError(400, 90, "id is required when modifying a resource")
        current = self.store.get(resource.name, record_id)
        if current is None or not self.store.is_member(resource.name, current.id):
            current = self.store.attachable(resource.name, record_id)
        if current is None:
            raise ServiceError(404, 92, "Invalid ID")
        written = self._read(resource, element, current if patch else None)
        written.id = current.id
        if not patch:
            self._check_required(resource, element)
            self._keep_required_texts(resource, written, current)
        self.effects.prepare(resource, written, current)
        validate(resource, written, escape=self.escape)
        self._refuse_empty(resource, written)
        self.effects.check_change(resource, written, current)
        changed = self._stored(resource, written, current)
        self.store.replace(resource.name, changed)
        self.effects.changed(resource, changed, current, written)
        self.effects.answer_changed(resource, written, changed, patch=patch)
        return written

    # --- documents -----------------------------------------------------------------------------

    def _read(self, resource: Resource, element: etree._Element, base: Record | None) -> Record:
        """Read one element over a base (PATCH) or over nothing (POST, PUT)."""
        written = base.copy() if base else Record(0)
        for field in resource.fields.values():
            node = element.find(field.name)
            if node is None:
                continue
            if field.read_only:
                raise self._not_writable(resource, field, element)
            if field.translated:
                keep = base.texts.get(field.name) if base and field.required else None
                written.texts[field.name] = self._read_texts(node, keep)
            else:
                written.values[field.name] = _text(node)
        self._read_associations(resource, element, written)
        return written

    def _not_writable(
        self, resource: Resource, field: Field, element: etree._Element
    ) -> ServiceError:
        text = f'parameter "{field.name}" not writable. Please remove this attribute of this XML'
        current = self.store.get(resource.name, _child_text(element, "id"))
        if resource.name == "products" and current is not None:
            # the position was read first and its complaint comes first
            sent = Record(current.id)
            sent.values["position_in_category"] = _child_text(element, "position_in_category")
            error = self.effects.position_error(sent, current)
            if error is not None:
                return ServiceError(400, *error, (93, text))
        return ServiceError(400, 93, text)

    def _read_texts(self, node: etree._Element, keep: dict[int, str] | None) -> dict[int, str]:
        texts = dict(keep) if keep else dict.fromkeys(self.store.languages, "")
        languages = node.findall("language")
        if not languages:
            return _cut_into_letters(_text(node), self.store.languages)
        for each in languages:
            language = int(each.get("id") or 0)
            if language not in texts:
                raise ServiceError(400, 85, "i18n: this language id does not exist")
            texts[language] = _text(each)
        return texts

    def _read_associations(
        self, resource: Resource, element: etree._Element, written: Record
    ) -> None:
        node = element.find("associations")
        if node is None:
            return
        for association in resource.associations.values():
            rows_node = node.find(association.name)
            if rows_node is None:
                continue
            rows: Rows = []
            for row in rows_node.iterchildren(association.node):
                # read-only parts of a row are dropped without a word, unlike read-only fields
                rows.append(
                    {
                        name: _child_text(row, name)
                        for name, part in association.fields.items()
                        if not part.read_only and row.find(name) is not None
                    }
                )
            written.associations[association.name] = rows

    def _check_required(self, resource: Resource, element: etree._Element) -> None:
        for field in resource.fields.values():
            if field.required and not field.translated and not _child_text(element, field.name):
                raise ServiceError(400, 41, f'parameter "{field.name}" required')

    def _refuse_empty(self, resource: Resource, written: Record) -> None:
        for field in resource.fields.values():
            if not field.translated or not field.required:
                continue
            texts = written.texts.get(field.name)
            if texts is None or not any(texts.values()):
                raise empty_field(resource, field.name, escape=self.escape)

    def _keep_required_texts(self, resource: Resource, written: Record, current: Record) -> None:
        """Fill the languages that a PUT left out of a required field from the stored record."""
        for field in resource.fields.values():
            if field.translated and field.required:
                texts = written.texts.setdefault(field.name, {})
                for language, text in current.texts.get(field.name, {}).items():
                    texts[language] = texts.get(language) or text

    def _stored(self, resource: Resource, written: Record, current: Record) -> Record:
        """Return the record as the database holds it after the write."""
        record = Record(current.id)
        for field in resource.fields.values():
            if field.translated:
                texts = written.texts.get(field.name, {})
                record.texts[field.name] = {
                    language: self.cleaned(field, texts.get(language, ""))
                    for language in self.store.languages
                }
            else:
                record.values[field.name] = stored(field, written.values.get(field.name, ""))
        # lists that the document did not have stay
        record.associations = {**current.associations, **written.associations}
        now = self.store.now()
        if "date_upd" in resource.fields:
            record.values["date_upd"] = now
        if "date_add" in resource.fields and not written.values.get("date_add"):
            record.values["date_add"] = now
        return record

    @staticmethod
    def cleaned(field: Field, text: str) -> str:
        """Return a text as it is stored."""
        return clean_html(text) if field.format == "isCleanHtml" else text


def parse_document(body: bytes) -> list[etree._Element]:
    """Return the records of a document; raises ServiceError 127 when it is no XML."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        original = body.decode("utf-8", "replace")
        raise ServiceError(
            500,
            127,
            "XML error : String could not be parsed as XML\n"
            f"XML length : {len(body)}\nOriginal XML : {original}",
        ) from error
    return list(_elements(root))


def _elements(node: etree._Element) -> Iterable[etree._Element]:
    return (child for child in node if isinstance(child.tag, str))


def _child_text(element: etree._Element, name: str) -> str:
    node = element.find(name)
    return _text(node).strip() if node is not None else ""


def _text(node: etree._Element) -> str:
    return "".join(str(part) for part in node.itertext())


def _cut_into_letters(text: str, languages: list[int]) -> dict[int, str]:
    """Return what PHP makes of a text without language nodes: its n-th letter for language n.

    The entry -1 marks it, since the answer shows such a text without links to the languages.
    """
    letters = {each: text[each : each + 1] for each in languages}
    return {**letters, -1: ""} if text else dict.fromkeys(languages, "")
