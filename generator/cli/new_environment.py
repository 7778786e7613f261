"""`new-environment`: make an environment from another one's file, comments and versions and all.

What must differ differs: the domain, the network (the next free one of the peer group), the account if one is
given. Two environments may share an account; the spec says what they cannot share.
"""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

from generator.cli.command import add_change_options, command
from generator.cli.report import FAILED, Usage, environment_named
from generator.source import environment_names
from generator.source.folder import is_name

if TYPE_CHECKING:
    import argparse
    from ipaddress import IPv4Network
    from pathlib import Path

    from generator.cli.command import Commands
    from generator.model import Environment, Spec
    from generator.scaffold import NewEnvironment

EXAMPLES = """\
examples:
  python -m generator new-environment qa --from staging --account 444444444444 --after dev
  python -m generator new-environment load --from production --dry-run        # in the same account
  python -m generator new-environment qa2 --from staging --domain qa2.shop.example --cidr 10.50.0.0/16
"""
_PLATFORM = "environments/platform.yaml"


def register(commands: Commands) -> None:
    """Add the command to the parser."""
    summary = "make an environment from another one's file"
    parser = command(commands, "new-environment", summary, __doc__, EXAMPLES)
    parser.add_argument("name", help="its name: lower-case letters, digits and dashes")
    parser.add_argument("--from", metavar="ENV", dest="source", required=True, help="the one to make it from")
    parser.add_argument("--account", metavar="ID", help="its AWS account (default: that of the other one)")
    parser.add_argument("--domain", help="its DNS zone (default: from the other one's)")
    parser.add_argument("--cidr", help="its network (default: the next free one of the peer group)")
    parser.add_argument("--description", help="one line for people")
    parser.add_argument(
        "--after",
        metavar="ENV",
        help="its place in platform.promotion is behind that one; without it, it stands aside of the order",
    )
    add_change_options(parser)
    parser.set_defaults(run=run)


def run(root: Path, options: argparse.Namespace) -> int:
    """Make it; return the exit code."""
    # Only here: no other command waits for what edits.
    from generator.cli import scaffolding  # noqa: PLC0415
    from generator.edit import Refused, insert  # noqa: PLC0415
    from generator.scaffold import environment_text  # noqa: PLC0415

    _check_names(root, options)
    found = scaffolding.read(root, options)
    if found is None:
        return FAILED
    sources, spec = found
    source = next(e for e in spec.environments if e.name == options.source)
    new = _new(spec, source, options)
    draft = scaffolding.Draft(root, sources)
    try:
        text = environment_text(draft.text(f"environments/{source.name}.yaml"), source, new)
        draft.create(new.file, text)
        if options.after:
            place = spec.platform.promotion.index(options.after) + 1
            draft.edit(insert, _PLATFORM, ("platform", "promotion"), place, new.name)
    except Refused as refusal:
        return scaffolding.refuse(options, refusal)
    return scaffolding.finish(draft, options, _following(spec, source, new, text))


def _check_names(root: Path, options: argparse.Namespace) -> None:
    names = environment_names(root)
    environment_named(options.source, names)
    if options.name in names:
        raise Usage(f"environments/{options.name}.yaml is there already")
    if not is_name(options.name):
        raise Usage(
            f'"{options.name}" is no name for an environment: take lower-case letters, digits and dashes, '
            "and none of platform, shared, all"
        )
    if options.cidr:
        try:
            ipaddress.IPv4Network(options.cidr)
        except ValueError as error:
            raise Usage(f"--cidr: {error}") from error


def _new(spec: Spec, source: Environment, options: argparse.Namespace) -> NewEnvironment:
    from generator.scaffold import NewEnvironment, derived_domain  # noqa: PLC0415  (as above)

    if options.after is not None and options.after not in spec.platform.promotion:
        order = ", ".join(spec.platform.promotion) or "empty"
        raise Usage(
            f"--after {options.after} (make: AFTER=): platform.promotion does not list it; it is {order}"
        )
    account = options.account or source.account
    sharing = [e for e in spec.environments if e.account == account]
    return NewEnvironment(
        name=options.name,
        description=options.description or "Say here in a line what it is for.",
        account=account,
        domain=options.domain or derived_domain(options.name, source),
        cidr=ipaddress.IPv4Network(options.cidr) if options.cidr else _next(spec, source),
        makes_identity_providers=not any(e.makes_identity_providers for e in sharing),
    )


def _next(spec: Spec, source: Environment) -> IPv4Network:
    from generator.scaffold import next_free  # noqa: PLC0415  (as above)

    peers = [e.network.cidr for e in spec.environments if e.peer_group == source.peer_group]
    taken = [n for e in spec.environments for n in (e.network.cidr, e.cluster.service_cidr)]
    found = next_free(source.network.cidr, peers, taken)
    if found is None:
        raise Usage(
            f"no /{source.network.cidr.prefixlen} is free beside the other environments; say one: "
            "--cidr (make: CIDR=)"
        )
    return found


def _following(spec: Spec, source: Environment, new: NewEnvironment, text: str) -> list[str]:
    from generator.scaffold import mentions  # noqa: PLC0415  (as above)

    name = new.name
    lines = ", ".join(map(str, mentions(text, source)))
    hcp = spec.platform.terraform.backend == "hcp"
    named = f"; lines {lines} still name {source.name}" if lines else ""
    workspaces = f"Confirm the run of {spec.platform.name}-workspaces that the merge starts (docs/hcp.md)."
    return [
        f"Read {new.file}: description, sizes, people{named}.",
        "Commit all of it together, and merge.",
        *([workspaces] if hcp else []),
        f"An administrator of account {new.account}: make apply ENV={name} STACK=access (docs/access.md).",
        f"Stack packages, then make lambdas && make upload-lambdas ENV={name} (docs/packages.md).",
        f"Stack platform, and delegate {new.domain} to the zone that it makes.",
        "Stack database (docs/database.md).",
        f"Give the secrets their values: rendered/{name}/README.md lists them.",
        f"Argo CD: make bootstrap ENV={name}.",
    ]
