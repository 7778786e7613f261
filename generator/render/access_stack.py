"""Variables of the stack `access`. Keys are the variables' names in HCL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.model.access import AUDIENCES, PHASES, assumes

if TYPE_CHECKING:
    from generator.model import Environment


# The boundary itself says what of these services a role may do at most.
_BOUNDED_APART = ("iam:", "organizations:", "sts:")


def variables(environment: Environment) -> dict[str, Any]:
    """Return what `terraform/stacks/access/variables.tf` declares."""
    return {
        "access": {
            "prefix": environment.prefix,
            "issuer": environment.run_issuer,
            "audience": AUDIENCES[environment.run_issuer],
            "providers": environment.identity_providers,
            "roles": {
                stack: {phase: _role(environment, stack, phase) for phase in PHASES}
                for stack in environment.run_stacks
            },
            "domain": environment.domain,
            "packages_bucket": environment.package_bucket if environment.gateway.enabled else None,
            "secret_prefix": environment.secret_name(""),
            "atlas_credentials_secret_name": environment.atlas_credentials_secret_name,
            "granted": _granted(environment),
            "state": _state(environment),
        }
    }


def _granted(environment: Environment) -> dict[str, list[str]]:
    """What the spec gives to pods, which the boundary of their roles must let through."""
    statements = [
        statement
        for release in (
            *(component.aws for component in environment.components),
            *(workload.settings.aws for workload in environment.workloads),
        )
        for statement in release
    ]
    actions = {action for s in statements for action in s["actions"]}
    assumed = {
        role for s in statements if any(assumes(action) for action in s["actions"]) for role in s["resources"]
    }
    granted = {action for action in actions if not action.startswith(_BOUNDED_APART)}
    return {"actions": sorted(granted), "assumed_roles": sorted(assumed)}


def _role(environment: Environment, stack: str, phase: str) -> dict[str, Any]:
    role = environment.run_role(stack, phase)
    return {"name": role.name, "subjects": list(role.subjects)}


def _state(environment: Environment) -> dict[str, Any] | None:
    terraform = environment.platform.terraform
    if terraform.backend != "s3":
        return None
    return {
        "bucket": terraform.bucket,
        "keys": {stack: environment.state_key(stack) for stack in environment.run_stacks},
    }
