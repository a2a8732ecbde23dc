"""HTTP as every shop client needs it: limits, patience, polite pace, and secrets kept out of sight.

It knows nothing about any shop system.  What an answer *means* is decided by the client of the
system; only what is the same everywhere (nobody there, too slow, slow down, sent elsewhere) is
turned into an error here.
"""

from __future__ import annotations

import base64
import re
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http.cookiejar import DefaultCookiePolicy
from urllib.parse import quote, urlsplit

import requests
from requests.auth import AuthBase
from urllib3.exceptions import NewConnectionError, ReadTimeoutError

from .errors import AuthError, DataError, RateLimited, ShopError, Unreachable
from .pace import TokenBucket, retry_after
from .trace import Trace, answered, call_of

#: method, path without query, status (None: no answer), seconds, bytes received
CallHook = Callable[[str, str, int | None, float, int], None]
#: the parts of a multipart form: field -> (file name, content, media type)
Files = Mapping[str, tuple[str, bytes, str]]

READING_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpSettings:
    """How patient, how greedy and how fast a connection is (seconds, bytes, calls a second)."""

    connect_timeout: float = 5.0
    read_timeout: float = 60.0
    #: a whole answer, however slowly it drips
    total_timeout: float = 300.0
    max_bytes: int = 64 * 1024 * 1024
    #: calls a second, None = as fast as the shop answers; ``burst`` calls may come at once
    rate: float | None = None
    burst: int = 5
    on_call: CallHook | None = None
    #: refuse every writing call before it leaves (PermissionError): a look that must change nothing
    read_only: bool = False
    #: keeps what was sent and received, masked
    trace: Trace | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer of the shop, read completely; header names are case-insensitive."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    method: str
    path: str

    @property
    def is_writing(self) -> bool:
        """True when the request could change something."""
        return self.method not in READING_METHODS


def normalise_base_url(text: str) -> str:
    """The address of a shop as typed by a person -> scheme, host and path without end slash.

    Raises AuthError (a person must correct it) when it is no web address.

    >>> normalise_base_url(" shop.example/ ")
    'https://shop.example'
    """
    text = text.strip()
    if "://" not in text:
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
        known = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        known = False
    if not known or re.search(r"\s", text):
        raise AuthError(
            "The address of the shop is not a web address (https://...).", reason="address"
        )
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


class _OwnAuth(AuthBase):
    """HTTP Basic with UTF-8; also keeps requests from putting credentials of a netrc file in."""

    def __init__(self, header: str | None) -> None:
        self._header = header

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._header is not None:
            request.headers["Authorization"] = self._header
        return request


class _Reset(Exception):
    """The connection broke after the request was sent, before an answer was complete."""


