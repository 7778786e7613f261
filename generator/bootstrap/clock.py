"""How long is waited, and that an API server which is away for a moment ends nothing."""

from __future__ import annotations

import time

PAUSE = 2.0
"""Seconds between two looks at what has no watch."""


class Deadline:
    """A moment after which is not waited any more."""

    def __init__(self, seconds: float) -> None:
        """Start now."""
        self.seconds = seconds
        self._end = time.monotonic() + seconds

    @property
    def over(self) -> bool:
        """Whether it has come."""
        return time.monotonic() >= self._end

    @property
    def shown(self) -> str:
        """`30 m`, `90 s`: how long it was."""
        return f"{self.seconds / 60:g} m" if self.seconds >= 120 else f"{self.seconds:g} s"  # noqa: PLR2004

    def pause(self) -> None:
        """Wait a little, but not beyond it."""
        time.sleep(max(0.0, min(PAUSE, self._end - time.monotonic())))
