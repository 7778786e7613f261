"""Where Terraform's state lives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.problem import Finding
from generator.rules.registry import Context, Findings, environment_rule, spec_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.model import Environment, Spec


@environment_rule
def auto_apply_with_protection(environment: Environment, _spec: Spec, _context: Context) -> Findings:
    """What is worth protecting from deletion is worth a person's look before an apply."""
    if environment.auto_apply and environment.deletion_protection:
        yield Finding(
            path=("terraform", "autoApply"),
            message="applies without a person where deletionProtection is on",
            fix="set terraform.autoApply: false",
            other=("deletionProtection",),
        )


@spec_rule
def backend_incomplete(spec: Spec, _context: Context) -> Iterator[tuple[str, Finding]]:
    """Each backend needs to know where it is."""
    terraform = spec.platform.terraform
    needed = {"hcp": ("organization",), "s3": ("bucket", "region", "account")}[terraform.backend]
    for key in needed:
        if not getattr(terraform, key):
            yield (
                "",
                Finding(
                    path=("platform", "terraform"),
                    message=f"backend {terraform.backend} needs {key}",
                    fix=f"add platform.terraform.{key}",
                ),
            )


@spec_rule
def identity_providers_of_an_account(spec: Spec, _context: Context) -> Iterator[tuple[str, Finding]]:
    """An account has one OpenID Connect provider of an issuer, and without it no run gets in."""
    accounts: dict[str, list[Environment]] = {}
    for environment in spec.environments:
        accounts.setdefault(environment.account, []).append(environment)
    for account, sharing in accounts.items():
        makers = [e for e in sharing if e.makes_identity_providers]
        for other in makers[1:]:
            yield (
                other.name,
                Finding(
                    path=("account",),
                    message=f"{makers[0].name} makes the identity providers of {account} already",
                    fix=f"add identityProviders: false to environments/{other.name}.yaml",
                    other=("account",),
                    other_environment=makers[0].name,
                ),
            )
        if not makers:
            yield (
                sharing[0].name,
                Finding(
                    path=("identityProviders",),
                    message=f"nobody makes the identity providers of {account}, so no run gets in",
                    fix="remove it in one environment of the account",
                ),
            )
