"""Servers and databases of the end-to-end tests: real ones, each test's own, gone afterwards."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from browsing import Browser, WebClient, browser

from suite import databases, paths, templates
from suite.server import OdooServer
from suite.simulators import open_simulator

FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo) -> Iterator[Any]:
    """Let fixtures know on their way out that their test has failed."""
    report = yield
    if report.failed:
        item.stash[FAILED] = True
    return report


@pytest.fixture
def has_failed(request: pytest.FixtureRequest) -> Callable[[], bool]:
    """Whether the test that is ending has failed."""
    return lambda: request.node.stash.get(FAILED, False)


@pytest.fixture
def database() -> Iterator[str]:
    """Name of a fresh database with all our addons and no demo data."""
    with databases.temporary(templates.suite()) as name:
        yield name


@pytest.fixture
def shop() -> Iterator[Any]:
    """A simulated PrestaShop without products, over real HTTP, inside this process."""
    with open_simulator("prestashop", seed="empty") as simulator:
        yield simulator


@pytest.fixture
def keep() -> Path:
    """Folder for what a failed test leaves to be looked at."""
    folder = paths.LOCAL / "e2e"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def watched(
    request: pytest.FixtureRequest, keep: Path, has_failed: Callable[[], bool]
) -> Callable[..., AbstractContextManager[Browser]]:
    """Opens a browser of some width and height.

    What it complained about fails the test; what it showed is kept when one fails.
    """

    @contextmanager
    def watch(**size: int) -> Iterator[Browser]:
        with browser(**size) as opened:
            yield opened
            if has_failed():
                opened.photograph(keep, request.node.name)
        assert not opened.complaints

    return watch


@pytest.fixture
def person(watched: Callable[..., AbstractContextManager[Browser]]) -> Iterator[Browser]:
    """A browser of the usual size."""
    with watched() as opened:
        yield opened


@pytest.fixture
def client(person: Browser, odoo: OdooServer) -> WebClient:
    """The web client of the module's own ``odoo`` with the administrator logged in."""
    opened = WebClient(person.new_page(), odoo.url)
    opened.log_in()
    return opened
