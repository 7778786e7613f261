"""What a cluster has when all is as the spec has it: Applications with their status, AppProjects, pods."""

from __future__ import annotations

import copy
import uuid
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from generator.cluster.kubeconfig import Wanted
from generator.render import argocd
from generator.status.desired import WORKLOAD, releases

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.model import Environment
    from generator.status.desired import Release

Json = dict[str, Any]

NOW = datetime(2026, 11, 24, 12, 0, 0, tzinfo=UTC)
WANTED = Wanted("dev", "shop-dev", "111111111111", "eu-west-1")
REVISION = "4f2e1a9c0d5b6e7f8091a2b3c4d5e6f708192a3b"
KINDS = (
    ("Application", "applications"),
    ("AppProject", "appprojects"),
    ("ApplicationSet", "applicationsets"),
)
INSTANCE = "app.kubernetes.io/instance"
CRDS = [("argoproj.io", "v1alpha1", kind, plural) for kind, plural in KINDS]


def ago(**span: float) -> str:
    """A moment before NOW, as Kubernetes writes it."""
    return (NOW - timedelta(**span)).strftime("%Y-%m-%dT%H:%M:%SZ")


def healthy(environment: Environment, revision: str = REVISION) -> list[Json]:
    """Every object."""
    objects = []
    wanted = {release.name: release for release in releases(environment)}
    for _, document in argocd.documents(environment):
        one = copy.deepcopy(document)
        one["metadata"]["managedFields"] = [managed("argocd-controller", one, ago(days=3))]
        if one["kind"] == "Application":
            release = wanted.get(one["metadata"]["name"])
            one["status"] = status(one, release, revision)
        objects.append(one)
    default = {"sourceRepos": ["*"], "destinations": [{"server": "*", "namespace": "*"}]}
    metadata = {"name": "default", "namespace": "argocd"}
    objects.append(
        {"apiVersion": "argoproj.io/v1alpha1", "kind": "AppProject", "metadata": metadata, "spec": default}
    )
    owners = [replica_set(release.name, release.namespace) for release in wanted.values()]
    return [*objects, *owners, *(pod for release in wanted.values() for pod in pods(environment, release))]


def managed(manager: str, fields: Json, time: str, operation: str = "Apply") -> Json:
    """An entry of managedFields that owns all of `fields` below spec, labels and annotations."""
    owned = {"spec": fields.get("spec") or {}}
    metadata = {
        key: fields["metadata"][key]
        for key in ("labels", "annotations")
        if key in (fields.get("metadata") or {})
    }
    if metadata:
        owned["metadata"] = metadata
    return {
        "manager": manager,
        "operation": operation,
        "apiVersion": "argoproj.io/v1alpha1",
        "time": time,
        "fieldsType": "FieldsV1",
        "fieldsV1": _fields(owned),
    }


def _fields(value: Any) -> Json:
    return {f"f:{key}": _fields(one) for key, one in value.items()} if isinstance(value, dict) else {}


def status(application: Json, release: Release | None, revision: str) -> Json:
    """The status of an Application that was synced two hours ago."""
    spec = application["spec"]
    if "sources" in spec:
        about: Json = {"revisions": [spec["sources"][0]["targetRevision"], revision]}
        synced = {**about, "sources": spec["sources"]}
    else:
        about = {"revision": revision}
        synced = {**about, "source": spec["source"]}
    workload = release is not None and release.kind == WORKLOAD
    kind = "CronJob" if workload and release and not release.serves else "Deployment"
    group = "batch" if kind == "CronJob" else "apps"
    name, namespace = application["metadata"]["name"], spec["destination"]["namespace"]
    deployed = {"group": group, "version": "v1", "kind": kind, "namespace": namespace, "name": name}
    return {
        "sync": {"status": "Synced", **about},
        "health": {"status": "Healthy", "lastTransitionTime": ago(hours=2)},
        "history": [{"id": 7, "deployedAt": ago(hours=2), **synced}],
        "operationState": {
            "phase": "Succeeded",
            "message": "successfully synced (all tasks run)",
            "startedAt": ago(hours=2, seconds=20),
            "finishedAt": ago(hours=2),
            "operation": {"sync": about},
            "syncResult": {**synced, "resources": []},
        },
        "reconciledAt": ago(minutes=1),
        "resources": [{**deployed, "status": "Synced"}] if name != "root" else [],
        "summary": {},
    }


def pods(environment: Environment, release: Release) -> Iterator[Json]:
    """The pods of a release: of a service as many as the spec wants, of a chart one, of a job none."""
    if release.name == "edge" or (release.kind == WORKLOAD and not release.serves):
        return
    replicas = {w.name: w.settings.replicas for w in environment.workloads}
    image = f"{release.image}:{release.version}" if release.image else f"registry.example/{release.name}:1"
    for number in range(replicas.get(release.name, 1)):
        yield pod(release.name, f"{release.name}-6d4f9c7b8d-{number:05d}", release.namespace, image)


def uid(release: str) -> str:
    """Of its ReplicaSet: a pod whose owner is not there is garbage, and collected."""
    return str(uuid.uuid5(uuid.NAMESPACE_DNS, release))


def replica_set(release: str, namespace: str) -> Json:
    """What owns a release's pods."""
    metadata = {"name": f"{release}-6d4f9c7b8d", "namespace": namespace, "uid": uid(release)}
    template = {"metadata": {"labels": {"a": "b"}}, "spec": {"containers": [{"name": "a", "image": "b"}]}}
    spec = {"replicas": 0, "selector": {"matchLabels": {"a": "b"}}, "template": template}
    return {"apiVersion": "apps/v1", "kind": "ReplicaSet", "metadata": metadata, "spec": spec}


def pod(release: str, name: str, namespace: str, image: str) -> Json:
    """A pod of a Deployment, ready for two hours."""
    since = ago(hours=2)
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": name,
            "namespace": namespace,
            "labels": {INSTANCE: release, "pod-template-hash": "6d4f9c7b8d"},
            "creationTimestamp": since,
            "ownerReferences": [
                {
                    "apiVersion": "apps/v1",
                    "kind": "ReplicaSet",
                    "name": f"{release}-6d4f9c7b8d",
                    "uid": uid(release),
                    "controller": True,
                }
            ],
        },
        "spec": {"containers": [{"name": release, "image": image}], "nodeName": "ip-10-10-1-23"},
        "status": {
            "phase": "Running",
            "startTime": since,
            "conditions": [
                {"type": kind, "status": "True", "lastTransitionTime": since}
                for kind in ("PodScheduled", "Initialized", "ContainersReady", "Ready")
            ],
            "containerStatuses": [
                {
                    "name": release,
                    "image": image,
                    "imageID": "",
                    "ready": True,
                    "started": True,
                    "restartCount": 0,
                    "state": {"running": {"startedAt": since}},
                }
            ],
        },
    }
