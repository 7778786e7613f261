"""`check`: the spec is valid and `rendered/` is current. Never writes."""

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
    print_paths,
    print_problems,
    say,
)
from generator.cli.selection import orphan_problems, select
from generator.problem import Place, Problem
from generator.source import environment_names
from generator.triggers import ALL_FROM
from generator.writer import WriterError, changed_since

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence
    from pathlib import Path

    from generator.cli.command import Commands
    from generator.cli.selection import Selection
    from generator.model import Spec
    from generator.writer import Difference

_NEARLY_ALL = ALL_FROM - 50  # the branch it is merged into moves, too

DESCRIPTION = """\
`check`: the spec is valid and `rendered/` is current. Never writes.

Ends with 0 when all is fine (warnings too), 1 when something is not, 2 when it was called wrongly.
With --watch it goes on until Ctrl-C, which ends it with 130, as a shell reports it.
"""
EXAMPLES = """\
examples:
  python -m generator check                 # what CI runs
  python -m generator check --watch         # while you edit: again at every save
  python -m generator check --env dev       # judge everything, compare only rendered/dev
  python -m generator check --output json   # for scripts
"""


def register(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = command(
        commands,
        "check",
        "say whether the spec is valid and rendered/ is current; writes nothing",
        DESCRIPTION,
        EXAMPLES,
    )
    parser.add_argument("--env", metavar="ENV", help="compare only this environment; all are judged")
    parser.add_argument(
        "--watch",
        action="store_true",
        help="check again whenever the spec or rendered/ changes; with --output json, one document a line",
    )
    add_output(parser)
    parser.set_defaults(run=run)


def run(root: Path, options: argparse.Namespace) -> int:
    """Check; return the exit code."""
    if options.env is not None:
        environment_named(options.env, environment_names(root))
    if options.watch:
        if options.output == "github":
            raise Usage(
                "--watch is for a person or a program beside it; --output github is for one run in CI"
            )
        from generator.cli import watch  # noqa: PLC0415  (a single run does not wait for it)

        watch.run(root, options)
    found = find(root, options)
    if options.output == "text":
        show(found)
    else:
        from generator.cli import machine  # noqa: PLC0415  (people do not wait for it)

        sys.stdout.write(machine.FORMATS[options.output](machine.Report(found.all, found.difference)))
    return OK if found.passed else FAILED


class Found(NamedTuple):
    """What is wrong. `selection` and `difference` are None when the spec has an error.

    `stop` is what kept `rendered/` from being compared.
    """

    problems: list[Problem]
    orphans: Sequence[Problem] = ()
    selection: Selection | None = None
    difference: Difference | None = None
    stop: WriterError | None = None

    @property
    def passed(self) -> bool:
        """Whether the spec is valid and `rendered/` is what it says."""
        return self.difference is not None and self.difference.current and not self.orphans

    @property
    def all(self) -> list[Problem]:
        """Everything that is wrong but for files that are not current."""
        from generator.cli.machine import stopped  # noqa: PLC0415  (as above)

        return [*self.problems, *self.orphans, *([stopped(self.stop)] if self.stop else [])]


def find(root: Path, options: argparse.Namespace) -> Found:
    """Judge the spec, and compare `rendered/` with it when it is valid."""
    loaded = load.load(source.load(root), options.today)
    if loaded.spec is None:
        return Found(loaded.problems)
    selection = select(loaded.spec, options.env)
    problems = [*loaded.problems, *([] if options.watch else _many_files(root, loaded.spec))]
    orphans: list[Problem] = []
    try:
        orphans = orphan_problems(root, selection)
        return Found(problems, orphans, selection, parallel.difference(root, selection))
    except WriterError as stop:
        return Found(problems, orphans, selection, stop=stop)


def _many_files(root: Path, spec: Spec) -> list[Problem]:
    """Warn of a branch that is about to start a run in every workspace, whatever it changes.

    Without a remote branch to compare with, as in a fresh clone of one commit, nobody can tell.
    """
    if spec.platform.terraform.backend != "hcp":
        return []
    try:
        number = len(changed_since(root, f"origin/{spec.platform.repository.branch}"))
    except WriterError:
        return []
    if number < _NEARLY_ALL:
        return []
    message = (
        f"this branch changes {number} files; from {ALL_FROM} on a merge starts a run in every workspace"
    )
    fix = "merge it in several pull requests, or be ready to look at all their plans"
    return [Problem(place=Place("rendered"), message=message, fix=fix, severity="warning")]


def show(found: Found) -> None:
    """Tell a person."""
    print_problems(found.problems)
    for problem in found.orphans:
        complain(str(problem))
    if found.stop:
        complain(f"error: {found.stop}")
    difference = found.difference
    if difference is not None and not difference.current:
        print_paths("files to write", "+", difference.added)
        print_paths("files to change", "~", difference.changed)
        print_paths("files to delete", "-", difference.stale)
        number = len(difference.added) + len(difference.changed) + len(difference.stale)
        complain(f"rendered/ is stale in {counted(number, 'file')}: run `make render` and commit the result.")
    if found.passed:
        say(f"The spec is valid and rendered/ is current: {found.selection}.")
