"""AppProjects: the fences around what each group of Applications may do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.model.environment import ARGOCD_NAMESPACE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from generator.model import Environment

ROOT, COMPONENTS, WORKLOADS = "root", "components", "workloads"
SERVER = "https://kubernetes.default.svc"
_ANY = [{"group": "*", "kind": "*"}]

# What the chart `workload` makes, and nothing else.
_WORKLOAD_KINDS = (
    ("", "Service"),
    ("", "ServiceAccount"),
    ("apps", "Deployment"),
    ("autoscaling", "HorizontalPodAutoscaler"),
    ("batch", "CronJob"),
    ("networking.k8s.io", "Ingress"),
    ("policy", "PodDisruptionBudget"),
)


def projects(environment: Environment) -> Iterator[dict[str, Any]]:
    """Yield the AppProjects of an environment."""
    repository = environment.platform.repository.url
    yield _project(
        ROOT,
        "The app of apps: Applications and AppProjects in Argo CD's own namespace.",
        repositories=[repository],
        namespaces=[ARGOCD_NAMESPACE],
        cluster=[],
        namespaced=[{"group": "argoproj.io", "kind": kind} for kind in ("Application", "AppProject")],
    )
    yield _project(
        COMPONENTS,
        "Third-party charts that the platform needs.",
        repositories=[repository, *(c.repository for c in environment.components)],
        # Charts of cluster services keep roles in kube-system, whatever their own namespace.
        namespaces=["kube-system", *(c.namespace for c in environment.components)],
        cluster=_ANY,
        namespaced=_ANY,
    )
    yield _project(
        WORKLOADS,
        "The team's services and jobs, each in its own namespace.",
        repositories=[repository],
        namespaces=[w.namespace for w in environment.workloads],
        cluster=[{"group": "", "kind": "Namespace"}],
        namespaced=[{"group": group, "kind": kind} for group, kind in _WORKLOAD_KINDS],
    )


def _project(
    name: str,
    description: str,
    *,
    repositories: Iterable[str],
    namespaces: Iterable[str],
    cluster: list[dict[str, str]],
    namespaced: list[dict[str, str]],
) -> dict[str, Any]:
    return {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "AppProject",
        "metadata": {
            "name": name,
            "namespace": ARGOCD_NAMESPACE,
            # Before every Application, none of which may exist without its project.
            "annotations": {"argocd.argoproj.io/sync-wave": "-100"},
        },
        "spec": {
            "description": description,
            "sourceRepos": sorted(set(repositories)),
            "destinations": [{"server": SERVER, "namespace": n} for n in sorted(set(namespaces))],
            "clusterResourceWhitelist": cluster,
            "namespaceResourceWhitelist": namespaced,
        },
    }
