"""Argo CD itself, last: by then nothing waits for it. Then what helm leaves, and the namespaces."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.bootstrap import objects, proven, release
from generator.bootstrap.argo_cd import NAME
from generator.bootstrap.progress import Progress, lasting
from generator.bootstrap.step import Step
from generator.model.kubernetes import ARGOCD_NAMESPACE
from generator.teardown.kinds import DEFINITIONS, NAMESPACES, PROJECTS, Kind
from generator.teardown.waiting import Removal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from generator.bootstrap.helm import Helm
    from generator.cluster.client import Cluster
    from generator.model import Environment

    Document = dict[str, Any]

_GROUP = "argoproj.io"
_PART = "app.kubernetes.io/part-of=argocd"  # on everything of the chart
_ROLES = (
    Kind("rbac.authorization.k8s.io/v1", "clusterrolebindings", "ClusterRoleBinding"),
    Kind("rbac.authorization.k8s.io/v1", "clusterroles", "ClusterRole"),
)
_OF_KUBERNETES = ("default", "kube-node-lease", "kube-public", "kube-system")
_GOODBYE = "5m0s"


def projects(cluster: Cluster) -> Removal:
    """Return the removal of the AppProjects; Argo CD keeps one while Applications are in it."""

    def ask(kind: Kind, project: Document) -> None:
        kind.release(cluster, project)
        kind.delete(cluster, project)

    return Removal("projects", lambda: [(PROJECTS, p) for p in PROJECTS.all(cluster)], ask)


def uninstall(cluster: Cluster, helm: Helm) -> Iterator[Step | Progress]:
    """Have helm delete what it has installed.

    Raises:
        HelmFailed: helm cannot.
    """
    found = release.last(cluster, NAME, ARGOCD_NAMESPACE)
    if found is None:
        yield Step("ok", "helm release argo-cd: none there")
        return
    yield lasting("helm uninstalls Argo CD")
    with proven.options(cluster.context) as there:
        helm.run(
            *("uninstall", NAME, "--namespace", ARGOCD_NAMESPACE, *there),
            *("--timeout", _GOODBYE, "--ignore-not-found"),
            what="uninstall Argo CD",
        )
    yield Step("gone", "helm release argo-cd")


def remains(cluster: Cluster, root: Path) -> Removal:
    """Return the removal of what helm leaves: kinds that it keeps, and what later versions have added."""
    once = {
        (d["kind"], d["metadata"]["name"])
        for file in sorted((root / "argocd" / "bootstrap").glob("*.yaml"))
        for d in objects.parsed(file.read_bytes())
    }

    def find() -> list[tuple[Kind, Document]]:
        found = [(DEFINITIONS, d) for d in DEFINITIONS.all(cluster) if d["spec"]["group"] == _GROUP]
        for kind in _ROLES:
            parts = {r["metadata"]["name"] for r in cluster.list(kind.api_version, kind.plural, None, _PART)}
            found += [
                (kind, role)
                for role in kind.all(cluster)
                if role["metadata"]["name"] in parts or (kind.title, role["metadata"]["name"]) in once
            ]
        return found

    return Removal(
        "what Argo CD had outside of its namespace", find, lambda kind, thing: kind.delete(cluster, thing)
    )


def namespaces(cluster: Cluster, environment: Environment) -> Removal:
    """Return the removal of the platform's namespaces, with all that is still in them."""
    ours = {c.namespace for c in environment.components} | {w.namespace for w in environment.workloads}
    ours = (ours | {ARGOCD_NAMESPACE}) - set(_OF_KUBERNETES)

    def find() -> list[tuple[Kind, Document]]:
        return [(NAMESPACES, n) for n in NAMESPACES.all(cluster) if n["metadata"]["name"] in ours]

    return Removal("namespaces", find, lambda kind, thing: kind.delete(cluster, thing))
