"""Empties namespaces that are to go, and says what keeps them (pkg/controller/namespace/deletion)."""

from __future__ import annotations

import collections
from typing import Any

from tests.cluster.emulator import deletion
from tests.cluster.emulator.controllers.base import Controller, deleting
from tests.cluster.emulator.errors import StatusError
from tests.cluster.emulator.store import Stored, now

Json = dict[str, Any]


class Namespaces(Controller):
    """Deletes what a namespace holds; the namespace goes when nothing is left."""

    name = "namespaces"

    def attach(self) -> None:
        self.cluster.empties_namespaces = True

    def look(self) -> bool:
        return any(self._empty(stored) for stored in self.all("v1", "Namespace") if deleting(stored))

    def _empty(self, namespace: Stored) -> bool:
        name = namespace.meta["name"]
        remaining: collections.Counter[str] = collections.Counter()
        finalizers: collections.Counter[str] = collections.Counter()
        for resource in self.cluster.catalogue:
            if not resource.namespaced:
                continue
            for stored in self.cluster.store.items(resource, name):
                try:
                    deletion.delete(self.cluster, resource, name, stored.meta["name"], {})
                except StatusError:
                    continue  # it went by itself
                left = self.cluster.store.get(resource, name, stored.meta["name"])
                if left is not None:
                    remaining[resource.qualified if resource.group else f"{resource.plural}."] += 1
                    finalizers.update(left.meta.get("finalizers") or [])
        if remaining:
            return self.edit(namespace, lambda content: _report(content, remaining, finalizers)) and False

        def finish(content: Json) -> None:
            content["spec"]["finalizers"] = []

        self.edit(namespace, finish)
        return False


def _report(content: Json, remaining: collections.Counter[str], finalizers: collections.Counter[str]) -> None:
    conditions = [
        (
            "NamespaceDeletionDiscoveryFailure",
            "ResourcesDiscovered",
            "All resources successfully discovered",
            False,
        ),
        (
            "NamespaceDeletionGroupVersionParsingFailure",
            "ParsedGroupVersions",
            "All legacy kube types successfully parsed",
            False,
        ),
        (
            "NamespaceDeletionContentFailure",
            "ContentDeleted",
            "All content successfully deleted, may be waiting on finalization",
            False,
        ),
        (
            "NamespaceContentRemaining",
            "SomeResourcesRemain",
            "Some resources are remaining: "
            + ", ".join(
                f"{kind} has {count} resource instances" for kind, count in sorted(remaining.items())
            ),
            True,
        ),
    ]
    if finalizers:
        conditions.append(
            (
                "NamespaceFinalizersRemaining",
                "SomeFinalizersRemain",
                "Some content in the namespace has finalizers "
                "remaining: "
                + ", ".join(f"{f} in {count} resource instances" for f, count in sorted(finalizers.items())),
                True,
            )
        )
    status = content.setdefault("status", {})
    known = {c["type"]: c for c in status.get("conditions") or []}
    status["conditions"] = [
        {
            "type": kind,
            "status": str(true),
            "lastTransitionTime": known[kind]["lastTransitionTime"]
            if known.get(kind, {}).get("status") == str(true)
            else now(),
            "reason": reason,
            "message": message,
        }
        for kind, reason, message, true in conditions
    ]
