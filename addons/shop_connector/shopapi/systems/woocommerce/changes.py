"""Records of a list by their last change, with an overlap wide enough for wrong clocks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from ...errors import DataError
from ...paging import by_change
from .client import Client, Row

PAGE = 100
OVERLAP = timedelta(minutes=60)
_TIME = "%Y-%m-%dT%H:%M:%S"


def changed_rows(
    client: Client, path: str, fields: str, since: str | None, **params: str
) -> Iterator[Row]:
    """The records changed since the stamp (``date_modified_gmt``), oldest change first.

    A ``since`` in the future counts as now.  Raises DataError when ``since`` is no stamp.
    """

    def fetch(lower: str, number: int) -> list[Row]:
        return client.page(
            path,
            modified_after=lower,
            # the one right way to ask: naive UTC, and say so
            dates_are_gmt="true",
            orderby="modified",
            order="asc",
            per_page=PAGE,
            page=number + 1,
            **params,
            _fields=f"id,date_modified_gmt,{fields}",
        )

    def known(row: Row) -> tuple[str, str]:
        return str(row.get("id")), str(row.get("date_modified_gmt"))

    lower = _earlier(since) if since else "1970-01-02T00:00:00"
    return by_change(fetch, known, _just_before, lower, PAGE)


def moment(text: object) -> datetime:
    """A time of the API (``_gmt``), aware. Raises DataError."""
    try:
        found = datetime.fromisoformat(str(text)).replace(tzinfo=UTC)
    except ValueError as error:
        raise DataError(f"That is not a time of this shop: {str(text)[:40]!r}") from error
    if found.year < 1970:
        raise DataError(f"That is not a time of this shop: {str(text)[:40]!r}")
    return found


def naive(when: datetime) -> str:
    """A moment as the filters want it."""
    return when.astimezone(UTC).strftime(_TIME)


def _just_before(stamp: str) -> str:
    """What the filter, which leaves its own second out, is told to begin with this stamp."""
    return naive(moment(stamp) - timedelta(seconds=1))


def _earlier(since: str) -> str:
    return naive(min(moment(since), datetime.now(UTC)) - OVERLAP)
