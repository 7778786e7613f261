"""The command line: parses arguments, prints, and turns results into exit codes.

0 is fine (warnings too), 1 the spec is invalid or files are stale, 2 wrong usage.
"""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from generator.cli import (
    affected,
    backend,
    bootstrap,
    check,
    completion,
    diff,
    drift,
    explain,
    hcp_bootstrap,
    new_environment,
    new_workload,
    promote,
    remove_environment,
    remove_workload,
    render,
    rollback,
    status,
    teardown,
    versions,
)
from generator.cli.report import FAILED, USAGE, Usage
from generator.writer import WriterError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

_COMMANDS = (
    render,
    check,
    explain,
    affected,
    diff,
    versions,
    promote,
    rollback,
    new_environment,
    new_workload,
    remove_environment,
    remove_workload,
    backend,
    hcp_bootstrap,
    bootstrap,
    teardown,
    status,
    drift,
    completion,
)
ROOT = Path(__file__).parents[2]
_EPILOG = """\
the usual flow:
  python -m generator check --watch     # in a second terminal, while you edit environments/
  python -m generator render            # then commit environments/ and rendered/ together

COMMAND --help has examples of each. `make help` lists the same and more, without a virtual environment to
think of. Exit codes: 0 fine (warnings too), 1 the spec is invalid or files are stale, 2 wrong usage.
"""


def main(arguments: Sequence[str], root: Path = ROOT, today: date | None = None) -> int:
    """Run one command in the repository at `root`; return the exit code. `today` judges waivers."""
    options = parser().parse_args(arguments)
    options.today = today or datetime.now(tz=UTC).date()
    try:
        code: int = options.run(root, options)
    except Usage as usage:
        print(f"error: {usage}", file=sys.stderr)  # noqa: T201  (the command line is what prints)
        return USAGE
    except WriterError as error:
        print(f"error: {error}", file=sys.stderr)  # noqa: T201
        return FAILED
    return code


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands; what it parses has `run`, the command's function."""
    whole = argparse.ArgumentParser(
        prog="python -m generator",
        description="Renders the platform's Terraform variables, Helm values and Argo CD Applications\n"
        "from the spec in environments/ into rendered/.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = whole.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for command in _COMMANDS:
        command.register(commands)
    return whole
