"""The settings every program of the project runs with: odoo.conf, PATH and the PG* variables."""

import configparser
import os
import shutil
from pathlib import Path

from suite import odoo_package, paths, postgres, stamps, system_packages, venv
from suite.console import Fault

NEEDED_DISK = 4 * 1024**3


def ensure_tests() -> None:
    """Set-up for tests without Odoo."""
    with stamps.lock("setup"):
        venv.ensure_for_tests()


def ensure() -> None:
    """The whole set-up; what is there already is not done again. Raises Fault."""
    with stamps.lock("setup"):
        if not paths.ODOO_BIN.exists():
            _check_disk()
        needs_postgres = postgres.given() is None and postgres.known() is None
        system_packages.install(system_packages.missing(needs_postgres=needs_postgres))
        venv.ensure_for_odoo(odoo_package.ensure())
        write_config(postgres.connect())


def write_config(server: postgres.Server) -> None:
    """Write ``.local/odoo.conf`` from the documented template at the root."""
    parser = configparser.RawConfigParser()
    parser.read(paths.CONFIG_TEMPLATE, encoding="utf-8")
    options = parser["options"]
    for name in ("data_dir", "bin_path"):
        options[name] = str(paths.ROOT / options[name])
    folders = options["addons_path"].split(",")
    options["addons_path"] = ",".join(str(paths.ROOT / folder.strip()) for folder in folders)
    options.update(db_host=server.host, db_port=str(server.port), db_user=server.user)
    if server.password:
        options["db_password"] = server.password
    paths.DATA.mkdir(parents=True, exist_ok=True)
    fresh = paths.CONFIG.with_suffix(".new")
    with fresh.open("w", encoding="utf-8") as handle:
        os.fchmod(handle.fileno(), 0o600)
        parser.write(handle)
    fresh.replace(paths.CONFIG)


def variables() -> dict[str, str]:
    """Environment for Odoo, PostgreSQL's tools and tests."""
    server = postgres.connect()
    folders = [str(paths.VENV_BIN), os.environ.get("PATH", os.defpath)]
    if server.programs:
        folders.insert(1, server.programs)
    return {
        **os.environ,
        **server.environment(),
        "PATH": os.pathsep.join(folders),
        "ODOO_RC": str(paths.CONFIG),
        "PYTHONUNBUFFERED": "1",
    }


def _check_disk() -> None:
    folder: Path = paths.ROOT
    if shutil.disk_usage(folder).free < NEEDED_DISK:
        raise Fault(f"Less than 4 GB are free on the disk of {folder}: make room and run it again.")
