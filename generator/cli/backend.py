"""`backend`: print where a stack keeps its state; `make plan` and `make apply` put it beside the root."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.cli.command import add_output, command
from generator.cli.report import FAILED, OK, Usage, environment_named, read_spec, say
from generator.model.stacks import STACKS
from generator.problem import did_you_mean
from generator.render.backend import backend
from generator.source import environment_names

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from generator.cli.command import Commands

EXAMPLES = """\
examples:
  python -m generator backend --env dev --stack platform
"""


def register(commands: Commands) -> None:
    """Add the command to the parser."""
    summary = "print the backend block of a stack, as a Terraform override file"
    parser = command(commands, "backend", summary, __doc__, EXAMPLES)
    parser.add_argument("--env", metavar="ENV", required=True, help="the environment")
    parser.add_argument("--stack", metavar="STACK", required=True, help=f"the stack: {', '.join(STACKS)}")
    add_output(parser)
    parser.set_defaults(run=run)


def run(root: Path, options: argparse.Namespace) -> int:
    """Print; return the exit code."""
    name = environment_named(options.env, environment_names(root))
    if options.stack not in STACKS:
        raise Usage(f'there is no stack "{options.stack}"; {did_you_mean(options.stack, STACKS)}')
    spec = read_spec(root, options.today, options.output)
    if spec is None:
        return FAILED
    environment = next(e for e in spec.environments if e.name == name)
    if options.stack not in environment.stacks:
        raise Usage(f"{name} has no stack {options.stack}: its gateway is off")
    say(backend(environment, options.stack).rstrip("\n"))
    return OK
