"""`diff`: what a change does, per environment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.cli.command import command

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from generator.cli.command import Commands

DESCRIPTION = """\
`diff`: what a change does, per environment.

Of the work tree, or of --head, since it left --base: which versions move, which files of rendered/ differ,
which runs of Terraform a merge starts. Files are compared as they are and nothing of them is executed, so a
stranger's commit may be looked at with this branch's generator.
"""
EXAMPLES = """\
examples:
  python -m generator diff                             # of this branch, with what is not committed
  python -m generator diff --base HEAD~1               # of the last commit and the work tree
  python -m generator diff --base HEAD~1 --head HEAD --output markdown  # as the comment of a pull request
"""


def register(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = command(commands, "diff", "say what a change does, per environment", DESCRIPTION, EXAMPLES)
    parser.add_argument(
        "--base", metavar="BASE", help="a commit (default: the branch that is applied, at origin)"
    )
    parser.add_argument("--head", metavar="HEAD", help="a commit (default: the work tree)")
    parser.add_argument("--output", choices=("text", "markdown"), default="text", help="default: %(default)s")
    parser.set_defaults(run=run)


def run(root: Path, options: argparse.Namespace) -> int:
    """Print; return the exit code."""
    from generator.cli import diff_changes  # noqa: PLC0415  (no other command waits for it)

    return diff_changes.show(root, options)
