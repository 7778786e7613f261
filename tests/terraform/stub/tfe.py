"""What HCP Terraform does, and what it refuses, as far as terraform/ relies on it.

What people and the bootstrap make beforehand, a test puts into the world itself: from PROJECT to TEAM.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from tests.terraform.stub.provider import RefusedError, Rules, digest

if TYPE_CHECKING:
    from tests.terraform.stub.values import Values
    from tests.terraform.stub.world import Kinds

WORKSPACE = "tfe_workspace"
SETTINGS = "tfe_workspace_settings"
VARIABLE = "tfe_variable"
TRIGGER = "tfe_run_trigger"

# What both of a workspace and its settings set.
SHARED = ("auto_apply", "assessments_enabled")

# Not Terraform's: by name, {"id": ...}; a member by address, {"user_id": ...}.
PROJECT, INSTALLATION, MEMBER, TEAM = "hcp_project", "hcp_installation", "hcp_member", "hcp_team"

TEAM_TOKEN = "team"  # noqa: S105 - what TFE_TOKEN is, for a token that is not a user's


class Tfe(Rules):
    """HCP Terraform behind its provider."""

    def configure(self, config: Values) -> None:
        if not (config["token"] or os.environ.get("TFE_TOKEN")):
            raise RefusedError(
                "Required token could not be found. Please set the token using an input variable"
            )

    def key(self, kind: str, values: Values) -> str:
        # As it is imported, too.
        return (
            f"{values['organization']}/{values['name']}" if kind == WORKSPACE else super().key(kind, values)
        )

    def create(self, kinds: Kinds, kind: str, planned: Values) -> Values:
        if kind == WORKSPACE:
            return _workspace(kinds, planned)
        owner = _by_id(kinds, planned.get("workspace_id"))
        if kind == SETTINGS:
            return {"id": planned["workspace_id"], **_settings(owner, planned, fill=True)}
        if kind == VARIABLE:
            _unlike(kinds, VARIABLE, planned, "workspace_id", "key", "category")
        if kind == TRIGGER:
            _by_id(kinds, planned["sourceable_id"])
            _unlike(kinds, TRIGGER, planned, "workspace_id", "sourceable_id")
        answer: Values = {"id": _id(kind, planned)}
        if kind == VARIABLE:
            answer |= {"hcl": False, "sensitive": False, "readable_value": planned["value"]}
        return answer

    def update(self, kinds: Kinds, kind: str, prior: Values, planned: Values) -> Values:
        if kind == WORKSPACE and planned["vcs_repo"] != prior["vcs_repo"]:
            _connected(kinds, planned)
        if kind == SETTINGS:
            return {**prior, **_settings(_by_id(kinds, planned["workspace_id"]), planned, fill=False)}
        return super().update(kinds, kind, prior, planned)

    def delete(self, kinds: Kinds, kind: str, stored: Values) -> None:
        super().delete(kinds, kind, stored)
        if kind == WORKSPACE and stored["resource_count"] and not stored["force_delete"]:
            raise RefusedError(
                f"Error deleting workspace {stored['id']}: This workspace has {stored['resource_count']} "
                "resources under management and must be force deleted by setting force_delete = true"
            )

    def read(self, kinds: Kinds, kind: str, stored: Values) -> Values:
        if kind != SETTINGS:
            return super().read(kinds, kind, stored)
        owner = _by_id(kinds, stored["workspace_id"])
        return {**stored, **{name: owner[name] for name in SHARED}}

    def search(self, kinds: Kinds, kind: str, config: Values) -> Values:
        if kind == "tfe_project":
            project = _named(kinds, PROJECT, config["name"], f"could not find project {config['name']}")
            inside = [w for w in kinds.get(WORKSPACE, {}).values() if w["project_id"] == project["id"]]
            names = sorted(w["name"] for w in inside)
            return {"id": project["id"], "workspace_names": names, "workspace_ids": [w["id"] for w in inside]}
        if kind == "tfe_github_app_installation":
            _person()
            missing = "no Github App Installation found matching the given parameters"
            return _named(kinds, INSTALLATION, config["name"], missing)
        if kind == "tfe_organization_membership":
            missing = f"could not find organization membership for organization {config['organization']}"
            return _named(kinds, MEMBER, config["email"], missing)
        if kind == "tfe_team":
            missing = f"could not find team {config['organization']}/{config['name']}"
            return _named(kinds, TEAM, config["name"], missing)
        if kind == WORKSPACE:
            key = f"{config['organization']}/{config['name']}"
            workspace = _named(kinds, WORKSPACE, key, f"could not find workspace {key}")
            return {name: workspace[name] for name in ("id", "resource_count", "project_id")}
        return super().search(kinds, kind, config)


def _id(kind: str, *parts: object) -> str:
    prefix = {WORKSPACE: "ws", VARIABLE: "var", TRIGGER: "rt", "tfe_team_project_access": "tprj"}.get(
        kind, "nc"
    )
    return f"{prefix}-{digest(kind, *parts)[:16]}"


def _person() -> None:
    """Refuse a token that is not a user's (docs, API tokens, "GitHub App-backed VCS and API token types")."""
    if os.environ.get("TFE_TOKEN") == TEAM_TOKEN:
        raise RefusedError(
            "error retrieving Github App Installations: forbidden: "
            "Team and Organization Tokens are not supported"
        )


