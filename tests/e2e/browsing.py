"""Headless Chromium, and the few movements a person makes in Odoo's web client."""

import contextlib
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import BrowserContext, Locator, Page, expect, sync_playwright

from suite import environment, system_packages
from suite.console import Fault

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# The browser tells of a request of the chat's worker that is cancelled when the page changes.
# The simulated shop has no icon, which every browser asks for.
NOISE = re.compile(r"/bus/websocket_worker_bundle|/favicon\.ico")
PATIENCE = 60_000  # ms; a busy machine may need long for the first page


@contextlib.contextmanager
def browser(*, width: int = 1280, height: int = 800, locale: str = "en-US") -> Iterator["Browser"]:
    """Open Chromium without a window; closes with the ``with`` block."""
    folders = environment.variables()["PATH"]
    found = (shutil.which(name, path=folders) for name in system_packages.BROWSERS)
    program = next(filter(None, found), None)
    if program is None:
        raise Fault("There is no Chromium on the PATH: run scripts/setup.")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=FLAGS)
        try:
            size = {"width": width, "height": height}
            context = chromium.new_context(viewport=size, locale=locale, accept_downloads=True)
            context.set_default_timeout(PATIENCE)
            yield Browser(context)
        finally:
            chromium.close()


class Browser:
    """One person's browser. ``complaints`` holds what its pages wrote as errors."""

    def __init__(self, context: BrowserContext) -> None:
        self.context = context
        self.complaints: list[str] = []

    def new_page(self) -> Page:
        """Another tab; its errors are noted."""
        page = self.context.new_page()
        page.on("pageerror", lambda error: self._note(f"{page.url}: {error}"))
        page.on(
            "console",
            lambda message: (
                message.type == "error"
                and self._note(f"{page.url}: {message.text} {message.location.get('url', '')}")
            ),
        )
        return page

    def photograph(self, folder: Path, name: str) -> None:
        """Take a picture of every tab, for a person who wants to know why a test failed."""
        for number, page in enumerate(self.context.pages):
            page.screenshot(path=folder / f"{name}-{number}.png", full_page=True)

    def _note(self, text: str) -> None:
        if not NOISE.search(text):
            self.complaints.append(text)


class WebClient:
    """A page of Odoo with somebody logged in. Names are those on the screen."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url

    def log_in(self, login: str = "admin", password: str = "admin") -> None:
        """Come in by the log-in page."""
        self.page.goto(f"{self.url}/web/login")
        self.page.fill("input[name=login]", login)
        self.page.fill("input[name=password]", password)
        self.page.click("button[type=submit]")
        expect(self.page.locator(".o_main_navbar")).to_be_visible()

    def open_app(self, name: str) -> None:
        """Choose an application from the menu of all applications."""
        self.page.click(".o_navbar_apps_menu button")
        self.page.locator(".o-dropdown--menu").get_by_role(
            "menuitem", name=name, exact=True
        ).click()
        expect(self.page.locator(".o_menu_brand")).to_have_text(name)

    def open_menu(self, *names: str) -> None:
        """Choose an entry of the application's own menu, level by level."""
        first, *others = names
        self.page.locator(".o_menu_sections").get_by_text(first, exact=True).click()
        for name in others:
            self.page.locator(".o-dropdown--menu").get_by_text(name, exact=True).click()

    def open_path(self, path: str) -> None:
        """Go to an address below ``/odoo/`` and wait until its view is there."""
        self.page.goto(f"{self.url}/odoo/{path}")
        expect(self.page.locator(".o_view_controller").first).to_be_visible()

    def field(self, name: str) -> Locator:
        """The field of the form with this technical name."""
        return self.page.locator(f".o_form_view .o_field_widget[name={name}]").first

    def write(self, name: str, text: str) -> None:
        """Type into a text field."""
        self.field(name).locator("input, textarea").first.fill(text)

    def choose(self, name: str, text: str) -> None:
        """Type into a field that looks records up, and take the entry that is offered."""
        box = self.field(name).locator("input").first
        box.click()
        box.press_sequentially(text, delay=20)
        self.page.locator(".o-autocomplete--dropdown-item").get_by_text(text, exact=True).click()

    def press(self, label: str) -> None:
        """Press a button of the form's header and wait until the server has answered."""
        button = self.page.locator(".o_form_view .o_form_statusbar").get_by_role(
            "button", name=label, exact=True
        )
        with self.page.expect_response(re.compile(r"/web/dataset/call_button/")):
            button.click()

    def answer(self, label: str, told: str | None, *, patience: int = PATIENCE) -> None:
        """Press a button of a dialog; the dialog then tells something, or is gone (None)."""
        dialog = self.page.locator(".modal").last
        with self.page.expect_response(re.compile(r"/web/dataset/call_button/"), timeout=patience):
            dialog.locator(".modal-footer").get_by_role("button", name=label, exact=True).click()
        if told is None:
            expect(self.page.locator(".modal")).to_have_count(0)
        else:
            expect(self.page.locator(".modal").last).to_contain_text(told)

    def open_page(self, label: str) -> None:
        """Open a page of the form's notebook."""
        self.page.locator(".o_notebook").get_by_role("tab", name=label, exact=True).click()

    def save(self) -> None:
        """Save the form."""
        with self.page.expect_response(re.compile(r"/web_save")):
            self.page.locator(".o_form_button_save").click()
        expect(self.page.locator(".o_form_status_indicator_buttons.invisible")).to_be_attached()
