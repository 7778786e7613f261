"""The workspace in which the stack `workspaces` runs; from its first run on it manages itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.hcp import making
from generator.hcp.trouble import Rejected, Trouble

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.hcp.client import Client, Resource
    from generator.hcp.settings import Settings
    from generator.hcp.step import State


def find(client: Client, settings: Settings) -> Resource | None:
    """Return the workspace if it is there."""
    path = f"organizations/{settings.organization}/workspaces/{settings.workspace}"
    return client.find(path, f"show the workspace {settings.workspace}")


def make(client: Client, settings: Settings, project: str, installation: str) -> tuple[Resource, State]:
    """Return the workspace as the spec has it, made if it is not there."""
    data = {
        "type": "workspaces",
        "attributes": {"name": settings.workspace, **wanted(settings, installation)},
        "relationships": {"project": {"data": {"type": "projects", "id": project}}},
    }
    path = f"organizations/{settings.organization}/workspaces"
    try:
        found, state = making.once(
            lambda: find(client, settings),
            lambda: client.post(path, f"make the workspace {settings.workspace}", data),
        )
        ours(found, settings, project)
        if differences(found, settings, installation):
            change = {"type": "workspaces", "attributes": wanted(settings, installation)}
            client.patch(f"workspaces/{found.id}", f"change the workspace {settings.workspace}", change)
            state = "made" if state == "made" else "changed"
    except Rejected as rejected:
        raise _explained(rejected, settings) from None
    return found, state


def ours(found: Resource, settings: Settings, project: str | None) -> None:
    """Refuse a workspace of this name that is somebody else's.

    Raises:
        Trouble: it is in another project, or runs another repository.
    """
    repository = (found.attributes.get("vcs-repo") or {}).get("identifier")
    if project and found.related("project") != project:
        why = f"is not in the project {settings.project}"
    elif repository and repository.lower() != settings.repository.lower():
        why = f"runs {repository}"
    else:
        return
    message = f"The name {settings.workspace} is taken: a workspace that is called so {why}"
    fix = "Rename or move that one if it is yours, or choose another platform.name."
    raise Trouble(message, fix)


def wanted(settings: Settings, installation: str) -> dict[str, Any]:
    """Return the attributes that matter, as terraform/modules/workspaces sets them.

    No pull request runs here, for its code could read the credential; nobody destroys all workspaces at once;
    and a person looks at every plan. https://developer.hashicorp.com/terraform/cloud-docs/api-docs/workspaces
    """
    return {
        "terraform-version": settings.terraform_version,
        "working-directory": settings.working_directory,
        "trigger-patterns": list(settings.trigger_patterns),
        "file-triggers-enabled": True,
        "queue-all-runs": False,
        "speculative-enabled": False,
        "auto-apply": False,
        "allow-destroy-plan": False,
        "execution-mode": "remote",
        "setting-overwrites": {
            "execution-mode": True,
            "agent-pool": True,
        },  # whatever the organization's default
        "vcs-repo": {
            "identifier": settings.repository,
            "branch": settings.branch,
            "github-app-installation-id": installation,
        },
    }


def differences(found: Resource, settings: Settings, installation: str | None) -> list[str]:
    """Name the attributes that are not as they should be; without an installation it is not compared."""
    return sorted(
        _different(wanted(settings, installation or ""), found.attributes, known=installation is not None)
    )


def _different(attributes: Mapping[str, Any], there: Mapping[str, Any], *, known: bool) -> set[str]:
    different = set()
    for name, value in attributes.items():
        if isinstance(value, dict):
            below = there.get(name) or {}
            compared = {k: v for k, v in value.items() if known or k != "github-app-installation-id"}
            if any(below.get(key) != expected for key, expected in compared.items()):
                different.add(name)
        elif isinstance(value, list):
            if sorted(there.get(name) or []) != sorted(value):
                different.add(name)
        elif there.get(name) != value:
            different.add(name)
    return different


def _explained(rejected: Rejected, settings: Settings) -> Trouble:
    """Say more of a refusal that names the repository.

    https://developer.hashicorp.com/terraform/cloud-docs/vcs/github-app#troubleshooting
    """
    if "link a GitHub account" in rejected.detail:
        fix = "Sign in as the token's owner, and authorize the GitHub App in Account settings, Tokens."
    elif "accessible" in rejected.detail:
        fix = (
            f"Let your GitHub user read {settings.repository}, and the app Terraform Cloud see it: in "
            "the repository's Settings, GitHub Apps, Configure. If it has another name, correct "
            "platform.repository.url."
        )
    else:
        return rejected
    return Trouble(rejected.message, fix)
