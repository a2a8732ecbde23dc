"""Our addons as their manifests describe them."""

import ast
import functools
from pathlib import Path

from suite import paths, stamps
from suite.console import Fault

# Changes below these folders cannot change what an installed database holds.
NOT_IN_DATABASE = {"tests", "static", "shopapi", "__pycache__"}
NOT_IN_DATABASE_SUFFIXES = {".md", ".rst", ".pot"}


@functools.cache
def manifests() -> dict[str, dict]:
    """Manifest of each installable addon in ``addons/``, by its name."""
    found = {}
    for file in sorted(paths.ADDONS.glob("*/__manifest__.py")):
        try:
            manifest = ast.literal_eval(file.read_text(encoding="utf-8"))
        except (SyntaxError, ValueError) as error:
            raise Fault(f"{file} is no Python dictionary: {error}.") from error
        if manifest.get("installable", True):
            found[file.parent.name] = manifest
    return found


def closure(names: set[str]) -> list[str]:
    """The given addons and those of ours they depend on, sorted."""
    ours = manifests()
    unknown = names - ours.keys()
    if unknown:
        raise Fault(f"There is no addon {', '.join(sorted(unknown))} in {paths.ADDONS}.")
    found: set[str] = set()
    waiting = set(names)
    while waiting:
        name = waiting.pop()
        found.add(name)
        waiting |= {need for need in ours[name].get("depends", ()) if need in ours} - found
    return sorted(found)


def bridges() -> set[str]:
    """Addons that install themselves beside a module of Odoo that not everybody has."""
    return {name for name, manifest in manifests().items() if manifest.get("auto_install")}


def beside(names: list[str]) -> list[str]:
    """The bridges that may install themselves where these addons are, sorted."""
    ours = manifests()
    needs = {name: set(ours[name].get("depends", ())) & ours.keys() for name in bridges()}
    return sorted(name for name, need in needs.items() if need <= set(names))


def usual() -> set[str]:
    """The addons that an administrator installs: all but the bridges."""
    return manifests().keys() - bridges()


def core_dependencies() -> set[str]:
    """Odoo's own modules that our addons name in ``depends``, without those of the bridges."""
    ours = manifests()
    return {need for name in usual() for need in ours[name].get("depends", ())} - set(ours)


def fingerprint(name: str) -> str:
    """Hash of those files of an addon that decide what an installed database holds."""
    folder = paths.ADDONS / name
    return stamps.digest(*(item for file in _files(folder) for item in (file.name, file)))


def _files(folder: Path) -> list[Path]:
    return [
        file
        for file in sorted(folder.rglob("*"))
        if file.is_file()
        and file.suffix not in NOT_IN_DATABASE_SUFFIXES
        and not _is_apart(file.relative_to(folder))
    ]


def _is_apart(file: Path) -> bool:
    return any(part in NOT_IN_DATABASE or part.startswith(".") for part in file.parts)
