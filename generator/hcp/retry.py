"""How long to wait before a request is sent again."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message

PAUSES = (1.0, 2.0, 4.0, 8.0)
"""Seconds after each failure; after the last one it is given up."""

_LONGEST = 60.0


def pauses(seconds: tuple[float, ...] | None = None) -> Iterator[float]:
    """Yield how long to wait after each failure; it ends when it is time to give up."""
    yield from PAUSES if seconds is None else seconds


def longer(pause: float, headers: Message) -> float:
    """Return the pause, or what the answer asks for when that is longer.

    `Retry-After` is in seconds (RFC 9110, 10.2.3; its dates are not looked at), `x-ratelimit-reset` in
    seconds with a fraction (go-tfe's client, rateLimitBackoff).
    """
    asked = [pause]
    for name in ("Retry-After", "x-ratelimit-reset"):
        try:
            asked.append(float(headers.get(name, "")))
        except ValueError:
            continue
    return min(max(asked), max(_LONGEST, pause))
