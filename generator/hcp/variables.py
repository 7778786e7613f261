"""Environment variables of the stack's own workspace: which file it reads, and its token."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.hcp import making

if TYPE_CHECKING:
    from generator.hcp.client import Client, Resource
    from generator.hcp.settings import Settings
    from generator.hcp.step import State

ARGUMENTS = "TF_CLI_ARGS_plan"
"""What beats every value that somebody types into the UI, in destroy plans, too."""
TOKEN = "TFE_TOKEN"  # noqa: S105  (the name, not the value)


def find(client: Client, workspace: str, key: str) -> Resource | None:
    """Return an environment variable of a workspace if it is there."""
    found = client.list(f"workspaces/{workspace}/vars", "list variables")
    wanted = {"key": key, "category": "env"}
    return next((v for v in found if wanted.items() <= v.attributes.items()), None)


def arguments(settings: Settings) -> str:
    """Return what the variable `TF_CLI_ARGS_plan` says."""
    return f"-var-file={settings.var_file}"


def set_arguments(client: Client, settings: Settings, workspace: str) -> State:
    """Have the workspace read the rendered file; return what was done for it."""
    value = arguments(settings)
    found, state = _once(
        client, workspace, ARGUMENTS, value, "What the spec says; it beats every other value"
    )
    if found.attributes.get("value") != value:
        _change(client, workspace, found, {"value": value})
        return "changed"
    return state


def set_token(client: Client, workspace: str, value: str) -> State:
    """Store the token where nobody can read it again, over one that is there."""
    description = "A user's token, docs/hcp.md says whose; replace it with make hcp-bootstrap ROTATE=1"
    found, state = _once(client, workspace, TOKEN, value, description, sensitive=True)
    if state == "ok":
        _change(client, workspace, found, {"value": value, "sensitive": True})
        return "changed"
    return state


def _once(
    client: Client, workspace: str, key: str, value: str, description: str, *, sensitive: bool = False
) -> tuple[Resource, State]:
    attributes = {
        "key": key,
        "value": value,
        "description": description,
        "category": "env",
        "hcl": False,
        "sensitive": sensitive,
    }
    return making.once(
        lambda: find(client, workspace, key),
        lambda: client.post(
            f"workspaces/{workspace}/vars", f"set {key}", {"type": "vars", "attributes": attributes}
        ),
    )


def _change(client: Client, workspace: str, variable: Resource, attributes: dict[str, Any]) -> None:
    data = {"type": "vars", "id": variable.id, "attributes": attributes}
    client.patch(f"workspaces/{workspace}/vars/{variable.id}", "change a variable", data)