class Transport:
    """One kept-alive connection to one shop; not shared between threads.

    ``basic``: user and password for HTTP Basic.  ``headers``: sent with every call.  ``secrets``:
    texts that must never appear in a message.  ``auth`` signs calls in another way than HTTP Basic.
    ``writes`` counts the writing calls, ``calls`` all.
    """

    def __init__(
        self,
        base_url: str,
        *,
        basic: tuple[str, str] | None = None,
        auth: AuthBase | None = None,
        headers: Mapping[str, str] | None = None,
        secrets: Iterable[str] = (),
        settings: HttpSettings | None = None,
    ) -> None:
        self.base_url = normalise_base_url(base_url)
        self.settings = settings or HttpSettings()
        self.writes = 0
        self.calls = 0
        self._masked = _maskings([*secrets, *(basic or ()), _password_of(self.base_url)])
        token = _basic_token(basic) if basic else None
        if token is not None:
            self._masked.append(token)
        self._bucket = (
            TokenBucket(self.settings.rate, self.settings.burst) if self.settings.rate else None
        )
        self._session = requests.Session()
        self._session.auth = auth or _OwnAuth(f"Basic {token}" if token else None)
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self._session.headers.update(headers or {})
        # proxy and certificates of the machine's settings, looked up once: all calls go to one host
        self._environment = self._session.merge_environment_settings(
            self.base_url, {}, True, None, None
        )

    def __repr__(self) -> str:
        return f"Transport({self.mask(self.base_url)!r})"

    def close(self) -> None:
        """Give the connection back."""
        self._session.close()

    def mask(self, text: str) -> str:
        """The text with every secret replaced by ``***``."""
        for secret in self._masked:
            text = text.replace(secret, "***")
        return text

    def send(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        body: bytes | None = None,
        content_type: str | None = None,
        headers: Mapping[str, str] | None = None,
        files: Files | None = None,
    ) -> Answer:
        """Send one request and read its whole answer, whatever its status.

        Raises Unreachable (nobody there, too slow, cut answer), RateLimited (429, or 503 with
        ``Retry-After``), AuthError (redirected elsewhere: wrong address), DataError (answer larger
        than allowed), PermissionError (a writing call although ``read_only``).  A reading call is
        repeated once when the connection breaks.
        """
        reading = method in READING_METHODS
        if self.settings.read_only and not reading:
            raise PermissionError(f"This connection may only read, not {method} {path}.")
        named = {**(headers or {}), **({"Content-Type": content_type} if content_type else {})}
        request = requests.Request(
            method, f"{self.base_url}{path}", headers=named, params=params, data=body, files=files
        )
        try:
            return self._attempt(request, path)
        except _Reset as error:
            if not reading:
                raise self._broken(error, maybe_done=True) from error.__cause__
        try:
            return self._attempt(request, path)
        except _Reset as error:
            raise self._broken(error, maybe_done=False) from error.__cause__

    # --- one attempt ----------------------------------------------------------------------------

    def _attempt(self, request: requests.Request, path: str) -> Answer:
        if self._bucket is not None:
            self._bucket.take()
        method = request.method
        self.calls += 1
        if method not in READING_METHODS:
            self.writes += 1
        started = time.monotonic()
        status: int | None = None
        body, media_type = b"", ""
        try:
            response = self._open(request)
            with response:
                status = response.status_code
                media_type = response.headers.get("Content-Type", "")
                body = self._read(response, started)
        finally:
            seconds = time.monotonic() - started
            if self.settings.on_call is not None:
                self.settings.on_call(method, self.mask(path), status, seconds, len(body))
            if self.settings.trace is not None:
                call = call_of(request, path, self.mask, status=status, seconds=seconds)
                self.settings.trace.add(answered(call, body, media_type, self.mask))
        answer = Answer(
            status=status, headers=response.headers, body=body, method=method, path=path
        )
        self._check(answer)
        return answer

    def _open(self, request: requests.Request) -> requests.Response:
        """Send and wait for the headers."""
        timeouts = (self.settings.connect_timeout, self.settings.read_timeout)
        maybe_done = request.method not in READING_METHODS
        try:
            prepared = self._session.prepare_request(request)
            return self._session.send(
                prepared, timeout=timeouts, allow_redirects=False, **self._environment
            )
        except requests.exceptions.ConnectTimeout as error:
            raise self._unreachable("does not answer (no connection in time)", error) from error
        except requests.exceptions.Timeout as error:
            raise self._unreachable("did not answer in time", error, maybe_done) from error
        except requests.exceptions.SSLError as error:
            raise self._unreachable(
                "has no valid certificate (TLS)", error, reason="tls"
            ) from error
        except requests.exceptions.ConnectionError as error:
            if _never_connected(error):
                raise self._unreachable("cannot be connected to", error) from error
            raise _Reset from error
        except (requests.exceptions.RequestException, ValueError) as error:
            # ValueError: an address or header that the library cannot even write down
            raise AuthError(
                self.mask(f"The address of the shop cannot be used: {error}"), reason="address"
            ) from error

    def _read(self, response: requests.Response, started: float) -> bytes:
        """Read the body, never more than allowed, never longer than allowed."""
        parts: list[bytes] = []
        size = 0
        maybe_done = (response.request.method or "") not in READING_METHODS
        try:
            for part in response.iter_content(_CHUNK):
                size += len(part)
                if size > self.settings.max_bytes:
                    limit = self.settings.max_bytes // 1024
                    raise DataError(f"The shop's answer is larger than {limit} kB; not read.")
                if time.monotonic() - started > self.settings.total_timeout:
                    raise self._unreachable("answers too slowly", None, maybe_done)
                parts.append(part)
        except requests.exceptions.RequestException as error:
            if _is_read_timeout(error):
                raise self._unreachable("did not answer in time", error, maybe_done) from error
            raise _Reset from error
        if _is_short(response, size):
            raise _Reset
        return b"".join(parts)

    def _check(self, answer: Answer) -> None:
        """What a status means whatever the shop system."""
        pause = answer.headers.get("Retry-After")
        if answer.status == 429 or (answer.status == 503 and pause is not None):
            raise RateLimited("The shop asks to slow down.", retry_after=retry_after(pause))
        if 300 <= answer.status < 400 and answer.status != 304:
            target = answer.headers.get("Location", "")
            raise AuthError(
                self.mask(
                    f"The address {self.base_url} is not the shop's own: it sends us to {target!r}."
                    " Enter the address that the shop itself uses."
                ),
                reason="redirect",
            )

    # --- errors ---------------------------------------------------------------------------------

    def _unreachable(
        self,
        what: str,
        error: Exception | None,
        maybe_done: bool = False,
        reason: str = "silent",
    ) -> Unreachable:
        host = urlsplit(self.base_url).hostname
        cause = f": {_reason(error)}" if error is not None else "."
        text = self.mask(f"The shop {host} {what}{cause}")
        return Unreachable(text, maybe_done=maybe_done, reason=reason)

    def _broken(self, error: _Reset, *, maybe_done: bool) -> ShopError:
        cause = error.__cause__ if isinstance(error.__cause__, Exception) else None
        return self._unreachable("broke the connection off", cause, maybe_done)


