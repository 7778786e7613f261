"""What differs between two commits, or between a commit and the work tree."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from generator.history.blobs import contents
from generator.history.git import HistoryError, git

if TYPE_CHECKING:
    from pathlib import Path

_LINK = "120000"
_NOTHING = "000000"


class Changed(NamedTuple):
    """A file that differs, by its path from `root`: its bytes on both sides, None where it is not.

    What is no file, as a submodule, has no bytes on either side; a symbolic link has its target's name.
    """

    path: str
    before: bytes | None
    after: bytes | None


def fork(root: Path, base: str, head: str) -> str:
    """Return the commit that a branch left `base` at. Raises HistoryError when they share nothing."""
    try:
        return git(root, "merge-base", base, head).decode().strip()
    except HistoryError as error:
        raise HistoryError(
            f"{head} has nothing in common with {base}: a shallow clone? git fetch --unshallow"
        ) from error


def between(root: Path, before: str, after: str | None) -> list[Changed]:
    """Return what differs between two commits, sorted by path; `after` is None for the work tree.

    New files of the work tree count, ignored ones do not. Raises HistoryError.
    """
    sides = [before] if after is None else [before, after]
    options = ("--raw", "-z", "--no-abbrev", "--no-renames", "--relative", "--ignore-submodules=dirty")
    words = [os.fsdecode(word) for word in git(root, "diff", *options, *sides, "--").split(b"\0")[:-1]]
    entries = {
        path: about.lstrip(":").split(" ") for about, path in zip(words[::2], words[1::2], strict=True)
    }
    blobs = contents(
        root, [blob for _, _, old, new, _ in entries.values() for blob in (old, new) if blob.strip("0")]
    )
    found = [
        Changed(path, blobs.get(old), blobs.get(new) if after else _standing(root, path, mode))
        for path, (_, mode, old, new, _) in entries.items()
    ]
    if after is None:
        listed = git(root, "ls-files", "--others", "--exclude-standard", "-z")
        new_files = [os.fsdecode(name) for name in listed.split(b"\0")[:-1]]
        found += [Changed(path, None, _standing(root, path, "")) for path in new_files]
    return sorted(found)


def _standing(root: Path, path: str, mode: str) -> bytes | None:
    file = root / path
    try:
        if mode == _LINK or file.is_symlink():
            return os.fsencode(file.readlink())
        return None if mode == _NOTHING else file.read_bytes()
    except OSError:  # gone in between, or a folder, as a submodule is
        return None
