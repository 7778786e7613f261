"""The one static credential: whether a token is fit to be kept in the stack's workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.hcp import organization, project
from generator.hcp.credentials import WORKSPACES
from generator.hcp.step import Step
from generator.hcp.trouble import Trouble

if TYPE_CHECKING:
    from generator.hcp.client import Client
    from generator.hcp.settings import Settings


def fit(client: Client, settings: Settings) -> str:
    """Return whose token it is.

    Raises:
        Trouble: it is not a user's, or its owner cannot do what the stack `workspaces` does.
    """
    user = organization.username(organization.owner(client, WORKSPACES))
    if not organization.installation(client, settings):
        missing = organization.no_installation(settings, user)
        raise Trouble(f"The token in {WORKSPACES} cannot reach the repository. {missing.text}", missing.fix)
    if not project.find(client, settings, to_fill=True):
        message = f"The token in {WORKSPACES} may make no workspaces in the project {settings.project}"
        fix = f"It is {user}'s: give a team of theirs the access Admin to that project, and to nothing else."
        raise Trouble(message, fix)
    return user


def none_yet(settings: Settings) -> Step:
    """Say that the workspace has no token, and how it gets one."""
    fix = f"""\
Make a user for it in HCP Terraform: a team's token can connect no repository (docs/hcp.md says more).
  1. Its GitHub user may read {settings.repository}, and nothing else; authorize the GitHub App as it.
  2. Its team has the access Admin to the project {settings.project}, and nothing else.
  3. Make a token in its Account settings, Tokens. Then, so that it stands in no history:
     read -rs {WORKSPACES} && export {WORKSPACES} && make hcp-bootstrap"""
    return Step("missing", f"token: {settings.workspace} has none to work with", fix)
