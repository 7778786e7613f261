"""Where a rollback goes: which releases, to which versions, and which commit last had them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator import history
from generator.cli.report import Usage
from generator.history import pinned
from generator.problem import did_you_mean
from generator.source import Document, parse
from generator.versions.back import before, before_all
from generator.versions.runs import runs

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from generator.history import Commit, History, Release, Track


class Refusal(Exception):  # noqa: N818  (reads as what it is: `raise Refusal`)
    """There is no way back, or it leads nowhere; the text says why and what to do instead."""


class Target(NamedTuple):
    """What goes back: the present and the earlier versions of the releases that change.

    `then` is the commit that the earlier versions are taken from, `file` the environment's file as it was
    called there. `came` is the newest commit that brought what is left now, None when it is not committed.
    `notes` say what stays as it is.
    """

    present: Mapping[Release, str]
    earlier: Mapping[Release, str]
    then: str
    file: str
    came: Commit | None = None
    notes: tuple[str, ...] = ()


class Wanted(NamedTuple):
    """What somebody asked for. `today` is what the environment pins in the work tree."""

    environment: str
    today: Mapping[Release, str]
    release: str | None = None
    revision: str | None = None


def find(root: Path, wanted: Wanted) -> Target:
    """Find out where to go. Raises Usage for a name that is none, Refusal, and HistoryError."""
    past = history.read(root, [wanted.environment])
    if past.missing:
        raise Refusal(f"{past.missing}, so there is nothing to go back to")
    track = past.tracks[wanted.environment]
    release = _release(wanted, track) if wanted.release else None
    if wanted.revision is not None:
        found = _as_of(root, wanted, release, track)
    else:
        way = (
            before_all(track, wanted.today)
            if release is None
            else before(track, release, wanted.today[release])
        )
        if way is None:
            raise Refusal(_no_way(wanted, release, past))
        then = past.head if way.came is None else history.resolved(root, f"{way.came.id}^1")
        found = Target(way.present, way.earlier, then, _file(root, then, track) or "")
    return found._replace(came=_came(found, track))


def _release(wanted: Wanted, track: Track) -> Release:
    """Return the release that is meant by a name, or by section and name."""
    text = wanted.release or ""
    found = [r for r in wanted.today if text in (r.name, f"{r.section}.{r.name}")]
    if len(found) > 1:
        names = " or ".join(f"{r.section}.{r.name}" for r in found)
        raise Usage(f'"{text}" may be {names}: say which')
    if found:
        return found[0]
    gone = [s for s in track.states if any(text in (r.name, f"{r.section}.{r.name}") for r in s.versions)]
    if gone:
        index = track.states.index(gone[0])
        ended = f" since {track.states[index - 1].commit.short}" if index else ""
        raise Usage(
            f"{text} is not in {wanted.environment} any more{ended}: bring it back in the spec first, "
            f"as {gone[0].commit.short} has it"
        )
    known = {release.name for release in wanted.today}
    raise Usage(f'there is no release "{text}" in {wanted.environment}; {did_you_mean(text, known)}')


def _no_way(wanted: Wanted, release: Release | None, past: History) -> str:
    if release is None:
        text = f"the versions of {wanted.environment} were never others than they are"
    else:
        version = wanted.today[release]
        text = f"{version} is the first version of {release} in {wanted.environment} that history knows"
    if past.shallow:
        return f"{text}; this clone is shallow: run `git fetch --unshallow`, then this again"
    return f"{text}: there is nothing to go back to; name a commit of another branch with --to (make: TO=)"


def _as_of(root: Path, wanted: Wanted, release: Release | None, track: Track) -> Target:
    """Return the way to what a revision has."""
    commit = history.resolved(root, wanted.revision or "")
    file = _file(root, commit, track)
    if file is None:
        first = track.states[-1].commit if track.states else None
        began = f"; its history begins with {first.short} ({first.when:%Y-%m-%d})" if first else ""
        raise Refusal(f"there was no environments/{wanted.environment}.yaml at {commit[:10]}{began}")
    then = _pins(root, commit, file)
    if release is not None and release not in then:
        raise Refusal(
            f"{release} was not in {wanted.environment} at {commit[:10]}: there is no version to take"
        )
    chosen = wanted.today if release is None else {release: wanted.today[release]}
    changed = [r for r in chosen if r in then and then[r] != chosen[r]]
    if not changed:
        what = f"{release} {chosen[release]}" if release else "these versions"
        raise Refusal(f"{wanted.environment} runs {what} already, as it did at {commit[:10]}")
    return Target(
        present={r: chosen[r] for r in changed},
        earlier={r: then[r] for r in changed},
        then=commit,
        file=file,
        notes=() if release else tuple(_stays(wanted, then)),
    )


def _stays(wanted: Wanted, then: Mapping[Release, str]) -> list[str]:
    new = [f"{r} stays at {v}: it was not there then" for r, v in wanted.today.items() if r not in then]
    gone = [f"{r} does not come back: the spec no longer has it" for r in then if r not in wanted.today]
    return new + gone


def _file(root: Path, commit: str, track: Track) -> str | None:
    """Return the path that the environment's file has in a commit: of its names, the newest that is there."""
    there = history.listed(root, commit, "environments")
    return next((file for file in track.files if file in there), None)


def _pins(root: Path, commit: str, file: str) -> Mapping[Release, str]:
    blob = history.listed(root, commit, "environments")[file]
    try:
        parsed = parse(file, history.contents(root, [blob])[blob].decode())
    except (KeyError, UnicodeDecodeError):
        parsed = []
    if isinstance(parsed, Document):
        return pinned(parsed.tree)
    said = f": {parsed[0]}" if parsed else ""
    raise Refusal(f"{file} of {commit[:10]} cannot be read{said}")


def _came(target: Target, track: Track) -> Commit | None:
    """Return the commit that brought what a rollback leaves, the newest if there are several."""
    began = [runs(track, release, version)[0].began for release, version in target.present.items()]
    commits = [commit for commit in began if commit]
    return max(commits, key=lambda commit: commit.when) if len(commits) == len(began) else None
