"""What Terraform and Kubernetes must agree on: the checks themselves, pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from generator.model import aws_names, names

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.model import Environment
    from generator.model.names import Name
    from tests.apply.inventory import Inventory

ATLAS = {names.ATLAS_PROJECT, names.ATLAS_CLUSTER}
CONNECTION_STRINGS = {"customers", "database"}  # where the spec asks for one


class Identity(NamedTuple):
    """A service account and the role that its pods get."""

    namespace: str
    service_account: str
    role_arn: str


def platform_names(environment: Environment) -> set[Name]:
    """Return the names that the stack `platform` makes; other stacks make the others, or a person does."""
    others = {
        (names.ROLE, environment.package_uploader_role_name),
        (names.ROLE, environment.atlas_key_role_name),
        (names.KEY_ALIAS, environment.key_aliases.get("database")),
        (names.SECRET, environment.atlas_credentials_secret_name),
        *((names.ROLE, role.name) for role in environment.run_roles),
    }
    return {
        name
        for name in aws_names(environment)
        if name.kind not in {*ATLAS, names.BUCKET, names.POLICY}
        and not (name.kind == names.SECRET and name.path[-1] in CONNECTION_STRINGS)
        and (name.kind, name.value) not in others
    }


def broken_names(environment: Environment, inventory: Inventory) -> list[str]:
    """Return which names do not lead to exactly one thing."""
    counts = {
        f"{name.kind.title} {name.value}": inventory[name.kind.title].count(name.value)
        for name in platform_names(environment)
    }
    return sorted(f"{name}: there are {count}" for name, count in counts.items() if count != 1)


def identities(environment: Environment) -> set[Identity]:
    """Return who must have a role: every release that uses AWS."""
    components = [component for component in environment.components if component.uses_aws]
    workloads = [workload for workload in environment.workloads if workload.settings.uses_aws]
    return {
        Identity(release.namespace, release.service_account, environment.role_arn(release.role_name))
        for release in (*components, *workloads)
    }


def associations(documents: Iterable[dict[str, Any]]) -> list[Identity]:
    """Return the associations that no add-on owns, from DescribePodIdentityAssociation."""
    return [
        Identity(d["namespace"], d["serviceAccount"], d["roleArn"])
        for d in documents
        if not d.get("ownerArn")
    ]
