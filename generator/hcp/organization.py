"""What people make by hand before: the organization, its members and teams, and the GitHub App."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from generator.hcp.step import Step
from generator.hcp.trouble import Rejected, Trouble

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.hcp.client import Client, Resource
    from generator.hcp.settings import Settings


def owner(client: Client, source: str) -> Resource:
    """Return the user that a token belongs to.

    Raises:
        Trouble: the token is not accepted, or it is not a person's.
    """
    try:
        user = client.get("account/details", "say whose token it is")
    except Rejected as rejected:
        if rejected.status != HTTPStatus.UNAUTHORIZED:
            raise
        message = (
            f"HCP Terraform does not accept the token in {source}: {rejected.detail} ({rejected.status})"
        )
        fix = (
            "It is mistyped, expired or revoked. Make one in Account settings, Tokens, or `terraform login`."
        )
        raise Trouble(message, fix) from None
    if user.attributes.get("is-service-account"):
        message = f"The token in {source} is not a user's: it belongs to a team or to the organization"
        fix = (
            "HCP Terraform lets only users connect a repository through the GitHub App, for it asks "
            "GitHub as them. docs/hcp.md says whose token to take."
        )
        raise Trouble(message, fix)
    return user


def username(user: Resource) -> str:
    """Return what a user is called."""
    return str(user.attributes.get("username", user.id))


def organization(client: Client, settings: Settings) -> Step:
    """Look for the organization.

    Raises:
        Trouble: it is not there, or the token's owner is no member.
    """
    name = settings.organization
    if client.find(f"organizations/{name}", f"show the organization {name}"):
        return Step("ok", f"organization {name}")
    known = sorted(o.id for o in client.list("organizations", "list organizations"))
    message = f"There is no organization {name}, or you are no member of it"
    seen = f"You are a member of {', '.join(known)}. " if known else "You are a member of none. "
    raise Trouble(
        message,
        f"{seen}Be invited to it, make it at https://app.terraform.io/app/organizations/new, or correct "
        "platform.terraform.organization in environments/platform.yaml.",
    )


def installation(client: Client, settings: Settings) -> str | None:
    """Return the id of the GitHub App's installation at the repository's owner, as the token's owner sees it.

    https://developer.hashicorp.com/terraform/cloud-docs/api-docs/github-app-installations
    """
    installations = client.list(
        "github-app/installations", "list GitHub App installations", {"filter[name]": settings.owner}
    )
    names = {str(i.attributes.get("name", "")).lower(): i.id for i in installations}
    return names.get(settings.owner.lower())


def no_installation(settings: Settings, user: str) -> Step:
    """Say that HCP Terraform cannot reach the repository, and how it can."""
    fix = (
        f'Signed in to HCP Terraform as {user}: New, Workspace, "Version Control Workflow", GitHub App. '
        f'Authorize it, choose "Add another organization", and install it at {settings.owner} for '
        f"{settings.repository} alone. Then leave without making the workspace."
    )
    return Step("missing", f"GitHub App: {user} sees no installation at {settings.owner}", fix)


def members(client: Client, settings: Settings) -> Iterator[Step]:
    """Yield whoever is to be told of runs and is no member; the stack `workspaces` could not be planned."""
    path = f"organizations/{settings.organization}/organization-memberships"
    for email in settings.notification_emails:
        found = list(client.list(path, "list members", {"filter[email]": email}))
        if not found:
            fix = f"Invite them to {settings.organization}, or correct platform.terraform.notify."
            yield Step("missing", f"member {email}: nobody of this address can be told of runs", fix)


def teams(client: Client, settings: Settings) -> Iterator[Step]:
    """Yield each team that is to have access and is not there; the stack `workspaces` makes none."""
    path = f"organizations/{settings.organization}/teams"
    for name in settings.teams:
        found = client.list(path, "list teams", {"filter[names]": name})
        if name not in [t.attributes.get("name") for t in found]:
            fix = f"Make it: {settings.organization}'s Settings, Teams; or correct platform.terraform.teams."
            yield Step("missing", f"team {name}", fix)
