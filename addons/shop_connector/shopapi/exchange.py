"""Recorded HTTP exchanges: one request and its answer in one ``.http`` file.

Client, wire and simulator of a shop system are all checked against the same files, so none of them
can drift from what a real server said.  The form of a file::

    # remarks, if any
    ### REQUEST
    GET /api/products/1 HTTP/1.1
    Host: 127.0.0.1:8300

    (body)

    ### RESPONSE (0.039 s)
    HTTP/1.1 200 OK
    Content-Type: text/xml;charset=utf-8

    (body)

Pictures are not in the files; a line such as ``(399 bytes of image)`` or ``(438 bytes binary, first
bytes 89504e47)`` stands for them, see `Exchange.has_binary_body`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

_REQUEST_MARK = "### REQUEST"
_RESPONSE_MARK = re.compile(r"^### RESPONSE(?: \((?P<seconds>[0-9.]+) s\))?$", re.MULTILINE)
_BINARY = re.compile(rb"\(\d+ bytes (?:of image|binary)")
_CREDENTIALS = re.compile(r'^Basic base64\("(?P<key>[^:"]*):(?P<password>[^"]*)"\)$')


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One recorded request with its answer; header names are lower case."""

    name: str
    remarks: str
    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    status: int
    reason: str
    response_headers: dict[str, str]
    response_body: bytes
    seconds: float

    @property
    def path(self) -> str:
        """The target without its query."""
        return urlsplit(self.target).path

    @property
    def query(self) -> list[tuple[str, str]]:
        """The query, decoded, in its own order."""
        return parse_qsl(urlsplit(self.target).query, keep_blank_values=True)

    @property
    def content_type(self) -> str:
        """Content type of the answer without its parameters, "" when it had none."""
        return self.response_headers.get("content-type", "").partition(";")[0].strip()

    @property
    def has_binary_body(self) -> bool:
        """True when the answer was binary and only described in the file."""
        return _BINARY.match(self.response_body) is not None

    @property
    def key(self) -> str | None:
        """The user name of HTTP Basic (a stand-in such as ``FULL-KEY``), None without one."""
        match = _CREDENTIALS.match(self.headers.get("authorization", ""))
        return match["key"] if match else None


def parse_exchange(text: str, name: str = "") -> Exchange:
    """Read the text of one ``.http`` file.

    Raises ValueError when it does not have the form that the module describes.
    """
    remarks, mark, rest = text.partition(f"{_REQUEST_MARK}\n")
    answer = _RESPONSE_MARK.search(rest)
    if not mark or answer is None:
        raise ValueError(f"{name or 'exchange'}: no request and answer found")
    request_line, headers, body = _split_message(rest[: answer.start()], separated=True)
    status_line, answer_headers, answer_body = _split_message(rest[answer.end() + 1 :])
    try:
        method, target, _protocol = request_line.split(" ", 2)
        _protocol, status, *reason = status_line.split(" ", 2)
        status_number = int(status)
    except ValueError as error:
        raise ValueError(f"{name or 'exchange'}: bad first line ({error})") from error
    return Exchange(
        name=name,
        remarks="\n".join(line.lstrip("# ") for line in remarks.splitlines()),
        method=method,
        target=target,
        headers=headers,
        body=body.encode(),
        status=status_number,
        reason=reason[0] if reason else "",
        response_headers=answer_headers,
        response_body=answer_body.encode(),
        seconds=float(answer["seconds"] or 0),
    )


def read_exchange(path: Path | str) -> Exchange:
    """Read one ``.http`` file; its name without the ending becomes the exchange's name."""
    path = Path(path)
    # newline="" keeps the line ends of the bodies as they were recorded
    with path.open(encoding="utf-8", newline="") as file:
        return parse_exchange(file.read(), name=path.stem)


def read_exchanges(folder: Path | str) -> list[Exchange]:
    """Read every ``.http`` file of a folder, not of its subfolders, in the order of names."""
    return [read_exchange(path) for path in sorted(Path(folder).glob("*.http"))]


def _split_message(text: str, *, separated: bool = False) -> tuple[str, dict[str, str], str]:
    """Split into first line, headers, body; `separated`: drop the blank line before the mark."""
    head, _blank, body = text.partition("\n\n")
    if separated and body.endswith("\n\n"):
        body = body[:-2]
    first, *lines = head.strip("\n").split("\n")
    headers: dict[str, str] = {}
    for line in lines:
        name, _colon, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    return first, headers, body.rstrip("\n") if separated else body
