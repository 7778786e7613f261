"""Deleting: preconditions, finalizers, propagation, collections."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.cluster.emulator import definitions, errors
from tests.cluster.emulator.cluster import held

if TYPE_CHECKING:
    from tests.cluster.emulator.cluster import Cluster
    from tests.cluster.emulator.resources import Resource
    from tests.cluster.emulator.store import Stored

Json = dict[str, Any]
IMMORTAL = ("default", "kube-system", "kube-public")
FINALIZERS = {"Foreground": "foregroundDeletion", "Orphan": "orphan"}


def delete(
    cluster: Cluster, resource: Resource, namespace: str, name: str, options: Json
) -> tuple[int, Json]:
    """Code and answer: a Success when it is gone, the object when finalizers keep it.

    Raises:
        StatusError: 404; 409, a precondition fails; 403, a namespace that may not go; 422, an unknown policy.
    """
    with cluster.store.lock:
        stored = cluster.store.get(resource, namespace, name)
        if stored is None:
            raise errors.not_found(resource, name)
        _check(resource, stored, options.get("preconditions") or {})
        if resource.key == ("", "namespaces") and name in IMMORTAL:
            raise errors.forbidden(resource, name, "this namespace may not be deleted")
        if options.get("dryRun"):
            return 200, _success(resource, stored)
        stored = _propagate(cluster, resource, stored, options)
        if not held(resource, stored.content):
            cluster.discard(resource, namespace, name)
            return 200, _success(resource, stored)
        left = cluster.mark(resource, stored)
        if resource.key == definitions.KEY:
            _empty(cluster, stored)
            still = cluster.store.get(resource, namespace, name)
            return (200, still.content) if still else (200, _success(resource, stored))
        return 200, left


def _check(resource: Resource, stored: Stored, preconditions: Json) -> None:
    for field, key in (("UID", "uid"), ("ResourceVersion", "resourceVersion")):
        wanted = preconditions.get(key)
        if wanted is not None and wanted != stored.meta[key]:
            has = stored.meta[key]
            why = f"Precondition failed: {field} in precondition: {wanted}, {field} in object meta: {has}"
            raise errors.conflict(resource, stored.meta["name"], why)


def _propagate(cluster: Cluster, resource: Resource, stored: Stored, options: Json) -> Stored:
    policy = options.get("propagationPolicy")
    if policy is None and options.get("orphanDependents"):
        policy = "Orphan"
    if policy not in {None, "Background", *FINALIZERS}:
        why = errors.cause(
            "FieldValueNotSupported",
            "propagationPolicy",
            f'Unsupported value: "{policy}": supported values: "Foreground", "Background", "Orphan", "nil"',
        )
        raise errors.invalid(resource, stored.meta["name"], [why])
    if policy not in FINALIZERS or not cluster.collects_garbage or "deletionTimestamp" in stored.meta:
        return stored

    def edit(content: Json) -> None:
        content["metadata"].setdefault("finalizers", []).append(FINALIZERS[policy])

    cluster.change(resource, stored, edit)
    fresh = cluster.store.get(resource, stored.meta.get("namespace", ""), stored.meta["name"])
    return fresh or stored


def _empty(cluster: Cluster, crd: Stored) -> None:
    spec = crd.content["spec"]
    resource = cluster.catalogue.has(spec["group"], spec["names"]["plural"])
    if resource is None:
        return
    for namespace, name in list(cluster.store.keys(resource)):
        delete(cluster, resource, namespace, name, {})
    cluster.finish_definition(resource)


def _success(resource: Resource, stored: Stored) -> Json:
    details = {"name": stored.meta["name"], "kind": resource.plural, "uid": stored.meta["uid"]}
    if resource.group:
        details["group"] = resource.group
    return {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "details": details}
