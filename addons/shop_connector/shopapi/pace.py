"""How fast we may call a shop: our own limit, and what the shop asks for."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_DEFAULT_PAUSE = 30.0
_LONGEST_PAUSE = 3600.0


class TokenBucket:
    """Lets ``burst`` calls through at once and ``rate`` a second afterwards."""

    def __init__(
        self,
        rate: float,
        burst: int = 1,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        if rate <= 0 or burst < 1:
            raise ValueError("A rate must be positive and a burst at least 1.")
        self._rate = rate
        self._burst = burst
        self._clock = clock
        self._sleep = sleep
        self._tokens = float(burst)
        self._filled_at = clock()

    def take(self) -> float:
        """Wait for a token and take it; return the seconds waited."""
        now = self._clock()
        self._tokens = min(self._burst, self._tokens + (now - self._filled_at) * self._rate)
        self._filled_at = now
        self._tokens -= 1
        if self._tokens >= 0:
            return 0.0
        pause = -self._tokens / self._rate
        self._sleep(pause)
        return pause


def retry_after(value: str | None, now: datetime | None = None) -> float:
    """Seconds to wait from a ``Retry-After`` header: a number or a date (RFC 9110, 10.2.3).

    Rubbish or nothing gives 30 s, more than an hour is cut to one.

    >>> retry_after("120")
    120.0
    """
    if value is None:
        return _DEFAULT_PAUSE
    value = value.strip()
    if re.fullmatch(r"[0-9]{1,9}", value):
        return min(float(value), _LONGEST_PAUSE)
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, IndexError, TypeError):
        return _DEFAULT_PAUSE
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    seconds = (moment - (now or datetime.now(UTC))).total_seconds()
    return min(max(seconds, 0.0), _LONGEST_PAUSE)
