"""Who calls: keys by basic auth or query (https), OAuth 1.0a, application passwords."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from dataclasses import dataclass, field
from urllib.parse import quote, unquote, urlsplit

from werkzeug.wrappers import Request

from .rest import RestError
from .shop import Shop

_OAUTH = (
    "oauth_consumer_key",
    "oauth_timestamp",
    "oauth_nonce",
    "oauth_signature",
    "oauth_signature_method",
)
_WINDOW = 15 * 60
_READING = {"GET", "HEAD", "OPTIONS"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A consumer key: ``permissions`` are read, write or read_write; ``role`` is its user's."""

    secret: str
    permissions: str = "read_write"
    role: str = "administrator"


@dataclass(slots=True)
class Access:
    """The door of the shop. ``is_https``: PHP believes that the connection is encrypted."""

    shop: Shop
    keys: dict[str, Key]
    #: user name and application password
    login: tuple[str, str]
    is_https: bool = False
    #: WordPress takes application passwords on plain http where its environment is "local" (READ)
    is_local: bool = True
    nonces: dict[str, float] = field(default_factory=dict)

    def user(self, request: Request, method: str) -> Key | None:
        """The key that calls, None for nobody. Raises RestError for what is wrong."""
        basic = _basic(request)
        if basic is not None and basic == self.login and (self.is_https or self.is_local):
            return Key(secret="")
        if "/wp-json/wc/" not in request.path and "/wp-json/wc/" not in request.full_path:
            return None
        key = None
        if self.is_https and (basic is not None or "consumer_key" in request.args):
            key = self._plain(request, basic)
        elif "oauth_consumer_key" in _oauth_parameters(request):
            key = self._signed(request)
        if key is not None:
            _check_permission(key, method)
        return key

    def check_media(self, request: Request) -> None:
        """Refuse whoever is no WordPress user; a consumer key is taken for a user name."""
        basic = _basic(request)
        if basic is None:
            raise RestError(
                401,
                "rest_cannot_create",
                "Sorry, you are not allowed to create posts as this user.",
            )
        if basic != self.login or not (self.is_https or self.is_local):
            text = (
                "<strong>Error:</strong> Unknown username. Check again or try your email address."
            )
            raise RestError(401, "invalid_username", text)

    def _plain(self, request: Request, basic: tuple[str, str] | None) -> Key | None:
        name, secret = basic or (
            request.args.get("consumer_key", ""),
            request.args.get("consumer_secret", ""),
        )
        key = self.keys.get(name)
        if key is None:
            return None
        if not hmac.compare_digest(key.secret.encode(), secret.encode()):
            raise _refused("Consumer secret is invalid.")
        return key

    def _signed(self, request: Request) -> Key:
        given = _oauth_parameters(request)
        for name in _OAUTH:
            if not given.get(name):
                raise RestError(
                    401,
                    "woocommerce_rest_authentication_missing_parameter",
                    f"Missing OAuth parameter {name}",
                )
        key = self.keys.get(given["oauth_consumer_key"])
        if key is None:
            raise _refused("Consumer key is invalid.")
        scheme = "https" if self.is_https else "http"
        made = signature(request, given, key.secret, scheme)
        if not hmac.compare_digest(made.encode(), given["oauth_signature"].encode()):
            raise _refused("Invalid signature - provided signature does not match.")
        self._check_time(given)
        return key

    def _check_time(self, given: dict[str, str]) -> None:
        now = self.shop.clock.now().timestamp()
        stamp = int(given["oauth_timestamp"]) if given["oauth_timestamp"].isdigit() else 0
        # the machine's clock, not the shop's calendar: tests move the latter
        real = now - self.shop.clock.offset.total_seconds()
        if abs(real - stamp) > _WINDOW:
            raise _refused("Invalid timestamp.")
        if given["oauth_nonce"] in self.nonces:
            raise _refused("Invalid nonce - nonce has already been used.")
        self.nonces[given["oauth_nonce"]] = stamp


def signature(request: Request, given: dict[str, str], secret: str, scheme: str = "http") -> str:
    """The OAuth 1.0a signature a request must carry; vectors are in the recorded exchanges."""
    pairs = [
        (_encoded(name), _encoded(value))
        for name, values in request.args.lists()
        for value in values
        if name != "oauth_signature"
    ]
    if "oauth_consumer_key" not in request.args:
        pairs += [
            (_encoded(name), _encoded(value))
            for name, value in given.items()
            if name != "oauth_signature"
        ]
    text = "&".join(f"{name}={value}" for name, value in sorted(pairs))
    parts = urlsplit(request.base_url)
    address = f"{scheme}://{parts.netloc}{parts.path}"
    base = "&".join((request.method, _encoded(address), _encoded(text)))
    name = "sha1" if given["oauth_signature_method"] == "HMAC-SHA1" else "sha256"
    made = hmac.new(f"{secret}&".encode(), base.encode(), getattr(hashlib, name))
    return base64.b64encode(made.digest()).decode()


def _oauth_parameters(request: Request) -> dict[str, str]:
    if "oauth_consumer_key" in request.args:
        return {name: request.args[name] for name in request.args if name.startswith("oauth_")}
    header = request.headers.get("Authorization", "")
    if not header.startswith("OAuth "):
        return {}
    found = re.findall(r'(oauth_\w+)="([^"]*)"', header)
    return {name: unquote(value) for name, value in found}


def _encoded(text: str) -> str:
    return quote(text, safe="~")


def _basic(request: Request) -> tuple[str, str] | None:
    header = request.headers.get("Authorization", "")
    if not header.startswith("Basic "):
        return None
    try:
        name, _colon, secret = base64.b64decode(header[6:]).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return name, secret


def _check_permission(key: Key, method: str) -> None:
    need = "read" if method in _READING else "write"
    if need not in key.permissions:
        raise _refused(f"The API key provided does not have {need} permissions.")


def _refused(message: str) -> RestError:
    return RestError(401, "woocommerce_rest_authentication_error", message)
