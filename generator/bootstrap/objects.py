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
    if live is not None and (keep or (holds(live, wanted) and not _more(live, wanted))):
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


def _more(live: Document, wanted: Document) -> bool:
    """Whether we have set more than is wanted now: an apply takes it away again."""
    entries = live["metadata"].get("managedFields") or ()
    ours = (e for e in entries if (e.get("manager"), e.get("operation")) == (MANAGER, "Apply"))
    return any(_beyond(entry.get("fieldsV1") or {}, wanted) for entry in ours)


def _beyond(fields: Document, wanted: object) -> bool:
    """Whether a FieldsV1 names something that is not there; items of lists are compared by `holds`."""
    named = {key.removeprefix("f:"): below for key, below in fields.items() if key.startswith("f:")}
    return isinstance(wanted, dict) and any(
        name not in wanted or _beyond(below, wanted[name]) for name, below in named.items()
    )


def summed(states: list[State], text: str) -> Step:
    """Return one step for several objects: `changed` when any was."""
    for state in ("changed", "made"):
        if state in states:
            return Step(state, text)
    return Step("ok", text)
