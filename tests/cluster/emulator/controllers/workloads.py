"""Brings workloads and their pods where their controllers, the scheduler and the kubelet would.

Every pod becomes ready after `pace` seconds, unless `outcomes` says otherwise for the workload's name
(`namespace/name`): IMAGE_PULL, CRASH_LOOP, UNSCHEDULABLE, or FAILED for a Job.
"""

from __future__ import annotations

import copy
import hashlib
import json
from typing import TYPE_CHECKING, Any

from tests.cluster.emulator import deletion
from tests.cluster.emulator.controllers import pods
from tests.cluster.emulator.controllers.base import Controller, deleting
from tests.cluster.emulator.defaults import pod_spec
from tests.cluster.emulator.store import Stored, now
from tests.cluster.emulator.writes import suffix

if TYPE_CHECKING:
    from tests.cluster.emulator.store import Event

Json = dict[str, Any]
KINDS = (
    ("apps/v1", "Deployment"),
    ("apps/v1", "StatefulSet"),
    ("apps/v1", "DaemonSet"),
    ("batch/v1", "Job"),
)
CONCERNS = {"deployments", "statefulsets", "daemonsets", "replicasets", "jobs", "pods"}


class Workloads(Controller):
    """Deployments (with their ReplicaSets), StatefulSets, DaemonSets, Jobs and Pods."""

    name = "workloads"

    def __init__(self, pace: float = 0.0, outcomes: dict[str, str] | None = None) -> None:
        super().__init__(pace)
        self.outcomes = dict(outcomes or {})

    def concerns(self, event: Event) -> bool:
        return event.resource[1] in CONCERNS

    def look(self) -> bool:
        """All workloads a step further."""
        acted = False
        for api_version, kind in KINDS:
            for stored in self.all(api_version, kind):
                if not deleting(stored):
                    acted |= self._tend(stored, kind)
        return acted

    def outcome(self, stored: Stored) -> str:
        """What was told of a workload, or of the one that owns it."""
        return self.outcomes.get(f"{stored.meta['namespace']}/{stored.meta['name']}", pods.READY)

    def _tend(self, stored: Stored, kind: str) -> bool:
        owner = self._replica_set(stored) if kind == "Deployment" else stored
        if owner is None:
            return False
        template = stored.content["spec"]["template"]
        wanted = self._wanted(stored, kind)
        mine = [p for p in self.all("v1", "Pod", stored.meta["namespace"]) if _owned(p, owner)]
        stale = (
            [p for p in mine if p.meta["labels"].get(pods.HASH) != _hash(template)] if kind != "Job" else []
        )
        acted = False
        extra = sorted(mine, key=lambda p: p.meta["name"])[wanted:] if kind != "Job" else []
        for pod in {p.meta["name"]: p for p in (*stale, *extra)}.values():
            self._remove(pod)
            acted = True
        names = {p.meta["name"] for p in mine if p not in stale and p not in extra}
        for index in range(wanted):
            if len(names) >= wanted:
                break
            base = owner.meta["name"]
            name = f"{base}-{index}" if kind == "StatefulSet" else f"{base}-{suffix()}"
            if name in names:
                continue
            self._make(name, owner, template)
            names.add(name)
            acted = True
        outcome = self.outcome(stored)
        for pod in mine:
            acted |= self.edit(pod, lambda content: pods.advance(content, outcome, job=kind == "Job"))
        return self._report(stored, kind, owner) or acted

    def _wanted(self, stored: Stored, kind: str) -> int:
        spec = stored.content["spec"]
        if kind == "DaemonSet":
            return max(1, len(self.all("v1", "Node")))
        if kind == "Job":
            over = any(
                c["status"] == "True" for c in stored.content.get("status", {}).get("conditions") or []
            )
            return 0 if over or spec.get("suspend") else 1
        replicas = spec.get("replicas")
        return 1 if replicas is None else int(replicas)

    def _replica_set(self, deployment: Stored) -> Stored | None:
        """The one of the present template; older ones go, as with a revision history of 0."""
        template = deployment.content["spec"]["template"]
        name = f"{deployment.meta['name']}-{_hash(template)}"
        resource = self.cluster.catalogue.require("apps/v1", "ReplicaSet")
        with self.cluster.store.lock:
            namespace = deployment.meta["namespace"]
            for old in self.cluster.store.items(resource, namespace):
                if _owned(old, deployment) and old.meta["name"] != name:
                    deletion.delete(self.cluster, resource, namespace, old.meta["name"], {})
            found = self.cluster.store.get(resource, namespace, name)
            if found is not None or self._gone(deployment):
                return found
            spec = {
                key: copy.deepcopy(deployment.content["spec"].get(key)) for key in ("replicas", "selector")
            }
            labels = (template.get("metadata") or {}).get("labels") or {}
            meta = {"name": name, "namespace": namespace, "labels": labels | {pods.HASH: _hash(template)}}
            content = {
                "apiVersion": "apps/v1",
                "kind": "ReplicaSet",
                "metadata": meta | {"ownerReferences": [_reference(deployment)], "generation": 1},
                "spec": spec | {"template": copy.deepcopy(template)},
                "status": {"replicas": 0},
            }
            self.cluster.store.put(resource, content)
            return self.cluster.store.get(resource, namespace, name)

    def _gone(self, owner: Stored) -> bool:
        resource = self.cluster.catalogue.require(owner.content["apiVersion"], owner.content["kind"])
        current = self.cluster.store.get(resource, owner.meta["namespace"], owner.meta["name"])
        return current is None or current.meta["uid"] != owner.meta["uid"] or deleting(current)

    def _make(self, name: str, owner: Stored, template: Json) -> None:
        resource = self.cluster.catalogue.require("v1", "Pod")
        meta = copy.deepcopy(template.get("metadata") or {})
        meta["labels"] = (meta.get("labels") or {}) | {pods.HASH: _hash(template)}
        if owner.content["kind"] == "Job":
            meta["labels"] |= {
                "job-name": owner.meta["name"],
                "batch.kubernetes.io/job-name": owner.meta["name"],
            }
        meta |= {"name": name, "namespace": owner.meta["namespace"], "ownerReferences": [_reference(owner)]}
        spec = copy.deepcopy(template.get("spec") or {})
        pod_spec(spec)
        content = {"apiVersion": "v1", "kind": "Pod", "metadata": meta, "spec": spec}
        with self.cluster.store.lock:
            if not self._gone(owner):
                self.cluster.persist(
                    resource, content | {"status": {"phase": "Pending", "qosClass": "BestEffort"}}
                )

    def _remove(self, pod: Stored) -> None:
        resource = self.cluster.catalogue.require("v1", "Pod")
        with self.cluster.store.lock:
            if self.cluster.store.get(resource, pod.meta["namespace"], pod.meta["name"]):
                deletion.delete(self.cluster, resource, pod.meta["namespace"], pod.meta["name"], {})

    def _report(self, stored: Stored, kind: str, owner: Stored) -> bool:
        mine = [p for p in self.all("v1", "Pod", stored.meta["namespace"]) if _owned(p, owner)]
        ready = sum(pods.is_ready(p.content) for p in mine)
        if kind == "Job":
            return self.edit(stored, lambda content: _job(content, mine))
        wanted = self._wanted(stored, kind)
        if kind == "Deployment":
            self.edit(owner, lambda content: _replica_set_status(content, wanted, len(mine), ready))
        return self.edit(stored, lambda content: STATUS[kind](content, wanted, len(mine), ready))


