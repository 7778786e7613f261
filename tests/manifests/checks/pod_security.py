"""Every pod fits the Pod Security level of its namespace; that of a workload is `restricted`, and more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.manifests.pod_security import baseline, restricted
from tests.manifests.pods import Pod, pods

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.manifests.model import Environment

LABEL = "pod-security.kubernetes.io/enforce"
LEVELS = {"baseline": baseline, "restricted": restricted}  # privileged refuses nothing


def check(environment: Environment) -> Iterator[str]:
    """Yield the pods that the namespace would refuse, and what a workload's pod should not be."""
    levels = {
        a.namespace: a.namespace_labels[LABEL]
        for a in environment.applications
        if LABEL in a.namespace_labels
    }
    levels |= {n.name: n.labels[LABEL] for n in environment.of_kind("Namespace") if LABEL in n.labels}
    for pod in pods(environment):
        level = levels.get(pod.namespace, "privileged")
        if level != "privileged":
            yield from (f"{pod}: {complaint}" for complaint in LEVELS[level](pod))
        if pod.owner.project == "workloads":
            yield from (f"{pod}: {complaint}" for complaint in _beyond(pod))
            if level != "restricted":
                yield f"{pod}: namespace {pod.namespace} does not enforce the level restricted"


def _beyond(pod: Pod) -> Iterator[str]:
    """What no level asks for, and a workload has all the same."""
    if pod.spec.get("automountServiceAccountToken") is not False:
        yield "automountServiceAccountToken is not false"
    for container in pod.containers:
        where = f"container {container['name']}"
        if (container.get("securityContext") or {}).get("readOnlyRootFilesystem") is not True:
            yield f"{where}: readOnlyRootFilesystem is not true"
        resources = container.get("resources") or {}
        for part, resource in (("requests", "cpu"), ("requests", "memory"), ("limits", "memory")):
            if resource not in (resources.get(part) or {}):
                yield f"{where}: resources.{part}.{resource} is not set"
