"""How far a version lags behind the one that another environment has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from generator.versions.runs import went_forward
from generator.versions.semver import newer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.history import Commit
    from generator.versions.runs import Run

State = Literal["behind", "ahead", "differs"]


class Lag(NamedTuple):
    """That an environment runs another version than `leader` does.

    behind: by `versions`, that the leader has had since, the present one counted; 0 when its history does not
    tell. ahead: newer by SemVer. differs: neither by history nor by SemVer is one of the two the newer one.
    `since` is the commit with which they came apart, None when that is not committed or not known (`known`).
    """

    leader: str
    state: State
    versions: int = 0
    since: Commit | None = None
    known: bool = True


def lag(leader: str, leading: Sequence[Run], own: Sequence[Run]) -> Lag | None:
    """Compare the runs of a release, newest first, in the leading environment with those in another one."""
    version, ahead = own[0].version, leading[0].version
    if version == ahead:
        return None
    order = newer(ahead, version)
    passed = next((i for i, run in enumerate(leading) if run.version == version), None)
    if passed is not None:
        state: State = "ahead" if order is False else "behind"
        number = 0 if order is False else _since(leading[:passed], version, leading)
        return Lag(leader, state, number, leading[passed].ended)
    # It never ran there: a version made for this environment, or the history that is here is cut.
    later = _later(leading, version) if order else []
    state = "behind" if order else "differs" if order is None else "ahead"
    return _apart(leader, state, [(later or leading[:1])[-1], own[0]], _distinct(later))


def _since(after: Sequence[Run], version: str, leading: Sequence[Run]) -> int:
    """Count the versions that came after `version`; those that were left again do not count."""
    path = went_forward([run.version for run in reversed(leading) if run.version])
    return len(path) - 1 - path.index(version) if version in path else _distinct(after)


def _apart(leader: str, state: State, two: Sequence[Run], versions: int) -> Lag:
    """Return a lag since the later of the beginnings of two runs."""
    began = [run.began for run in two if run.began]
    if len(began) < len(two):
        return Lag(leader, state, versions, None)
    latest = max(began, key=lambda commit: commit.when)
    return Lag(leader, state, versions, latest, known=not latest.cut)


def _later(leading: Sequence[Run], version: str) -> list[Run]:
    """Return the runs, up to now without a break, that are newer than `version`."""
    found = []
    for run in leading:
        if run.version and not newer(run.version, version):
            break
        found.append(run)
    return found


def _distinct(found: Sequence[Run]) -> int:
    return len({run.version for run in found if run.version})
