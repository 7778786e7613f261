"""`drift`: what somebody changed in an environment past Git, and how to converge."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.cli import cluster_options
from generator.cli.command import command

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from generator.cli.command import Commands

DESCRIPTION = """\
`drift`: what somebody changed in an environment past Git, and how to converge.

Compares the cluster's Applications and AppProjects with what this checkout's spec renders, field by field,
and says who changed what when, as far as Kubernetes remembers; then `terraform plan` of every stack, where
terraform and its credentials are there. Changes nothing. docs/status.md explains what counts.
"""
EXAMPLES = f"""\
examples:
  python -m generator drift --env production
  python -m generator drift --env all --no-terraform            # only the clusters, all at once
  python -m generator drift --env dev --output json             # docs/drift.schema.json says its shape

{
    cluster_options.EXIT_CODES.replace("everything is as the spec has it", "nothing drifted").replace(
        "something is not", "something did"
    )
}"""


def register(commands: Commands) -> None:
    """Add the command to the parser."""
    summary = "say what was changed in an environment past Git, and how to converge"
    parser = command(commands, "drift", summary, DESCRIPTION, EXAMPLES)
    cluster_options.add_options(parser)
    parser.add_argument("--no-terraform", action="store_true", help="only ask the cluster")
    parser.add_argument("--output", choices=("text", "json"), default="text", help="default: %(default)s")
    parser.set_defaults(run=run)


def run(root: Path, options: argparse.Namespace) -> int:
    """Compare and print; return the exit code."""
    from generator.cli import drift_report  # noqa: PLC0415  (no other command waits for it)

    return drift_report.show(root, options)
