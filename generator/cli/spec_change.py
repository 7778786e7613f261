"""A change of the spec by a command: judged and rendered in memory, then written whole, or made a commit."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, NamedTuple

from generator import load, source
from generator.cli import machine, parallel
from generator.cli.report import FAILED, OK, complain, say
from generator.cli.selection import orphan_problems, select
from generator.problem import Place, Problem
from generator.render import OUTSIDE
from generator.source import Document
from generator.source.folder import FOLDER, PLATFORM
from generator.writer import WriterError, apply, commit, from_root, hand_edited, locked
from generator.writer.exchange import Change, exchanged

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Sequence
    from datetime import date
    from pathlib import Path

    from generator.model import Spec
    from generator.source import Sources
    from generator.writer import Difference

_COMMITTED = (FOLDER, "rendered", *sorted(OUTSIDE), "argocd/charts", "generator")
"""What a rendering is made of and from: with anything else in the work tree, a commit could not be it."""


class Commit(NamedTuple):
    """The branch and the message of a commit; `reason` is the part of the message that a person gave."""

    branch: str
    message: str
    reason: str = ""


class Wish(NamedTuple):
    """The files of the spec as they are to be.

    `removed` are environments whose rendered files go, too. `commit` is what a commit of it is called;
    `branch` makes it, on a new branch, instead of writing, `dry` does neither.
    """

    changes: Sequence[Change]
    removed: frozenset[str] = frozenset()
    commit: Commit | None = None
    branch: bool = False
    dry: bool = False


class Outcome(NamedTuple):
    """What came of it: `difference` is None when nothing was or would be done, and `problems` say why."""

    wish: Wish
    problems: list[Problem]
    difference: Difference | None = None
    made: str = ""  # the commit's name
    stop: WriterError | None = None  # what the disk or Git refused

    @property
    def code(self) -> int:
        """The exit code."""
        return FAILED if self.difference is None else OK

    def document(self) -> dict[str, Any]:
        """Return the outcome for machines, as docs/report.schema.json has it."""
        wrote = not self.wish.dry
        stopped = [machine.stopped(self.stop)] if self.stop else []
        found = machine.document(machine.Report([*self.problems, *stopped], self.difference, written=wrote))
        if self.difference is not None:
            found["edited"] = [change.file for change in self.wish.changes]
        if self.made and self.wish.commit:
            found["committed"] = found.pop("written")
            found |= {"branch": self.wish.commit.branch, "commit": self.made}
        return found


def stop(options: argparse.Namespace, problems: Iterable[Problem]) -> int:
    """Report why nothing was changed; return the exit code."""
    if options.output == "json":
        say(machine.as_json(machine.Report(list(problems))).rstrip("\n"))
        return FAILED
    for problem in problems:
        complain(str(problem))
    complain("\nNothing was changed.")
    return FAILED


def read(root: Path, file: str) -> str:
    """Return a file of the spec with its line ends and byte order mark, which a document no longer has."""
    return (root / file).read_bytes().decode()


def changed(file: str, before: str | None, after: str | None) -> Change:
    """Return the change of a file from one text to another; None is no file."""
    return Change(
        file, None if before is None else before.encode(), None if after is None else after.encode()
    )


def carry_out(root: Path, sources: Sources, wish: Wish, today: date) -> Outcome:
    """Judge the spec as it would be, render it, and write or commit both; nothing when any of it fails."""
    spec, problems = load.load(_after(sources, wish.changes), today)
    if spec is None:
        return Outcome(wish, problems)
    try:
        with nullcontext() if wish.dry else locked(root):
            outcome = _carry_out(root, spec, wish, sources, today)
    except WriterError as stop:
        return Outcome(wish, problems, stop=stop)
    return outcome._replace(problems=[*problems, *outcome.problems])


def _carry_out(root: Path, spec: Spec, wish: Wish, sources: Sources, today: date) -> Outcome:
    selection = select(spec, None, wish.removed)
    if orphaned := orphan_problems(root, selection):
        return Outcome(wish, orphaned)
    if wish.branch and wish.commit:
        commit.refuse_branch(root, wish.commit.branch)
        commit.refuse_uncommitted(root, _COMMITTED)
        _refuse_stale(root, sources, today)
    difference = parallel.difference(root, selection)
    if wish.dry:
        return Outcome(wish, [], difference)
    if wish.branch and wish.commit:
        files: dict[str, bytes | None] = {change.file: change.after for change in wish.changes}
        files |= {from_root(path): data for path, data in difference.contents.items()}
        files |= dict.fromkeys(from_root(path) for path in difference.stale)
        made = commit.commit(root, wish.commit.branch, wish.commit.message, files)
        return Outcome(wish, [], difference, made)
    if edited := hand_edited(root, difference):
        return Outcome(wish, [_edited(path) for path in edited])
    with exchanged(root, wish.changes):
        apply(root, difference)
    return Outcome(wish, [], difference)


def _after(sources: Sources, changes: Sequence[Change]) -> Sources:
    """Return the sources with the changes in them."""
    platform, environments, problems = sources.platform, dict(sources.environments), list(sources.problems)
    for change in changes:
        name = change.file.removeprefix(f"{FOLDER}/").removesuffix(".yaml")
        environments.pop(name, None)
        parsed = None if change.after is None else source.parse(change.file, change.after.decode())
        if isinstance(parsed, list):
            problems += parsed
        elif isinstance(parsed, Document) and name == PLATFORM:
            platform = parsed
        elif isinstance(parsed, Document):
            environments[name] = parsed
    return sources._replace(
        platform=platform, environments=dict(sorted(environments.items())), problems=problems
    )


def _refuse_stale(root: Path, sources: Sources, today: date) -> None:
    """Raise WriterError when the last commit's `rendered/` is another one than its spec's."""
    spec = load.load(sources, today).spec
    if spec and not parallel.difference(root, select(spec, None)).current:
        raise WriterError(
            "rendered/ is stale already, and the commit would hold more than it says: "
            "run `make render` and commit that first"
        )


def _edited(path: str) -> Problem:
    fix = "make the change in environments/ instead, then throw the edit away with `git checkout -- <file>`"
    place = Place(from_root(path))
    return Problem(place=place, message="this generated file was edited by hand", fix=fix)
