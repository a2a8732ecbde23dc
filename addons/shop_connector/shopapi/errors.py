"""How talking to a shop can fail, named by what somebody has to do next."""

from __future__ import annotations


class ShopError(Exception):
    """Base of all: this exchange failed; the answer is kept, a person may retry it.

    ``reason`` tells failures apart for which a person has to do something else: "address" (no web
    service of this system there), "credentials" (a password in the address), "redirect" (the shop
    has another address), "key", "right", "switched_off", "tls", "silent"; "" = nothing special.
    """

    def __init__(self, message: str = "", *, reason: str = "") -> None:
        super().__init__(message)
        self.reason = reason


class Unreachable(ShopError):
    """Network fault, time-out, or the shop is out of order (5xx): try again later by itself.

    ``maybe_done`` is true when the request may have been carried out although no good answer came
    back. Whoever repeats it must look first whether the record is already there.
    """

    def __init__(self, message: str, *, maybe_done: bool = False, reason: str = "silent") -> None:
        super().__init__(message, reason=reason)
        self.maybe_done = maybe_done


class RateLimited(ShopError):
    """The shop asks to slow down; ``retry_after`` is in seconds."""

    def __init__(self, message: str, *, retry_after: float = 30.0) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class AuthError(ShopError):
    """Key refused or right missing: the shop stops until a person changed something.

    ``resource`` names what the key may not touch, ``None`` when the key as such is refused.
    """

    def __init__(self, message: str, *, resource: str | None = None, reason: str = "") -> None:
        super().__init__(message, reason=reason or ("right" if resource else ""))
        self.resource = resource


class DataError(ShopError):
    """This one record is wrong (refused by the shop, or its answer is not understood): skip it."""


class NotFound(DataError):
    """The record does not exist in the shop (any more)."""


class NotOffered(DataError):
    """The shop system cannot do this at all: `Capabilities` says so beforehand."""

    def __init__(self, what: str) -> None:
        super().__init__(f"This shop system does not offer {what}.")
