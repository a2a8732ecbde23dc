"""The four parts of the test suite and how pytest runs each of them."""

import dataclasses
import os
import subprocess
import sys
from pathlib import Path

from suite import addons, databases, environment, paths, templates
from suite.console import say, step
from suite.counts import Counts

TESTS = paths.ROOT / "tests"
NEEDS_ODOO = TESTS / "odoo"
END_TO_END = TESTS / "e2e"
FAULTS = TESTS / "faults"
WITHOUT_ODOO = ("-p", "no:odoo")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Selection:
    """What the command line chose: paths for each part, options for all of them."""

    fast: list[str]
    odoo: list[str]
    end_to_end: list[str]
    faults: list[str]
    options: list[str]

    @classmethod
    def read(cls, arguments: list[str]) -> "Selection":
        """Sort arguments: an existing path goes to its part, everything else to pytest.

        Without any path all parts are chosen whole.
        """
        fast: list[str] = []
        odoo: list[str] = []
        end_to_end: list[str] = []
        faults: list[str] = []
        options: list[str] = []
        for argument in arguments:
            path = Path(argument.split("::")[0])
            if argument.startswith("-") or not path.exists():
                options.append(argument)
                continue
            path = path.resolve()
            if path == paths.ADDONS and "::" not in argument:
                odoo += _addon_tests()
            elif path.is_relative_to(paths.ADDONS) or path.is_relative_to(NEEDS_ODOO):
                odoo.append(argument)
            elif path.is_relative_to(END_TO_END):
                end_to_end.append(argument)
            elif path.is_relative_to(FAULTS):
                faults.append(argument)
            elif path == TESTS:
                fast += _fast_folders()
                odoo += _existing(NEEDS_ODOO)
                end_to_end += _existing(END_TO_END)
                faults += _existing(FAULTS)
            else:
                fast.append(argument)
        if not (fast or odoo or end_to_end or faults):
            fast, end_to_end = _fast_folders(), _existing(END_TO_END)
            faults = _existing(FAULTS)
            odoo = [*_addon_tests(), *_existing(NEEDS_ODOO)]
        chosen = {"fast": fast, "odoo": odoo, "end_to_end": end_to_end, "faults": faults}
        return cls(**chosen, options=options)


def run_fast(selection: Selection, counts: Counts) -> None:
    """Run the tests that need no Odoo."""
    variables = {name: value for name, value in os.environ.items() if name != "ODOO_RC"}
    variables["PATH"] = f"{paths.VENV_BIN}{os.pathsep}{variables.get('PATH', os.defpath)}"
    arguments = [*WITHOUT_ODOO, *_workers(selection.fast), *selection.fast]
    _pytest("fast", [*arguments, *selection.options], variables, counts)


def run_odoo(selection: Selection, counts: Counts) -> None:
    """Run Odoo's own kind of tests on throw-away copies of the templates with our addons.

    Bridges have a database of their own, so that the others are tried without what they bring.
    """
    databases.drop_leftovers()
    bridges = [item for item in selection.odoo if (_addons_of([item]) or set()) & addons.bridges()]
    usual = [item for item in selection.odoo if item not in bridges]
    for chosen in filter(None, (usual, bridges)):
        with databases.temporary(templates.suite(_addons_of(chosen))) as name:
            arguments = [
                f"--odoo-database={name}",
                "--odoo-http",
                "--odoo-log-level=warn",
                # Here the pure layer is imported as a part of its addon, never a second time.
                "-o",
                "pythonpath=scripts",
                *_workers(chosen),
                *chosen,
            ]
            _pytest("odoo", [*arguments, *selection.options], environment.variables(), counts)


def run_end_to_end(selection: Selection, counts: Counts) -> None:
    """Run the scenarios that start servers of their own."""
    _with_servers("end-to-end", selection.end_to_end, selection, counts)


def run_faults(selection: Selection, counts: Counts) -> None:
    """Run the trials in which shops break down and servers are killed."""
    _with_servers("faults", selection.faults, selection, counts)


def _with_servers(part: str, chosen: list[str], selection: Selection, counts: Counts) -> None:
    variables = environment.variables()
    del variables["ODOO_RC"]
    # Tests that share a server of their module say so by a group; others go where there is room.
    workers = _workers(chosen, "loadgroup")
    _pytest(part, [*WITHOUT_ODOO, *workers, *chosen, *selection.options], variables, counts)


def _addons_of(chosen: list[str]) -> set[str] | None:
    """The addons whose tests were chosen; None for all."""
    folders = {Path(item.split("::")[0]).resolve() for item in chosen}
    if not all(folder.is_relative_to(paths.ADDONS) for folder in folders):
        return None
    names = {folder.relative_to(paths.ADDONS).parts[:1] for folder in folders}
    return None if () in names else {name for (name,) in names} & set(addons.manifests())


def _workers(chosen: list[str], distribution: str = "loadscope") -> list[str]:
    """Two processes for whole folders; starting the second is not worth it for a single file."""
    folders = [item for item in chosen if "::" not in item and Path(item).is_dir()]
    return ["-n", "2", "--dist", distribution] if folders else []


def _pytest(part: str, arguments: list[str], variables: dict[str, str], counts: Counts) -> None:
    report = paths.RUN / f"junit-{part}-{os.getpid()}.xml"
    command = [str(paths.PYTHON), "-m", "pytest", f"--junitxml={report}", "-q", *arguments]
    with step(f"Tests, {part} part"):
        sys.stdout.flush()
        code = subprocess.run(
            command, cwd=paths.ROOT, env=variables, stdin=subprocess.DEVNULL, check=False
        ).returncode
    counts.add(report, code)
    report.unlink(missing_ok=True)
    say(f"  so far: {counts}")


def _fast_folders() -> list[str]:
    if not TESTS.is_dir():
        return []
    apart = {NEEDS_ODOO, END_TO_END, FAULTS}
    chosen = [item for item in sorted(TESTS.iterdir()) if item.is_dir() and item not in apart]
    return [str(item) for item in chosen if any(item.rglob("test_*.py"))]


def _addon_tests() -> list[str]:
    return [str(folder) for folder in sorted(paths.ADDONS.glob("*/tests"))]


def _existing(folder: Path) -> list[str]:
    return [str(folder)] if folder.is_dir() else []
