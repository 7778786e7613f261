"""The matrix of releases and environments: what runs where, since when, and what lags."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from generator.versions.lag import lag
from generator.versions.runs import runs
from generator.versions.semver import newer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from generator.history import Commit, History, Release
    from generator.versions.lag import Lag
    from generator.versions.runs import Run


class Cell(NamedTuple):
    """A release in an environment.

    `since` is the commit that brought the version, None when only the work tree has it or nothing is known.
    `at_least`: it may have run before, for the history that is here is cut. `lag` is None when it does not.
    """

    version: str
    since: Commit | None
    uncommitted: bool
    at_least: bool
    lag: Lag | None


class Row(NamedTuple):
    """A release: its cells by environment, where it is; `leader` is the one that they are held to."""

    release: Release
    leader: str
    cells: Mapping[str, Cell]

    @property
    def leading(self) -> str:
        """The version that the others are held to."""
        return self.cells[self.leader].version

    @property
    def lags(self) -> bool:
        """Whether an environment has another version than the leader."""
        return any(cell.lag for cell in self.cells.values())


class Matrix(NamedTuple):
    """All rows, by section and name. `environments` are the columns; `notes` is what a reader has to know."""

    now: datetime
    head: str
    environments: tuple[str, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()


def matrix(
    today: Mapping[str, Mapping[Release, str]],
    history: History,
    order: Sequence[str],
    *,
    now: datetime,
    sections: Sequence[str],
) -> Matrix:
    """Put the matrix together from what each environment pins `today` and its history.

    `order` is the way that versions take: the first environment in it that has a release leads. Without one
    the environment with the newest version does, the one that had it first among equals.
    """
    columns = (*(name for name in order if name in today), *(n for n in today if n not in order))
    releases = {release for pins in today.values() for release in pins}
    rank = {section: index for index, section in enumerate(sections)}
    rows = []
    for release in sorted(releases, key=lambda r: (rank.get(r.section, len(rank)), r)):
        found = {
            name: runs(history.tracks[name], release, today[name][release])
            for name in columns
            if release in today[name]
        }
        leader = next((name for name in order if name in found), "") or _newest(found)
        cells = {name: _cell(leader, found, name, missing=bool(history.missing)) for name in found}
        rows.append(Row(release, leader, cells))
    return Matrix(now=now, head=history.head, environments=columns, rows=tuple(rows))


def _newest(found: Mapping[str, Sequence[Run]]) -> str:
    """Name the environment with the newest version: by SemVer, else the version that came last."""
    best = next(iter(found))
    for name, own in found.items():
        mine, present = own[0], found[best][0]
        order = newer(mine.version, present.version)
        if order is None:
            first = _began(mine) < _began(present)
            order = first if mine.version == present.version else not first
        best = name if order else best
    return best


def _began(run: Run) -> datetime:
    return run.began.when if run.began else datetime.max.replace(tzinfo=UTC)


def _cell(leader: str, found: Mapping[str, Sequence[Run]], name: str, *, missing: bool) -> Cell:
    own = found[name]
    return Cell(
        version=own[0].version,
        since=own[0].began,
        uncommitted=own[0].began is None and not missing,
        at_least=own[0].at_least,
        lag=None if name == leader else _lag(leader, found, name, missing=missing),
    )


def _lag(leader: str, found: Mapping[str, Sequence[Run]], name: str, *, missing: bool) -> Lag | None:
    apart = lag(leader, found[leader], found[name])
    return apart._replace(versions=0, known=False) if apart and missing else apart
