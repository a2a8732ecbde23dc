"""How the web service refuses: error documents with a code, or PHP failures with no document."""

from __future__ import annotations


class ServiceError(Exception):
    """An error document; `errors` are (code, message) pairs in the order of the document."""

    def __init__(self, status: int, code: int, message: str, *more: tuple[int, str]) -> None:
        super().__init__(message)
        self.status = status
        self.errors = [(code, message), *more]


class EmptyAnswer(Exception):
    """An answer with a status and no document at all, as for GET of an unknown id."""

    def __init__(self, status: int) -> None:
        super().__init__(str(status))
        self.status = status


class Crash(Exception):
    """A fatal PHP error: status 500, text/html, usually with no body."""

    def __init__(self, body: str = "") -> None:
        super().__init__(body)
        self.body = body
