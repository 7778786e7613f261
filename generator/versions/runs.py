"""How long each version ran: the history of one release in one environment."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from generator.history import Commit, Release, Track

T = TypeVar("T")


class Run(NamedTuple):
    """A version of a release in an environment, from the commit that brought it to the one that ended it.

    `version` is "" while the release was not there. `began` is None when it stands in the work tree and no
    commit has it; `ended` is None while it runs, and also when only the work tree ends it (`over`).
    """

    version: str
    began: Commit | None
    ended: Commit | None = None
    over: bool = False

    @property
    def at_least(self) -> bool:
        """Whether it may have begun earlier: the history that is here is cut at its beginning."""
        return self.began is not None and self.began.cut


def runs(track: Track, release: Release, today: str) -> list[Run]:
    """Return what ran, the newest first; `today` is what the work tree pins, "" for nothing.

    Commits that left the version as it was are no beginning. What was before the release was first there is
    not in the list; without any history there is only what stands in the work tree.
    """
    found: list[Run] = []
    for state in reversed(track.states):
        version = state.versions.get(release, "")
        _append(found, version, state.commit)
    _append(found, today, None)
    return found[::-1]


def _append(found: list[Run], version: str, commit: Commit | None) -> None:
    if found:
        if found[-1].version == version:
            return
        found[-1] = found[-1]._replace(ended=commit, over=True)
    elif not version:
        return
    found.append(Run(version, commit))


def went_forward(seen: Sequence[T]) -> list[T]:
    """Return the versions that led to the last of `seen`, oldest first, without those that were left again.

    Going to a version that is among them already is going back: what came after it is dropped. So one
    can go back twice, and then arrives before the first of both, whoever wrote the commits and with what.

    >>> went_forward(["1", "2", "3", "2"])
    ['1', '2']
    """
    path: list[T] = []
    for version in seen:
        if version in path:
            del path[path.index(version) + 1 :]
        else:
            path.append(version)
    return path


def projected(track: Track, today: Mapping[Release, str]) -> list[tuple[Commit | None, dict[Release, str]]]:
    """Return what each state said of the releases that are there today, the oldest first; last the work tree.

    A release that was not there at that time counts as it was when it came.
    """
    states: list[tuple[Commit | None, Mapping[Release, str]]] = [
        (state.commit, state.versions) for state in reversed(track.states)
    ]
    known = dict(today)
    result: list[tuple[Commit | None, dict[Release, str]]] = [(None, dict(today))]
    for commit, versions in reversed(states):
        known = {release: versions.get(release, version) for release, version in known.items()}
        result.append((commit, dict(known)))
    return result[::-1]
