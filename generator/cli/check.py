"""`check`: the spec is valid and `rendered/` is current. Never writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.cli import parallel
from generator.cli.command import command
from generator.cli.report import FAILED, OK, complain, counted, environment_named, print_paths, read_spec, say
from generator.cli.selection import orphan_problems, select
from generator.source import environment_names

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from generator.cli.command import Commands

EXAMPLES = """\
examples:
  python -m generator check                 # what CI runs
  python -m generator check --env dev       # judge everything, compare only rendered/dev
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
    parser.set_defaults(run=run)


def run(root: Path, options: argparse.Namespace) -> int:
    """Check; return the exit code."""
    if options.env is not None:
        environment_named(options.env, environment_names(root))
    spec = read_spec(root, options.today)
    if spec is None:
        return FAILED
    selection = select(spec, options.env)
    problems = orphan_problems(root, selection)
    for problem in problems:
        complain(str(problem))
    difference = parallel.difference(root, selection)
    if not difference.current:
        print_paths("files to write", "+", difference.added)
        print_paths("files to change", "~", difference.changed)
        print_paths("files to delete", "-", difference.stale)
        number = len(difference.added) + len(difference.changed) + len(difference.stale)
        complain(f"rendered/ is stale in {counted(number, 'file')}: run `make render` and commit the result.")
    if problems or not difference.current:
        return FAILED
    say(f"The spec is valid and rendered/ is current: {selection}.")
    return OK
