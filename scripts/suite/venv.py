"""Python environments: one for Odoo and the tests, filled in two steps, and one for lint."""

import shutil
import subprocess
import sys
from pathlib import Path

from suite import odoo_package, paths, stamps
from suite.console import run, step

PINS = paths.ROOT / "requirements.txt"
TEST = paths.ROOT / "requirements-test.txt"
DEV = paths.ROOT / "requirements-dev.txt"
LINT = paths.ROOT / "requirements-lint.txt"
LINT_VENV = paths.LOCAL / "lint"
LAUNCHER = """#!{python}
# Not `python -m odoo`: Odoo starts its helper processes by the name of this file.
from odoo.cli import main

main()
"""


def ensure_for_tests() -> None:
    """Make the environment for tests without Odoo: a few small packages."""
    key = stamps.digest(PINS, TEST, sys.version)
    if stamps.is_done("venv-test", key) and _works(paths.VENV):
        return
    with step("Installing Python packages for plain tests"):
        _create(paths.VENV)
        _pip(paths.VENV, "-r", TEST, "-c", PINS)
    stamps.mark_done("venv-test", key)


def ensure_for_odoo(odoo_home: Path) -> None:
    """Complete the environment with everything Odoo and its tests need."""
    ensure_for_tests()
    # several working trees may share one environment by a link
    odoo_home = odoo_home.resolve()
    key = stamps.digest(PINS, TEST, DEV, sys.version, str(odoo_home), LAUNCHER)
    if stamps.is_done("venv-odoo", key) and paths.ODOO_BIN.is_file():
        return
    with step("Installing Python packages for Odoo"):
        _pip(paths.VENV, "-r", PINS, "-r", TEST, "-r", DEV)
        packages = next((paths.VENV / "lib").glob("python3*/site-packages"))
        (packages / "odoo19.pth").write_text(f"{odoo_home}\n", encoding="utf-8")
        paths.ODOO_BIN.write_text(
            LAUNCHER.format(python=paths.VENV.resolve() / "bin/python"), encoding="utf-8"
        )
        paths.ODOO_BIN.chmod(0o755)
        pdf = paths.VENV_BIN / "wkhtmltopdf"
        pdf.unlink(missing_ok=True)
        pdf.symlink_to("wkhtmltopdf-pack")
        broken = "The Python packages do not fit together: compare requirements.txt."
        run([paths.PYTHON, "-m", "pip", "check"], otherwise=broken)
    stamps.mark_done("venv-odoo", key)


def ensure_for_lint() -> Path:
    """Make the environment of the lint tools and return its folder of programs."""
    key = stamps.digest(PINS, TEST, LINT, sys.version)
    if not (stamps.is_done("venv-lint", key) and _works(LINT_VENV)):
        with step("Installing lint tools"):
            _create(LINT_VENV)
            _pip(LINT_VENV, "-r", LINT)
        stamps.mark_done("venv-lint", key)
    return LINT_VENV / "bin"


def add(package: str) -> None:
    """Install one more package into the environment of Odoo."""
    _create(paths.VENV)
    _pip(paths.VENV, package)


def _works(folder: Path) -> bool:
    python = folder / "bin/python"
    if not python.exists():
        return False
    probe = [python, "-c", "import pip"]
    return subprocess.run(probe, capture_output=True, check=False).returncode == 0


def _create(folder: Path) -> None:
    if _works(folder):
        return
    shutil.rmtree(folder, ignore_errors=True)
    failed = "A Python environment cannot be made: install the package python3-venv."
    run([sys.executable, "-m", "venv", folder], otherwise=failed)


def _pip(folder: Path, *arguments: str | Path) -> None:
    failed = "Python packages could not be installed: check the network, then run this again."
    pip = [folder / "bin/python", "-m", "pip", "install", "--disable-pip-version-check"]
    run([*pip, "--no-input", *arguments], otherwise=failed)


def key() -> str:
    """Hash of what every Odoo database of this checkout depends on: pins, Odoo, the file store."""
    return stamps.digest(PINS, str(odoo_package.home().resolve()), str(paths.DATA.resolve()))
