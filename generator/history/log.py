"""Which commits touched the environments' files, and what they made of them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from generator.history.change import Commit
from generator.history.git import git
from generator.source.folder import FOLDER

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_FIELDS = ("%H", "%P", "%ct", "%an", "%s")


class Entry(NamedTuple):
    """What a commit did to one file: `blob` is the name of its new content, "" when there is none any more.

    `before` is the path that the file had until then, another one when it was renamed, "" when it is new.
    """

    path: str
    before: str
    blob: str


def commits(
    root: Path, revision: str, *, shallow: bool, most: int = -1
) -> Iterator[tuple[Commit, list[Entry]]]:
    """Yield the commits that touched `environments/`, the newest first, along first parents.

    A merge is one step then, with the date at which it came to the branch. Raises HistoryError.
    """
    printed = git(
        root,
        *("log", "--first-parent", "-m", "--raw", "--no-abbrev", "-M", "--relative", "-z", "--no-color"),
        *(f"--max-count={most}", f"--format={'%x00'.join(_FIELDS)}", revision, "--", FOLDER),
    )
    tokens = printed.decode(errors="replace").split("\0")
    position = 0
    while position < len(tokens) - 1:
        name, parents, seconds, author, subject = tokens[position : position + len(_FIELDS)]
        position += len(_FIELDS)
        entries = []
        while (about := tokens[position].lstrip("\n")).startswith(":"):
            _, _, _, blob, status = about.split(" ")
            renamed = status[0] in "RC"
            old, new = tokens[position + 1], tokens[position + 1 + renamed]
            position += 2 + renamed
            entries.append(
                Entry(
                    path=new,
                    before="" if status[0] in "AC" else old,
                    blob="" if status[0] == "D" else blob,
                )
            )
        when = datetime.fromtimestamp(int(seconds), tz=UTC)
        # A shallow clone shows its last commits without parents.
        yield Commit(name.lstrip("\n"), when, author, subject, cut=shallow and not parents), entries


def recent(root: Path, most: int = 30) -> list[Commit]:
    """Return the last commits that touched `environments/`. Raises HistoryError."""
    return [commit for commit, _ in commits(root, "HEAD", shallow=False, most=most)]


def is_shallow(root: Path) -> bool:
    """Tell whether the clone has only the newest commits. Raises HistoryError."""
    return git(root, "rev-parse", "--is-shallow-repository").strip() == b"true"
