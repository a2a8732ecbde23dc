"""What was said between us and a shop, kept so that a person can read why something failed.

Secrets never get in: those the connection knows are replaced by its own mask, others are told by
the name of their element or parameter. Pictures and documents are only described.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

if TYPE_CHECKING:
    import requests

#: characters of one body that are kept
BODY_LIMIT = 4096
#: characters of a whole report
REPORT_LIMIT = 16 * 1024
#: calls whose bodies are kept, the latest ones
BODIES_KEPT = 12
#: calls that are kept as a line, the first and the latest half of them
LINES_KEPT = 24
#: a longer secret is not one: what is cut off behind the part that is masked
_MARGIN = 1024
_PATH_LIMIT = 400

_WORDS = (
    "passw(?:or)?d|secret|secure_?key|api_?key|ws_key|token|authorization|credential"
    "|signature|iban|card_?number"
)
_NAME = rf"[\w.:-]*(?:{_WORDS})[\w-]*"
#: a quick look: most texts hold no such name, and looking for names costs twenty times as much
_ANY_NAME = re.compile(_WORDS, re.IGNORECASE)
_ELEMENT = re.compile(rf"(<({_NAME})(?:\s[^>]*)?>).*?(</\2\s*>|\Z)", re.IGNORECASE | re.DOTALL)
_MEMBER = re.compile(
    rf'("{_NAME}"\s*:\s*)(?:"(?:[^"\\]|\\.)*(?:"|\Z)|[\w.+-]+)', re.IGNORECASE | re.DOTALL
)
_PARAMETER = re.compile(rf"(\b{_NAME}=)[^&\s\"'<>]+", re.IGNORECASE)
_HEADER = re.compile(r"\b(basic|bearer)\s+[\w+/=.~-]{6,}", re.IGNORECASE)
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{160,}={0,2}")
_BINARY = re.compile(r"^(image|audio|video|font|multipart)/|octet-stream|pdf|zip", re.IGNORECASE)


def redact(text: str) -> str:
    """The text without what looks like a secret, and with long base64 only described.

    >>> redact('<passwd>abc</passwd> ws_key=KEY1 {"token": "t"}')
    '<passwd>***</passwd> ws_key=*** {"token": "***"}'
    """
    text = _HEADER.sub(r"\1 ***", text)
    if _ANY_NAME.search(text):
        text = _ELEMENT.sub(r"\1***\3", text)
        text = _MEMBER.sub(r'\1"***"', text)
        text = _PARAMETER.sub(r"\1***", text)
    return _BASE64.sub(lambda found: f"({len(found[0])} characters of base64)", text)


def readable(body: bytes, media_type: str, mask: Callable[[str], str]) -> str:
    """A body as text that may be shown: masked, without secrets, cut; files are only described."""
    if not body:
        return ""
    window = body[: BODY_LIMIT + _MARGIN]
    if _BINARY.search(media_type) or b"\x00" in window:
        return f"({len(body)} bytes of {media_type.partition(';')[0].strip() or 'binary data'})"
    text = redact(mask(window.decode("utf-8", "replace")))
    if len(body) <= len(window) and len(text) <= BODY_LIMIT:
        return text
    if len(body) > len(window):
        # half a secret may stand at the end of the window, where no mask knows it
        text = text[:-_MARGIN]
    return f"{text[:BODY_LIMIT]} ... ({len(body)} bytes)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request and its answer, as they may be shown; ``status`` None: no answer came."""

    method: str
    path: str
    status: int | None
    seconds: float
    size: int = 0
    sent: str = ""
    received: str = ""

    @property
    def is_trouble(self) -> bool:
        """Whether the shop did not do what it was asked."""
        return self.status is None or self.status >= 400

    @property
    def line(self) -> str:
        """The call in one line."""
        said = "no answer" if self.status is None else str(self.status)
        return f"{self.method} {self.path} → {said}, {self.size} bytes, {self.seconds:.3f} s"

    @property
    def whole(self) -> str:
        """The call with what was sent and received."""
        parts = [self.line]
        parts += [f"sent: {self.sent}"] if self.sent else []
        parts += [f"received: {self.received}"] if self.received else []
        return "\n".join(parts)


class Trace:
    """The calls of one piece of work. Memory does not grow with their number."""

    def __init__(self) -> None:
        self.count = 0
        self._first: list[str] = []
        self._latest: deque[str] = deque(maxlen=LINES_KEPT // 2)
        self._whole: deque[Call] = deque(maxlen=BODIES_KEPT)
        self._trouble: deque[Call] = deque(maxlen=BODIES_KEPT)
        self._part: deque[str] = deque(maxlen=LINES_KEPT)

    def clear(self) -> None:
        """Begin with another piece of work."""
        self.count = 0
        for kept in (self._first, self._latest, self._whole, self._trouble, self._part):
            kept.clear()

    def begin_part(self) -> None:
        """From here on the calls are about another part of the work."""
        self._part.clear()

    def add(self, call: Call) -> None:
        """Note a call."""
        self.count += 1
        if len(self._first) < LINES_KEPT // 2:
            self._first.append(call.line)
        else:
            self._latest.append(call.line)
        self._part.append(call.line)
        self._whole.append(call)
        if call.is_trouble:
            self._trouble.append(call)

    def lines(self) -> str:
        """The calls, one a line; of many the first and the last."""
        left_out = self.count - len(self._first) - len(self._latest)
        middle = [f"... {left_out} more ..."] if left_out else []
        return "\n".join([*self._first, *middle, *self._latest])

    def part_lines(self) -> str:
        """The calls of this part, one a line; of many the last."""
        return "\n".join(self._part)

    def report(self) -> str:
        """All lines, then what was sent and received by the calls that failed (else the last)."""
        if not self.count:
            return ""
        told = list(self._trouble) or list(self._whole)[-1:]
        text = "\n\n".join([self.lines(), *(call.whole for call in told)])
        return text if len(text) <= REPORT_LIMIT else f"{text[:REPORT_LIMIT]} ..."


def call_of(
    request: requests.Request,
    path: str,
    mask: Callable[[str], str],
    *,
    status: int | None,
    seconds: float,
) -> Call:
    """A request as it may be shown, still without the body of its answer."""
    query = f"?{urlencode(request.params, safe='[]|,')}" if request.params else ""
    shown = redact(mask(path + query))
    if request.files:
        files = request.files.values()
        sent = ", ".join(f"({len(content)} bytes of {kind})" for _name, content, kind in files)
    else:
        sent = readable(request.data or b"", (request.headers or {}).get("Content-Type", ""), mask)
    return Call(
        method=request.method or "",
        path=shown if len(shown) <= _PATH_LIMIT else f"{shown[:_PATH_LIMIT]} ...",
        status=status,
        seconds=seconds,
        sent=sent,
    )


def answered(call: Call, body: bytes, media_type: str, mask: Callable[[str], str]) -> Call:
    """The call with the answer that came."""
    return replace(call, size=len(body), received=readable(body, media_type, mask))
