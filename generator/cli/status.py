"""`status`: what runs in an environment, beside what the spec wants there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.cli import cluster_options
from generator.cli.command import command

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from generator.cli.command import Commands

DESCRIPTION = """\
`status`: what runs in an environment, beside what the spec wants there.

Asks the environment's cluster and changes nothing. Each release with the version of the spec and the one that
runs, Argo CD's sync and health, its pods and its last sync; what is wrong comes first, with the reason. Above
it which commit Argo CD has synced, and how far that is behind Git. docs/status.md explains every word.
"""
EXAMPLES = f"""\
examples:
  python -m generator status --env production
  python -m generator status --env all                          # every environment, from all contexts at once
  python -m generator status --env dev --watch                  # again at every change; Ctrl-C ends it
  python -m generator status --env dev --context tunnel         # a context with a name of its own
  python -m generator status --env dev --output json            # docs/status.schema.json says its shape

{cluster_options.EXIT_CODES}"""


def register(commands: Commands) -> None:
    """Add the command to the parser."""
    summary = "say what runs in an environment, beside what the spec wants there"
    parser = command(commands, "status", summary, DESCRIPTION, EXAMPLES)
    cluster_options.add_options(parser)
    parser.add_argument("--watch", action="store_true", help="show it again at every change, until Ctrl-C")
    parser.add_argument("--output", choices=("text", "json"), default="text", help="default: %(default)s")
    parser.set_defaults(run=run)


def run(root: Path, options: argparse.Namespace) -> int:
    """Ask and print; return the exit code."""
    from generator.cli import status_report, status_watch  # noqa: PLC0415  (no other command waits for it)

    return (status_watch.watch if options.watch else status_report.show)(root, options)
