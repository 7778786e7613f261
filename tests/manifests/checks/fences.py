"""No project permits more than it must: workloads no store, no right and no component's namespace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.manifests import cluster
from tests.manifests.projects import goes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.manifests.model import Environment, Manifest

COMPONENTS, WORKLOADS = "components", "workloads"

# With any of these a workload could read another's secrets, or give itself rights or room.
FORBIDDEN = {
    *("ClusterExternalSecret", "ClusterSecretStore", "PushSecret", "SecretStore"),
    *("Role", "RoleBinding", "Secret", "ServiceAccount"),
    *("LimitRange", "Namespace", "ResourceQuota", "TargetGroupBinding"),
    *("Application", "ApplicationSet", "AppProject"),
}


def check(environment: Environment) -> Iterator[str]:
    """Yield what a project permits and should not."""
    for project in environment.of_kind("AppProject"):
        if "*" in project.spec["sourceRepos"]:
            yield f"{project}: permits every repository"
        kinds = project.spec.get("namespaceResourceWhitelist")
        if kinds is None:
            yield f"{project}: permits every kind in its namespaces"
        if project.name != COMPONENTS:
            if any("*" in entry.values() for entry in _entries(project)):
                yield f"{project}: permits kinds by a pattern"
            yield from _trespass(environment, project)
        if project.name == WORKLOADS:
            yield from _workloads(project)


def _workloads(project: Manifest) -> Iterator[str]:
    for entry in project.spec.get("clusterResourceWhitelist") or []:
        yield f"{project}: permits {entry['kind']}, which belongs to the whole cluster"
    for entry in project.spec.get("namespaceResourceWhitelist") or []:
        if entry["kind"] in FORBIDDEN:
            yield f"{project}: permits {entry['kind']}"


def _trespass(environment: Environment, project: Manifest) -> Iterator[str]:
    """The namespaces of Kubernetes and of components, where others have business only by their own name."""
    foreign = {a.namespace for a in environment.applications if a.project == COMPONENTS} | cluster.NAMESPACES
    if project.name != WORKLOADS:
        foreign -= {a.namespace for a in environment.applications if a.project == project.name}
    for namespace in sorted(foreign):
        if goes(project.spec, cluster.SERVER, namespace):
            yield f"{project}: permits namespace {namespace}, which is not for it"


def _entries(project: Manifest) -> list[dict[str, str]]:
    lists = (project.spec.get(f"{scope}ResourceWhitelist") or [] for scope in ("cluster", "namespace"))
    return [entry for entries in lists for entry in entries]
