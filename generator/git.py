"""Runs the person's own Git in the repository around a folder; callers put into words what it refuses."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

ENGLISH = {"LC_ALL": "C"}
"""For who reads the messages."""

# Set by Git for its hooks, and possibly about another repository: ours is the one around the folder. The
# rest of `git rev-parse --local-env-vars` is configuration (safe.directory), which must stay.
_ELSEWHERE = frozenset(
    {
        "GIT_DIR",
        "GIT_WORK_TREE",
        "GIT_COMMON_DIR",
        "GIT_INDEX_FILE",
        "GIT_OBJECT_DIRECTORY",
        "GIT_ALTERNATE_OBJECT_DIRECTORIES",
        "GIT_PREFIX",
    }
)


def run(
    root: Path, *command: str, ask: bytes = b"", variables: Mapping[str, str]
) -> subprocess.CompletedProcess[bytes]:
    """Return what `git COMMAND` says to `ask`, whatever its exit code. Raises OSError without Git."""
    environment = {name: value for name, value in os.environ.items() if name not in _ELSEWHERE}
    return subprocess.run(  # noqa: S603  (arguments are the callers' own; no shell)
        ["git", "-C", os.fspath(root), *command],  # noqa: S607  (the person's own git)
        input=ask,
        capture_output=True,
        env=environment | dict(variables),
        check=False,
    )
