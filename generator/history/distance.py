"""How far a commit is from a branch of the remote, as far as this checkout knows it."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from generator.history.git import HistoryError, git

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


class Distance(NamedTuple):
    """Commits that it lacks, how many of those touch the paths asked for, and commits that only it has."""

    behind: int
    touching: int
    ahead: int


def tip(root: Path, reference: str) -> str:
    """Return the commit of a reference, as origin/main; "" when this checkout does not have it.

    Raises NoHistoryError when there is no Git or no repository.
    """
    listed = git(root, "for-each-ref", "--format=%(objectname)", f"refs/remotes/{reference}")
    return listed.decode().strip()


def fetched(root: Path) -> datetime | None:
    """Return when this checkout last asked the remote, None when it never did."""
    file = root / os.fsdecode(git(root, "rev-parse", "--git-path", "FETCH_HEAD").strip())
    try:
        return datetime.fromtimestamp(file.stat().st_mtime, tz=UTC)
    except OSError:
        return None


def distance(root: Path, revision: str, reference: str, paths: Sequence[str]) -> Distance | None:
    """Return how far `revision` is from `reference`; None when this checkout does not have the commit."""
    if not revision or not all(c in "0123456789abcdef" for c in revision):
        return None  # a tag or a chart's version is no commit, and an option never is
    between = f"{revision}...refs/remotes/{reference}"
    try:
        ahead, behind = git(root, "rev-list", "--left-right", "--count", between, "--").split()
        since = f"{revision}..refs/remotes/{reference}"
        touching = git(root, "rev-list", "--count", since, "--", *paths)
    except HistoryError:
        return None
    return Distance(int(behind), int(touching), int(ahead))


def differing(root: Path, reference: str, paths: Sequence[str]) -> tuple[str, ...]:
    """Return which files below `paths` are in the work tree not as `reference` has them, new ones too."""
    changed = git(root, "diff", "--name-only", "-z", f"refs/remotes/{reference}", "--", *paths)
    new = git(root, "ls-files", "--others", "--exclude-standard", "-z", "--", *paths)
    return tuple(sorted({os.fsdecode(name) for name in (changed + new).split(b"\0")[:-1]}))
