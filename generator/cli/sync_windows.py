"""Whether Argo CD syncs an environment by itself at a moment, as its sync windows say."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_FIELDS: tuple[tuple[int, int, Sequence[str]], ...] = (
    (0, 59, ()),
    (0, 23, ()),
    (1, 31, ()),
    (1, 12, _MONTHS),
    (0, 6, _DAYS),
)
_UNITS = {"h": "hours", "m": "minutes"}


def closed(windows: Sequence[Mapping[str, Any]], now: datetime) -> str:
    """Say what keeps Argo CD from syncing by itself at `now`, or "" when nothing does.

    A deny window that is open does, and so does it when there are allow windows and all are closed (argo-cd,
    pkg/apis/application/v1alpha1/types.go, SyncWindows.CanSync). `windows` are the spec's.
    """
    for window in windows:
        if window["kind"] == "deny" and (end := _open_until(window, now)):
            return f"a sync window denies it until {end:%H:%M} {window.get('timeZone', 'UTC')}"
    allows = [window for window in windows if window["kind"] == "allow"]
    if allows and not any(_open_until(window, now) for window in allows):
        shown = "; ".join(
            f"{window['schedule']} for {window['duration']}, {window.get('timeZone', 'UTC')}"
            for window in allows
        )
        return f"no sync window that allows it is open ({shown})"
    return ""


def _open_until(window: Mapping[str, Any], now: datetime) -> datetime | None:
    """Return when an open window ends, in its own time zone; None when it is closed."""
    zone = ZoneInfo(window.get("timeZone", "UTC"))
    parts = re.findall(r"(\d+)([hm])", window["duration"])
    duration = timedelta(**{_UNITS[unit]: int(number) for number, unit in parts})
    fields = window["schedule"].split()
    start = now.replace(second=0, microsecond=0)
    while start + duration > now:  # the latest beginning ends last
        if _begins(fields, start.astimezone(zone)):
            return (start + duration).astimezone(zone)
        start -= timedelta(minutes=1)
    return None


def _begins(fields: Sequence[str], at: datetime) -> bool:
    """Tell whether a cron schedule has this minute.

    Day of month and day of week: either will do when both are restricted (robfig/cron, `dayMatches`).
    """
    values = (at.minute, at.hour, at.day, at.month, at.isoweekday() % 7)
    fits = [_fits(text, value, *field) for text, value, field in zip(fields, values, _FIELDS, strict=True)]
    minute, hour, day, month, weekday = fits
    free = any(_is_star(fields[index]) for index in (2, 4))
    return minute and hour and month and ((day and weekday) if free else (day or weekday))


def _is_star(text: str) -> bool:
    return any(part in ("*", "?", "*/1", "?/1") for part in text.split(","))


def _fits(text: str, value: int, low: int, high: int, words: Sequence[str]) -> bool:
    """Tell whether a field allows a value; `5/10` counts from 5 to the end."""
    for part in text.lower().split(","):
        span, _, step = part.partition("/")
        first, dash, last = span.partition("-")
        if first in ("*", "?"):
            start, end = low, high
        else:
            start = _number(first, low, words)
            end = _number(last, low, words) if dash else high if step else start
        if start <= value <= end and (value - start) % int(step or 1) == 0:
            return True
    return False


def _number(text: str, low: int, words: Sequence[str]) -> int:
    return words.index(text) + low if text in words else int(text)
