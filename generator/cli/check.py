"""`check`: the spec is valid and `rendered/` is current. Never writes."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, NamedTuple

from generator import load, source
from generator.cli import parallel
from generator.cli.command import command
from generator.cli.report import (
    FAILED,
    OK,
    complain,
    counted,
    environment_named,
    print_paths,
    print_problems,
    say,
)
from generator.cli.selection import orphan_problems, select
from generator.source import environment_names

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence
    from pathlib import Path

    from generator.cli.command import Commands
    from generator.cli.selection import Selection
    from generator.problem import Problem
    from generator.writer import Difference

OUTPUTS = ("text", "json", "github")

EXAMPLES = """\
examples:
  python -m generator check                 # what CI runs
  python -m generator check --env dev       # judge everything, compare only rendered/dev
  python -m generator check --output json   # for scripts
"""


def register(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = command(
        commands,
        "check",
        "say whether the spec is valid and rendered/ is current; writes nothing",
        __doc__,
        EXAMPLES,
    )
    parser.add_argument("--env", metavar="E", help="compare only this environment")
    parser.add_argument(
        "--output",
        choices=OUTPUTS,
        default="text",
        help="json: one document; github: annotations of a pull request (default: %(default)s)",
    )
    parser.set_defaults(run=run)


def run(root: Path, options: argparse.Namespace) -> int:
    """Check; return the exit code."""
    if options.env is not None:
        environment_named(options.env, environment_names(root))
    found = _find(root, options)
    if options.output == "text":
        _print(found)
    else:
        from generator.cli import machine  # noqa: PLC0415  (people do not wait for it)

        sys.stdout.write(machine.FORMATS[options.output]([*found.problems, *found.orphans], found.difference))
    return OK if found.passed else FAILED


class Found(NamedTuple):
    """What is wrong. `selection` and `difference` are None when the spec has an error."""

    problems: list[Problem]
    orphans: Sequence[Problem] = ()
    selection: Selection | None = None
    difference: Difference | None = None

    @property
    def passed(self) -> bool:
        """Whether the spec is valid and `rendered/` is what it says."""
        return self.difference is not None and self.difference.current and not self.orphans


def _find(root: Path, options: argparse.Namespace) -> Found:
    loaded = load.load(source.load(root), options.today)
    if loaded.spec is None:
        return Found(loaded.problems)
    selection = select(loaded.spec, options.env)
    orphans = orphan_problems(root, selection)
    return Found(loaded.problems, orphans, selection, parallel.difference(root, selection))


def _print(found: Found) -> None:
    print_problems(found.problems)
    for problem in found.orphans:
        complain(str(problem))
    difference = found.difference
    if difference is not None and not difference.current:
        print_paths("files to write", "+", difference.added)
        print_paths("files to change", "~", difference.changed)
        print_paths("files to delete", "-", difference.stale)
        number = len(difference.added) + len(difference.changed) + len(difference.stale)
        complain(f"rendered/ is stale in {counted(number, 'file')}: run `make render` and commit the result.")
    if found.passed:
        say(f"The spec is valid and rendered/ is current: {found.selection}.")
