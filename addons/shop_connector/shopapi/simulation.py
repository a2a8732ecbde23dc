"""Base of the shop simulators: a real HTTP server on 127.0.0.1 with a shop's state behind it.

A simulator answers as the shop system does, keeps what is written to it, writes down every request
and can be told to fail.  The demo shop and all tests use it through the same small neutral part
(`place_order`, `stock_of` ...), whatever the system.
"""

from __future__ import annotations

import json
import re
import socket
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from types import TracebackType
from typing import Any, Self

from werkzeug.wrappers import Request, Response

from .simulation_server import SimulatorServer

#: answered by every simulator besides the shop's own pages: JSON of holdings, requests and writes
REPORT_PATH = "/_simulator"


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRecord:
    """One request that reached the simulator; `seconds` is the time until its answer was ready."""

    method: str
    path: str
    query: str
    status: int
    is_write: bool
    seconds: float


@dataclass(slots=True, kw_only=True)
class Fault:
    """A planned failure of requests; `hits` counts how often it struck."""

    #: which requests; `path` is a regular expression searched in the path
    method: str | None = None
    path: str | None = None
    #: answer this instead
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    #: do the work first and then fail, as a shop that wrote and broke down before it could say so
    after_work: bool = False
    #: seconds to wait before anything else
    delay: float = 0.0
    #: seconds between the work and its answer: the shop wrote after we had stopped waiting
    late: float = 0.0
    #: the real answer, ending half-way
    cut: bool = False
    #: no answer at all, the connection closes
    drop: bool = False
    #: how often (None: for ever)
    times: int | None = 1
    #: of each matching request, from a random generator started with `seed`
    probability: float = 1.0
    seed: int = 0
    hits: int = 0
    random: Random = field(init=False)

    def __post_init__(self) -> None:
        self.random = Random(self.seed)
        self.after_work = self.after_work or self.cut

    def strikes(self, request: Request) -> bool:
        """Tell whether this request fails, and count it."""
        if self.times is not None and self.hits >= self.times:
            return False
        if self.method and request.method != self.method:
            return False
        if self.path and not re.search(self.path, request.path):
            return False
        if self.probability < 1 and self.random.random() >= self.probability:
            return False
        self.hits += 1
        return True


@dataclass(slots=True)
class Clock:
    """The shop's clock: the real one, moved by `offset`."""

    offset: timedelta = field(default_factory=timedelta)

    def now(self) -> datetime:
        """Return the shop's present moment, aware, in UTC."""
        return datetime.now(UTC) + self.offset

    def advance(self, seconds: float) -> None:
        """Move the clock on (or, with a negative number, back)."""
        self.offset += timedelta(seconds=seconds)


