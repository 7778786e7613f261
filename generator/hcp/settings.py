"""What the spec says about HCP Terraform: the rendered variables of the stack `workspaces`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

HOST = "app.terraform.io"


class Settings(NamedTuple):
    """The part of the stack's variables that is needed before it can run."""

    organization: str
    project: str
    terraform_version: str
    repository: str
    branch: str
    workspace: str
    working_directory: str
    var_file: str
    trigger_patterns: tuple[str, ...]
    notification_emails: tuple[str, ...]
    teams: tuple[str, ...]
    local: tuple[tuple[str, str], ...]
    """Environment and stack of each workspace that only keeps a state: an administrator applies it."""

    @property
    def owner(self) -> str:
        """The GitHub organization or user that the repository belongs to, and installs the GitHub App."""
        return self.repository.partition("/")[0]

    @property
    def page(self) -> str:
        """Where people see the stack's own workspace."""
        return f"https://{HOST}/app/{self.organization}/workspaces/{self.workspace}"


def settings(document: Mapping[str, Any]) -> Settings:
    """Read the rendered variables."""
    own = document["own_workspace"]
    return Settings(
        organization=document["organization"],
        project=document["project"],
        terraform_version=document["terraform_version"],
        repository=document["repository"],
        branch=document["branch"],
        workspace=own["name"],
        working_directory=own["working_directory"],
        var_file=own["var_file"],
        trigger_patterns=tuple(own["trigger_patterns"]),
        notification_emails=tuple(document["notification_emails"]),
        teams=tuple(document["teams"]),
        local=tuple((w["environment"], w["stack"]) for w in document["workspaces"].values() if not w["vcs"]),
    )
