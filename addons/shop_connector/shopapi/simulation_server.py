"""The HTTP/1.1 server under the simulators: threads, connections that are kept, nothing printed.

Werkzeug's own server closes the connection after every answer; shops do not, and a client that is
tested against them must live with connections that are kept, and that break while they are idle.
"""

from __future__ import annotations

import contextlib
import io
import socket
import traceback
from collections.abc import Callable, Iterable
from typing import Any

from werkzeug.exceptions import InternalServerError
from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]
_WITHOUT_BODY = {204, 304}


class _Handler(WSGIRequestHandler):
    """Answers the requests of one connection, one after the other."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # head and body leave together

    def run_wsgi(self) -> None:
        """Answer one request."""
        environ = self.make_environ()
        length = self.headers.get("Content-Length")
        if length is not None and length.isdigit():
            # read to its end, whatever the application does: the next request follows it
            environ["wsgi.input"] = io.BytesIO(self.rfile.read(int(length)))
        elif "Transfer-Encoding" in self.headers:
            self.close_connection = True
        status, headers, body = self._run(environ)
        self._respond(status, headers, body)

    def _run(self, environ: dict[str, Any]) -> tuple[str, list[tuple[str, str]], bytes]:
        started: list[Any] = []

        def start_response(
            status: str, headers: list[tuple[str, str]], _info: Any = None, /
        ) -> Callable[[bytes], object]:
            started[:] = [status, headers]
            return lambda written: None  # an old way to answer that nobody takes here

        try:
            body = b"".join(self.server.app(environ, start_response))
        except Exception:  # a fault of the simulator: shown in full, answered as a broken shop
            traceback.print_exc()
            body = b"".join(InternalServerError()(environ, start_response))
        return started[0], started[1], body

    def _respond(self, status: str, headers: list[tuple[str, str]], body: bytes) -> None:
        code, _, reason = status.partition(" ")
        declared = None
        self.send_response(int(code), reason)
        for name, value in headers:
            self.send_header(name, value)
            if name.lower() == "content-length":
                declared = int(value)
        if self.command == "HEAD" or int(code) in _WITHOUT_BODY:
            body = b""
        elif declared is None:
            self.send_header("Content-Length", str(len(body)))
        elif declared != len(body):
            # an answer that is cut: only the end of the connection tells
            self.close_connection = True
        self.end_headers()
        self.wfile.write(body)

    def log(self, type: str, message: str, *args: Any) -> None:
        """Write nothing: every request is in the simulator's own log."""


class SimulatorServer(ThreadedWSGIServer):
    """Listens on 127.0.0.1; port 0 takes a free one. Raises OSError when the port is taken."""

    def __init__(self, port: int, application: Application) -> None:
        self._connections: set[socket.socket] = set()
        # bound here, not by werkzeug: it ends the whole process when the port is taken
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(("127.0.0.1", port))
            listener.listen(128)
            bound = int(listener.getsockname()[1])
            super().__init__("127.0.0.1", bound, application, _Handler, fd=listener.fileno())

    def get_request(self) -> tuple[socket.socket, Any]:
        """Take a connection, and remember it as long as it is open."""
        connection, address = super().get_request()
        self._connections.add(connection)
        return connection, address

    def shutdown_request(self, request: Any) -> None:
        """Close a connection."""
        self._connections.discard(request)
        super().shutdown_request(request)

    def server_close(self) -> None:
        """Stop listening and hang up: a shop that is down answers on no old connection either."""
        super().server_close()
        for connection in list(self._connections):
            with contextlib.suppress(OSError):  # closed by the other side meanwhile
                connection.shutdown(socket.SHUT_RDWR)
