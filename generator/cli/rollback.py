"""`rollback`: bring back the versions that ran before, as a forward change like any other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.cli.command import command

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from generator.cli.command import Commands

DESCRIPTION = """\
`rollback`: bring back the versions that ran before, as a forward change like any other.

Edits lines of the environment's `versions` block, renders, and shows what else changed since and does not
go back. Without --to the earlier version comes from Git's history: the one before the present one, on the
way that led here. A version that was left again by going back is not on it, so going back twice arrives
before both. Without --release all of the block goes back to what it was before its last change. What runs
there today and did not then stays. Data is never rolled back. Nothing is pushed.
"""
EXAMPLES = """\
examples:
  python -m generator rollback --env live --release web --dry-run     # where it would go back to
  python -m generator rollback --env live --release web --commit --reason "orders fail, see incident 42"
  python -m generator rollback --env live --release web --to HEAD~2   # as that revision has it
  python -m generator rollback --env live --to HEAD~2 --dry-run       # all versions of it
"""


def register(commands: Commands) -> None:
    """Add the command to the parser."""
    summary = "bring back the versions that ran before, from Git's history"
    parser = command(commands, "rollback", summary, DESCRIPTION, EXAMPLES)
    parser.add_argument("--env", metavar="ENV", required=True, help="the environment")
    parser.add_argument(
        "--release", metavar="RELEASE", help="only this one, as orders; charts.edge where names clash"
    )
    parser.add_argument("--to", metavar="REVISION", help="to what this commit, tag or branch has")
    parser.add_argument("--reason", metavar="TEXT", default="", help="why, for the commit's message")
    parser.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")
    parser.add_argument(
        "--commit",
        action="store_true",
        help="make a branch with one commit of it from HEAD, beside the work tree, which stays as it is",
    )
    parser.add_argument("--output", choices=("text", "json"), default="text", help="default: %(default)s")
    parser.set_defaults(run=run)


def run(root: Path, options: argparse.Namespace) -> int:
    """Roll back; return the exit code."""
    from generator.cli import rollback_change  # noqa: PLC0415  (no other command waits for it)

    return rollback_change.run(root, options)
