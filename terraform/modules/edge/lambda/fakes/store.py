"""The Store port in memory: what DynamoDB does, one call at a time."""

from __future__ import annotations

import dataclasses
import threading
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tokens.ports import PendingCode


class MemoryStore:
    """Counters and pending codes."""

    def __init__(self) -> None:
        """Start empty."""
        self.counts: Counter[str] = Counter()
        self.codes: dict[str, PendingCode] = {}
        self.tries: Counter[str] = Counter()
        self._lock = threading.Lock()

    def count(self, key: str, *, most: int, expires: int) -> bool:
        """Count one more, unless `most` are counted."""
        del expires  # nothing here lives so long
        with self._lock:
            counted = self.counts[key] < most
            self.counts[key] += counted
            return counted

    def save(self, subject: str, code: PendingCode) -> None:
        """Keep the one pending code of a subject, in place of the last."""
        with self._lock:
            self.codes[subject], self.tries[subject] = code, 0

    def attempt(self, subject: str, *, now: int, most: int) -> PendingCode | None:
        """Count a try at the pending code and return it."""
        with self._lock:
            code = self.codes.get(subject)
            if code is None or code.expires <= now or self.tries[subject] >= most:
                return None
            self.tries[subject] += 1
            return dataclasses.replace(code)

    def consume(self, subject: str, mac: str, *, now: int) -> bool:
        """Delete the pending code if it is still this one and valid."""
        with self._lock:
            code = self.codes.get(subject)
            if code is None or code.mac != mac or code.expires <= now:
                return False
            del self.codes[subject]
            return True
