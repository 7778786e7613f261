"""Asks Git, and says to a person what it refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.git import ENGLISH, run

if TYPE_CHECKING:
    from pathlib import Path

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
    settings = [word for setting in _SETTINGS for word in ("-c", setting)]
    try:
        answer = run(root, *settings, *command, ask=ask, variables=ENGLISH)
    except OSError as error:
        raise NoHistoryError(f"git does not run here: {error.strerror}") from error
    if answer.returncode:
        said = answer.stderr.decode(errors="replace").strip()
        for text, meaning in _NO_HISTORY.items():
            if text in said:
                raise NoHistoryError(meaning)
        raise HistoryError(f"git {command[0]}: {said}")
    return answer.stdout
