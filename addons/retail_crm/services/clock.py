"""Working time: when a norm is over, and how much of it is left.

Times are naive UTC, as Odoo keeps them. Nothing here writes.
"""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo


def add_working_hours(calendar, start, hours):
    """The moment ``hours`` of working time after ``start``; holidays of the calendar count not.

    Without a calendar every hour counts, and so they do where the calendar has no working time
    within the next years: a norm that never ends would never be seen.
    """
    if calendar:
        end = calendar.plan_hours(hours, start.replace(tzinfo=UTC), compute_leaves=True)
        if end:
            return end.astimezone(UTC).replace(tzinfo=None)
    return start + timedelta(hours=hours)


def working_minutes(calendar, start, end):
    """Minutes of working time from ``start`` to ``end``; negative when ``end`` is the earlier."""
    if start > end:
        return -working_minutes(calendar, end, start)
    if not calendar:
        return (end - start).total_seconds() / 60
    hours = calendar.get_work_hours_count(
        start.replace(tzinfo=UTC), end.replace(tzinfo=UTC), compute_leaves=True
    )
    return hours * 60


def next_working_day(calendar, start):
    """The same hour of the next day with working time; its beginning if nobody works at that hour.

    ``start`` and the result are naive UTC; days are those of the calendar's time zone. Without a
    calendar, or where it has no working time in the next month, it is a day later.
    """
    tomorrow = start + timedelta(days=1)
    if not calendar:
        return tomorrow
    zone = ZoneInfo(calendar.tz or "UTC")
    local = start.replace(tzinfo=UTC).astimezone(zone)
    first = datetime.combine(local.date() + timedelta(days=1), time.min, zone)
    intervals = list(calendar._work_intervals_batch(first, first + timedelta(days=31))[False])
    if not intervals:
        return tomorrow
    day = intervals[0][0].astimezone(zone).date()
    spans = [(begin, end) for begin, end, _r in intervals if begin.astimezone(zone).date() == day]
    wanted = datetime.combine(day, local.timetz().replace(tzinfo=None), zone)
    # within the day's work, in the middle of its break as well
    moment = wanted if spans[0][0] <= wanted < spans[-1][1] else spans[0][0]
    return moment.astimezone(UTC).replace(tzinfo=None)
