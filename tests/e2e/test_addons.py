"""Each addon comes alone, is upgraded, and goes without leaving anything, with and without demo."""

import ast
import functools
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from odoo_side import Database

from suite import addons, databases, environment, odoo_package, paths, templates

COMPLAINT = re.compile(r" (WARNING|ERROR|CRITICAL) ")
# Odoo tries to delete every record of an addon that goes. Demo records that others refer to by now
# stay, and it logs the attempt that the database refused.
KEPT_RECORD = re.compile(r"odoo\.sql_db: bad query: b?['\"]DELETE FROM")
# What a person does with the buttons on the addon's card.
PRESS = """
from odoo import api
from odoo.modules.registry import Registry

for button, outcome in {presses!r}:
    getattr(env["ir.module.module"].search([("name", "=", {name!r})]), button)()
    with Registry({database!r}).cursor() as fresh:
        modules = api.Environment(fresh, 1, {{}})["ir.module.module"]
        state = modules.search([("name", "=", {name!r})]).state
        assert state == outcome, (button, state)
"""
UPGRADE = ("button_immediate_upgrade", "installed")
UNINSTALL = ("button_immediate_uninstall", "uninstalled")
LOOK_AROUND = """
for model in ("sale.order", "product.template", "stock.picking", "account.move", "res.partner"):
    for kind in ("form", "list", "search"):
        env[model].get_view(view_type=kind)
assert env["ir.ui.menu"].load_web_menus(False)
"""
# What an addon may put into a database, by a name that a person can find.
BELONGINGS = {
    "column": "SELECT table_name || '.' || column_name FROM information_schema.columns"
    " WHERE table_schema = 'public'",
    "index": "SELECT indexname FROM pg_indexes WHERE schemaname = 'public'",
    "constraint": "SELECT conrelid::regclass || ' ' || conname FROM pg_constraint",
    "sequence": "SELECT sequencename FROM pg_sequences",
    "trigger": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    "function": "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
    "model": "SELECT model FROM ir_model",
    "field": "SELECT model || '.' || name FROM ir_model_fields",
    "choice": "SELECT f.model || '.' || f.name || ' ' || s.value FROM ir_model_fields_selection s"
    " JOIN ir_model_fields f ON f.id = s.field_id",
    "access right": "SELECT id || ' ' || name FROM ir_model_access",
    "rule": "SELECT id || ' ' || name FROM ir_rule",
    "group": "SELECT id || ' ' || (name->>'en_US') FROM res_groups",
    "privilege": "SELECT id || ' ' || (name->>'en_US') FROM res_groups_privilege",
    "menu": "SELECT id || ' ' || (name->>'en_US') FROM ir_ui_menu",
    "view": "SELECT id || ' ' || name FROM ir_ui_view",
    "action": "SELECT id || ' ' || (name->>'en_US') FROM ir_actions",
    "scheduled action": "SELECT id || ' ' || cron_name FROM ir_cron",
    "asset": "SELECT id || ' ' || path FROM ir_asset",
    "setting": "SELECT key FROM ir_config_parameter",
    # Odoo itself forgets some ids that its own modules gave to parts of a model that is gone
    "external id": "SELECT module || '.' || name FROM ir_model_data WHERE module IN "
    f"""({", ".join(f"'{name}'" for name in addons.manifests())})""",
}

# Of these, demo data makes more than its addon owns: its records that others refer to by now stay.
OF_THE_SYSTEM = BELONGINGS.keys() - {"sequence", "setting", "external id"}


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(name, marks=pytest.mark.xdist_group(name))
        for name in sorted(addons.manifests())
    ],
)
def addon(request: pytest.FixtureRequest) -> str:
    """Each of our addons."""
    return str(request.param)


@pytest.fixture(scope="module")
def before(addon: str) -> Iterator[str]:
    """A database with what the addon's manifest asks for and not one module more."""
    with databases.temporary(templates.bare(_odoo_modules_of_all())) as name:
        needed = _closure(addon) - {addon}
        templates.install(name, sorted(needed), "--skip-auto-install")
        yield name


@pytest.fixture(scope="module")
def installed(addon: str, before: str) -> Iterator[str]:
    """The same with the addon, whose installation must pass without a warning."""
    with databases.temporary(before) as name:
        _odoo(name, "-i", addon, "--skip-auto-install", "--stop-after-init")
        yield name


def test_addon_without_demo_is_upgraded_and_leaves_nothing(
    addon: str, before: str, installed: str
) -> None:
    with databases.temporary(installed) as name:
        _odoo(name, "shell", "-u", addon, code=LOOK_AROUND + _press(name, addon, UNINSTALL))
        _odoo(name, "shell", code=LOOK_AROUND)
        left = _belongings(name) - _belongings(before)
    assert not left, f"{addon} left behind: {sorted(left)}"


def test_addon_with_demo_is_upgraded_and_goes(addon: str, before: str, installed: str) -> None:
    demo = templates.demo_code(addons.closure({addon}))
    with databases.temporary(installed) as name:
        presses = _press(name, addon, UPGRADE, UNINSTALL)
        _odoo(name, "shell", code=demo + presses, allowed=KEPT_RECORD)
        _odoo(name, "shell", code=LOOK_AROUND)
        left = _belongings(name) - _belongings(before)
    assert not {(kind, what) for kind, what in left if kind in OF_THE_SYSTEM}


def _press(database: str, addon: str, *presses: tuple[str, str]) -> str:
    return PRESS.format(presses=presses, name=addon, database=database)


def _odoo(
    database: str, *arguments: str, code: str = "", allowed: re.Pattern[str] | None = None
) -> None:
    """Run Odoo, which must end well and log no warning but those ``allowed``."""
    subcommand = ["shell"] if arguments[0] == "shell" else []
    options = ["-d", database, "--no-http", "--max-cron-threads=0", *arguments[len(subcommand) :]]
    done = subprocess.run(
        [str(paths.ODOO_BIN), *subcommand, *options],
        input=code,
        capture_output=True,
        text=True,
        env=environment.variables(),
        check=False,
    )
    assert not done.returncode, done.stderr[-3000:]
    complaints = [line for line in done.stderr.splitlines() if COMPLAINT.search(line)]
    unexpected = [line for line in complaints if not (allowed and allowed.search(line))]
    assert not unexpected, "\n".join(unexpected)


def _belongings(database: str) -> set[tuple[str, str]]:
    """(kind, name) of all that the addons of a database have put there."""
    data = Database(database)
    try:
        return {(kind, name) for kind, query in BELONGINGS.items() for (name,) in data.rows(query)}
    finally:
        data.close()


@functools.cache
def _manifest_files() -> dict[str, Path]:
    folders = [odoo_package.home() / "odoo/addons", odoo_package.home() / "addons", paths.ADDONS]
    files = [file for folder in folders for file in folder.glob("*/__manifest__.py")]
    return {file.parent.name: file for file in files}


@functools.cache
def _closure(module: str) -> frozenset[str]:
    """A module and all it depends on, from the manifests alone."""
    manifest = ast.literal_eval(_manifest_files()[module].read_text(encoding="utf-8"))
    needed = {"base"} if module != "base" else set()
    needed |= set(manifest.get("depends", ()))
    return frozenset({module}).union(*(_closure(need) for need in needed))


def _odoo_modules_of_all() -> set[str]:
    """Odoo's modules that every one of our addons needs: a common start that gives none a gift."""
    ours = set(addons.manifests())
    return set(frozenset.intersection(*(_closure(name) for name in ours)) - ours)