class ShopSimulator(ABC):
    """A shop on 127.0.0.1, from `start` to `stop` or inside ``with``.

    `api_key` and `api_secret` are what a connector needs to get in.  Every request runs under one
    lock: the state never changes half-way through an answer.
    """

    system: str = ""
    api_key: str = ""
    api_secret: str = ""

    def __init__(self, port: int = 0, *, version: str = "", seed: str = "empty") -> None:
        """Prepare a shop of that `version`; port 0 takes a free one when it starts."""
        self.version = version
        self.seed = seed
        self.clock = Clock()
        self.lock = threading.RLock()
        self.log: list[RequestRecord] = []
        self.faults: list[Fault] = []
        self._port = port
        self._server: SimulatorServer | None = None
        self._thread: threading.Thread | None = None

    # --- running -------------------------------------------------------------------------------

    def start(self) -> Self:
        """Listen; raises OSError when the port is taken."""
        if self._server is not None:
            return self
        self._server = SimulatorServer(self._port, self._application)
        self._port = self._server.port
        self._thread = threading.Thread(
            target=self._server.serve_forever,
            kwargs={"poll_interval": 0.02},
            name=f"{self.system}-simulator",
            daemon=True,
        )
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop listening and hang up; the state stays and can be looked at."""
        if self._server is None:
            return
        self._server.shutdown()
        self._server.server_close()
        self._server = None
        if self._thread is not None:
            self._thread.join(timeout=5)
            self._thread = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def host(self) -> str:
        """Host and port as they stand in a Host header."""
        return f"127.0.0.1:{self._port}"

    @property
    def url(self) -> str:
        """The shop's base address, without a slash at the end."""
        return f"http://{self.host}"

    # --- failing -------------------------------------------------------------------------------

    def fail(self, status: int | None = None, **how: Any) -> Fault:
        """Plan a failure of the next matching requests (first planned, first used): see `Fault`."""
        fault = Fault(status=status, **how)
        self.faults.append(fault)
        return fault

    @property
    def writes(self) -> list[RequestRecord]:
        """The successful writing calls of the web service so far."""
        return [record for record in self.log if record.is_write and record.status < 400]

    def clear_log(self) -> None:
        """Forget the requests so far."""
        with self.lock:
            self.log.clear()

    # --- answering -----------------------------------------------------------------------------

    def _application(self, environ: dict[str, Any], start_response: Any) -> Any:
        request = Request(environ)
        if request.path == REPORT_PATH:
            return self._report()(environ, start_response)
        request.get_data(parse_form_data=False)
        started = time.perf_counter()
        response = self._answer(request)
        with self.lock:
            self.log.append(
                RequestRecord(
                    method=request.method,
                    path=request.path,
                    query=request.query_string.decode("latin-1"),
                    status=response.status_code,
                    is_write=self.is_write(request),
                    seconds=time.perf_counter() - started,
                )
            )
        return response(environ, start_response)

    def _answer(self, request: Request) -> Response:
        with self.lock:
            fault = next((fault for fault in self.faults if fault.strikes(request)), None)
        if fault is None:
            with self.lock:
                return self.handle(request)
        if fault.delay:
            time.sleep(fault.delay)
        instead = fault.status is not None or fault.drop
        if instead and not fault.after_work:
            return self._failure(request, fault, None)
        with self.lock:
            response = self.handle(request)
        if fault.late:
            time.sleep(fault.late)
        return self._failure(request, fault, response)

    def _report(self) -> Response:
        """What the shop holds and how often it was written to, for another process."""
        with self.lock:
            report = {
                "holdings": self.holdings(),
                "requests": len(self.log),
                "writes": [f"{record.method} {record.path}" for record in self.writes],
            }
        return Response(json.dumps(report), content_type="application/json")

    @staticmethod
    def _failure(request: Request, fault: Fault, response: Response | None) -> Response:
        if fault.drop:
            connection = request.environ.get("werkzeug.socket")
            if connection is not None:
                connection.shutdown(socket.SHUT_RDWR)
            return Response(status=fault.status or 500)
        if fault.status is not None or response is None:
            return Response(fault.body, status=fault.status or 500, headers=fault.headers)
        if fault.cut:
            body = response.get_data()
            cut = Response(body[: len(body) // 2], status=response.status_code)
            cut.automatically_set_content_length = False
            cut.headers.clear()
            cut.headers.extend(response.headers)
            cut.headers["Content-Length"] = str(len(body))
            return cut
        return response

    @abstractmethod
    def handle(self, request: Request) -> Response:
        """Answer one request; runs under the lock."""

    def is_write(self, request: Request) -> bool:
        """Tell whether the request asks the web service to change something."""
        return request.method not in {"GET", "HEAD", "OPTIONS"}

    # --- the neutral part: the shop as its visitors and its merchant see it -----------------------

    @abstractmethod
    def place_order(
        self,
        lines: Sequence[tuple[str, int]],
        customer: Mapping[str, Any] | None = None,
        **options: Any,
    ) -> int:
        """Check out as a visitor does: `lines` are (sku, quantity); return the order's id.

        `customer` describes the buyer; each system documents what it reads there and which
        `options` it has.  Raises ValueError when the shop would not accept the order.
        """

    @abstractmethod
    def product_by_sku(self, sku: str) -> dict[str, Any]:
        """Return what the shop holds about the product or variant with that code, else KeyError."""

    @abstractmethod
    def stock_of(self, sku: str) -> int:
        """Return the quantity that the shop may still sell, else KeyError."""

    @abstractmethod
    def order(self, order_id: int) -> dict[str, Any]:
        """Return what the shop holds about an order, else KeyError."""

    @abstractmethod
    def set_order_state(self, order_id: int, state: int | str) -> None:
        """Move an order to another state as the shop's own back office does."""

    @abstractmethod
    def holdings(self) -> dict[str, int]:
        """Count what the shop holds: products, variants, orders, customers, languages ..."""
