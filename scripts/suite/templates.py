"""Template databases: built once, named after what they were made from, copied in a second.

- :func:`core`: Odoo's own modules that our addons need, no demo data, Italian and Hungarian active,
  the browser's asset bundles generated. Changes only with the pins, so it is built about once.
- :func:`suite`: a copy of that with our addons; built again when their files change.
- :func:`demo`: the same with our (not Odoo's) demo data.
- :func:`bare`: chosen modules of Odoo and nothing that comes by itself.
- :func:`filled`: a copy of the first with many records, for benchmarks; addons are installed in it
  afterwards, so that a change of theirs costs no new filling.

A template is built under a throw-away name and renamed at the end, so that an interrupted build
leaves nothing that looks finished.
"""

import subprocess
from collections.abc import Callable

from suite import addons, databases, environment, paths, stamps, venv
from suite.console import Fault, say, step

LANGUAGES = ("en_US", "it_IT", "hu_HU")
# What the three addons stand on by design. Named here as well as in their manifests, so that a
# change of one manifest does not cost a new core template.
CORE_MODULES = {
    "account",
    "base_automation",
    "delivery",
    "purchase_stock",
    "rating",
    "sale_crm",
    "sale_management",
    "sale_margin",
    "sale_stock",
    "sms",
    "stock_delivery",
}
CORE, SUITE, DEMO, BARE = "tpl_core_", "tpl_suite_", "tpl_demo_", "tpl_bare_"
FILLED = "tpl_filled_"
KEPT = {CORE: 3, SUITE: 12, DEMO: 2, BARE: 4, FILLED: 4}

GENERATE_ASSETS = """
env["ir.qweb"]._pregenerate_assets_bundles()
env.cr.commit()
"""
LOAD_DEMO = """
from odoo.modules.loading import load_data
from odoo.modules.module_graph import ModuleGraph

names = {names!r}
graph = ModuleGraph(env.cr, mode="load")
graph.extend(list(env.registry._init_modules))
for package in graph:
    if package.name in names:
        load_data(env(su=True), {{}}, "init", kind="demo", package=package)
# texts in other languages stand in the data files, but are read after them
languages = [code for code, _name in env["res.lang"].get_installed()]
env["ir.module.module"]._load_module_terms(names, languages)
env["ir.module.module"].search([("name", "in", names)]).demo = True
env.cr.commit()
"""


def core() -> str:
    """Name of the template with Odoo's modules alone; built if missing (one to two minutes)."""
    modules = sorted(CORE_MODULES | addons.core_dependencies())
    key = stamps.digest(*modules, *LANGUAGES, databases.EXTENSION, venv.key())

    def build(name: str) -> None:
        databases.create(name)
        install(name, modules, f"--load-language={','.join(LANGUAGES)}")
        databases.shell(name, GENERATE_ASSETS)

    return _built(CORE, key, "Building the database of Odoo's modules", build)


def suite(names: set[str] | None = None) -> str:
    """Name of the template with our addons: ``names`` and what they need, or all but bridges."""
    chosen = addons.closure(set(names or addons.usual()))
    return _built(SUITE, _key(chosen), f"Installing {', '.join(chosen)}", _install_ours(chosen))


def demo() -> str:
    """Name of the template with our addons (no bridges) and their demo data, without Odoo's."""
    chosen = addons.closure(addons.usual())

    def build(name: str) -> None:
        _install_ours(chosen)(name)
        databases.shell(name, demo_code(chosen))
        databases.shell(name, GENERATE_ASSETS)

    key = stamps.digest(_key(chosen), LOAD_DEMO)
    return _built(DEMO, key, "Building the demo database", build)


def demo_code(names: list[str]) -> str:
    """Code for Odoo's shell that loads the demo data of these installed addons of ours."""
    return LOAD_DEMO.format(names=names)


def bare(modules: set[str]) -> str:
    """Name of a template with these of Odoo's modules and what they depend on, in English only.

    Modules that would install by themselves beside them are left out, so that an addon tried on it
    finds no more than its manifest asks for.
    """

    def build(name: str) -> None:
        databases.create(name)
        install(name, sorted(modules), "--skip-auto-install")

    key = stamps.digest(*sorted(modules), databases.EXTENSION, venv.key())
    return _built(BARE, key, f"Installing {', '.join(sorted(modules))} alone", build)


def filled(key: str, title: str, fill: Callable[[str], None]) -> str:
    """Name of a template of Odoo's modules with the records that ``fill(database)`` makes.

    ``key`` says what they are: with another one they are made anew.
    """

    def build(name: str) -> None:
        databases.clone(core(), name)
        fill(name)

    return _built(FILLED, stamps.digest(core(), key), title, build)


def install(database: str, modules: list[str], *options: str) -> None:
    """Install modules in a database. Raises Fault when one of them is not installed afterwards.

    Warnings and errors of Odoo are shown; the whole log stays in ``.local/run`` if it failed.
    """
    log = paths.RUN / f"install-{database}.log"
    command = [paths.ODOO_BIN, "-d", database, "-i", ",".join(modules), "--stop-after-init"]
    command += ["--no-http", "--max-cron-threads=0", *options]
    with log.open("w", encoding="utf-8") as handle:
        code = subprocess.run(
            [str(word) for word in command],
            stdin=subprocess.DEVNULL,
            stdout=handle,
            stderr=subprocess.STDOUT,
            env=environment.variables(),
            check=False,
        ).returncode
    for line in log.read_text(encoding="utf-8").splitlines():
        if any(f" {level} {database} " in line for level in ("WARNING", "ERROR", "CRITICAL")):
            say(f"  {line[:400]}")
    if code or not _installed(database, modules):
        raise Fault(f"Odoo could not install {', '.join(modules)}: see the end of {log}.")
    log.unlink()


def _installed(database: str, modules: list[str]) -> bool:
    query = "SELECT name FROM ir_module_module WHERE state = 'installed'"
    return set(modules) <= set(databases.sql(database, query).split())


def _key(chosen: list[str]) -> str:
    """Hash of the addons and of the bridges that come by themselves beside them."""
    by_themselves = sorted({*addons.beside(chosen)} - {*chosen})
    names = [*chosen, "", *by_themselves]
    parts = (part for name in names for part in (name, name and addons.fingerprint(name)))
    return stamps.digest(core(), *parts)


def _install_ours(chosen: list[str]) -> Callable[[str], None]:
    def build(name: str) -> None:
        databases.clone(core(), name)
        install(name, chosen)

    return build


def _built(prefix: str, key: str, title: str, build: Callable[[str], None]) -> str:
    """Return the template of this key; one process builds it, the others wait."""
    finished = f"{prefix}{key}"
    if databases.exists(finished):
        return finished
    with stamps.lock(prefix.strip("_")):
        if databases.exists(finished):
            return finished
        fresh = databases.throw_away_name()
        try:
            with step(title):
                build(fresh)
                databases.rename(fresh, finished)
        finally:
            databases.drop(fresh)
        _forget_old(prefix, finished)
    return finished


def _forget_old(prefix: str, newest: str) -> None:
    """Drop old templates of a kind, oldest first, but keep a few: branches come and go."""
    query = f"SELECT datname FROM pg_database WHERE datname LIKE '{prefix}%' ORDER BY oid DESC"
    others = [name for name in databases.sql("postgres", query).split() if name != newest]
    for name in others[KEPT[prefix] - 1 :]:
        databases.drop(name)
