"""Translation templates must be fresh and every language complete."""

import tempfile
from pathlib import Path

import polib

from suite import addons, databases, environment, paths, templates
from suite.lint_result import Result

LANGUAGES = ("it", "hu")
EXPORT = """
from pathlib import Path
from odoo.tools.translate import trans_export

for name in {names!r}:
    with open(Path({folder!r}, name + ".pot"), "wb") as target:
        trans_export(None, [name], target, "po", env)
"""


def check(fix: bool) -> Result:
    """Compare each addon's texts with its .pot, and the .pot with it.po and hu.po.

    With ``fix`` the .pot is written anew and the languages get its entries; the holes stay to be
    filled by a person.
    """
    result = Result("translations")
    names = sorted(addons.manifests())
    if not names:
        return result
    environment.ensure()
    with tempfile.TemporaryDirectory() as folder:
        with databases.temporary(templates.suite(set(names))) as database:
            databases.shell(database, EXPORT.format(names=names, folder=folder))
        for name in names:
            _compare(name, _read_template(Path(folder, f"{name}.pot")), fix, result)
    return result


def _read_template(file: Path) -> polib.POFile:
    fresh = polib.pofile(str(file), wrapwidth=78)
    for moving in ("POT-Creation-Date", "PO-Revision-Date"):
        fresh.metadata.pop(moving, None)  # they would change the file at every export
    return fresh


def _compare(name: str, fresh: polib.POFile, fix: bool, result: Result) -> None:
    folder = paths.ADDONS / name / "i18n"
    template = folder / f"{name}.pot"
    shown = template.relative_to(paths.ROOT)
    old = polib.pofile(str(template)) if template.is_file() else polib.POFile()
    if {entry.msgid for entry in old} != {entry.msgid for entry in fresh}:
        if fix:
            folder.mkdir(exist_ok=True)
            fresh.save(str(template))
        else:
            result.problems.append(f"{shown}: stale; scripts/lint --fix writes it anew")
    for language in LANGUAGES:
        _compare_language(folder / f"{language}.po", fresh, fix, result)


def _compare_language(file: Path, fresh: polib.POFile, fix: bool, result: Result) -> None:
    shown = file.relative_to(paths.ROOT)
    known = polib.pofile(str(file)) if file.is_file() else polib.POFile()
    texts = {entry.msgid: entry for entry in known if not entry.obsolete}
    if fix and (fresh or file.is_file()):
        merged = _merge(known, texts, fresh, file.stem)
        if str(merged) != (file.read_text(encoding="utf-8") if file.is_file() else ""):
            merged.save(str(file))
    wanted = {entry.msgid for entry in fresh}
    holes = [text for text in sorted(wanted) if text not in texts or _is_hole(texts[text])]
    stale = sorted(texts.keys() - wanted)
    for title, found in (("not translated", holes), ("no longer used", [] if fix else stale)):
        if found:
            first = ", ".join(repr(text[:60]) for text in found[:5])
            result.problems.append(f"{shown}: {len(found)} texts {title}: {first}")


def _is_hole(entry: polib.POEntry) -> bool:
    return not entry.msgstr or entry.fuzzy


def _merge(
    known: polib.POFile, texts: dict[str, polib.POEntry], fresh: polib.POFile, language: str
) -> polib.POFile:
    """The fresh template with the translations that are known, in the template's order."""
    merged = polib.POFile(wrapwidth=78)
    merged.metadata = {**fresh.metadata, **known.metadata, "Language": language}
    merged.header = known.header or fresh.header
    for entry in fresh:
        copy = polib.POEntry(
            msgid=entry.msgid,
            comment=entry.comment,
            tcomment=entry.tcomment,
            occurrences=entry.occurrences,
            flags=[flag for flag in entry.flags if flag != "fuzzy"],
        )
        if entry.msgid in texts:
            copy.msgstr = texts[entry.msgid].msgstr
            copy.flags += ["fuzzy"] if texts[entry.msgid].fuzzy else []
        merged.append(copy)
    return merged
