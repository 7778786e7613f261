"""Every pod's ServiceAccount exists in its namespace, and every binding's role and subjects exist."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.manifests import cluster
from tests.manifests.pods import pods

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.manifests.model import Environment, Manifest


def check(environment: Environment) -> Iterator[str]:
    """Yield who is named and is not there."""
    for pod in pods(environment):
        name = pod.spec.get("serviceAccountName", "default")
        if not _account(environment, name, pod.namespace):
            yield f"{pod}: there is no ServiceAccount {name} in namespace {pod.namespace}"
    for binding in environment.of_kind("RoleBinding", "ClusterRoleBinding"):
        yield from _binding(environment, binding)


def _account(environment: Environment, name: str, namespace: str) -> bool:
    known = name in cluster.SERVICE_ACCOUNTS
    return known or environment.find("ServiceAccount", name, namespace) is not None


def _binding(environment: Environment, binding: Manifest) -> Iterator[str]:
    kind, name = binding.content["roleRef"]["kind"], binding.content["roleRef"]["name"]
    if kind == "ClusterRole":
        known = name in cluster.CLUSTER_ROLES or environment.find(kind, name) is not None
    else:
        known = environment.find(kind, name, binding.namespace) is not None
        known |= binding.namespace == "kube-system" and name in cluster.CONFIGURATION_ROLES
    if not known:
        yield f"{binding}: there is no {kind} {name}"
    for subject in binding.content.get("subjects") or []:
        if subject["kind"] == "ServiceAccount":
            namespace = subject.get("namespace", binding.namespace)
            if not _account(environment, subject["name"], namespace):
                yield f"{binding}: there is no ServiceAccount {subject['name']} in namespace {namespace}"
