"""How versions, ages and lags are written for people."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from generator.versions.lag import Lag
    from generator.versions.matrix import Cell

_DIGEST = re.compile(r"\b([0-9a-f]{8})[0-9a-f]{24,}\b")
_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_HOURS_UNTIL = 2 * _DAY  # below it "30h" says more than "1d"


def shown(version: str) -> str:
    """Return a version as people tell it from others: of a hash the first eight digits."""
    return _DIGEST.sub(r"\1", version)


def age(then: datetime, now: datetime) -> str:
    """Return how long ago `then` was, in one unit: 5m, 30h, 21d."""
    seconds = max(0, int((now - then).total_seconds()))
    if seconds < _HOUR:
        return f"{seconds // _MINUTE}m"
    if seconds < _HOURS_UNTIL:
        return f"{seconds // _HOUR}h"
    return f"{seconds // _DAY}d"


def ran(cell: Cell, now: datetime) -> str:
    """Return how long a version has run: an age, `>21d` when that is all that is known, `new` uncommitted."""
    if cell.uncommitted:
        return "new"
    if cell.since is None:
        return ""
    return f"{'>' if cell.at_least else ''}{age(cell.since.when, now)}"


def mark(lag: Lag | None) -> str:
    """Return a lag in two characters or so: -2 is two versions behind."""
    if lag is None:
        return ""
    if lag.state == "behind":
        return f"-{lag.versions or '?'}"
    return {"ahead": "+", "differs": "!="}[lag.state]


def apart(lag: Lag, leading: str) -> str:
    """Return a lag in words: `2 versions behind 1.5.0 of dev`; `leading` is what the leader has."""
    of = f"{shown(leading)} of {lag.leader}"
    if lag.state == "behind":
        number = f"{lag.versions} version{'' if lag.versions == 1 else 's'} " if lag.versions else ""
        return f"{number}behind {of}"
    return f"newer than {of}" if lag.state == "ahead" else f"not {of}"


def since(lag: Lag, now: datetime) -> str:
    """Return since when, in words: `since 2026-11-03 (21d)`."""
    if lag.since is None:
        return "not committed yet" if lag.known else ""
    least = "" if lag.known else "at least "
    return f"since {least}{day(lag.since.when)} ({age(lag.since.when, now)})"


def day(when: datetime) -> str:
    """Return the day, in UTC as all dates here."""
    return f"{when:%Y-%m-%d}"
