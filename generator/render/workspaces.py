"""Variables of the stack `workspaces`: one HCP Terraform workspace per environment and stack."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.model.access import PHASES
from generator.model.stacks import folder, triggers
from generator.render import banner

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.model import Environment, Spec

STACK = "workspaces"
VARIABLES = f"terraform/{STACK}.tfvars.json"


def render(spec: Spec) -> Iterator[tuple[str, str]]:
    """Yield `terraform/workspaces.tfvars.json`, where HCP Terraform runs Terraform."""
    terraform = spec.platform.terraform
    if terraform.backend != "hcp":
        return
    own = _own_name(spec)
    document = {
        "platform": spec.platform.name,
        "organization": terraform.organization,
        "project": terraform.project,
        "terraform_version": terraform.version,
        "repository": spec.platform.repository.identifier,
        "branch": spec.platform.repository.branch,
        "own_workspace": {"name": own, **_place(STACK, f"rendered/shared/{VARIABLES}")},
        "workspaces": {
            environment.workspace_name(stack): _workspace(environment, stack)
            for environment in spec.environments
            for stack in environment.stacks
        },
        "notification_emails": list(terraform.notify),
        "teams": dict(terraform.teams),
        "health_assessments": terraform.health_assessments,
    }
    yield VARIABLES, banner.json("environments/", document)


def of(spec: Spec) -> dict[str, dict[str, Any]]:
    """Return what is known of each run that merged files may start, by the name of its workspace.

    With the S3 backend there are no workspaces, and the names are names all the same.
    """
    found = {
        environment.workspace_name(stack): _workspace(environment, stack)
        for environment in spec.environments
        for stack in environment.run_stacks
    }
    if spec.platform.terraform.backend == "hcp":
        found[_own_name(spec)] = _place(STACK, f"rendered/shared/{VARIABLES}")
    return found


def _own_name(spec: Spec) -> str:
    return f"{spec.platform.name}-{STACK}"


def _place(stack: str, var_file: str) -> dict[str, Any]:
    return {
        "working_directory": folder(stack),
        # Relative to the working directory, while trigger patterns start at the repository's root
        # (HCP Terraform docs, workspaces/settings/vcs).
        "var_file": "../" * len(folder(stack).split("/")) + var_file,
        "trigger_patterns": triggers(stack, var_file),
    }


def _workspace(environment: Environment, stack: str) -> dict[str, Any]:
    by_runs = stack in environment.run_stacks
    before = environment.run_stacks[: environment.run_stacks.index(stack)][-1:] if by_runs else ()
    return {
        "environment": environment.name,
        "stack": stack,
        "account_id": environment.account,
        "region": environment.region,
        "auto_apply": environment.auto_apply and by_runs,
        "speculative": environment.plans_pull_requests(stack),
        "vcs": by_runs,
        **_place(stack, f"rendered/{environment.name}/terraform/{stack}.tfvars.json"),
        **{
            f"{phase}_role_arn": environment.role_arn(environment.run_role(stack, phase).name)
            if by_runs
            else None
            for phase in PHASES
        },
        "runs_after": [environment.workspace_name(earlier) for earlier in before],
    }
