"""Processes that stay after the program that started them has ended (the demo's shop and Odoo)."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from suite import paths
from suite.console import Fault
from suite.postgres import free_port


class ShopProcess:
    """A simulated shop in a process of its own; ``port`` 0 takes a free one."""

    def __init__(self, system: str, *, port: int = 0, log: Path) -> None:
        self.log = log
        command = [sys.executable, str(paths.ROOT / "scripts/simulator"), system]
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                [*command, "--port", str(port or free_port())],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        said = self._wait()
        self.url, self.api_key = said["address"], said["key"]
        #: the fields of ``shop.shop`` that connect it
        self.access = {"system": system, "base_url": self.url, "api_key": self.api_key}
        names = {"secret": "api_secret", "login": "media_login"}
        self.access |= {field: said[name] for name, field in names.items() if name in said}

    @property
    def pid(self) -> int:
        return self._process.pid

    def stop(self) -> None:
        """End the shop."""
        self._process.terminate()
        self._process.wait(10)

    def _wait(self, timeout: float = 60) -> dict[str, str]:
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            text = self.log.read_text(encoding="utf-8", errors="replace")
            said = dict(line.split(None, 1) for line in text.splitlines() if " " in line)
            # the key is told last
            if "address" in said and "key" in said:
                return said
            if self._process.poll() is not None:
                raise Fault(f"The simulated shop did not start: {text.strip() or self.log}")
            time.sleep(0.1)
        self.stop()
        raise Fault(f"The simulated shop did not start in time: see {self.log}.")


def remember(file: Path, **facts: object) -> None:
    """Write down what was left running, so that a later call can find and end it."""
    file.write_text(json.dumps(facts, indent=2), encoding="utf-8")


def recall(file: Path) -> dict:
    """What :func:`remember` wrote, or an empty dictionary."""
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}


def is_ours(pid: int) -> bool:
    """Whether this process runs and was started from this checkout (ids are used again)."""
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
    except OSError:
        return False
    return str(paths.ROOT) in command


def end(pid: int, timeout: float = 30) -> None:
    """End a process of ours, in an orderly way if it lets us."""
    if not is_ours(pid):
        return
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + timeout
    while is_ours(pid) and time.monotonic() < deadline:
        time.sleep(0.1)
    if is_ours(pid):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
