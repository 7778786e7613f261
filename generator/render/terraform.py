"""Variables of an environment's stacks. Keys are the variables' names in HCL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.render import access_stack, banner, database_stack, packages_stack, platform_stack

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.model import Environment


_VARIABLES = {
    "access": access_stack.variables,
    "packages": packages_stack.variables,
    "platform": platform_stack.variables,
    "database": database_stack.variables,
}


def render(environment: Environment) -> Iterator[tuple[str, str]]:
    """Yield `terraform/<stack>.tfvars.json` for each stack."""
    source = f"environments/platform.yaml or environments/{environment.name}.yaml"
    for stack in environment.stacks:
        document = _common(environment) | _VARIABLES[stack](environment)
        yield f"terraform/{stack}.tfvars.json", banner.json(source, document)


def _common(environment: Environment) -> dict[str, Any]:
    return {
        "platform": environment.platform.name,
        "environment": environment.name,
        "account_id": environment.account,
        "region": environment.region,
        "tags": {
            **environment.tags,
            "Platform": environment.platform.name,
            "Environment": environment.name,
            "ManagedBy": "terraform",
        },
        "deletion_protection": environment.deletion_protection,
        "permissions_boundary_name": environment.permissions_boundary_name,
    }
