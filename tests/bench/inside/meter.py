"""What a stretch of work costs: time, processor time here and in PostgreSQL, and queries.

Processor time is steadier than the clock on a machine that does other things too, so ratios are
made of it. PostgreSQL's part is read from the system's figures of the backend that serves the
cursor; where that process is out of sight (a database server on another host) it counts as 0.
"""

import time
from dataclasses import astuple, dataclass
from pathlib import Path

NANOSECONDS = 1e9


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds by the clock, seconds of processor time (Odoo, PostgreSQL), number of queries."""

    clock: float = 0.0
    python: float = 0.0
    backend: float = 0.0
    queries: int = 0

    @property
    def processor(self) -> float:
        """Processor time of Odoo and its PostgreSQL backend together, in seconds."""
        return self.python + self.backend

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))

    def __sub__(self, other: "Cost") -> "Cost":
        return Cost(*(a - b for a, b in zip(astuple(self), astuple(other), strict=True)))


class Meter:
    """Measures on one cursor; ``clock`` tells the processor time of Odoo, of all threads or of one.

    >>> before = meter.now()            # doctest: +SKIP
    >>> work()
    >>> cost = meter.now() - before
    """

    def __init__(self, cr, clock=time.process_time):
        self.cr = cr
        self._clock = clock
        cr.execute("SELECT pg_backend_pid()")
        self._backend = Path(f"/proc/{cr.fetchone()[0]}/schedstat")

    def now(self) -> Cost:
        """The readings at this moment; only differences mean something."""
        return Cost(
            time.perf_counter(), self._clock(), self._backend_seconds(), self.cr.sql_log_count
        )

    def measure(self, work) -> Cost:
        """The cost of calling ``work``."""
        before = self.now()
        work()
        return self.now() - before

    def _backend_seconds(self):
        try:
            return int(self._backend.read_text().split()[0]) / NANOSECONDS
        except FileNotFoundError:
            return 0.0


def resident_megabytes() -> float:
    """Memory of this process that is in use now, in MiB."""
    return _status("VmRSS")


def peak_megabytes() -> float:
    """The most memory this process had in use since :func:`forget_peak`, in MiB."""
    return _status("VmHWM")


def forget_peak() -> None:
    """Let the peak begin again at what is in use now."""
    Path("/proc/self/clear_refs").write_text("5")


def _status(field):
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(f"{field}:"):
            return int(line.split()[1]) / 1024
    raise LookupError(field)
