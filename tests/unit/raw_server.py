"""A TCP server that says exactly what a test wants, for what no proper HTTP server would do."""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Callable

Step = Callable[[socket.socket], None]


def say(text: str) -> Step:
    """Send these lines (with CRLF) and close."""
    return lambda connection: connection.sendall(text.replace("\n", "\r\n").encode())


def answer(status: str = "200 OK", body: bytes = b"ok", **headers: str) -> Step:
    """Send a whole answer."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    head = "\r\n".join(lines).encode()
    return lambda connection: connection.sendall(head + b"\r\n\r\n" + body)


def reset(connection: socket.socket) -> None:
    """Break the connection off the hard way (RST)."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def silence(seconds: float) -> Step:
    """Say nothing for a while."""
    return lambda _connection: time.sleep(seconds)


class RawServer:
    """Answers each connection with the next step; keeps the requests it read."""

    def __init__(self) -> None:
        self.steps: list[Step] = []
        self.requests: list[bytes] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(timeout=5)

    def _serve(self) -> None:
        while True:
            try:
                connection, _address = self._listener.accept()
            except OSError:
                return
            with connection:
                self.requests.append(self._read(connection))
                step = self.steps.pop(0) if self.steps else answer()
                try:
                    step(connection)
                except OSError:
                    continue  # the client has gone, as some tests want

    @staticmethod
    def _read(connection: socket.socket) -> bytes:
        connection.settimeout(5)
        data = b""
        while b"\r\n\r\n" not in data:
            part = connection.recv(65536)
            data += part
            if not part or data.startswith(b"\x16"):  # the first byte of a TLS greeting
                return data
        head, _mark, body = data.partition(b"\r\n\r\n")
        length = 0
        for line in head.split(b"\r\n"):
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        while len(body) < length:
            body += connection.recv(65536)
        return head + b"\r\n\r\n" + body
