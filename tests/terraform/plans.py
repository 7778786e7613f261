"""An environment's plan: what a root would make of its rendered variables in an empty account."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.terraform import packages
from tests.terraform.emulator.process import running
from tests.terraform.runner import ROOT

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Iterator

    from tests.terraform.runner import Terraform

    Values = dict[str, Any]

RENDERED = ROOT / "rendered"


@dataclass(frozen=True, kw_only=True)
class Resource:
    """A resource that would be made."""

    address: str
    type: str
    module: str  # module.registry["this"], or nothing
    values: Values  # what is known before the apply
    unknown: Values

    def has(self, attribute: str) -> bool:
        """Say whether an attribute has a value, if only the apply will tell which."""
        return self.values.get(attribute) is not None or self.unknown.get(attribute) is True


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A plan in terraform's JSON output format, read and as a file."""

    values: Values  # of the root's variables
    content: Values
    file: pathlib.Path

    def resources(self, *types: str) -> Iterator[Resource]:
        """Yield what would be made of some types, or of all."""
        for change in self.content["resource_changes"]:
            if change["mode"] == "managed" and (change["type"] in types or not types):
                yield Resource(
                    address=change["address"],
                    type=change["type"],
                    module=change.get("module_address", ""),
                    values=change["change"]["after"],
                    unknown=change["change"]["after_unknown"],
                )

    def only(self, kind: str) -> Resource:
        """Return the one resource of a type."""
        (found,) = self.resources(kind)
        return found


def environments(root: str) -> list[str]:
    """The environments that a root is rendered for."""
    return sorted(file.parents[1].name for file in RENDERED.glob(f"*/terraform/{root}.tfvars.json"))


def variables(root: str, environment: str) -> Values:
    """Return the rendered variables of a root."""
    found: Values = json.loads(_file(root, environment).read_text(encoding="utf-8"))
    return found


def _file(root: str, environment: str) -> pathlib.Path:
    return RENDERED / environment / "terraform" / f"{root}.tfvars.json"


def make(terraform: Terraform, root: pathlib.Path, environment: str) -> Plan:
    """Plan an environment in an empty account, but for the zone of its domain and the functions' packages.

    Args:
        terraform: the binary.
        root: a root in a copy, initialised; its name is the stack's.
        environment: whose rendered variables; the plan is left in the root under its name.

    Raises:
        FailedError: terraform refused.
    """
    values = variables(root.name, environment)
    planned, file = f"{environment}.tfplan", root / f"{environment}.json"
    with running(values["account_id"]) as emulator:
        route53 = emulator.client("route53", values["region"])
        route53.create_hosted_zone(Name=values["ingress"]["domain"], CallerReference=environment)
        packages.pretend(emulator, values)
        terraform.run(
            root,
            *("plan", "-no-color", f"-var-file={_file(root.name, environment)}", f"-out={planned}"),
            variables=emulator.variables(),
        )
    content = terraform.show(root, planned)
    file.write_text(json.dumps(content), encoding="utf-8")
    return Plan(values=values, content=content, file=file)
