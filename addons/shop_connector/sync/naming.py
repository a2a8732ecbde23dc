"""Recognising a record by what a shop calls the same thing."""

from .catalogue_match import folded


def best_named(records, name, *, is_close_enough=False):
    """The record of that name in any language in use, empty when there is none.

    ``is_close_enough``: else the only one that shares its words, where all words of the one stand
    in the other: "Lampo" for "Lampo Express".
    """
    wanted = folded(name)
    if not wanted:
        return records.browse()
    languages = [code for code, _label in records.env["res.lang"].get_installed()]
    names = {
        record: {folded(record.with_context(lang=code).name) for code in languages} - {""}
        for record in records
    }
    for record, own in names.items():
        if wanted in own:
            return record
    words = set(wanted.split())
    close = [
        record
        for record, own in names.items()
        if any(words <= set(each.split()) or set(each.split()) <= words for each in own)
    ]
    return close[0] if is_close_enough and len(close) == 1 else records.browse()
