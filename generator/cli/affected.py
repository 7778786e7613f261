"""`affected`: which runs of Terraform a change starts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from generator.cli.command import command
from generator.cli.report import FAILED, OK, counted, read_spec, say
from generator.render import workspaces
from generator.triggers import ALL_FROM, started
from generator.writer import changed_since

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from generator.cli.command import Commands
    from generator.model import Spec

DESCRIPTION = """\
`affected`: which runs of Terraform a change starts, by the trigger patterns of the workspaces.

Of the files that are named, or of all that differ from where this branch left BASE. With the S3 backend
--output json also has what a workflow needs to know of each run, in the order of applying.
"""
EXAMPLES = """\
examples:
  python -m generator affected                                       # what merging this branch starts
  python -m generator affected --base HEAD~1 --output json           # what the last commit starts, for CI
  python -m generator affected environments/dev.yaml terraform/modules/edge/key.tf
"""


def register(commands: Commands) -> None:
    """Add the command to the parser."""
    summary = "say which runs of Terraform a change starts"
    parser = command(commands, "affected", summary, DESCRIPTION, EXAMPLES)
    parser.add_argument("files", nargs="*", metavar="FILE", help="paths from the repository's root")
    parser.add_argument(
        "--base", metavar="BASE", help="a commit (default: the branch that is applied, at origin)"
    )
    parser.add_argument("--output", choices=("text", "json"), default="text", help="default: %(default)s")
    parser.set_defaults(run=run)


def run(root: Path, options: argparse.Namespace) -> int:
    """Print; return the exit code."""
    spec = read_spec(root, options.today, "text")
    if spec is None:
        return FAILED
    base = options.base or f"origin/{spec.platform.repository.branch}"
    files = options.files or changed_since(root, base)
    known = workspaces.of(spec)
    names = started({name: found["trigger_patterns"] for name, found in known.items()}, files)
    if options.output == "json":
        say(json.dumps(_document(spec, {name: known[name] for name in names})))
        return OK
    for name in names:
        say(f"{name:<40} {known[name]['working_directory']} with {known[name]['var_file']}")
    every = (
        f"; GitHub and HCP Terraform start everything from {ALL_FROM} files on"
        if len(files) >= ALL_FROM
        else ""
    )
    say(f"{counted(len(files), 'changed file')}, {counted(len(names), 'run')}{every}.")
    return OK


def _document(spec: Spec, chosen: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Return what a machine wants to know: with HCP Terraform names, for it starts the runs itself."""
    by_github = spec.platform.terraform.backend == "s3"
    return {
        "backend": spec.platform.terraform.backend,
        "workspaces": [] if by_github else list(chosen),
        "runs": [{key: run[key] for key in _RUN} for run in chosen.values()] if by_github else [],
    }


_RUN = (
    *("environment", "stack", "account_id", "region", "plan_role_arn", "apply_role_arn"),
    *("working_directory", "var_file", "auto_apply"),
)
