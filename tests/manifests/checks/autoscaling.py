"""Every autoscaler can count, owns the replicas alone, and every budget lets a node be emptied."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.manifests.pods import pod_of
from tests.manifests.selectors import selects

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.manifests.model import Environment, Manifest

METRICS = "v1beta1.metrics.k8s.io"


def check(environment: Environment) -> Iterator[str]:
    """Yield the autoscalers that cannot work and the budgets that hold up every drain."""
    scalers: dict[tuple[str, str], Manifest] = {}
    for scaler in environment.of_kind("HorizontalPodAutoscaler"):
        name = scaler.spec["scaleTargetRef"]["name"]
        scalers[scaler.namespace, name] = scaler
        if environment.find("APIService", METRICS) is None:
            yield f"{scaler}: nobody measures: there is no APIService {METRICS}"
        yield from _scaler(
            scaler, environment.find(scaler.spec["scaleTargetRef"]["kind"], name, scaler.namespace)
        )
    budgets = list(environment.of_kind("PodDisruptionBudget"))
    for owner in environment.of_kind("Deployment", "StatefulSet"):
        own_scaler = scalers.get((owner.namespace, owner.name))
        replicas = own_scaler.spec.get("minReplicas", 1) if own_scaler else owner.spec.get("replicas", 1)
        labels = pod_of(owner).labels
        for budget in budgets:
            if budget.namespace == owner.namespace and selects(budget.spec.get("selector"), labels):
                yield from _budget(budget, owner, replicas)


def _scaler(scaler: Manifest, target: Manifest | None) -> Iterator[str]:
    if target is None:
        return  # told by the check of selectors
    if "replicas" in target.spec:
        yield f"{target}: sets replicas, which {scaler.kind}/{scaler.name} owns"
    if scaler.spec["maxReplicas"] < scaler.spec.get("minReplicas", 1):
        yield f"{scaler}: its maximum is below its minimum"
    for metric in scaler.spec.get("metrics") or []:
        resource = (metric.get("resource") or {}).get("name")
        if resource and metric["resource"]["target"]["type"] == "Utilization":
            for container in pod_of(target).containers:
                if resource not in ((container.get("resources") or {}).get("requests") or {}):
                    name = container["name"]
                    yield f"{scaler}: measures a share of the {resource} that container {name} asks for: none"


def _budget(budget: Manifest, owner: Manifest, replicas: int) -> Iterator[str]:
    at_least, at_most = budget.spec.get("minAvailable"), budget.spec.get("maxUnavailable")
    blocked = at_most in (0, "0%") or at_least == "100%"
    if blocked or (isinstance(at_least, int) and at_least >= replicas):
        yield f"{budget}: no pod of {owner.kind}/{owner.name} ({replicas} replicas) may ever be evicted"
