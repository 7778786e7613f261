"""Every PriorityClass, StorageClass and IngressClass that is named exists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.manifests import cluster
from tests.manifests.pods import pods

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.manifests.model import Environment


def check(environment: Environment) -> Iterator[str]:
    """Yield the classes that are not there, and Ingresses that leave it open who serves them."""
    for pod in pods(environment):
        name = pod.spec.get("priorityClassName", "")
        if name and name not in cluster.PRIORITY_CLASSES and environment.find("PriorityClass", name) is None:
            yield f"{pod}: there is no PriorityClass {name}"
    for stateful in environment.of_kind("StatefulSet"):
        for claim in stateful.spec.get("volumeClaimTemplates") or []:
            name = claim["spec"].get("storageClassName", "")
            if name and environment.find("StorageClass", name) is None:
                yield f"{stateful}: there is no StorageClass {name}"
    for ingress in environment.of_kind("Ingress"):
        name = ingress.spec.get("ingressClassName", "")
        if not name:
            yield f"{ingress}: names no IngressClass"
        elif environment.find("IngressClass", name) is None:
            yield f"{ingress}: there is no IngressClass {name}"
