"""Whether Argo CD may sync by itself at a moment."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from generator.cli.sync_windows import closed

TUESDAY = (2026, 11, 24)


def at(hour: int, minute: int = 0, day: tuple[int, int, int] = TUESDAY, second: int = 0) -> datetime:
    return datetime(*day, hour, minute, second, tzinfo=UTC)


def deny(schedule: str, duration: str = "1h", zone: str | None = None) -> dict[str, Any]:
    return {
        "kind": "deny",
        "schedule": schedule,
        "duration": duration,
        **({"timeZone": zone} if zone else {}),
    }


@pytest.mark.parametrize(
    ("schedule", "duration", "now", "is_open"),
    [
        ("0 11 * * *", "3h", at(10, 59, second=59), False),
        ("0 11 * * *", "3h", at(11), True),
        ("0 11 * * *", "3h", at(13, 59, second=59), True),
        ("0 11 * * *", "3h", at(14), False),
        ("30 23 * * *", "1h30m", at(0, 59), True),  # over midnight
        ("30 23 * * *", "1h30m", at(1), False),
        ("0 11 * * 2", "1h", at(11), True),
        ("0 11 * * tue", "1h", at(11), True),
        ("0 11 * * TUE-thu", "1h", at(11), True),
        ("0 11 * * 1,3-6", "1h", at(11), False),
        ("0 11 * * 0", "1h", at(11, day=(2026, 11, 22)), True),  # Sunday
        ("0 11 * nov *", "1h", at(11), True),
        ("0 11 * dec *", "1h", at(11), False),
        ("*/15 * * * *", "5m", at(9, 34), True),
        ("*/15 * * * *", "5m", at(9, 35), False),
        ("0 9-17/4 * * *", "30m", at(13, 20), True),
        ("0 9-17/4 * * *", "30m", at(11), False),
        ("0 8/5 * * *", "30m", at(18), True),
        ("0 8/5 * * *", "30m", at(3), False),
        # Day of month and day of week: either, when both are restricted; both, when one is a star.
        ("0 11 1 * tue", "1h", at(11), True),
        ("0 11 24 * mon", "1h", at(11), True),
        ("0 11 1 * mon", "1h", at(11), False),
        ("0 11 24 * *", "1h", at(11), True),
        ("0 11 ? * tue", "1h", at(11), True),
        ("0 11 25 * *", "1h", at(11), False),
        # A step makes a star a restriction (robfig/cron): days 1, 3, 5, ... or Tuesdays.
        ("0 11 */2 * tue", "1h", at(11), True),
        ("0 11 */2 * wed", "1h", at(11), False),
    ],
)
def test_a_window_is_open_from_its_beginning_until_its_end(
    schedule: str,
    duration: str,
    now: datetime,
    is_open: bool,  # noqa: FBT001  (a parameter of the test)
) -> None:
    assert bool(closed([deny(schedule, duration)], now)) == is_open
    allow = {**deny(schedule, duration), "kind": "allow"}
    assert bool(closed([allow], now)) != is_open


def test_the_end_is_said_in_the_windows_own_time_zone() -> None:
    window = deny("0 11 * * *", "3h", "America/Sao_Paulo")
    assert closed([window], at(13, 59)) == ""
    assert closed([window], at(14)) == "a sync window denies it until 14:00 America/Sao_Paulo"
    assert closed([window], at(17)) == ""


def test_of_beginnings_that_overlap_the_latest_decides_the_end() -> None:
    assert closed([deny("0 * * * *", "90m")], at(11, 10)) == "a sync window denies it until 12:30 UTC"


def test_deny_wins_over_allow_and_one_open_allow_is_enough() -> None:
    now = at(12)
    here = {**deny("0 11 * * *", "3h"), "kind": "allow"}
    elsewhere = {**deny("0 20 * * *", "3h"), "kind": "allow"}
    assert closed([], now) == ""
    assert closed([here, elsewhere], now) == ""
    assert closed([elsewhere], now) == "no sync window that allows it is open (0 20 * * * for 3h, UTC)"
    assert closed([here, deny("0 12 * * *")], now) == "a sync window denies it until 13:00 UTC"
