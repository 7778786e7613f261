"""`render`: write `rendered/` from the spec."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.cli import parallel
from generator.cli.command import command
from generator.cli.report import (
    FAILED,
    OK,
    Usage,
    complain,
    counted,
    environment_named,
    print_paths,
    read_spec,
    say,
)
from generator.cli.selection import orphan_problems, select
from generator.problem import did_you_mean
from generator.source import environment_names
from generator.writer import apply, hand_edited, locked, orphans

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from generator.cli.command import Commands

EXAMPLES = """\
examples:
  python -m generator render                                  # everything
  python -m generator render --env dev                        # only rendered/dev
  python -m generator render --remove-environment qa          # after environments/qa.yaml was deleted
  python -m generator render --force                          # also over files edited by hand
"""


def register(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = command(commands, "render", "write rendered/ from the spec", __doc__, EXAMPLES)
    parser.add_argument("--env", metavar="E", help="render, compare and prune only this environment")
    parser.add_argument("--force", action="store_true", help="overwrite files that were edited by hand")
    parser.add_argument(
        "--remove-environment",
        metavar="E",
        action="append",
        default=[],
        help="delete what was rendered for an environment that is gone; may be given several times",
    )
    parser.set_defaults(run=run)


def run(root: Path, options: argparse.Namespace) -> int:
    """Render; return the exit code."""
    _check_usage(root, options)
    spec = read_spec(root, options.today)
    if spec is None:
        return FAILED
    selection = select(spec, options.env, options.remove_environment)
    waited = False

    def waiting() -> None:
        nonlocal waited
        waited = True
        complain("another render is running; waiting for it")

    with locked(root, waiting=waiting):
        if waited:  # the spec may be another one by now
            spec = read_spec(root, options.today)
            if spec is None:
                return FAILED
            selection = select(spec, options.env, options.remove_environment)
        if problems := orphan_problems(root, selection):
            for problem in problems:
                complain(str(problem))
            return FAILED
        difference = parallel.difference(root, selection)
        if not options.force and (edited := hand_edited(root, difference)):
            _refuse(edited)
            return FAILED
        apply(root, difference)
    changes = (
        ("new files", "+", difference.added),
        ("changed files", "~", difference.changed),
        ("deleted files", "-", difference.stale),
    )
    for title, mark, paths in changes:
        print_paths(title, mark, paths)
    if difference.current:
        say(f"rendered/ is current: {selection}.")
    else:
        summary = ", ".join(
            f"{counted(len(paths), title.removesuffix('s'))}" for title, _, paths in changes if paths
        )
        say(f"Rendered {selection}: {summary}. Commit environments/ and rendered/ together.")
    return OK


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
        complain(f"  rendered/{path}")
    complain(
        "Make the change in environments/ instead, then throw the edit away with "
        "`git checkout -- <file>` or overwrite it with `make render FORCE=1`."
    )
