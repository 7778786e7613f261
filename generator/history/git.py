"""Asks Git, and says to a person what it refuses."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

# Set by Git for its hooks, and possibly about another repository: ours is the one around `root`.
_ELSEWHERE = (
    *("GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_INDEX_FILE", "GIT_PREFIX"),
    *("GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES"),
)
# Whatever a person has set, the output is the one that is read here.
_SETTINGS = (
    "log.showSignature=false",
    "log.showRoot=true",
    "log.diffMerges=separate",
    "core.quotePath=false",
)

_NO_HISTORY = {
    "not a git repository": "this is no Git repository",
    "does not have any commits yet": "nothing has been committed yet",
    "bad revision 'HEAD'": "nothing has been committed yet",
}


class HistoryError(Exception):
    """What Git refuses to tell, in words for a person."""


class NoHistoryError(HistoryError):
    """There is no Git, no repository or no commit, so nothing has a history."""


def git(root: Path, *command: str, ask: bytes = b"") -> bytes:
    """Return what `git COMMAND` prints in the repository around `root`. Raises HistoryError."""
    environment = {name: value for name, value in os.environ.items() if name not in _ELSEWHERE}
    environment["LC_ALL"] = "C"  # its messages are read below
    settings = [word for setting in _SETTINGS for word in ("-c", setting)]
    try:
        run = subprocess.run(  # noqa: S603  (arguments are ours; no shell)
            ["git", "-C", os.fspath(root), *settings, *command],  # noqa: S607  (the person's own git)
            input=ask,
            capture_output=True,
            env=environment,
            check=False,
        )
    except OSError as error:
        raise NoHistoryError(f"git does not run here: {error.strerror}") from error
    if run.returncode:
        said = run.stderr.decode(errors="replace").strip()
        for text, meaning in _NO_HISTORY.items():
            if text in said:
                raise NoHistoryError(meaning)
        raise HistoryError(f"git {command[0]}: {said}")
    return run.stdout
