"""What the machine may refuse, told to a person."""

from __future__ import annotations

import errno
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_ADVICE = {
    errno.EACCES: "give yourself permission to read and write there",
    errno.EPERM: "give yourself permission to read and write there",
    errno.EROFS: "make the file system writable",
    errno.ENOSPC: "free some space",
    errno.EDQUOT: "free some space",
    errno.EFBIG: "raise the limit on file sizes",
    errno.ENOTDIR: "move away the file that stands where a folder must be",
    errno.EISDIR: "move away the folder that stands where a file must be",
    errno.EXDEV: "keep rendered/ on one file system",
    errno.ENOLCK: "use a file system with locks",
}


class WriterError(Exception):
    """Something about `rendered/` that only a person can mend: says where, what, and what to do."""


def explain(root: Path, error: OSError) -> WriterError:
    """Say where (from the repository's root), what the system refused, and what to do."""
    # a rename's second name is the one that a person knows: the first is ours, in staging
    name = error.filename2 or error.filename or "rendered"
    path = os.fsdecode(name) if isinstance(name, (str, bytes)) else "rendered"
    path = path.removeprefix(f"{os.fspath(root)}/")
    advice = _ADVICE.get(error.errno or 0, "put that right")
    return WriterError(f"{path}: {error.strerror or error}: {advice}, then run again")


def in_the_way(path: str, wanted: str, found: str) -> WriterError:
    """Say that no render may replace what stands at `path` (from the repository's root)."""
    return WriterError(f"{path}: must be {wanted}, but is {found}: move it away, then run again")


@contextmanager
def explained(root: Path) -> Iterator[None]:
    """Turn the system's errors inside the `with` into a WriterError."""
    try:
        yield
    except OSError as error:
        raise explain(root, error) from error
