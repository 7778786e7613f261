"""Where back leads to: the versions that ran before, worked out from history."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.versions.runs import projected, runs, went_forward

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.history import Commit, Release, Track


class Back(NamedTuple):
    """The way back: what each release has, and what it had.

    `came` is the commit that ended the earlier state, so that the one before it is the last that had it; None
    when only the work tree ended it.
    """

    present: Mapping[Release, str]
    earlier: Mapping[Release, str]
    came: Commit | None


def before(track: Track, release: Release, today: str) -> Back | None:
    """Return the way to the version that a release had before the present one; None when there was none.

    A version that was left again by going back is no earlier one: see `went_forward`.
    """
    found = runs(track, release, today)
    way = went_forward([run.version for run in reversed(found) if run.version])
    if len(way) < 2 or not today:  # noqa: PLR2004  (the present one and one before it)
        return None
    last = next(run for run in found if run.version == way[-2])
    return Back({release: today}, {release: way[-2]}, last.ended)


def left(track: Track, release: Release, today: str, version: str) -> Commit | None:
    """Return the commit that went back from `version`; None when that never ran, or still led to `today`."""
    found = runs(track, release, today)
    if version in went_forward([run.version for run in reversed(found) if run.version]):
        return None
    return next((run.ended for run in found if run.version == version), None)


def before_all(track: Track, today: Mapping[Release, str]) -> Back | None:
    """Return the way to what `versions:` said before its last change, of the releases that are there now."""
    states = projected(track, today)
    seen = [tuple(sorted(versions.items())) for _, versions in states]
    way = went_forward([state for i, state in enumerate(seen) if i == 0 or seen[i - 1] != state])
    if len(way) < 2:  # noqa: PLR2004  (as above)
        return None
    earlier = dict(way[-2])
    last = max(i for i, state in enumerate(seen) if state == way[-2])
    changed = [release for release in today if earlier[release] != today[release]]
    return Back(
        {release: today[release] for release in changed},
        {release: earlier[release] for release in changed},
        states[last + 1][0],
    )
