"""What a change may not touch, and what stays though nobody sends it."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from tests.cluster.emulator import errors

if TYPE_CHECKING:
    from tests.cluster.emulator.resources import Resource
    from tests.cluster.emulator.store import Stored

Json = dict[str, Any]
GIVEN = ("uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "generation")

IMMUTABLE: dict[tuple[str, str], tuple[str, ...]] = {
    ("apps", "deployments"): ("selector",),
    ("apps", "daemonsets"): ("selector",),
    ("apps", "replicasets"): ("selector",),
    ("batch", "jobs"): ("selector", "template", "completions"),
}
STATEFUL_SET = {
    "replicas",
    "ordinals",
    "template",
    "updateStrategy",
    "revisionHistoryLimit",
    "persistentVolumeClaimRetentionPolicy",
    "minReadySeconds",
}
STATEFUL_SET_SAYS = (
    "Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', "
    "'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' "
    "are forbidden"
)


def system_fields(resource: Resource, stored: Stored, content: Json) -> None:
    """Put back what only the server sets.

    Raises:
        StatusError: 409, it is another object of that name; 422, a finalizer is added to what is to go.
    """
    meta, old = content["metadata"], stored.meta
    if meta.get("uid", old["uid"]) != old["uid"]:
        why = f"Precondition failed: UID in precondition: {meta['uid']}, UID in object meta: {old['uid']}"
        raise errors.conflict(resource, old["name"], why)
    new = [f for f in meta.get("finalizers") or [] if f not in (old.get("finalizers") or [])]
    if "deletionTimestamp" in old and new:
        listed = ", ".join(f'"{name}"' for name in new)
        why = (
            "Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers "
            f"[]string{{{listed}}}"
        )
        problem = errors.cause("FieldValueForbidden", "metadata.finalizers", why)
        raise errors.invalid(resource, old["name"], [problem])
    for key in GIVEN:
        meta.pop(key, None)
        if key in old:
            meta[key] = old[key]


def part(  # noqa: C901 - a branch a subresource or kind
    resource: Resource, stored: Stored, content: Json, subresource: str
) -> Json:
    """What a write of this subresource ("": of the object itself) sets; the rest is as it was."""
    if subresource == "status":
        whole = copy.deepcopy(stored.content)
        if "status" in content:
            whole["status"] = content["status"]
        if "managedFields" in content["metadata"]:
            whole["metadata"]["managedFields"] = content["metadata"]["managedFields"]
        return whole
    if subresource == "finalize":
        return copy.deepcopy(stored.content) | {"spec": content.get("spec") or {}}
    if "status" in resource.subresources:
        content.pop("status", None)
        if "status" in stored.content:
            content["status"] = copy.deepcopy(stored.content["status"])
    if resource.key == ("", "namespaces"):
        content["spec"] = copy.deepcopy(stored.content["spec"])
    if resource.key == ("", "services") and isinstance(content.get("spec"), dict):
        for key in ("clusterIP", "clusterIPs"):
            if not content["spec"].get(key) and key in stored.content.get("spec", {}):
                content["spec"][key] = stored.content["spec"][key]
    return content


def check_immutable(resource: Resource, stored: Stored, content: Json) -> None:
    """Refuse changes of fields that cannot change.

    Raises:
        StatusError: 422.
    """
    old, new = stored.content.get("spec") or {}, content.get("spec") or {}
    problems = [
        errors.invalid_value(f"spec.{field}", new.get(field), "field is immutable")
        for field in IMMUTABLE.get(resource.key, ())
        if field in old and new.get(field) != old[field]
    ]
    if resource.key == ("apps", "statefulsets"):
        changed = {key for key in old.keys() | new.keys() if old.get(key) != new.get(key)}
        if changed - STATEFUL_SET:
            problems.append(errors.cause("FieldValueForbidden", "spec", STATEFUL_SET_SAYS))
    whole = resource.key in {("", "secrets"), ("", "configmaps")} and stored.content.get("immutable")
    if whole and content.get("data") != stored.content.get("data"):
        why = "Forbidden: field is immutable when `immutable` is set"
        problems.append(errors.cause("FieldValueForbidden", "data", why))
    if problems:
        raise errors.invalid(resource, stored.meta["name"], problems)
