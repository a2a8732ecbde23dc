"""Run the benchmarks of ``tests/bench`` and show their figures beside the bars.

Each module there has ``NAME``, a one-line docstring and
``run(context) -> list[{"name", "value", "unit", "bar", "holds"}]``: ``bar`` is the limit as text or
number, ``holds`` whether the value keeps it. ``context`` is a :class:`Context`.
"""

import importlib.util
import json
import os
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from suite import databases, environment, paths, simulators, templates
from suite.console import Fault, step
from suite.server import OdooServer

FOLDER = paths.ROOT / "tests/bench"
#: of the simulated shop, for all that is not about what one system alone has
SYSTEM = os.environ.get("BENCH_SYSTEM", "prestashop")
FIELDS = ("name", "value", "unit", "bar", "holds")
#: what `odoo shell` runs: `call` is "module.function" of the folder `inside`, it gets `env`
INSIDE = """
import importlib, json, sys
sys.path.insert(0, {folder!r})
module, _dot, function = {call!r}.partition(".")
work = getattr(importlib.import_module("inside." + module), function)
print(json.dumps(work(env, **json.loads({options!r}))))
"""


class Context:
    """What a benchmark may use; it is not tied to a database until it asks for one."""

    @contextmanager
    def database(self, *addons: str, demo: bool = False) -> Iterator[str]:
        """A throw-away database with these of our addons (none named: all).

        ``demo``: with all of them and their demo data.
        """
        environment.ensure()
        template = templates.demo() if demo else templates.suite(set(addons))
        with databases.temporary(template) as name:
            yield name

    def server(self, database: str, **options) -> OdooServer:
        """An Odoo server for use in a ``with`` statement; see :class:`suite.server.OdooServer`."""
        return OdooServer(database, **options)

    def shell(self, database: str, code: str) -> str:
        """Run code in ``odoo shell``; see :func:`suite.databases.shell`."""
        return databases.shell(database, code)

    def inside(self, database: str, call: str, **options: Any) -> Any:
        """Call a function of ``tests/bench/inside`` in an Odoo process of its own.

        ``call``: ``"module.function"``. The function gets ``env`` and the options; options and
        result travel as JSON. Raises Fault when it fails.
        """
        code = INSIDE.format(folder=str(FOLDER), call=call, options=json.dumps(options))
        return json.loads(databases.shell(database, code).strip().splitlines()[-1])

    def simulator(
        self, version: str | None = None, *, system: str = SYSTEM
    ) -> AbstractContextManager[Any]:
        """A simulated shop, served by this process; see :func:`suite.simulators.open_simulator`."""
        return simulators.open_simulator(system, version=version)

    @staticmethod
    def access(shop: Any) -> dict[str, Any]:
        """The fields of ``shop.shop`` that connect a simulated shop."""
        access = {"system": shop.system, "base_url": shop.url, "api_key": shop.api_key}
        more = {name: getattr(shop, name, None) for name in ("api_secret", "media_login")}
        return access | {name: value for name, value in more.items() if value}


def available() -> dict[str, ModuleType]:
    """The benchmarks there are, by name."""
    if str(FOLDER) not in sys.path:
        sys.path.insert(0, str(FOLDER))  # for what several of them share, named with _ before it
    modules = (_load(file) for file in sorted(FOLDER.glob("[!_]*.py")))
    return {module.NAME: module for module in modules if hasattr(module, "NAME")}


def run(name: str | None, context: Context) -> list[dict]:
    """Run one benchmark or all of them and return their figures."""
    found = available()
    if name and name not in found:
        known = ", ".join(found) or "none yet"
        raise Fault(f"There is no benchmark {name}; there are: {known}.")
    figures = []
    for title, module in found.items():
        if name in (None, title):
            with step(f"Benchmark {title}"):
                rows = module.run(context)
            figures += [{field: row[field] for field in FIELDS} for row in rows]
    return figures


def table(figures: list[dict]) -> str:
    """The figures as lines of text."""
    rows = [("what", "value", "unit", "bar", "")]
    for row in figures:
        value = f"{row['value']:.3g}" if isinstance(row["value"], float) else str(row["value"])
        holds = "holds" if row["holds"] else "BROKEN"
        rows.append((row["name"], value, row["unit"], str(row["bar"]), holds))
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def _load(file: Path) -> ModuleType:
    specification = importlib.util.spec_from_file_location(f"bench_{file.stem}", file)
    if specification is None or specification.loader is None:
        raise Fault(f"{file} cannot be read as Python.")
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module
