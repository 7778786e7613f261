"""Moments as Kubernetes writes them, and how long ago they were for people."""

from __future__ import annotations

from datetime import UTC, datetime

_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_MINUTES_UNTIL, _HOURS_UNTIL = 2 * _HOUR, 2 * _DAY  # below them "90m" says more than "1h"


def moment(text: object) -> datetime | None:
    """Return the moment of an RFC 3339 text, None when it is none; without a zone it is UTC."""
    try:
        when = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def age(then: datetime | None, now: datetime) -> str:
    """Return how long ago `then` was, in one unit: 40s, 5m, 30h, 21d; nothing when that is not known.

    What the cluster's clock has still to come is now.
    """
    if then is None:
        return ""
    seconds = max(0, int((now - then).total_seconds()))
    for limit, unit, letter in (
        (_MINUTE, 1, "s"),
        (_MINUTES_UNTIL, _MINUTE, "m"),
        (_HOURS_UNTIL, _HOUR, "h"),
    ):
        if seconds < limit:
            return f"{seconds // unit}{letter}"
    return f"{seconds // _DAY}d"


def written(when: datetime | None) -> str | None:
    """Return a moment for machines: RFC 3339, UTC, whole seconds."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if when else None
