"""Every selector takes what it should: a Deployment its own pods; a Service, a budget, a policy some pods."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.manifests.pods import Pod, pod_of, pods, selected
from tests.manifests.selectors import selects

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.manifests.model import Environment

EXCEPTIONS = {
    "argo-cd: Service/argo-cd-redis-ha-announce-*: selects no pod": "one for each pod of a StatefulSet, by "
    "the label with the pod's name that Kubernetes adds",
}


def check(environment: Environment) -> Iterator[str]:
    """Yield the selectors that miss."""
    for owner in environment.of_kind("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"):
        if not selects(owner.spec["selector"], pod_of(owner).labels):
            yield f"{owner}: its selector does not take the pods of its own template"
    for service in environment.of_kind("Service"):
        if service.spec.get("type") != "ExternalName" and not selected(environment, service):
            yield f"{service}: selects no pod"
    for chooser in environment.of_kind("PodDisruptionBudget", "NetworkPolicy"):
        selector = chooser.spec["podSelector" if chooser.kind == "NetworkPolicy" else "selector"]
        # A policy about all pods of a namespace may be there before them.
        if selector and not _takes(environment, chooser.namespace, selector):
            yield f"{chooser}: selects no pod"
    for scaler in environment.of_kind("HorizontalPodAutoscaler"):
        target = scaler.spec["scaleTargetRef"]
        if environment.find(target["kind"], target["name"], scaler.namespace) is None:
            yield f"{scaler}: there is no {target['kind']}/{target['name']} to scale"
    for pod in pods(environment):
        yield from _spread(pod)


def _takes(environment: Environment, namespace: str, selector: dict[str, object]) -> bool:
    return any(selects(selector, pod.labels) for pod in pods(environment, namespace))


def _spread(pod: Pod) -> Iterator[str]:
    """Whether a pod's own kind is what it counts when it is put on another node than its kind."""
    for constraint in pod.spec.get("topologySpreadConstraints") or []:
        if not selects(constraint.get("labelSelector"), pod.labels):
            yield f"{pod}: spreads over {constraint['topologyKey']} among pods that are not its own"
    apart = (pod.spec.get("affinity") or {}).get("podAntiAffinity") or {}
    terms = [t["podAffinityTerm"] for t in apart.get("preferredDuringSchedulingIgnoredDuringExecution") or []]
    for term in [*terms, *(apart.get("requiredDuringSchedulingIgnoredDuringExecution") or [])]:
        if not selects(term.get("labelSelector"), pod.labels):
            yield f"{pod}: keeps apart over {term['topologyKey']} from pods that are not its own"
