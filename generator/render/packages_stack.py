"""Variables of the stack `packages`. Keys are the variables' names in HCL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from generator.model import Environment


def variables(environment: Environment) -> dict[str, Any]:
    """Return what `terraform/stacks/packages/variables.tf` declares."""
    repository = environment.platform.repository
    return {
        "packages": {
            "bucket": environment.package_bucket,
            "uploader_role_name": environment.package_uploader_role_name,
            "repository": repository.subject,
            "branch": repository.branch,
        }
    }
