"""Texts of the visitor's shop in its three languages."""

from __future__ import annotations

from pathlib import Path

# code in the address -> id of the language in the shop
LANGUAGES = {"en": 1, "it": 2, "hu": 3}

# each line: key: en | it | hu
_FILE = Path(__file__).with_name("front_texts.txt")


def _read(table: str) -> dict[str, dict[str, str]]:
    texts: dict[str, dict[str, str]] = {code: {} for code in LANGUAGES}
    for line in table.strip().splitlines():
        key, _colon, rest = line.partition(": ")
        for code, text in zip(LANGUAGES, rest.split(" | "), strict=True):
            texts[code][key] = text
    return texts


TEXTS = _read(_FILE.read_text(encoding="utf-8"))
