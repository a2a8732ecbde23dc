"""Checks of files that need no tool: sizes, and the form of XML."""

import ast
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from suite import paths
from suite.lint_result import Result

FILE_GOAL, FILE_WALL = 400, 600
FUNCTION_GOAL, FUNCTION_WALL = 40, 60
MEASURED = {".py", ".js", ".scss", ".xml"}
NOT_OURS = {"__pycache__", "exchanges", "i18n", "lib"}
DECLARATION = '<?xml version="1.0" encoding="utf-8" ?>\n'


def files(*suffixes: str) -> Iterator[Path]:
    """Our files with one of the suffixes; programs in ``scripts/`` count as ``.py``."""
    for folder in (paths.ADDONS, paths.ROOT / "scripts", paths.ROOT / "tests"):
        for file in sorted(folder.rglob("*")):
            parts = file.relative_to(paths.ROOT).parts
            if any(part in NOT_OURS or part.startswith(".") for part in parts):
                continue
            if file.is_file() and _suffix(file) in suffixes:
                yield file


def programs() -> list[Path]:
    """The programs in ``scripts/``, which carry no suffix."""
    folder = paths.ROOT / "scripts"
    return [file for file in sorted(folder.iterdir()) if file.is_file() and not file.suffix]


def check_sizes(fix: bool) -> Result:
    """Files over 600 lines and functions over 60 are refused, over 400 and 40 pointed out."""
    result = Result("sizes")
    for file in files(*MEASURED):
        name = str(file.relative_to(paths.ROOT))
        text = file.read_text(encoding="utf-8")
        result.measure(name, len(text.splitlines()), FILE_GOAL, FILE_WALL)
        if _suffix(file) == ".py":
            _measure_functions(name, text, result)
    return result


def check_xml(fix: bool) -> Result:
    """XML must be well-formed, begin with its declaration and hold no stray white space."""
    result = Result("xml")
    for file in files(".xml"):
        name = str(file.relative_to(paths.ROOT))
        text = file.read_text(encoding="utf-8")
        try:
            etree.fromstring(text.encode(), etree.XMLParser(resolve_entities=False))
        except etree.XMLSyntaxError as error:
            result.problems.append(f"{name}: {error}")
            continue
        tidy = _tidy(text)
        if tidy != text and fix:
            file.write_text(tidy, encoding="utf-8")
        elif tidy != text:
            result.problems.append(f"{name}: stray white space; scripts/lint --fix mends it")
    return result


def _tidy(text: str) -> str:
    lines = [line.rstrip().expandtabs(4) for line in text.lstrip("\ufeff").splitlines()]
    tidy = "\n".join(lines).strip("\n") + "\n"
    return tidy if tidy.startswith("<?xml") else DECLARATION + tidy


def _measure_functions(name: str, text: str, result: Result) -> None:
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return  # ruff reports it with more to say
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
            length = node.end_lineno - node.lineno + 1
            where = f"{name}:{node.lineno} {node.name}"
            result.measure(where, length, FUNCTION_GOAL, FUNCTION_WALL)


def _suffix(file: Path) -> str:
    is_program = not file.suffix and file.parent == paths.ROOT / "scripts"
    return ".py" if is_program else file.suffix
