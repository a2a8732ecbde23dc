"""Files that a shop names by their address, on whatever machine they lie."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .errors import DataError, NotFound
from .transport import HttpSettings, Transport


class Files:
    """Fetches files; the key of the shop is never sent along."""

    def __init__(self, settings: HttpSettings | None, secrets: Sequence[str] = ()) -> None:
        self._settings, self._secrets = settings, secrets
        self._hosts: dict[str, Transport] = {}

    def close(self) -> None:
        """Give all connections back."""
        for transport in self._hosts.values():
            transport.close()

    def get(self, address: str) -> bytes:
        """The bytes of a file. Raises NotFound, or DataError when it is not given out."""
        match = re.match(r"(https?://[^/]+)(/.*)", address)
        if match is None:
            raise DataError(f"Not the address of a file: {address[:80]!r}")
        host, path = match.groups()
        if host not in self._hosts:
            self._hosts[host] = Transport(host, secrets=self._secrets, settings=self._settings)
        answer = self._hosts[host].send("GET", path)
        if answer.status == 404:
            raise NotFound("The shop does not have this file any more.")
        if answer.status != 200:
            raise DataError(f"The shop does not give the file out ({answer.status}).")
        return answer.body
