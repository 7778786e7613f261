"""One render at a time."""
# ruff: noqa: PTH103  (paths are strings in the writer, see disk.py)

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from generator.writer import disk
from generator.writer.errors import explained

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@contextmanager
def locked(root: Path, waiting: Callable[[], object] | None = None) -> Iterator[None]:
    """Hold the render lock, to be taken around compare, hand_edited and apply.

    When another render holds it, calls `waiting` once and waits. The kernel frees the lock of a
    killed process; the lock file stays for good (deleting it would let two processes lock two files).
    Raises WriterError.
    """
    with explained(root):
        lock = _open(root)
    try:
        with explained(root):
            _acquire(lock, waiting)
        yield
    finally:
        os.close(lock)


def _open(root: Path) -> int:
    for folder in (disk.RENDERED, disk.OWN):
        if not disk.is_folder(root, folder):
            os.makedirs(f"{os.fspath(root)}/{folder}", exist_ok=True)
    flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
    return os.open(f"{os.fspath(root)}/{disk.OWN}/lock", flags, 0o666)


def _acquire(lock: int, waiting: Callable[[], object] | None) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        if waiting:
            waiting()
        fcntl.flock(lock, fcntl.LOCK_EX)
