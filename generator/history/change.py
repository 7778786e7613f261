"""What the history of an environment's `versions:` consists of."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

SECTIONS = ("workloads", "components", "charts", "functions")
"""The parts of `versions:`, in the order in which people meet them."""


class Release(NamedTuple):
    """Something with a version: its section of `versions:`, as `workloads`, and its name there."""

    section: str
    name: str

    def __str__(self) -> str:
        return self.name


class Commit(NamedTuple):
    """A commit. `when` is the committer's date, in UTC.

    That is when the change came to the branch; the author's may be weeks older after a rebase. `cut` marks
    the last commit that a shallow clone has: what it seems to add may have been there long before.
    """

    id: str
    when: datetime
    author: str
    subject: str
    cut: bool = False

    @property
    def short(self) -> str:
        """Its name as people write it."""
        return self.id[:10]


class State(NamedTuple):
    """What an environment's file pinned from `commit` on; nothing, when the commit removed the file."""

    commit: Commit
    versions: Mapping[Release, str]


class Track(NamedTuple):
    """The states of one environment, the newest first; `files` are its names, as paths, the newest first.

    `unread` are commits that left something that is no YAML, each with what is wrong; they are passed over.
    """

    states: tuple[State, ...] = ()
    files: tuple[str, ...] = ()
    unread: tuple[tuple[Commit, str], ...] = ()


class History(NamedTuple):
    """The tracks of environments up to one commit, `head`, along its first parents.

    `shallow`: the clone ends somewhere, and so do the tracks. `missing` says why there is no history at all,
    else it is empty.
    """

    tracks: Mapping[str, Track]
    head: str = ""
    shallow: bool = False
    missing: str = ""


def pinned(tree: Mapping[str, object]) -> dict[Release, str]:
    """Return what an environment's document pins, however odd; only what is no map or no text is left out."""
    sections = tree.get("versions")
    if not isinstance(sections, dict):
        return {}
    return {
        Release(section, name): str(version)
        for section in (*SECTIONS, *sorted(sections.keys() - set(SECTIONS)))
        if isinstance(versions := sections.get(section), dict)
        for name, version in sorted(versions.items())
        if isinstance(version, (str, int, float))
    }
