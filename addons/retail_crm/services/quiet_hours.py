"""When a customer may be disturbed: hours and time zones, no records.

All moments are naive UTC, as Odoo keeps them; hours are local, as decimal figures (21.5 = 21:30).
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def zone_of(*names):
    """The first time zone of these names that exists; UTC when there is none.

    >>> zone_of(None, "Nowhere/Atall", "Europe/Rome").key
    'Europe/Rome'
    """
    for name in filter(None, names):
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError):
            continue
    return ZoneInfo("UTC")


def local_moment(day: date, hour: float, zone: ZoneInfo) -> datetime:
    """The moment at which it is this hour of this day over there.

    >>> local_moment(date(2026, 7, 1), 8.5, ZoneInfo("Europe/Rome"))
    datetime.datetime(2026, 7, 1, 6, 30)
    """
    minutes = min(max(round(hour * 60), 0), 24 * 60 - 1)
    local = datetime.combine(day, time(minutes // 60, minutes % 60), zone)
    return local.astimezone(UTC).replace(tzinfo=None)


def local_day(moment: datetime, zone: ZoneInfo) -> date:
    """The day it is over there at this moment."""
    return moment.replace(tzinfo=UTC).astimezone(zone).date()


def next_allowed(moment: datetime, zone: ZoneInfo, begin: float, end: float) -> datetime:
    """This moment, or the end of the quiet hours it falls into.

    Quiet hours run from ``begin`` to ``end`` and may pass midnight; equal ones mean none.

    >>> rome = ZoneInfo("Europe/Rome")
    >>> next_allowed(datetime(2026, 1, 10, 21, 30), rome, 21, 8)     # 22:30 there
    datetime.datetime(2026, 1, 11, 7, 0)
    >>> next_allowed(datetime(2026, 1, 10, 12, 0), rome, 21, 8)
    datetime.datetime(2026, 1, 10, 12, 0)
    """
    if begin == end:
        return moment
    local = moment.replace(tzinfo=UTC).astimezone(zone)
    hour = local.hour + local.minute / 60 + local.second / 3600
    if (hour - begin) % 24 >= (end - begin) % 24:
        return moment
    day = local.date() + timedelta(days=1 if hour >= end else 0)
    return max(moment, local_moment(day, end, zone))
