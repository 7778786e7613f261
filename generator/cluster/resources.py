"""Where things stand in the paths of the API.

https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-uris
"""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import quote


class Resource(NamedTuple):
    """How a kind stands in the API's paths."""

    api_version: str
    plural: str
    kind: str
    namespaced: bool

    @property
    def qualified(self) -> str:
        """`applications.argoproj.io`, `pods`: as RBAC and kubectl name it."""
        return qualified(self.api_version, self.plural)


def qualified(api_version: str, plural: str) -> str:
    """Return a resource as RBAC and kubectl name it."""
    group, slash, _ = api_version.partition("/")
    return f"{plural}.{group}" if slash else plural


def path(
    api_version: str, plural: str | None = None, namespace: str | None = None, name: str | None = None
) -> str:
    """Return the path of a group and version, a collection in it, or an object."""
    parts = ["apis" if "/" in api_version else "api", *api_version.split("/")]
    parts += ["namespaces", namespace] if namespace else []
    parts += [part for part in (plural, name) if part]
    return "".join(f"/{quote(part, safe='')}" for part in parts)


def selected(labels: str | None, fields: str | None = None) -> dict[str, str]:
    """Return the query that keeps some objects of a collection, in the API's own syntax of selectors."""
    chosen = {"labelSelector": labels, "fieldSelector": fields}
    return {name: value for name, value in chosen.items() if value}