def _hash(template: Json) -> str:
    text = json.dumps(template, sort_keys=True).encode()
    return hashlib.sha256(text).hexdigest()[:10]


def _owned(stored: Stored, owner: Stored) -> bool:
    return any(o["uid"] == owner.meta["uid"] for o in stored.meta.get("ownerReferences") or [])


def _reference(owner: Stored) -> Json:
    return {
        "apiVersion": owner.content["apiVersion"],
        "kind": owner.content["kind"],
        "name": owner.meta["name"],
        "uid": owner.meta["uid"],
        "controller": True,
        "blockOwnerDeletion": True,
    }


def _set_condition(status: Json, kind: str, state: str, reason: str, message: str) -> None:
    conditions = status.setdefault("conditions", [])
    fresh = {"type": kind, "status": state, "reason": reason, "message": message}
    for condition in conditions:
        if condition["type"] == kind:
            if any(condition.get(key) != value for key, value in fresh.items()):
                moved = condition["status"] != state
                condition.update(fresh, lastUpdateTime=now())
                if moved:
                    condition["lastTransitionTime"] = now()
            return
    conditions.append(fresh | {"lastUpdateTime": now(), "lastTransitionTime": now()})


def _deployment(content: Json, wanted: int, count: int, ready: int) -> None:
    status = content.setdefault("status", {})
    numbers = {
        "replicas": count,
        "updatedReplicas": count,
        "readyReplicas": ready,
        "availableReplicas": ready,
        "unavailableReplicas": max(0, wanted - ready),
    }
    for key, value in numbers.items():
        status.pop(key, None)
        if value:
            status[key] = value
    status["observedGeneration"] = content["metadata"].get("generation", 1)
    if ready >= wanted:
        _set_condition(
            status, "Available", "True", "MinimumReplicasAvailable", "Deployment has minimum availability."
        )
        message = f'Deployment "{content["metadata"]["name"]}" has successfully progressed.'
        _set_condition(status, "Progressing", "True", "NewReplicaSetAvailable", message)
    else:
        message = "Deployment does not have minimum availability."
        _set_condition(status, "Available", "False", "MinimumReplicasUnavailable", message)
        message = f'Deployment "{content["metadata"]["name"]}" is progressing.'
        _set_condition(status, "Progressing", "True", "ReplicaSetUpdated", message)


