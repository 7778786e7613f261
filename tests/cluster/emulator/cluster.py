"""The state of a cluster: the store, what is served, and what follows from a change at once."""

from __future__ import annotations

import copy
from typing import Any

from tests.cluster.emulator import definitions
from tests.cluster.emulator.resources import Catalogue, Resource, of_definition
from tests.cluster.emulator.store import Store, Stored, now

Json = dict[str, Any]


class Cluster:
    """What the verbs and the controllers work on."""

    def __init__(self) -> None:
        self.store = Store()
        self.catalogue = Catalogue()
        self.collects_garbage = False  # set by the controller
        self.empties_namespaces = False  # set by the controller
        self.logs: dict[tuple[str, str], str] = {}  # of a pod: (namespace, name)

    def persist(self, resource: Resource, content: Json) -> Json:
        """Keep this content; an object that was to go and that nothing holds any longer goes instead."""
        meta = content["metadata"]
        with self.store.lock:
            if meta.get("deletionTimestamp") and not held(resource, content):
                self.discard(resource, meta.get("namespace", ""), meta["name"])
                return content
            if resource.key == definitions.KEY:
                definitions.establish(content)
                self.catalogue.add(of_definition(content))
            return self.store.put(resource, content).content

    def discard(self, resource: Resource, namespace: str, name: str) -> None:
        """Take it away, whatever it is."""
        with self.store.lock:
            gone = self.store.pop(resource, namespace if resource.namespaced else "", name)
            if gone is None:
                return
            if resource.key == definitions.KEY:
                self._stop_serving(gone.content)
            elif resource.custom:
                self.finish_definition(resource)

    def change(self, resource: Resource, stored: Stored, function: Any) -> Json:
        """Edit a copy and keep it; nothing happens when it stays equal."""
        content = copy.deepcopy(stored.content)
        function(content)
        if content == stored.content:
            return content
        if content.get("spec") != stored.content.get("spec") and "generation" in stored.meta:
            content["metadata"]["generation"] = stored.meta["generation"] + 1
        return self.persist(resource, content)

    def mark(self, resource: Resource, stored: Stored, grace: int = 0) -> Json:
        """Say that it is to go, once what holds it is done."""

        def edit(content: Json) -> None:
            meta = content["metadata"]
            if "deletionTimestamp" not in meta:
                meta["deletionTimestamp"] = now()
                meta["deletionGracePeriodSeconds"] = grace
            if resource.key == ("", "namespaces"):
                content.setdefault("status", {})["phase"] = "Terminating"

        return self.change(resource, stored, edit)

    def finish_definition(self, resource: Resource) -> None:
        """A definition that is to go goes with the last of its objects."""
        crds = self.catalogue.require("apiextensions.k8s.io/v1", "CustomResourceDefinition")
        stored = self.store.get(crds, "", f"{resource.plural}.{resource.group}")
        if stored is None or "deletionTimestamp" not in stored.meta or self.store.keys(resource):
            return

        def edit(content: Json) -> None:
            meta = content["metadata"]
            meta["finalizers"] = [f for f in meta.get("finalizers") or [] if f != definitions.CLEANUP]

        self.change(crds, stored, edit)

    def _stop_serving(self, crd: Json) -> None:
        resource = of_definition(crd)
        for namespace, name in list(self.store.keys(resource)):
            self.store.pop(resource, namespace, name)
        self.catalogue.drop(*resource.key)


def held(resource: Resource, content: Json) -> bool:
    """Whether finalizers keep it."""
    if resource.key == ("", "namespaces") and (content.get("spec") or {}).get("finalizers"):
        return True
    return bool(content["metadata"].get("finalizers"))
