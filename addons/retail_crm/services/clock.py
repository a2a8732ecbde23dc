"""Working time: when a norm is over, and how much of it is left.

Times are naive UTC, as Odoo keeps them. Nothing here writes.
"""

from datetime import UTC, timedelta


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
