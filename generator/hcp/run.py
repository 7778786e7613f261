"""The first run: until somebody queued one, HCP Terraform starts none for a push.

https://developer.hashicorp.com/terraform/cloud-docs/run/ui#automatically-starting-runs
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from generator.hcp import making
from generator.hcp.trouble import Rejected

if TYPE_CHECKING:
    from generator.hcp.client import Client, Resource
    from generator.hcp.step import State


def latest(client: Client, workspace: str) -> Resource | None:
    """Return the last run of a workspace, None when there was none."""
    return next(iter(client.list(f"workspaces/{workspace}/runs", "list runs")), None)


def queue(client: Client, workspace: str) -> tuple[Resource, State] | None:
    """Return the last run of a workspace, the first one queued if there was none.

    None when it cannot be queued yet: HCP Terraform fetches the repository after the workspace was made.
    """
    data = {
        "type": "runs",
        "attributes": {"message": "The first run, queued by make hcp-bootstrap"},
        "relationships": {"workspace": {"data": {"type": "workspaces", "id": workspace}}},
    }
    try:
        return making.once(
            lambda: latest(client, workspace), lambda: client.post("runs", "queue the first run", data)
        )
    except Rejected as rejected:
        if rejected.status == HTTPStatus.UNPROCESSABLE_ENTITY and "onfiguration version" in rejected.detail:
            return None
        raise
