"""Whose fields the objects of a helm release are: Argo CD's, once helm has made them.

Argo CD applies on the server, which takes away what Git no longer has only where nobody else owns it. What
helm owned would stay for ever, with the Application Synced (https://github.com/argoproj/argo-cd/issues/23214).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.bootstrap import objects
from generator.bootstrap.step import Step
from generator.cluster.errors import Conflict
from generator.model.kubernetes import ARGOCD_NAMESPACE

if TYPE_CHECKING:
    from generator.bootstrap.release import Release
    from generator.cluster.client import Cluster

    Document = dict[str, Any]

HELM, ARGO_CD = "helm", "argocd-controller"
"""The managers' names (helm, cmd/helm/helm.go; argo-cd, common/common.go, ArgoCDSSAManager)."""

_TRIES = 5


def hand_over(cluster: Cluster, release: Release) -> Step:
    """Make Argo CD the owner of what helm owns; kubectl does so with its own older fields (csaupgrade).

    Raises:
        ClusterError: the API refuses, or cannot be asked.
    """
    found = [_handed_over(cluster, wanted) for wanted in objects.parsed(release.manifest)]
    return Step("changed" if any(found) else "ok", "what helm has made is Argo CD's to change")


def handed_over(entries: list[Document]) -> list[Document]:
    """Return `managedFields` in which Argo CD has what helm had, joined with what it has itself."""
    kept = [e for e in entries if not _of(e, HELM) and not _of(e, ARGO_CD, "Apply")]
    moved = [e for e in entries if e not in kept]
    if not any(_of(e, HELM) for e in moved):
        return entries
    fields: Document = {}
    for entry in moved:
        fields = _joined(fields, entry.get("fieldsV1") or {})
    mine = next((e for e in moved if _of(e, ARGO_CD)), moved[0])
    return [*kept, {**mine, "manager": ARGO_CD, "operation": "Apply", "fieldsV1": fields}]


def _handed_over(cluster: Cluster, wanted: Document) -> bool:
    """Change one object; one that somebody else changes at the same time is read again."""
    wanted["metadata"].setdefault("namespace", ARGOCD_NAMESPACE)  # where the chart says none
    for tries in range(_TRIES, 0, -1):
        live = objects.find(cluster, wanted)
        metadata: Document = live["metadata"] if live else {}
        entries = metadata.get("managedFields") or []
        if (owned := handed_over(entries)) == entries:
            return False
        change = {"metadata": {"managedFields": owned, "resourceVersion": metadata["resourceVersion"]}}
        kind = cluster.resource(wanted["apiVersion"], wanted["kind"])
        try:
            cluster.patch(kind.api_version, kind.plural, metadata["name"], change, metadata.get("namespace"))
        except Conflict:
            if tries == 1:
                raise
        else:
            return True
    return False


def _of(entry: Document, manager: str, operation: str = "") -> bool:
    """Whether an entry is a manager's; `status` and the like are the controllers' own."""
    return (
        entry.get("manager") == manager
        and not entry.get("subresource")
        and operation in {"", entry.get("operation")}
    )


def _joined(one: Document, other: Document) -> Document:
    """Return the fields of both (FieldsV1: a tree of maps)."""
    return {**one, **{key: _joined(one.get(key) or {}, value) for key, value in other.items()}}
