"""How many requests an API takes: a token bucket for each route.

That each route has a bucket of its own, by the limits of the stage where the route has none, is how AWS words
it ("route-level throttling", "default route settings"). AWS is less exact about it: "best effort".
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.demo.environment import Throttle


@dataclass(kw_only=True)
class Buckets:
    """The buckets of an API's routes, by route key."""

    clock: Callable[[], float] = time.monotonic
    _left: dict[str, tuple[float, float]] = field(default_factory=dict)  # tokens, and when there were so many
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, key: str, throttle: Throttle) -> bool:
        """Take a token, if there is one."""
        with self._lock:
            now = self.clock()
            tokens, then = self._left.get(key, (float(throttle.burst), now))
            tokens = min(float(throttle.burst), tokens + (now - then) * throttle.rate)
            taken = tokens >= 1
            self._left[key] = (tokens - taken, now)
            return taken
