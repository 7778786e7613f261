"""How long to wait before a request is sent again, and for how long at all."""

from __future__ import annotations

import time
from random import Random
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

AGAIN = frozenset({429, 500, 502, 503, 504})
"""Answers that say to come back. client-go takes 429 and 5xx with Retry-After only; load balancers in
between send 502 to 504 without."""

_FIRST, _FACTOR, _LONGEST = 0.25, 2.0, 8.0
_chance = Random()  # noqa: S311  (nobody gains from guessing it; its own, for threads that wait disturb nobody's)


class Limits(NamedTuple):
    """Seconds: to connect; without a byte; for one request with all that is sent again. And how often."""

    connect: float = 5.0
    read: float = 30.0
    patience: float = 60.0
    attempts: int = 6


class Clock:
    """A moment after which nothing is tried any more. `limit` is what it was, in seconds."""

    def __init__(self, limit: float) -> None:
        """Start now."""
        self.limit = limit
        self._end = time.monotonic() + limit

    @property
    def left(self) -> float:
        """Seconds; never less than none."""
        return max(0.0, self._end - time.monotonic())


def pauses(attempts: int) -> Iterator[float]:
    """Yield how long to wait after each failure; it ends when it is time to give up.

    Half of each is chance, so that clients that failed together do not come back together.
    """
    pause = _FIRST
    for _ in range(attempts - 1):
        yield pause * _chance.uniform(0.5, 1.0)
        pause = min(pause * _FACTOR, _LONGEST)


def asked(header: str | None) -> float:
    """Return the seconds of a `Retry-After`, none when it is missing or a date."""
    try:
        return max(0.0, float(header or ""))
    except ValueError:
        return 0.0
