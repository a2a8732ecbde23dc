"""The linters that others wrote: ruff, pylint-odoo, OCA's checks, mypy."""

import os
import re
import subprocess
import sys
from pathlib import Path

from suite import lint_files, paths
from suite.lint_result import Result

# Each line says why a check of pylint-odoo does not apply to this project.
PYLINT_DISABLED = (
    "manifest-required-author",  # asks for OCA's name; the addons are not OCA's
    "missing-readme",  # asks for README.rst; ours are README.md
    "prefer-env-translation",  # both ways are right in Odoo 19
    # one idea a file: a model that many ideas extend would be a file of a thousand lines
    "consider-merging-classes-inherited",
    "no-search-all",  # small tables (languages, currencies) are meant to be read whole
)
OCA_DISABLED = (
    "missing-readme",  # as above
    "prefer-readme-rst",
    "xml-header-wrong",  # asks for capitals; our own check wants the declaration to be there
    "xml-field-numeric-without-eval",  # Odoo converts by the field's type
)


def check_ruff(fix: bool) -> Result:
    """Style, imports, common mistakes, complexity."""
    programs = map(str, lint_files.programs())
    options = ["--output-format=concise", *(["--fix"] if fix else [])]
    return _run("ruff", "check", *options, ".", *programs)


def check_format(fix: bool) -> Result:
    """The layout ruff gives to Python code."""
    programs = map(str, lint_files.programs())
    result = _run("ruff", "format", *([] if fix else ["--check"]), ".", *programs)
    result.name = "format"
    unformatted = {
        f"{match[1]}: scripts/lint --fix lays it out"
        for line in result.problems
        if (match := re.search(r"--> (.+?):\d", line))
    }
    result.problems = sorted(unformatted) or result.problems  # without the long differences
    return result


def check_types(fix: bool) -> Result:
    """Strict types in the pure layer."""
    if not (paths.ADDONS / "shop_connector/shopapi/__init__.py").is_file():
        return Result("mypy")
    # By package name: by path mypy would take it for a part of the addon, which imports Odoo.
    return _run("mypy", "-p", "shopapi", env={"MYPYPATH": str(paths.ADDONS / "shop_connector")})


def check_pylint(fix: bool) -> Result:
    """What Odoo addons get wrong, by OCA's pylint plugin."""
    addons = _addons()
    if not addons:
        return Result("pylint")
    options = ["--load-plugins=pylint_odoo", "--valid-odoo-versions=19.0", "-d", "all"]
    options += ["-e", "odoolint", f"--disable={','.join(PYLINT_DISABLED)}", "--score=n"]
    options += ["--ignore-paths=.*/shopapi/.*"]  # plain Python: a `create` there is no ORM method
    return _run("pylint", *options, *addons)


def check_oca(fix: bool) -> Result:
    """Mistakes across the files of an addon (duplicate ids, dead references ...), by OCA."""
    addons = _addons()
    if not addons:
        return Result("oca-checks-odoo-module")
    return _run("oca-checks-odoo-module", f"--disable={','.join(OCA_DISABLED)}", *addons)


def _addons() -> list[str]:
    manifests = sorted(paths.ADDONS.glob("*/__manifest__.py"))
    return [str(file.parent.relative_to(paths.ROOT)) for file in manifests]


def _run(tool: str, *arguments: str, env: dict[str, str] | None = None) -> Result:
    done = subprocess.run(
        [Path(sys.prefix, "bin", tool), *arguments],
        cwd=paths.ROOT,
        env={**os.environ, "NO_COLOR": "1", **(env or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    result = Result(tool)
    if done.returncode:
        lines = (done.stdout + done.stderr).splitlines()
        said = [line for line in lines if line.strip() and not line.startswith("*****")]
        result.problems = said or [f"ended with code {done.returncode}"]
    return result
