"""Files as commits have them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from generator.history.git import HistoryError, NoHistoryError, git

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def resolved(root: Path, revision: str) -> str:
    """Return the full name of the commit that `revision` means. Raises HistoryError when there is none."""
    unknown = HistoryError(
        f'Git knows no commit "{revision}" here; `git log --oneline` lists what there is, and '
        "`git fetch` brings what only the remote has"
    )
    if revision.startswith("-"):  # an option, never a name of Git's
        raise unknown
    try:
        # In two steps, for `:/text^{commit}` looks for the whole of it.
        name = _verified(root, revision)
        return _verified(root, f"{name}^{{commit}}")
    except NoHistoryError:
        raise
    except HistoryError as error:
        raise unknown from error


def _verified(root: Path, revision: str) -> str:
    return git(root, "rev-parse", "--verify", "--quiet", revision).decode().strip()


def listed(root: Path, commit: str, folder: str) -> dict[str, str]:
    """Return the blobs of all files below `folder` as `commit` has it, by path from `root`."""
    found = {}
    for entry in git(root, "ls-tree", "-r", "-z", commit, f"{folder}/").split(b"\0")[:-1]:
        about, _, path = entry.partition(b"\t")
        found[os.fsdecode(path)] = about.split(b" ")[2].decode()
    return found


def contents(root: Path, blobs: Iterable[str]) -> dict[str, bytes]:
    """Return the bytes of blobs by their names; what Git does not have is left out. Raises HistoryError."""
    wanted = list(dict.fromkeys(blobs))
    if not wanted:
        return {}
    answer = git(root, "cat-file", "--batch", ask="".join(f"{blob}\n" for blob in wanted).encode())
    found, position = {}, 0
    for blob in wanted:
        end = answer.index(b"\n", position)
        header = answer[position:end].split(b" ")
        position = end + 1
        if len(header) != 3 or header[1] != b"blob":  # noqa: PLR2004  (name, kind, size; or "missing")
            position += int(header[2]) + 1 if len(header) == 3 else 0  # noqa: PLR2004  (as above)
            continue
        size = int(header[2])
        found[blob] = answer[position : position + size]
        position += size + 1
    return found
