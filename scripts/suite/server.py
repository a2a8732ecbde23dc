"""Odoo as a running server: for end-to-end tests, the demo and ``scripts/serve``."""

import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Self

from suite import databases, environment, paths, postgres
from suite.console import Fault

START_TIMEOUT = 180


class OdooServer:
    """One Odoo process (with its threads) on 127.0.0.1 that serves one database.

    >>> with OdooServer(database) as odoo:            # doctest: +SKIP
    ...     requests.get(f"{odoo.url}/web/login")

    ``port`` None takes a free one. ``cron`` False leaves scheduled jobs alone. ``options`` go to
    Odoo as they are. The log is a file; see :meth:`log_text`. Several servers may serve the same
    database at once. ``start`` may be called again after ``stop`` or ``kill``.
    """

    def __init__(
        self,
        database: str,
        *,
        port: int | None = None,
        cron: bool = True,
        options: tuple[str, ...] = (),
        log: Path | None = None,
    ) -> None:
        self.database = database
        self.port = port or postgres.free_port()
        self.cron = cron
        self.options = options
        self.log = log or paths.RUN / f"odoo-{database}-{self.port}.log"
        self._keep_log = log is not None
        self._process: subprocess.Popen | None = None

    @property
    def url(self) -> str:
        """Address of the server, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """Process id. Raises Fault when the server was not started."""
        if self._process is None:
            raise Fault(f"The Odoo server of {self.database} is not running.")
        return self._process.pid

    def command(self) -> list[str]:
        """The command line of the server."""
        own = [
            *("-d", self.database),
            f"--db-filter=^{self.database}$",
            f"--http-port={self.port}",
            "--http-interface=127.0.0.1",
            f"--max-cron-threads={1 if self.cron else 0}",
        ]
        return [str(paths.ODOO_BIN), *own, *self.options]

    def start(self, timeout: float = START_TIMEOUT) -> "OdooServer":
        """Start and wait until the server answers. Raises Fault when it does not in time."""
        require_free_port(self.port)
        tell_own_address(self.database, self.url)
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self.command(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=environment.variables(),
                start_new_session=True,
            )
        deadline = time.monotonic() + timeout
        while not self._is_healthy():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise Fault(f"Odoo did not start: see the end of {self.log}.")
            time.sleep(0.2)
        return self

    def stop(self, timeout: float = 30) -> None:
        """End the server in an orderly way; kill it when it takes longer than ``timeout`` s."""
        if self._process is None:
            return
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(timeout)
            except subprocess.TimeoutExpired:
                self.kill()
        self._process = None

    def kill(self) -> None:
        """End the server as a power cut would (SIGKILL to it and its children)."""
        if self._process is not None:
            if self._process.poll() is None:
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._process = None

    def log_text(self) -> str:
        """Everything the server has logged so far."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
        if kind is None and not self._keep_log:
            self.log.unlink(missing_ok=True)

    def _is_healthy(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/web/health", timeout=5) as answer:
                return answer.status == 200
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False


def tell_own_address(database: str, url: str) -> None:
    """Set the address from which the PDF printer fetches styles, before the server starts."""
    databases.sql(
        database,
        "INSERT INTO ir_config_parameter (key, value) "
        f"VALUES ('report.url', '{url}'), ('web.base.url', '{url}') "
        "ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value",
    )


def require_free_port(port: int) -> None:
    """Raise Fault when something already listens on this port of 127.0.0.1."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise Fault(
                f"Port {port} is taken: stop the program that uses it, or choose another by --port."
            ) from error
