"""Collects garbage: dependents go with their owners, or lose them, as the propagation policy says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.cluster.emulator import deletion
from tests.cluster.emulator.controllers.base import Controller, deleting, without_finalizer
from tests.cluster.emulator.errors import StatusError

if TYPE_CHECKING:
    from tests.cluster.emulator.resources import Resource
    from tests.cluster.emulator.store import Stored

Json = dict[str, Any]


class Garbage(Controller):
    """Follows ownerReferences by uid."""

    name = "garbage"

    def attach(self) -> None:
        self.cluster.collects_garbage = True

    def look(self) -> bool:
        uids: set[str] = set()
        dependents: dict[str, list[tuple[Resource, Stored]]] = {}
        waiting: list[Stored] = []
        for key, stored in self.cluster.store.everything():
            uids.add(stored.meta["uid"])
            resource = self.cluster.catalogue.has(*key)
            if resource is None:
                continue
            for owner in stored.meta.get("ownerReferences") or []:
                dependents.setdefault(owner["uid"], []).append((resource, stored))
            if deleting(stored) and {"orphan", "foregroundDeletion"} & set(
                stored.meta.get("finalizers") or []
            ):
                waiting.append(stored)
        acted = self._finish(waiting, dependents)
        for owner, items in dependents.items():
            if owner not in uids:
                for resource, stored in items:
                    if not {o["uid"] for o in stored.meta["ownerReferences"]} & uids and not deleting(stored):
                        acted |= self._delete(resource, stored)
        return acted

    def _finish(self, waiting: list[Stored], dependents: dict[str, list[tuple[Resource, Stored]]]) -> bool:
        acted = False
        for owner in waiting:
            items = dependents.get(owner.meta["uid"], [])
            if "orphan" in owner.meta["finalizers"]:
                for _, stored in items:
                    self.edit(stored, _disown(owner.meta["uid"]))
                acted |= self.edit(owner, without_finalizer("orphan"))
                continue
            blocking = [
                (resource, stored) for resource, stored in items if _blocks(stored, owner.meta["uid"])
            ]
            for resource, stored in items:
                if not deleting(stored):
                    acted |= self._delete(resource, stored)
            if not blocking:
                acted |= self.edit(owner, without_finalizer("foregroundDeletion"))
        return acted

    def _delete(self, resource: Resource, stored: Stored) -> bool:
        namespace = stored.meta.get("namespace", "") if resource.namespaced else ""
        preconditions = {"preconditions": {"uid": stored.meta["uid"]}}
        try:
            deletion.delete(self.cluster, resource, namespace, stored.meta["name"], preconditions)
        except StatusError:
            return False  # it went by itself
        return True


def _blocks(stored: Stored, uid: str) -> bool:
    return any(o["uid"] == uid and o.get("blockOwnerDeletion") for o in stored.meta["ownerReferences"])


def _disown(uid: str) -> Any:
    def edit(content: Json) -> None:
        meta = content["metadata"]
        left = [owner for owner in meta.pop("ownerReferences", []) if owner["uid"] != uid]
        if left:
            meta["ownerReferences"] = left

    return edit