def _replica_set_status(content: Json, wanted: int, count: int, ready: int) -> None:
    content["spec"]["replicas"] = wanted
    status: Json = {"replicas": count, "fullyLabeledReplicas": count, "observedGeneration": 1}
    if ready:
        status |= {"readyReplicas": ready, "availableReplicas": ready}
    content["status"] = status


def _stateful_set(content: Json, wanted: int, count: int, ready: int) -> None:
    revision = f"{content['metadata']['name']}-{_hash(content['spec']['template'])}"
    content["status"] = (content.get("status") or {}) | {
        "observedGeneration": content["metadata"].get("generation", 1),
        "replicas": count,
        "readyReplicas": ready,
        "availableReplicas": ready,
        "currentReplicas": min(count, wanted),
        "updatedReplicas": min(count, wanted),
        "currentRevision": revision,
        "updateRevision": revision,
        "collisionCount": 0,
    }


def _daemon_set(content: Json, wanted: int, count: int, ready: int) -> None:
    content["status"] = (content.get("status") or {}) | {
        "observedGeneration": content["metadata"].get("generation", 1),
        "desiredNumberScheduled": wanted,
        "currentNumberScheduled": count,
        "updatedNumberScheduled": count,
        "numberReady": ready,
        "numberAvailable": ready,
        "numberMisscheduled": 0,
    }


def _job(content: Json, mine: list[Stored]) -> None:
    status = content.setdefault("status", {})
    status.setdefault("startTime", now())
    phases = [p.content["status"]["phase"] for p in mine]
    if any(c["status"] == "True" for c in status.get("conditions") or []):
        return
    for key, phase in (("succeeded", "Succeeded"), ("failed", "Failed")):
        if phase in phases:
            status[key] = phases.count(phase)
    if "Succeeded" in phases:
        status["completionTime"] = now()
        status.pop("active", None)
        message = "Reached expected number of succeeded pods"
        _set_condition(status, "SuccessCriteriaMet", "True", "CompletionsReached", message)
        _set_condition(status, "Complete", "True", "CompletionsReached", message)
    elif "Failed" in phases:
        status.pop("active", None)
        message = "Job has reached the specified backoff limit"
        _set_condition(status, "FailureTarget", "True", "BackoffLimitExceeded", message)
        _set_condition(status, "Failed", "True", "BackoffLimitExceeded", message)
    elif phases:
        status["active"] = len(phases)


STATUS = {"Deployment": _deployment, "StatefulSet": _stateful_set, "DaemonSet": _daemon_set}
