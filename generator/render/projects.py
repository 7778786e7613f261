"""AppProjects: the fences around what each group of Applications may do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.model.kubernetes import ARGOCD_NAMESPACE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from generator.model import Environment
    from generator.model.settings import SyncWindow

ROOT, COMPONENTS, EDGE_PROJECT, WORKLOADS = "root", "components", "edge", "workloads"
SERVER = "https://kubernetes.default.svc"
_ANY = [{"group": "*", "kind": "*"}]

# Kubernetes' own, where no workload has business.
_SYSTEM_NAMESPACES = ("default", "kube-node-lease", "kube-public", "kube-system")

# What the chart `edge` makes, and nothing else.
_EDGE_CLUSTER_KINDS = (
    ("", "Namespace"),
    ("scheduling.k8s.io", "PriorityClass"),
    ("storage.k8s.io", "StorageClass"),
)
_EDGE_KINDS = (
    ("", "ResourceQuota"),
    ("", "ServiceAccount"),
    ("elbv2.k8s.aws", "TargetGroupBinding"),
    ("external-secrets.io", "SecretStore"),
    ("networking.k8s.io", "NetworkPolicy"),
)

# What the chart `workload` makes, and nothing else: no identity, no store, nothing cluster-wide.
_WORKLOAD_KINDS = (
    ("", "Service"),
    ("apps", "Deployment"),
    ("autoscaling", "HorizontalPodAutoscaler"),
    ("batch", "CronJob"),
    ("batch", "Job"),
    ("external-secrets.io", "ExternalSecret"),
    ("networking.k8s.io", "Ingress"),
    ("networking.k8s.io", "NetworkPolicy"),
    ("policy", "PodDisruptionBudget"),
)


def projects(environment: Environment) -> Iterator[dict[str, Any]]:
    """Yield the AppProjects of an environment.

    Namespaces are fenced by who must stay out, not by who is there now: with a workload's Application its
    namespace would leave a list too, and Argo CD deletes and prunes nothing where the project does not
    permit it, so that all of the workload went on running without an Application.
    """
    repository = environment.platform.repository.url
    yield _project(
        ROOT,
        "The app of apps: Applications and AppProjects in Argo CD's own namespace.",
        repositories=[repository],
        namespaces=[ARGOCD_NAMESPACE],
        cluster=[],
        namespaced=_kinds(("argoproj.io", "Application"), ("argoproj.io", "AppProject")),
    )
    windows = [_window(w) for w in environment.sync_windows]
    components = {*_SYSTEM_NAMESPACES, ARGOCD_NAMESPACE, *(c.namespace for c in environment.components)}
    yield _project(
        COMPONENTS,
        "Third-party charts that the platform needs.",
        repositories=[repository, *(c.repository for c in environment.components)],
        namespaces=["*"],
        cluster=_ANY,
        namespaced=_ANY,
        windows=windows,
    )
    yield _project(
        EDGE_PROJECT,
        "What the workloads find ready, and the load balancer's way to the ingress controller.",
        repositories=[repository],
        namespaces=["*", *_not(components - {environment.ingress_namespace})],
        cluster=_kinds(*_EDGE_CLUSTER_KINDS),
        namespaced=_kinds(*_EDGE_KINDS),
        windows=windows,
    )
    yield _project(
        WORKLOADS,
        "The team's services and jobs, each in its own namespace.",
        repositories=[repository],
        namespaces=["*", *_not(components)],
        cluster=[],
        namespaced=_kinds(*_WORKLOAD_KINDS),
        windows=windows,
    )


def _not(namespaces: Iterable[str]) -> Iterator[str]:
    """Refuse namespaces, whatever else permits them (argo-cd docs, user-guide/projects.md)."""
    return (f"!{namespace}" for namespace in namespaces)


def _kinds(*kinds: tuple[str, str]) -> list[dict[str, str]]:
    return [{"group": group, "kind": kind} for group, kind in kinds]


def _window(window: SyncWindow) -> dict[str, Any]:
    """An incident does not wait for the window: a person may sync at any time."""
    return {
        "kind": window.kind,
        "schedule": window.schedule,
        "duration": window.duration,
        "timeZone": window.time_zone,
        "applications": ["*"],
        "manualSync": True,
    }


def _project(
    name: str,
    description: str,
    *,
    repositories: Iterable[str],
    namespaces: Iterable[str],
    cluster: list[dict[str, str]],
    namespaced: list[dict[str, str]],
    windows: list[dict[str, Any]] | None = None,
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
            **({"syncWindows": windows} if windows else {}),
        },
    }
