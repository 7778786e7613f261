"""Variables of the stack `state`: the bucket of all states, with the S3 backend."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.model.access import PHASES
from generator.render import banner

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.model import Environment, Spec


def render(spec: Spec) -> Iterator[tuple[str, str]]:
    """Yield `terraform/state.tfvars.json`: who may read and write which state."""
    terraform = spec.platform.terraform
    if terraform.backend != "s3":
        return
    document = {
        "platform": spec.platform.name,
        "account_id": terraform.account,
        "region": terraform.region,
        "tags": {"Platform": spec.platform.name, "ManagedBy": "terraform"},
        "bucket": terraform.bucket,
        "keys": {
            environment.state_key(stack): _roles(environment, stack)
            for environment in spec.environments
            for stack in environment.run_stacks
        },
        # A person applies `access` with its account's credentials; another account's bucket must let them.
        "other_accounts": {
            environment.name: {"account_id": environment.account, "prefix": environment.prefix}
            for environment in spec.environments
            if environment.account != terraform.account
        },
    }
    yield "terraform/state.tfvars.json", banner.json("environments/", document)


def _roles(environment: Environment, stack: str) -> dict[str, str]:
    return {phase: environment.role_arn(environment.run_role(stack, phase).name) for phase in PHASES}
