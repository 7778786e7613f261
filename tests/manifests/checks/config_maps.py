"""Every ConfigMap that a pod needs is made by somebody, and every volume that it mounts is declared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.manifests import cluster
from tests.manifests.pods import Pod, pods

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.manifests.model import Environment


def check(environment: Environment) -> Iterator[str]:
    """Yield the ConfigMaps that nobody makes and the volumes that nobody declares."""
    for pod in pods(environment):
        for name in sorted(set(_needs(pod)) - cluster.CONFIG_MAPS):
            if environment.find("ConfigMap", name, pod.namespace) is None:
                yield f"{pod}: nobody makes ConfigMap {name} in namespace {pod.namespace}"
        declared = {volume["name"] for volume in pod.spec.get("volumes") or []}
        declared |= {claim["metadata"]["name"] for claim in pod.owner.spec.get("volumeClaimTemplates") or []}
        for container in pod.containers:
            for mount in container.get("volumeMounts") or []:
                if mount["name"] not in declared:
                    yield f"{pod}: container {container['name']} mounts {mount['name']}, no volume of its pod"


def _needs(pod: Pod) -> Iterator[str]:
    for container in pod.containers:
        for variable in container.get("env") or []:
            reference = (variable.get("valueFrom") or {}).get("configMapKeyRef")
            if reference and not reference.get("optional"):
                yield reference["name"]
        for source in container.get("envFrom") or []:
            if "configMapRef" in source and not source["configMapRef"].get("optional"):
                yield source["configMapRef"]["name"]
    for volume in pod.spec.get("volumes") or []:
        sources = [volume, *((volume.get("projected") or {}).get("sources") or [])]
        for source in sources:
            if "configMap" in source and not source["configMap"].get("optional"):
                yield source["configMap"]["name"]
