"""What the cluster has of an environment, read at once: Argo CD's objects, and pods."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, NamedTuple

from generator.cluster.errors import Forbidden, NotBootstrapped, NotServed, WrongCluster

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from generator.cluster.client import Cluster

    Documents = list[dict[str, Any]]

ARGO = "argoproj.io/v1alpha1"
NAMESPACE = "argocd"
APPLICATIONS = (ARGO, "applications", NAMESPACE)
PROJECTS = (ARGO, "appprojects", NAMESPACE)
SETS = (ARGO, "applicationsets", NAMESPACE)
PODS = ("v1", "pods", None)
DEPLOYMENTS = ("apps/v1", "deployments", None)
UNFINISHED = "status.phase!=Succeeded"
"""Of the pods; those of jobs that ended well are many, and say nothing."""
ROOT = "root"
_RENDERED = re.compile(r"rendered/[^/]+(?=/values/)")


class Asked(NamedTuple):
    """Who the cluster should be: the environment, and the source of its root Application."""

    environment: str
    repository: str
    path: str


class Snapshot(NamedTuple):
    """Lists of objects. `pods` is None where they may not be listed (`refused` says so).

    Deployments are asked for only when something is not well: they know why there are no pods.
    """

    applications: Documents
    projects: Documents
    sets: Documents
    pods: Documents | None
    refused: tuple[Forbidden, ...] = ()
    deployments: Sequence[dict[str, Any]] = ()


def status(cluster: Cluster, asked: Asked) -> Snapshot:
    """Read what `status` shows. Raises ClusterError; pods that may not be listed are left out."""
    with ThreadPoolExecutor(2) as pool:
        pods = pool.submit(_pods, cluster)
        applications = _argo(cluster, APPLICATIONS, asked)
        check(applications, asked, cluster.context.title)
        deployments, not_these = _deployments(cluster, applications)
        found, refused = pods.result()
    return Snapshot(applications, [], [], found, (*refused, *not_these), deployments)


def drift(cluster: Cluster, asked: Asked) -> Snapshot:
    """Read what `drift` compares. Raises ClusterError; pods that may not be listed are left out."""
    with ThreadPoolExecutor(4) as pool:
        pods = pool.submit(_pods, cluster)
        projects = pool.submit(_argo, cluster, PROJECTS, asked)
        sets = pool.submit(_optional, cluster, SETS)
        applications = _argo(cluster, APPLICATIONS, asked)
        check(applications, asked, cluster.context.title)
        found, refused = pods.result()
        return Snapshot(applications, projects.result(), sets.result(), found, refused)


def check(applications: Iterable[dict[str, Any]], asked: Asked, context: str) -> None:
    """Look at what the cluster says it is: the source of its root Application.

    Raises:
        WrongCluster: it follows something else, as another environment.
        NotBootstrapped: there is no Application at all.
    """
    named = {(a.get("metadata") or {}).get("name"): a for a in applications}
    if not named:
        raise NotBootstrapped(
            f"the cluster of context {context} has no Application: Argo CD follows nothing there",
            f"If it is {asked.environment}'s cluster: make bootstrap ENV={asked.environment}",
        )
    root = named.get(ROOT)
    if root is None:
        # Somebody deleted it; the report will say so. What it made still tells whose cluster it is.
        found = sorted({path for a in named.values() for path in _folders(a)})
        right = not found or asked.path.rpartition("/")[0] in found
        follows = f"its Applications read {', '.join(found)}"
    else:
        source = (root.get("spec") or {}).get("source") or {}
        path, repository = str(source.get("path") or ""), str(source.get("repoURL") or "")
        right = path.strip("/") == asked.path and _plain(repository) == _plain(asked.repository)
        follows = f"its root Application follows {path} of {repository}"
    if not right:
        raise WrongCluster(
            f"the cluster of context {context} is not {asked.environment}'s: {follows}, not {asked.path} of "
            f"{asked.repository}",
            "Give the right context: CONTEXT=NAME (--context NAME). kubectl config get-contexts lists them.",
        )


def _folders(application: dict[str, Any]) -> set[str]:
    """Return the folders `rendered/<environment>` that an Application reads its values from."""
    spec = application.get("spec") or {}
    files = [
        str(file)
        for source in (*(spec.get("sources") or ()), spec.get("source") or {})
        for file in (source.get("helm") or {}).get("valueFiles") or ()
    ]
    return {found[0] for file in files if (found := _RENDERED.search(file))}


def _plain(address: str) -> str:
    return address.strip().lower().removesuffix("/").removesuffix(".git")


def _argo(cluster: Cluster, what: tuple[str, str, str], asked: Asked) -> Documents:
    try:
        return cluster.list(*what)
    except NotServed:
        raise NotBootstrapped(
            f"the cluster of context {cluster.context.title} has no Argo CD",
            f"If it is {asked.environment}'s cluster: make bootstrap ENV={asked.environment}",
        ) from None


def _optional(cluster: Cluster, what: tuple[str, str, str]) -> Documents:
    try:
        return cluster.list(*what)
    except NotServed:
        return []


def _deployments(cluster: Cluster, applications: Documents) -> tuple[Documents, tuple[Forbidden, ...]]:
    healths = {((a.get("status") or {}).get("health") or {}).get("status") for a in applications}
    if healths <= {"Healthy"}:
        return [], ()
    try:
        return cluster.list(*DEPLOYMENTS), ()
    except Forbidden as forbidden:
        return [], (forbidden,)


def _pods(cluster: Cluster) -> tuple[Documents | None, tuple[Forbidden, ...]]:
    try:
        return cluster.list(*PODS, field_selector=UNFINISHED), ()
    except Forbidden as forbidden:
        return None, (forbidden,)
