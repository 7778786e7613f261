"""Whether Argo CD's own pods run."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from generator.bootstrap.progress import Progress, lasting
from generator.bootstrap.step import Step
from generator.cluster.errors import Unreachable
from generator.model.kubernetes import ARGOCD_NAMESPACE
from generator.status.pods import is_over, is_ready, why

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.bootstrap.clock import Deadline
    from generator.cluster.client import Cluster

CONTROLLER = "argocd-application-controller"
_KINDS = ("statefulsets", "deployments")


def wait(cluster: Cluster, deadline: Deadline) -> Iterator[Step | Progress]:
    """Wait until every Deployment and StatefulSet of Argo CD is rolled out; say which is not, and why."""
    while True:
        try:
            late, number = behind(cluster)
        except Unreachable as trouble:
            if deadline.over:
                raise
            yield lasting(f"the API does not answer: {trouble.message}")
            deadline.pause()
            continue
        if not late:
            yield Step("ok", f"Argo CD runs: {number} of {number} workloads are ready")
            return
        if deadline.over:
            reasons = "\n".join([*late, *pods(cluster, ARGOCD_NAMESPACE)])
            yield Step("missing", f"Argo CD did not come up within {deadline.shown}", reasons)
            return
        yield lasting(f"waiting for Argo CD: {', '.join(late)}")
        deadline.pause()


def behind(cluster: Cluster) -> tuple[list[str], int]:
    """Return which workloads of Argo CD are not rolled out, and how many there are."""
    found = {
        workload["metadata"]["name"]: workload
        for kind in _KINDS
        for workload in cluster.list("apps/v1", kind, ARGOCD_NAMESPACE)
    }
    late = [] if CONTROLLER in found else [f"{CONTROLLER} is missing"]
    return [*late, *(line for name in sorted(found) for line in _late(name, found[name]))], len(found)


def running(workload: dict[str, Any] | None) -> bool:
    """Whether at least one pod of a Deployment or StatefulSet is ready."""
    return bool(workload and workload.get("status", {}).get("readyReplicas"))


def _late(name: str, workload: dict[str, Any]) -> Iterator[str]:
    status, wanted = workload.get("status", {}), workload["spec"].get("replicas", 1)
    ready = status.get("readyReplicas", 0)
    if status.get("observedGeneration", 0) < workload["metadata"].get("generation", 0):
        yield f"{name} has not been looked at"
    elif ready < wanted:
        yield f"{name} {ready}/{wanted}"


def pods(cluster: Cluster, namespace: str) -> Iterator[str]:
    """Yield why pods of a namespace are not ready."""
    now = datetime.now(tz=UTC)
    for pod in cluster.list("v1", "pods", namespace):
        if not is_over(pod) and not is_ready(pod):
            unready = why(pod, now)
            yield f"pod {unready.name}: {unready.reason}"
