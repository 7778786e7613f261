"""What a request's path means."""

from __future__ import annotations

import urllib.parse
from dataclasses import dataclass

METHODS = {"GET": "get", "POST": "create", "PUT": "update", "PATCH": "patch", "DELETE": "delete"}


@dataclass(frozen=True, kw_only=True)
class Place:
    """Group, version and resource of a path, the object if it names one, and the verb as RBAC words it."""

    group: str
    version: str
    plural: str
    namespace: str
    name: str
    subresource: str
    verb: str


def split(target: str) -> tuple[str, dict[str, str]]:
    """Path and query of a request's target; of a repeated parameter the first counts, as in Go's `Get`."""
    parts = urllib.parse.urlsplit(target)
    query: dict[str, str] = {}
    for key, value in urllib.parse.parse_qsl(parts.query, keep_blank_values=True):
        query.setdefault(key, value)
    return parts.path, query


def place(method: str, path: str, query: dict[str, str]) -> Place | None:
    """None for paths that are not those of resources."""
    steps = [urllib.parse.unquote(step) for step in path.strip("/").split("/")]
    if steps[0] == "api" and len(steps) > 2:
        group, version, rest = "", steps[1], steps[2:]
    elif steps[0] == "apis" and len(steps) > 3:
        group, version, rest = steps[1], steps[2], steps[3:]
    else:
        return None
    namespace = ""
    of_namespace = group == "" and len(rest) == 3 and rest[2] in {"status", "finalize"}
    if rest[0] == "namespaces" and len(rest) > 2 and not of_namespace:
        namespace, rest = rest[1], rest[2:]
    plural, name, subresource = (*rest, "", "", "")[:3]
    if len(rest) > 3:
        return None
    verb = METHODS.get(method, method.lower())
    if not name:
        verb = {"get": "list", "delete": "deletecollection"}.get(verb, verb)
    if verb in {"list", "get"} and query.get("watch") in {"true", "1"}:
        verb = "watch"
    return Place(
        group=group,
        version=version,
        plural=plural,
        namespace=namespace,
        name=name,
        subresource=subresource,
        verb=verb,
    )
