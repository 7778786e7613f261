"""The project that all workspaces are in: a role in AWS trusts it by its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.hcp import making

if TYPE_CHECKING:
    from generator.hcp.client import Client, Resource
    from generator.hcp.settings import Settings
    from generator.hcp.step import State


def find(client: Client, settings: Settings, *, to_fill: bool = False) -> Resource | None:
    """Return the project if it is there; `to_fill` wants one that the token's owner may make workspaces in.

    https://developer.hashicorp.com/terraform/cloud-docs/api-docs/projects#list-projects
    """
    query = {"filter[names]": settings.project} | (
        {"filter[permissions][create-workspace]": "true"} if to_fill else {}
    )
    found = client.list(f"organizations/{settings.organization}/projects", "list projects", query)
    # The filter does not mind capitals, and what trusts the name does.
    return next((p for p in found if p.attributes.get("name") == settings.project), None)


def make(client: Client, settings: Settings) -> tuple[Resource, State]:
    """Return the project, made if it is not there."""
    attributes = {"name": settings.project, "description": f"All workspaces of {settings.repository}"}
    return making.once(
        lambda: find(client, settings),
        lambda: client.post(
            f"organizations/{settings.organization}/projects",
            f"make the project {settings.project}",
            {"type": "projects", "attributes": attributes},
        ),
    )
