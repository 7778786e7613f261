"""What was applied, by kind and key, in a file that outlives a command and that a test may change."""

from __future__ import annotations

import fcntl
import json
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Iterator

    Kinds = dict[str, dict[str, dict[str, Any]]]


class World:
    """The resources; without a file they last as long as the process."""

    def __init__(self, file: pathlib.Path | None = None) -> None:
        """Look at a file, which need not be there yet."""
        self.file = file
        self.memory: Kinds = {}
        self.lock = threading.RLock()

    @contextmanager
    def open(self) -> Iterator[Kinds]:
        """Yield everything, to one at a time, and keep what it is afterwards; not after an exception."""
        with self.lock:
            if self.file is None:
                yield self.memory
                return
            with self.file.open("a+", encoding="utf-8") as handle:
                fcntl.flock(handle, fcntl.LOCK_EX)
                handle.seek(0)
                kinds: Kinds = json.loads(handle.read() or "{}")
                yield kinds
                handle.seek(0)
                handle.truncate()
                json.dump(kinds, handle, indent=1, sort_keys=True)
