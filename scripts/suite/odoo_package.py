"""Odoo 19 from Debian's package, unpacked privately and mended.

The package exists in Debian's unstable suite only. It is fetched with an apt state of our own (the
mirror is the one the machine already uses), so nothing in the system's package sources changes.
"""

import os
import shutil
import subprocess
from pathlib import Path

from suite import paths, private_apt, stamps
from suite.console import Fault, run, step

SUITE = "sid"
# Debian's package points to fonts and scripts of other packages. Unpacked into the same root they
# mend its links. Font Awesome must be 4.7, which unstable no longer has.
UNSTABLE_HELPERS = ("fonts-montserrat",)
STABLE_SUITE = "bookworm"
STABLE_HELPERS = (
    "fonts-dejavu-core",
    "fonts-font-awesome",
    "fonts-inconsolata",
    "fonts-ocr-b",
    "fonts-roboto-unhinted",
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
)
# Of 19,600 translation files (820 MB) those of five languages are kept, besides the templates.
LEFT_OUT = (
    "*/i18n/[!defhi]*.po",
    "*/i18n/d[!e]*.po",
    "*/i18n/e[!s]*.po",
    "*/i18n/f[!r]*.po",
    "*/i18n/h[!u]*.po",
    "*/i18n/i[!t]*.po",
    "*/i18n/???*.po",
    "./usr/lib/python3/dist-packages/addons",
    "./usr/lib/python3/dist-packages/doc",
    "./usr/lib/python3/dist-packages/setup",
)
DIST_PACKAGES = paths.ODOO / "usr/lib/python3/dist-packages"
BLUR_STUB = "odoo/addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js"
TRY_AGAIN = "check the network, then run this again."


def home() -> Path:
    """Folder that holds the ``odoo`` package: ``ODOO_HOME`` if given, else the unpacked one."""
    given = os.environ.get("ODOO_HOME")
    if not given:
        return DIST_PACKAGES
    folder = Path(given).expanduser().resolve()
    for candidate in (folder, folder / "usr/lib/python3/dist-packages"):
        if (candidate / "odoo/release.py").is_file():
            return candidate
    raise Fault(f"ODOO_HOME ({folder}) holds no odoo/release.py: point it at an Odoo 19 folder.")


def ensure() -> Path:
    """Make sure an Odoo 19 is there and return the folder that holds the ``odoo`` package."""
    if not os.environ.get("ODOO_HOME"):
        _ensure_unpacked()
    folder = home()
    if "version_info = (19, 0," not in (folder / "odoo/release.py").read_text(encoding="utf-8"):
        raise Fault(f"{folder} is not Odoo 19.0: give an Odoo 19.0 by ODOO_HOME or ODOO_DEB.")
    return folder


def _ensure_unpacked() -> None:
    given = os.environ.get("ODOO_DEB", "")
    key = stamps.digest(given, *LEFT_OUT, *UNSTABLE_HELPERS, *STABLE_HELPERS, BLUR_STUB)
    if stamps.is_done("odoo", key) and DIST_PACKAGES.is_dir():
        return
    packages = _packages(given)
    with step("Unpacking Odoo"):
        fresh = paths.LOCAL / "odoo19.new"
        for old in (fresh, paths.ODOO):
            shutil.rmtree(old, ignore_errors=True)
        fresh.mkdir(parents=True)
        for package in packages:
            _unpack(package, fresh)
        _mend(fresh / DIST_PACKAGES.relative_to(paths.ODOO))
        fresh.rename(paths.ODOO)
    stamps.mark_done("odoo", key)


def _packages(given: str) -> list[Path]:
    """All package files to unpack; what the cache lacks is downloaded."""
    if given and not Path(given).is_file():
        raise Fault(f"ODOO_DEB ({given}) is no file: give the path of an odoo-19 .deb file.")
    names = (() if given else ("odoo-19",)) + UNSTABLE_HELPERS
    files = [Path(given)] if given else []
    if any(_cached(name) is None for name in (*names, *STABLE_HELPERS)):
        with step("Downloading Odoo"):
            _download(SUITE, names)
            _download(STABLE_SUITE, STABLE_HELPERS)
    return files + [_require_cached(name) for name in (*names, *STABLE_HELPERS)]


def _download(suite: str, names: tuple[str, ...]) -> None:
    wanted = [name for name in names if _cached(name) is None]
    if not wanted:
        return
    apt = private_apt.PrivateApt(suite)
    apt.update()
    if "odoo-19" in wanted:
        candidate = apt.candidate("odoo-19")
        if not candidate.startswith("19.0"):
            raise Fault(
                f"Debian now offers odoo-19 {candidate or 'no more'} where 19.0 is needed: "
                "give an Odoo 19.0 by ODOO_HOME (a folder) or ODOO_DEB (a package file)."
            )
    apt.download(wanted, paths.CACHE)


def _cached(name: str) -> Path | None:
    return next(iter(sorted(paths.CACHE.glob(f"{name}_*.deb"))), None)


def _require_cached(name: str) -> Path:
    package = _cached(name)
    if package is None:
        raise Fault(f"The package {name} could not be downloaded: {TRY_AGAIN}")
    return package


def _unpack(package: Path, target: Path) -> None:
    excludes = [f"--exclude={pattern}" for pattern in LEFT_OUT]
    reader = subprocess.Popen(["dpkg-deb", "--fsys-tarfile", package], stdout=subprocess.PIPE)
    tar = ["tar", "-x", "-C", target, "--no-same-owner", "--wildcards", *excludes]
    writer = subprocess.run(tar, stdin=reader.stdout, check=False)
    if reader.wait() or writer.returncode:
        package.unlink(missing_ok=package.parent == paths.CACHE)
        raise Fault(f"{package.name} is damaged or the disk is full: make room and run this again.")


def _mend(dist_packages: Path) -> None:
    """Repairs after Debian's repackaging: a missing script and the name of the database driver."""
    stub = dist_packages / BLUR_STUB
    stub.parent.mkdir(parents=True, exist_ok=True)
    stub.write_text("// Background blur in video calls is left out by Debian.\n", encoding="utf-8")
    for info in dist_packages.glob("odoo-19*.egg-info/PKG-INFO"):
        text = info.read_text(encoding="utf-8")
        if "Requires-Dist: psycopg2-binary" not in text:
            text = text.replace("Requires-Dist: psycopg2", "Requires-Dist: psycopg2-binary")
            info.write_text(text, encoding="utf-8")


def version(env: dict[str, str]) -> str:
    """What ``odoo --version`` says, for instance ``Odoo Server 19.0``."""
    return run(
        [paths.ODOO_BIN, "--version"],
        env=env,
        otherwise="Odoo does not start: delete .local/venv and run scripts/setup again.",
    ).strip()
