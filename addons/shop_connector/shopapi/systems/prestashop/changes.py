"""Records of a list by their last change, with an overlap wide enough for wrong clocks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from ...errors import DataError
from ...paging import by_change
from .client import Client
from .wire import Record

PAGE = 500
#: the hour that autumn repeats, and half an hour for clocks that are wrong
OVERLAP = timedelta(minutes=90)
_FIRST, _LAST = "1970-01-01 00:00:00", "9999-12-31 23:59:59"
_TIME = "%Y-%m-%d %H:%M:%S"


def changed_rows(
    client: Client,
    zone: ZoneInfo,
    resource: str,
    display: Sequence[str],
    since: str | None,
    *,
    by: str = "date_upd",
) -> Iterator[tuple[Record, str]]:
    """The records changed since the stamp, oldest change first, each with its own stamp.

    ``by``: the field that tells when; lists whose records never change have ``date_add`` only.
    A ``since`` in the future counts as now: one record that a wrong clock has dated ahead would
    hide all that come before that time.  Raises DataError when ``since`` is no stamp of this shop.
    """
    lower = _earlier(since, zone) if since else _FIRST

    def fetch(first: str, number: int) -> list[Record]:
        return client.page(
            resource,
            ["id", by, *display],
            {by: f"[{first},{_LAST}]"},
            sort=f"{by}_ASC,id_ASC",
            limit=f"{number * PAGE},{PAGE}",
        )

    def known(row: Record) -> tuple[str, str]:
        return row.id, row.required(by)

    for row in by_change(fetch, known, str, lower, PAGE):
        yield row, row.required(by)


def _earlier(since: str, zone: ZoneInfo) -> str:
    """The stamp, at most now, minus the overlap. Raises DataError when it is none of this shop's.

    ``zone`` is the one of the shop's stamps.
    """
    now = datetime.now(zone).replace(tzinfo=None)
    try:
        return (min(datetime.strptime(since, _TIME), now) - OVERLAP).strftime(_TIME)
    except (ValueError, OverflowError) as error:
        raise DataError(f"Not a stamp of this shop: {since[:40]!r}") from error