def _workspace(kinds: Kinds, planned: Values) -> Values:
    key = f"{planned['organization']}/{planned['name']}"
    if key in kinds.get(WORKSPACE, {}):
        raise RefusedError(
            f"Error creating workspace {planned['name']}: invalid attribute: Name has already been taken"
        )
    if planned["project_id"] not in [p["id"] for p in kinds.get(PROJECT, {}).values()]:
        raise RefusedError(f"Error creating workspace {planned['name']}: resource not found")
    _connected(kinds, planned)
    return {"id": _id(WORKSPACE, key), "html_url": f"https://app.terraform.io/app/{key}", "resource_count": 0}


def _connected(kinds: Kinds, planned: Values) -> None:
    for repository in planned["vcs_repo"]:
        _person()
        installations = [i["id"] for i in kinds.get(INSTALLATION, {}).values()]
        if repository["github_app_installation_id"] not in installations:
            raise RefusedError("invalid attribute: Repository doesn't exist or isn't accessible")


def _settings(owner: Values, planned: Values, *, fill: bool) -> Values:
    """Set what stands on the workspace, too. What it is not told it fills in when new, and turns off later.

    resource_tfe_workspace_settings.go, Create and updateSettings.
    """
    told: Values = {}
    for name in SHARED:
        known = isinstance(planned[name], bool)
        told[name] = planned[name] if known else owner[name] if fill else False
    owner |= told
    overwrites = [{"execution_mode": True, "agent_pool": True}]
    return {**told, "overwrites": overwrites}


def _by_id(kinds: Kinds, workspace: str | None) -> Values:
    """Return a workspace; nothing where a resource belongs to none."""
    if workspace is None:
        return {}
    found = [w for w in kinds.get(WORKSPACE, {}).values() if w["id"] == workspace]
    if not found:
        raise RefusedError(f"resource not found: there is no workspace {workspace}")
    return found[0]


def _unlike(kinds: Kinds, kind: str, planned: Values, *names: str) -> None:
    if any(all(there[n] == planned[n] for n in names) for there in kinds.get(kind, {}).values()):
        raise RefusedError(f"invalid attribute: {kind} has already been taken: {[planned[n] for n in names]}")


def _named(kinds: Kinds, kind: str, name: str, missing: str) -> Values:
    if name not in kinds.get(kind, {}):
        raise RefusedError(missing)
    return kinds[kind][name]
