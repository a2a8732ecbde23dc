"""Texts in other languages: with WPML and Polylang each translation is a product of its own.

From their documentation, not seen.  Prices, stock and pictures are the original's: both plugins
copy them across.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ...documents import Entry, Outcome, Product
from ...errors import DataError
from ...saving import due_fields
from .client import Client, Row, text_of
from .shop import Shop

TEXTS = ("name", "short_description", "description")
_FIELDS = "id,lang,translations,type,status,name,short_description,description,slug"


def same_text(one: object, other: object) -> bool:
    """Whether two texts are equal but for escapes and white space."""
    return " ".join(text_of(one).split()) == " ".join(text_of(other).split())


class Translations:
    """Reads and writes the translations of products."""

    def __init__(self, client: Client, shop: Shop) -> None:
        self.client = client
        self.shop = shop

    def read(self, rows: Sequence[Row]) -> dict[tuple[str, str], Row]:
        """The translations of these products, by (id of the original, language)."""
        found: dict[tuple[str, str], Row] = {}
        for language in self.shop.languages[1:]:
            ids = {str(row["id"]): _translation(row, language) for row in rows}
            wanted = [key for key in ids.values() if key]
            params = {"context": "edit", "lang": language, "_fields": _FIELDS}
            held = self.client.read_by_id("products", wanted, **params) if wanted else {}
            found |= {(own, language): held[key] for own, key in ids.items() if key in held}
        return found

    def save(self, entries: Sequence[Entry], outcomes: Mapping[int, Outcome]) -> dict[int, Outcome]:
        """Write the texts that differ; the outcomes of the entries for which something was done."""
        todo = [
            (entry, outcomes[id(entry)])
            for entry in entries
            if outcomes[id(entry)].error is None and self._wanted(entry)
        ]
        ids = [str(outcome.external_id) for _entry, outcome in todo]
        params = {"context": "edit", "_fields": _FIELDS, **self.shop.main_language}
        originals = self.client.read_by_id("products", ids, **params) if ids else {}
        held = self.read(list(originals.values()))
        changed: dict[int, Outcome] = {}
        for entry, outcome in todo:
            key = str(outcome.external_id)
            try:
                if self._save_one(entry, originals.get(key, {"id": int(key)}), held):
                    changed[id(entry)] = replace(outcome, written=True)
            except DataError as error:
                changed[id(entry)] = replace(outcome, error=error)
        return changed

    def _wanted(self, entry: Entry) -> dict[str, dict[str, str]]:
        """Language -> field -> text, of what is ours to write."""
        if not isinstance(entry.document, Product):
            return {}
        names = due_fields(entry, TEXTS)
        found: dict[str, dict[str, str]] = {}
        for language in self.shop.languages[1:]:
            texts = {name: getattr(entry.document, name).get(language) for name in names}
            told = {name: str(text) for name, text in texts.items() if text}
            if told:
                found[language] = told
        return found

    def _save_one(self, entry: Entry, original: Row, held: Mapping[tuple[str, str], Row]) -> bool:
        written = False
        for language, texts in self._wanted(entry).items():
            row = held.get((str(original["id"]), language))
            if row is None:
                self._create(entry, original, language, texts)
                written = True
                continue
            news = {name: text for name, text in texts.items() if not same_text(row[name], text)}
            if news:
                self.client.post(f"products/{row['id']}", {"lang": language, **news})
                written = True
        return written

    def _create(self, entry: Entry, original: Row, language: str, texts: dict[str, str]) -> None:
        assert isinstance(entry.document, Product)
        self.client.post(
            "products",
            {
                "name": self.shop.text(entry.document.name),
                **texts,
                "type": original.get("type", "simple"),
                "status": original.get("status", "publish"),
                "lang": language,
                # WPML asks for the one, Polylang for the other
                "translation_of": original["id"],
                "translations": {
                    **(original.get("translations") or {}),
                    self.shop.language: original["id"],
                },
            },
        )


def _translation(row: Row, language: str) -> str | None:
    number = (row.get("translations") or {}).get(language)
    return str(number) if number else None
