"""Variables of the stack `workspaces`: one HCP Terraform workspace per environment and stack."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.render import banner

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.model import Environment, Spec


def render(spec: Spec) -> Iterator[tuple[str, str]]:
    """Yield `terraform/workspaces.tfvars.json`, where HCP Terraform runs Terraform."""
    terraform = spec.platform.terraform
    if terraform.backend != "hcp":
        return
    document = {
        "organization": terraform.organization,
        "project": terraform.project,
        "terraform_version": terraform.version,
        "repository": spec.platform.repository.identifier,
        "branch": spec.platform.repository.branch,
        "workspaces": {
            environment.workspace_name(stack): _workspace(environment, stack)
            for environment in spec.environments
            for stack in environment.stacks
        },
    }
    yield "terraform/workspaces.tfvars.json", banner.json("environments/", document)


def _workspace(environment: Environment, stack: str) -> dict[str, Any]:
    var_file = f"rendered/{environment.name}/terraform/{stack}.tfvars.json"
    folder = f"terraform/stacks/{stack}"
    return {
        "environment": environment.name,
        "stack": stack,
        "account_id": environment.account,
        "region": environment.region,
        "auto_apply": environment.auto_apply,
        "working_directory": folder,
        # Relative to the working directory, while trigger patterns start at the repository's root
        # (HCP Terraform docs, workspaces/settings/vcs).
        "var_file": "../" * len(folder.split("/")) + var_file,
        "trigger_patterns": [f"/{var_file}", f"/{folder}/**/*", "/terraform/modules/**/*"],
    }
