"""How a command is added to the parser: help, description and examples alike for all."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import TypeAlias

    # argparse has no public name for what add_subparsers returns.
    Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001

OUTPUTS = ("text", "json", "github")


def command(
    commands: Commands, name: str, summary: str, description: str | None, examples: str
) -> argparse.ArgumentParser:
    """Add a command; return its parser for the command's own options."""
    return commands.add_parser(
        name,
        help=summary,
        description=description,
        epilog=examples,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def add_output(parser: argparse.ArgumentParser) -> None:
    """Add `--output`, for a command that reports problems."""
    parser.add_argument(
        "--output",
        choices=OUTPUTS,
        default="text",
        help="how problems are reported. text: for people; json: one document, docs/report.schema.json says "
        "its shape; github: annotations of a pull request (default: %(default)s)",
    )


def add_change_options(parser: argparse.ArgumentParser) -> None:
    """Add `--dry-run` and `--output`, for a command that edits the spec."""
    parser.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")
    about = (
        "text: for people; json: one document, docs/report.schema.json says its shape (default: %(default)s)"
    )
    parser.add_argument("--output", choices=("text", "json"), default="text", help=about)
