"""Options and exit codes of the commands that ask clusters; light, for every command loads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

SAME, OTHER, UNASKED = 0, 1, 3
"""Exit codes: all is as the spec has it; something is not; it could not be asked. 2 is wrong usage."""
ALL = "all"
EXIT_CODES = """\
Exit codes: 0 everything is as the spec has it, 1 something is not (or the spec is invalid), 2 wrong usage,
3 a cluster could not be asked (no context, wrong cluster, expired, forbidden, unreachable). With several
environments the highest of theirs; all of them are reported.
"""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add what says which clusters are asked, and how long."""
    parser.add_argument("--env", metavar="ENV", required=True, help='the environment, or "all"')
    parser.add_argument(
        "--context",
        metavar="CONTEXT",
        help="the context of the kubeconfig (default: the one that leads to the environment's EKS cluster)",
    )
    parser.add_argument(
        "--timeout",
        metavar="SECONDS",
        type=float,
        default=30.0,
        help="give a cluster up after so long (default: %(default)g)",
    )
