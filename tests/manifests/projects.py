"""Where a project of Argo CD lets its Applications go."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Any


def goes(project: dict[str, Any], server: str, namespace: str) -> bool:
    """Whether the spec of an AppProject permits a namespace: an entry does, and none with a `!` refuses it.

    Source: argo-cd docs, user-guide/projects.md, "Managing Projects".
    """
    matched = [d for d in project["destinations"] if _matches(d, server, namespace)]
    refused = [d for d in matched if d["namespace"].startswith("!")]
    return bool(matched) and not refused


def _matches(destination: dict[str, str], server: str, namespace: str) -> bool:
    pattern = destination["namespace"].removeprefix("!")
    return fnmatchcase(server, destination["server"]) and fnmatchcase(namespace, pattern)
