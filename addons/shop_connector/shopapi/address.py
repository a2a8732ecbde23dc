"""The address of a shop as people type it."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from .errors import AuthError
from .transport import normalise_base_url

#: ends of addresses that belong to a page or the web service, not to the shop
_NOT_THE_SHOP = re.compile(r"/(api|webservice|index\.php|index\.html?)$", re.IGNORECASE)


def address_candidates(text: str) -> list[str]:
    """The addresses to try, the likeliest first: as typed, then each folder above.

    Without a scheme https is meant.  Raises AuthError when it is no web address or carries a user
    name or password.

    >>> address_candidates(" shop.example/it/api/ ")
    ['https://shop.example/it', 'https://shop.example']
    """
    typed = text.strip()
    if typed and "://" not in typed:
        typed = f"https://{typed}"
    try:
        parts = urlsplit(typed)
        has_password = bool(parts.username or parts.password or "@" in parts.netloc)
    except ValueError:
        has_password = False
    if has_password:
        raise AuthError(
            "The address carries a user name or password. Enter it without them.",
            reason="credentials",
        )
    base = normalise_base_url(typed)
    while shorter := _NOT_THE_SHOP.sub("", base):
        if shorter == base:
            break
        base = shorter.rstrip("/")
    scheme, _mark, rest = base.partition("://")
    host, *folders = [part for part in rest.split("/") if part]
    return [
        "/".join([f"{scheme}://{host}", *folders[:count]]) for count in range(len(folders), -1, -1)
    ]
