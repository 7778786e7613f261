"""Variables of the stack `access`. Keys are the variables' names in HCL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.model.access import AUDIENCES, PHASES

if TYPE_CHECKING:
    from generator.model import Environment


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
            "state": _state(environment),
        }
    }


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
