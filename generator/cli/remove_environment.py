"""`remove-environment`: take an environment out of the spec, once its Terraform stacks are destroyed.

Its file goes, its place in platform.promotion, and what was rendered for it. Without the file nothing knows
any more what it was, so the stacks are destroyed before: --destroyed says that they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.cli.command import add_change_options, command
from generator.cli.report import FAILED, counted, environment_named
from generator.layers import Layers
from generator.model.stacks import STACKS
from generator.problem import Finding
from generator.source import environment_names

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator
    from pathlib import Path

    from generator.cli.command import Commands
    from generator.model import Environment, Spec

EXAMPLES = """\
examples:
  python -m generator remove-environment staging               # says what to destroy, in which order
  python -m generator remove-environment staging --destroyed   # after that
"""
_PLATFORM = "environments/platform.yaml"


def register(commands: Commands) -> None:
    """Add the command to the parser."""
    summary = "take an environment out of the spec, once it is destroyed"
    parser = command(commands, "remove-environment", summary, __doc__, EXAMPLES)
    parser.add_argument("name", metavar="ENV", help="its name")
    parser.add_argument("--destroyed", action="store_true", help="its Terraform stacks are destroyed")
    add_change_options(parser)
    parser.set_defaults(run=run)


def run(root: Path, options: argparse.Namespace) -> int:
    """Remove it; return the exit code."""
    # Only here: no other command waits for what edits.
    from generator.cli import scaffolding, spec_change  # noqa: PLC0415
    from generator.edit import Refused, remove  # noqa: PLC0415

    environment_named(options.name, environment_names(root))
    found = scaffolding.read(root, options)
    if found is None:
        return FAILED
    sources, spec = found
    environment = next(e for e in spec.environments if e.name == options.name)
    layers = Layers(sources.platform, sources.environments) if sources.platform else None
    findings = _findings(spec, environment, destroyed=options.destroyed)
    if problems := [layers.problem(environment.name, finding) for finding in findings if layers]:
        return spec_change.stop(options, problems)
    draft = scaffolding.Draft(root, sources)
    order = spec.platform.promotion
    try:
        if environment.name in order:
            draft.edit(remove, _PLATFORM, ("platform", "promotion", order.index(environment.name)))
    except Refused as refusal:
        return scaffolding.refuse(options, refusal)
    draft.delete(f"environments/{environment.name}.yaml")
    following = [
        "Commit all of it together, and merge.",
        "What stays in AWS for some days, and what for ever: docs/terraform.md, Removing an environment.",
    ]
    return scaffolding.finish(draft, options, following, removed=frozenset({environment.name}))


def _findings(spec: Spec, environment: Environment, *, destroyed: bool) -> Iterator[Finding]:
    """Yield what must be done first."""
    name = environment.name
    if environment.deletion_protection:
        fix = "set it to false in this environment, make render, merge, and let Terraform apply it"
        yield Finding(path=("deletionProtection",), message=f"{name} is protected", fix=fix)
    if environment.registry and environment.registry.repositories:
        count = counted(len(environment.registry.repositories), "workload")
        fix = "move them to another environment's registry"
        yield Finding(path=("registry",), message=f"{name} holds the images of {count}", fix=fix)
    others = [e.name for e in spec.environments if e.account == environment.account and e is not environment]
    if others and environment.makes_identity_providers:
        yield Finding(
            path=("account",),
            message=f"{name} makes the identity providers of this account, and {others[0]} needs them",
            fix=f"let {others[0]} make them first: identityProviders in both files (docs/access.md)",
            other=("account",),
            other_environment=others[0],
        )
    if not destroyed:
        order = ", ".join(reversed(STACKS))  # access last: with it go the roles that the others run with
        yield Finding(
            path=(),
            message=f"its cluster is emptied first (make teardown ENV={name}), then its stacks are "
            f"destroyed, in this order: {order} (docs/terraform.md, Removing an environment)",
            fix="when that is done, run this again with --destroyed (make: DESTROYED=1)",
        )
