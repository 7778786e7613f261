"""Who approves changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.problem import Finding
from generator.rules.registry import Context, Findings, environment_rule

if TYPE_CHECKING:
    from generator.model import Environment, Spec


@environment_rule
def owners_without_the_platforms(environment: Environment, spec: Spec, _context: Context) -> Findings:
    """With owners of environments alone, whoever likes may change what renders and applies them."""
    if environment.named_owners and not spec.platform.owners:
        yield Finding(
            path=("owners",),
            message=f"{environment.name} has owners, and the platform has none: its generator, its Terraform "
            "and its workflows would be anybody's",
            fix="name the platform's in platform.yaml: platform.owners",
        )
