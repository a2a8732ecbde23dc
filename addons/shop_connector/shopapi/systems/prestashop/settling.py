"""What an empty 500 means: chance once, the order's fault when it comes again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from ...breakdown import ServerFault, fault_of
from ...errors import AuthError, DataError, NotFound
from .client import Client

T = TypeVar("T")


def settle(client: Client, act: Callable[[], T]) -> T:
    """Do something for one order; tried once more after an empty 500.

    ``act`` looks what the shop holds before it writes: a repetition is harmless. Raises Unreachable
    when the whole shop is out of order, DataError when it breaks down on this order only.
    """
    return client.healed("order", act)


def blame(error: DataError | ServerFault) -> DataError:
    """The failure of a call for one order, as that order's."""
    if isinstance(error, ServerFault):
        return fault_of("order", error)
    if not isinstance(error, NotFound):
        return error
    # NotFound would say that the order was deleted, but it is something of it that was not there
    fault = DataError(str(error))
    fault.__cause__ = error
    return fault


@contextmanager
def spoken_rights() -> Iterator[None]:
    """A right that only this task needs and the key lacks is told on its record.

    As AuthError it would stop the whole shop, which does well without.
    """
    try:
        yield
    except AuthError as error:
        if error.resource is None:
            raise
        raise DataError(f"{error} Give the key this right in the shop's back office.") from error
