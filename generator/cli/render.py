"""`render`: write `rendered/` from the spec."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, NamedTuple

from generator import load, source
from generator.cli import parallel
from generator.cli.command import add_output, command
from generator.cli.report import (
    FAILED,
    OK,
    Usage,
    complain,
    counted,
    environment_named,
    listed,
    print_paths,
    print_problems,
    say,
    to_commit,
)
from generator.cli.selection import orphan_problems, select
from generator.problem import Place, Problem, did_you_mean
from generator.source import environment_names
from generator.writer import WriterError, apply, from_root, hand_edited, locked, orphans

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence
    from pathlib import Path

    from generator.cli.command import Commands
    from generator.cli.selection import Selection
    from generator.writer import Difference

EXAMPLES = """\
examples:
  python -m generator render                                  # everything
  python -m generator render --env dev                        # only rendered/dev
  python -m generator render --remove-environment qa          # after environments/qa.yaml was deleted
  python -m generator render --force                          # also over files edited by hand
"""
_INSTEAD = "make the change in environments/ instead, then throw the edit away"


def register(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = command(commands, "render", "write rendered/ from the spec", __doc__, EXAMPLES)
    parser.add_argument("--env", metavar="ENV", help="render, compare and prune only this environment")
    parser.add_argument("--force", action="store_true", help="overwrite files that were edited by hand")
    parser.add_argument(
        "--remove-environment",
        metavar="GONE",
        action="append",
        default=[],
        help="delete what was rendered for an environment that is gone; may be given several times",
    )
    add_output(parser)
    parser.set_defaults(run=run)


def run(root: Path, options: argparse.Namespace) -> int:
    """Render; return the exit code."""
    _check_usage(root, options)
    outcome = _render(root, options)
    if options.output == "text":
        _show(outcome)
    else:
        from generator.cli import machine  # noqa: PLC0415  (people do not wait for it)

        report = machine.Report(outcome.all, outcome.written, written=True)
        sys.stdout.write(machine.FORMATS[options.output](report))
    return FAILED if outcome.written is None else OK


class Outcome(NamedTuple):
    """What came of it. `written` is None when nothing was written, and the other fields say why.

    `edited` are files that somebody changed by hand; `stop` is what the disk or Git refused.
    """

    problems: list[Problem]
    selection: Selection | None = None
    orphans: Sequence[Problem] = ()
    edited: tuple[str, ...] = ()
    stop: WriterError | None = None
    written: Difference | None = None

    @property
    def all(self) -> list[Problem]:
        """Everything that is wrong."""
        from generator.cli.machine import stopped  # noqa: PLC0415  (as above)

        message, fix = "this generated file was edited by hand", f"{_INSTEAD} with `git checkout -- <file>`"
        edited = [Problem(place=Place(from_root(path)), message=message, fix=fix) for path in self.edited]
        return [*self.problems, *self.orphans, *edited, *([stopped(self.stop)] if self.stop else [])]


def _render(root: Path, options: argparse.Namespace) -> Outcome:
    loaded = load.load(source.load(root), options.today)
    waited = False

    def waiting() -> None:
        nonlocal waited
        waited = True
        complain("another render is running; waiting for it")

    if loaded.spec is None:
        return Outcome(loaded.problems)
    try:
        with locked(root, waiting=waiting):
            if waited:  # the spec may be another one by now
                loaded = load.load(source.load(root), options.today)
            if loaded.spec is None:
                return Outcome(loaded.problems)
            selection = select(loaded.spec, options.env, options.remove_environment)
            return _write(root, selection, loaded.problems, force=options.force)
    except WriterError as stop:
        return Outcome(loaded.problems, stop=stop)


def _write(root: Path, selection: Selection, problems: list[Problem], *, force: bool) -> Outcome:
    outcome = Outcome(problems, selection)
    if orphaned := orphan_problems(root, selection):
        return outcome._replace(orphans=orphaned)
    difference = parallel.difference(root, selection)
    if not force and (edited := hand_edited(root, difference)):
        return outcome._replace(edited=edited)
    apply(root, difference)
    return outcome._replace(written=difference)


def _show(outcome: Outcome) -> None:
    print_problems(outcome.problems)
    for problem in outcome.orphans:
        complain(str(problem))
    if outcome.edited:
        _refuse(outcome.edited)
    if outcome.stop:
        complain(f"error: {outcome.stop}")
    if outcome.written is None:
        return
    changes = (
        ("new files", "+", outcome.written.added),
        ("changed files", "~", outcome.written.changed),
        ("deleted files", "-", outcome.written.stale),
    )
    for title, mark, paths in changes:
        print_paths(title, mark, paths)
    if outcome.written.current:
        say(f"rendered/ is current: {outcome.selection}.")
    else:
        summary = ", ".join(
            f"{counted(len(paths), title.removesuffix('s'))}" for title, _, paths in changes if paths
        )
        commit = listed(to_commit(path for _, _, paths in changes for path in paths))
        say(f"Rendered {outcome.selection}: {summary}. Commit {commit} together.")


def _check_usage(root: Path, options: argparse.Namespace) -> None:
    names = environment_names(root)
    if options.env is not None:
        environment_named(options.env, names)
    if options.remove_environment and options.env is not None:
        raise Usage("--remove-environment renders everything, so it does not go with --env")
    rendered = orphans(root, names)
    for gone in options.remove_environment:
        if gone in names:
            raise Usage(f"environments/{gone}.yaml is still there; delete it first, then run this again")
        if gone not in rendered:
            hint = did_you_mean(gone, rendered) or "there is nothing to remove"
            raise Usage(f'nothing is rendered for an environment "{gone}"; {hint}')


def _refuse(edited: tuple[str, ...]) -> None:
    complain("Nothing was written: these generated files were edited by hand.")
    for path in edited:
        complain(f"  {from_root(path)}")
    complain(
        f"{_INSTEAD.capitalize()} with `git checkout -- <file>` or overwrite it with `make render FORCE=1`."
    )
