"""`versions`: what runs where, what lags, by how much and since when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.cli.command import command

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from generator.cli.command import Commands

DESCRIPTION = """\
`versions`: what runs where, what lags, by how much and since when.

Of the work tree, with dates from Git: when a version came to this branch, along its first parents. Each
release is held to the first environment of platform.promotion that has it; without that key to the
environment with its newest version. "-2" is two versions behind, "+" newer, "!=" neither, "new" not
committed yet, ">21d" at least so long. Ends with 1 when a file of the spec cannot be read.
"""
EXAMPLES = """\
examples:
  python -m generator versions
  python -m generator versions --lagging                        # only what is not the same everywhere
  python -m generator versions --env live --release web         # either may be given several times
  python -m generator versions --at HEAD~1                      # as of a commit, or of origin/main
  python -m generator versions --output json                    # docs/versions.schema.json says its shape
  python -m generator versions --output markdown > versions.md
"""


def register(commands: Commands) -> None:
    """Add the command to the parser."""
    summary = "say what runs where, what lags, by how much and since when"
    parser = command(commands, "versions", summary, DESCRIPTION, EXAMPLES)
    parser.add_argument("--env", metavar="ENV", action="append", default=[], help="only this environment")
    parser.add_argument(
        "--release", metavar="RELEASE", action="append", default=[], help="only this release, as orders"
    )
    parser.add_argument(
        "--lagging", action="store_true", help="only releases that are not the same everywhere"
    )
    parser.add_argument(
        "--at", metavar="REVISION", help="as this commit has it (default: the work tree, on top of HEAD)"
    )
    parser.add_argument(
        "--output", choices=("text", "json", "markdown"), default="text", help="default: %(default)s"
    )
    parser.set_defaults(run=run)


def run(root: Path, options: argparse.Namespace) -> int:
    """Print; return the exit code."""
    from generator.cli import versions_matrix  # noqa: PLC0415  (no other command waits for it)

    return versions_matrix.show(root, options)