# --- helpers --------------------------------------------------------------------------------------


def _basic_token(basic: tuple[str, str]) -> str:
    return base64.b64encode(":".join(basic).encode()).decode()


def _password_of(url: str) -> str:
    return urlsplit(url).password or ""


def _maskings(secrets: Iterable[str]) -> list[str]:
    """The secrets and their percent-encoded forms, longest first."""
    forms = {form for secret in secrets if secret for form in (secret, quote(secret, safe=""))}
    return sorted(forms, key=len, reverse=True)


def _causes(error: BaseException) -> list[object]:
    """The error and all it wraps (the libraries keep that in ``args`` or ``reason``)."""
    found: list[object] = []
    queue: list[object] = [error]
    while queue and len(found) < 20:
        item = queue.pop(0)
        found.append(item)
        if isinstance(item, BaseException):
            queue += [arg for arg in item.args if isinstance(arg, BaseException)]
            reason = getattr(item, "reason", None)
            if isinstance(reason, BaseException):
                queue.append(reason)
    return found


def _never_connected(error: Exception) -> bool:
    """True when no byte can have reached the shop: refused, no such host, no route, bad proxy."""
    return isinstance(error, requests.exceptions.ProxyError) or any(
        isinstance(item, NewConnectionError) for item in _causes(error)
    )


def _is_read_timeout(error: Exception) -> bool:
    return any(isinstance(item, ReadTimeoutError | TimeoutError) for item in _causes(error))


def _is_short(response: requests.Response, size: int) -> bool:
    """True when fewer bytes came than announced (not every version of the library looks)."""
    if "Content-Encoding" in response.headers or response.request.method == "HEAD":
        return False
    announced = response.headers.get("Content-Length", "")
    return announced.isdigit() and size < int(announced)


def _reason(error: Exception) -> str:
    """The innermost message, without the object addresses that urllib3 puts in."""
    text = str(_causes(error)[-1]) or type(error).__name__
    return re.sub(r"<[^<>]* object at 0x[0-9a-f]+>:? ?", "", text)[:300]
