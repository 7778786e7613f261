"""No project permits more than it must: workloads no store, no right, no namespace but their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.manifests import cluster

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.manifests.model import Environment, Manifest

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
        if any("*" in destination["namespace"] for destination in project.spec["destinations"]):
            yield f"{project}: permits namespaces by a pattern"
        kinds = project.spec.get("namespaceResourceWhitelist")
        if kinds is None:
            yield f"{project}: permits every kind in its namespaces"
        if project.name != "components" and any("*" in entry.values() for entry in _entries(project)):
            yield f"{project}: permits kinds by a pattern"
        if project.name == "workloads":
            yield from _workloads(environment, project)


def _workloads(environment: Environment, project: Manifest) -> Iterator[str]:
    for entry in project.spec.get("clusterResourceWhitelist") or []:
        yield f"{project}: permits {entry['kind']}, which belongs to the whole cluster"
    for entry in project.spec.get("namespaceResourceWhitelist") or []:
        if entry["kind"] in FORBIDDEN:
            yield f"{project}: permits {entry['kind']}"
    own = {a.namespace for a in environment.applications if a.project == project.name}
    for destination in project.spec["destinations"]:
        namespace = destination["namespace"]
        if namespace in cluster.NAMESPACES or namespace not in own:
            yield f"{project}: permits namespace {namespace}, which no workload has"


def _entries(project: Manifest) -> list[dict[str, str]]:
    lists = (project.spec.get(f"{scope}ResourceWhitelist") or [] for scope in ("cluster", "namespace"))
    return [entry for entries in lists for entry in entries]
