"""The `platform` section of platform.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.model import Platform
from generator.model.platform import Repository, Terraform

if TYPE_CHECKING:
    from generator.merge import Tree

TERRAFORM_VERSION = "1.11.4"


def platform(tree: Tree) -> Platform:
    """Resolve the `platform` section of platform.yaml."""
    repository, terraform = tree["repository"], tree["terraform"]
    return Platform(
        name=tree["name"],
        repository=Repository(
            url=repository["url"], branch=repository["branch"], named_subject=repository.get("subject", "")
        ),
        terraform=Terraform(
            backend=terraform["backend"],
            organization=terraform.get("organization", ""),
            project=terraform.get("project", tree["name"]),
            version=terraform.get("version", TERRAFORM_VERSION),
            bucket=terraform.get("bucket", ""),
            region=terraform.get("region", ""),
            account=terraform.get("account", ""),
            teams=terraform.get("teams", {}),
            notify=tuple(terraform.get("notify", ())),
            health_assessments=terraform.get("healthAssessments", False),
        ),
        promotion=tuple(tree.get("promotion", ())),
        owners=tuple(tree.get("owners", ())),
    )
