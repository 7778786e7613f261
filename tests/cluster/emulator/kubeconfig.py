"""Kubeconfig files of the stand-in."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    import pathlib

Json = dict[str, Any]


def add(
    path: pathlib.Path,
    context: str,
    *,
    server: str,
    ca: str,
    token: str,
    user: Json,
    namespace: str | None = None,
) -> pathlib.Path:
    """Add a context with a cluster and a user of its name, and make it the current one when there is none.

    `user` is added to the user's fields and replaces the token where it brings another way to log in.
    """
    content: Json = {"apiVersion": "v1", "kind": "Config", "preferences": {}}
    if path.exists():
        content = yaml.safe_load(path.read_text(encoding="utf-8")) or content
    ways = {"exec", "token", "tokenFile", "username", "client-certificate", "client-certificate-data"}
    fields = ({} if ways & user.keys() else {"token": token}) | user
    cluster = {"server": server, "certificate-authority-data": base64.b64encode(ca.encode()).decode()}
    where = {"cluster": context, "user": context} | ({"namespace": namespace} if namespace else {})
    for section, key, value in (
        ("clusters", "cluster", cluster),
        ("users", "user", fields),
        ("contexts", "context", where),
    ):
        kept = [entry for entry in content.get(section) or [] if entry["name"] != context]
        content[section] = [*kept, {"name": context, key: value}]
    content.setdefault("current-context", context)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")  # JSON is YAML
    return path
