"""Which orders are asked for, and which statuses there are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from .rest import Faults
from .shop import Row, cleaned

STATUSES = (
    "pending", "processing", "on-hold", "completed", "cancelled", "refunded", "failed",
    "checkout-draft",
)  # fmt: skip


def in_time(row: Row, limits: Mapping[str, datetime | None]) -> bool:
    """Strictly between the limits, whole seconds."""
    for name, moment in limits.items():
        if moment is None:
            continue
        value = row["date_modified" if name.startswith("modified") else "date_created"]
        if name.endswith("after") and value <= moment:
            return False
        if name.endswith("before") and value >= moment:
            return False
    return True


def check_statuses(statuses: list[str], faults: Faults) -> None:
    allowed = ("any", "trash", "auto-draft", *STATUSES)
    for place, status in enumerate(statuses):
        if status not in allowed:
            head, last = ", ".join(allowed[:-1]), allowed[-1]
            text = f"status[{place}] is not one of {head}, and {last}."
            faults.add("status", "rest_not_in_enum", text)


def check_status(status: str, faults: Faults) -> None:
    allowed = ("auto-draft", *STATUSES)
    if status not in allowed:
        head, last = ", ".join(allowed[:-1]), allowed[-1]
        text = f"status is not one of {head}, and {last}."
        faults.add("status", "rest_not_in_enum", text)


def note_text(text: str) -> str:
    """A note as it is stored."""
    return cleaned(text)
