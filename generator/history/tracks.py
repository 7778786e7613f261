"""The history of each environment's `versions:`, put together from commits and blobs."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.history.blobs import contents, resolved
from generator.history.change import History, State, Track, pinned
from generator.history.git import NoHistoryError
from generator.history.log import commits, is_shallow
from generator.source import Document, parse
from generator.source.folder import FOLDER

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from generator.history.change import Commit, Release
    from generator.history.log import Entry


def read(root: Path, environments: Iterable[str], revision: str = "HEAD") -> History:
    """Return the history of `environments` up to `revision`, under the names that they have there.

    Without Git, repository or commit it is empty and says why. Raises HistoryError when Git refuses, or
    when there is no such revision.
    """
    names = list(environments)
    try:
        shallow = is_shallow(root)
        # Without a commit `git log HEAD` says so more exactly than `rev-parse` does.
        head = resolved(root, revision) if revision != "HEAD" else revision
        steps = list(commits(root, head, shallow=shallow))
        head = resolved(root, head)
    except NoHistoryError as reason:
        return History(tracks={name: Track() for name in names}, missing=str(reason))
    follower = _Follower(names)
    for commit, entries in steps:
        follower.step(commit, entries)
    data = contents(root, (change.blob for changes in follower.changes.values() for change in changes))
    pins = {blob: _pins(text) for blob, text in data.items()}
    return History(tracks={name: _track(follower, name, pins) for name in names}, head=head, shallow=shallow)


class _Change(NamedTuple):
    """A commit that left an environment's file as `blob`, or without one when that is empty."""

    commit: Commit
    blob: str


class _Follower:
    """Follows environments from the newest commit to older ones, through renames."""

    def __init__(self, names: Iterable[str]) -> None:
        self.environment = {f"{FOLDER}/{name}.yaml": name for name in names}
        self.files = {name: [path] for path, name in self.environment.items()}
        self.changes: dict[str, list[_Change]] = {name: [] for name in self.files}

    def step(self, commit: Commit, entries: Iterable[Entry]) -> None:
        """Take what a commit did. Where two files claim one older name, the renamed one has its history."""
        renames = {}
        for path, before, blob in entries:
            name = self.environment.get(path)
            if name:
                self.changes[name].append(_Change(commit, blob))
                if before not in ("", path):
                    renames[before] = name
                    del self.environment[path]
                    self.files[name].append(before)
        self.environment |= renames


def _pins(text: bytes) -> Mapping[Release, str] | str:
    """Return what a file's text pins, or what is wrong with the text."""
    try:
        parsed = parse("", text.decode())
    except UnicodeDecodeError:
        return "not UTF-8"
    if isinstance(parsed, Document):
        return pinned(parsed.tree)
    return parsed[0].message


def _track(follower: _Follower, name: str, pins: Mapping[str, Mapping[Release, str] | str]) -> Track:
    states, unread = [], []
    for commit, blob in follower.changes[name]:
        found = pins.get(blob, "Git does not have its content") if blob else {}
        if isinstance(found, str):
            unread.append((commit, found))
        else:
            states.append(State(commit, found))
    return Track(states=tuple(states), files=tuple(follower.files[name]), unread=tuple(unread))
