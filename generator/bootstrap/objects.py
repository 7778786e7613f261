"""Objects that are applied once, from files that are in Git: so that Argo CD finds them as it has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from generator.bootstrap.step import Step
from generator.cluster.errors import NotServed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.bootstrap.step import State
    from generator.cluster.client import Cluster

    Document = dict[str, Any]

MANAGER = "bootstrap"
"""Who owns the fields that are set here (Kubernetes docs, "Server-Side Apply", Field management)."""


def parsed(text: str | bytes) -> Iterator[Document]:
    """Yield the documents of a file that this repository has written."""
    return (document for document in yaml.safe_load_all(text) if document)


def apply(cluster: Cluster, wanted: Document, *, keep: bool = False) -> State:
    """Make an object, or change it where it is not as it is wanted; say which.

    `keep` leaves one that is there.

    Raises:
        ClusterError: the API refuses, or cannot be asked.
    """
    live = find(cluster, wanted)
    if live is not None and (keep or holds(live, wanted)):
        return "ok"
    cluster.apply(wanted, MANAGER)
    return "made" if live is None else "changed"


def find(cluster: Cluster, wanted: Document) -> Document | None:
    """Return the object of the same kind and name, None when there is none, or no such kind."""
    try:
        resource = cluster.resource(wanted["apiVersion"], wanted["kind"])
    except NotServed:
        return None
    metadata = wanted["metadata"]
    namespace = metadata.get("namespace") if resource.namespaced else None
    return cluster.get(resource.api_version, resource.plural, metadata["name"], namespace)


def holds(live: object, wanted: object) -> bool:
    """Whether all that is wanted is there; the API server adds fields of its own, in items of lists too."""
    if isinstance(wanted, dict):
        return isinstance(live, dict) and all(
            (key in live or value in (None, {}, [])) and holds(live.get(key, value), value)
            for key, value in wanted.items()
        )
    if isinstance(wanted, list):
        return (
            isinstance(live, list)
            and len(live) == len(wanted)
            and all(holds(one, other) for one, other in zip(live, wanted, strict=True))
        )
    return live == wanted


def summed(states: list[State], text: str) -> Step:
    """Return one step for several objects: `changed` when any was."""
    for state in ("changed", "made"):
        if state in states:
            return Step(state, text)
    return Step("ok", text)
