"""The examples in the docstrings of the pure layer hold."""

from __future__ import annotations

import doctest
import pkgutil
from importlib import import_module

import pytest

import shopapi

MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages(shopapi.__path__, "shopapi.")
    if ".simulator" not in module.name
)


def test_there_are_examples() -> None:
    finder = doctest.DocTestFinder()
    found = [test for name in MODULES for test in finder.find(import_module(name)) if test.examples]
    assert len(found) >= 15


@pytest.mark.parametrize("name", MODULES)
def test_examples_hold(name: str) -> None:
    assert doctest.testmod(import_module(name)).failed == 0
