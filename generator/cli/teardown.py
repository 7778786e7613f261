"""`teardown`: empty an environment's cluster, so that Terraform can destroy it and nothing is left."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from generator.cli.bootstrap import add_connection, clean, told
from generator.cli.command import command
from generator.cli.report import FAILED, OK, Usage, complain, environment_named, read_spec, say
from generator.layers import Layers
from generator.source import environment_names
from generator.source import load as read_sources

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from generator.cli.command import Commands
    from generator.model import Environment

EXAMPLES = """\
examples:
  python -m generator teardown --env dev --check         # what is there, and whether it could go
  python -m generator teardown --env dev                 # asks for the environment's name first
  python -m generator teardown --env dev --confirm dev   # where nobody can be asked
  python -m generator teardown --env dev --abandon       # where the controllers are gone that must help

The same: make teardown ENV=dev CHECK=1 CONFIRM=dev ABANDON=1 CONTEXT=... TIMEOUT=30m
It deletes Applications, what they made, volumes with their data, and Argo CD. The database and all else of
Terraform's stays until Terraform destroys it. docs/bootstrap.md shows a whole run.
Exit codes: 0 the cluster is empty, 1 refused, or something is left, 2 wrong usage, 130 interrupted.
"""


def register(commands: Commands) -> None:
    """Add the command to the parser."""
    summary = "empty an environment's cluster before Terraform destroys it"
    parser = command(commands, "teardown", summary, __doc__, EXAMPLES)
    parser.add_argument("--env", metavar="ENV", required=True, help="the environment")
    parser.add_argument("--check", action="store_true", help="only say what is there")
    parser.add_argument(
        "--confirm", metavar="ENV", help="the environment's name once more, instead of a question"
    )
    parser.add_argument(
        "--abandon",
        action="store_true",
        help="do the work of controllers that do not run any more, where that leaves nothing in AWS",
    )
    add_connection(parser)
    parser.set_defaults(run=run)


def run(root: Path, options: argparse.Namespace) -> int:
    """Empty the cluster, or look; return the exit code."""
    name = environment_named(options.env, environment_names(root))
    if options.confirm not in (None, name):
        raise Usage(f"--confirm says {options.confirm}, --env says {name}: nothing was done")
    if not (options.check or options.confirm or sys.stdin.isatty()):
        raise Usage(f"nobody can be asked here: repeat the name, --confirm {name} (CONFIRM={name})")
    spec = read_spec(root, options.today, "text")
    if spec is None:
        return FAILED
    environment = next(e for e in spec.environments if e.name == name)
    if environment.deletion_protection and not options.check:
        _refuse(root, environment)
        return FAILED
    try:
        return _teardown(root, environment, options)
    finally:
        clean()


def _teardown(root: Path, environment: Environment, options: argparse.Namespace) -> int:
    # Only here: no other command waits for what talks to clusters.
    from generator.bootstrap.site import Site, Wish  # noqa: PLC0415
    from generator.cluster.errors import ClusterError  # noqa: PLC0415
    from generator.teardown import plan  # noqa: PLC0415
    from generator.teardown.checks import checks  # noqa: PLC0415
    from generator.teardown.steps import teardown  # noqa: PLC0415

    wish = Wish(context=options.context, timeout=options.timeout)
    site = Site(environment=environment, root=root, wish=wish, notice=lambda text: complain(f"  ... {text}"))
    again = f"make teardown ENV={environment.name}"
    code = told(lambda: checks(site, abandon=options.abandon), again)
    if code != OK or site.cluster is None:
        return code
    try:
        say(f"\nIn {environment.cluster_name}, account {environment.account}: {plan.of(site.cluster)}")
    except ClusterError as trouble:
        complain(f"error: {trouble.message}\n{trouble.fix}")
        return FAILED
    if options.check:
        return OK
    if options.confirm is None and not _agreed(environment.name):
        complain("Nothing was done.")
        return FAILED
    code = told(lambda: teardown(site, abandon=options.abandon), again)
    if code == OK:
        _what_next(environment)
    elif code == FAILED:
        say(f"\nPut that right and run it again: {again} goes on from here.")
    return code


def _agreed(name: str) -> bool:
    try:
        answer = input("All of it goes, for good. Type the environment's name to go on: ")
    except (EOFError, KeyboardInterrupt):
        say("")
        return False
    return answer.strip() == name


def _refuse(root: Path, environment: Environment) -> None:
    """Say what protects it, and where that stands."""
    sources = read_sources(root)
    place = f"environments/{environment.name}.yaml"
    if sources.platform:
        document, where = Layers(sources.platform, sources.environments).stands(
            environment.name, ("deletionProtection",)
        )
        place = str(document.place(where))
    complain(f"error: {environment.name} is protected: deletionProtection is true ({place})")
    complain(
        f"       To empty it all the same: deletionProtection: false in environments/{environment.name}.yaml,"
    )
    complain("       make render, merge, apply the stacks, run this again: docs/terraform.md says more.")


def _what_next(environment: Environment) -> None:
    say(f"\n{environment.name} is empty. Now Terraform, in this order (docs/terraform.md):")
    stacks = environment.stacks[::-1]
    for number, stack in enumerate(stacks, start=1):
        say(f"  {number}. {_destroy(environment, stack)}")
    say(f"  {len(stacks) + 1}. make remove-environment NAME={environment.name} DESTROYED=1, and merge it")


def _destroy(environment: Environment, stack: str) -> str:
    empty = (
        f" (first empty the bucket {environment.package_bucket}, all versions)" if stack == "packages" else ""
    )
    if environment.platform.terraform.backend == "hcp" and stack in environment.run_stacks:
        name = environment.workspace_name(stack)
        return f"{stack}{empty}: workspace {name}, Settings, Destruction and Deletion, Queue destroy plan"
    return f"{stack}{empty}: terraform destroy, by a person (docs/terraform.md)"
