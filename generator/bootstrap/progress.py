"""What a long step says of itself while it goes on."""

from __future__ import annotations

from typing import NamedTuple


class Progress(NamedTuple):
    """What is being done right now, in one line, for a terminal; `news` are what a log hears of it."""

    text: str
    news: tuple[str, ...] = ()


def lasting(text: str) -> Progress:
    """Return what takes so long that a log hears of it, too."""
    return Progress(text, (text,))
