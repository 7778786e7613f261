"""Argo CD's objects: the root Application, the AppProjects and one Application per release."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.catalog import differences, known
from generator.catalog.known import NOT_AWAITED
from generator.model.kubernetes import ARGOCD_NAMESPACE, EDGE, EDGE_WAVE, WORKLOAD_WAVE
from generator.render import banner, objects
from generator.render.projects import COMPONENTS, EDGE_PROJECT, ROOT, SERVER, WORKLOADS, projects

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from generator.model import Component, Environment, Workload

# Deletes an Application's objects with it. Never on root, argo-cd and edge: deleting one by mistake must
# not take the whole cluster's applications, or its way in, along.
_FINALIZER = "resources-finalizer.argocd.argoproj.io"
_KEEP_OBJECTS = ("argo-cd",)
# Not for root: it would delete an Application only after all others are healthy, so that one sick workload
# kept every other one alive.
_PRUNE_LAST = "PruneLast=true"


def render(environment: Environment) -> Iterator[tuple[str, str]]:
    """Yield `argocd/root.yaml`, `argocd/projects.yaml` and `argocd/apps/<release>.yaml`."""
    own = f"environments/{environment.name}.yaml"
    yield "argocd/root.yaml", banner.yaml(own, _root(environment))
    yield "argocd/projects.yaml", banner.yaml(own, *projects(environment))
    for component in environment.components:
        source = f"components.{component.name} in environments/platform.yaml, or versions in {own}"
        yield f"argocd/apps/{component.name}.yaml", banner.yaml(source, _component(environment, component))
    source = f"ingress and workloads in environments/platform.yaml, or versions in {own}"
    yield f"argocd/apps/{EDGE}.yaml", banner.yaml(source, _edge(environment))
    for workload in environment.workloads:
        source = f"workloads.{workload.name} in environments/platform.yaml, or versions in {own}"
        yield f"argocd/apps/{workload.name}.yaml", banner.yaml(source, _workload(environment, workload))


def documents(environment: Environment) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the same objects as data, each with its file below the environment's folder."""
    yield "argocd/root.yaml", _root(environment)
    for project in projects(environment):
        yield "argocd/projects.yaml", project
    for component in environment.components:
        yield f"argocd/apps/{component.name}.yaml", _component(environment, component)
    yield f"argocd/apps/{EDGE}.yaml", _edge(environment)
    for workload in environment.workloads:
        yield f"argocd/apps/{workload.name}.yaml", _workload(environment, workload)


def _root(environment: Environment) -> dict[str, Any]:
    """Return the app of apps.

    It leaves itself out: its health is that of its children, so a degraded workload would fail the
    first wave of every sync, before any other release gets its turn.
    """
    folder = f"rendered/{environment.name}/argocd"
    return _application(
        environment,
        name="root",
        project=ROOT,
        namespace=ARGOCD_NAMESPACE,
        annotations={"argocd.argoproj.io/manifest-generate-paths": f"/{folder}"},
        source={
            "source": {
                **_repository(environment),
                "path": folder,
                "directory": {"recurse": True, "exclude": "root.yaml"},
            }
        },
        options=[],
    )


def _component(environment: Environment, component: Component) -> dict[str, Any]:
    values = f"rendered/{environment.name}/values/{component.name}.yaml"
    chart = {
        "repoURL": component.repository,
        "chart": component.chart,
        "targetRevision": component.version,
        "helm": {"releaseName": component.name, "valueFiles": [f"$values/{values}"]},
    }
    facts, paths = known(component.name), [f"/{values}"]
    ours = {**_repository(environment), "ref": "values"}
    if facts.objects:
        folder = f"rendered/{environment.name}/{objects.folder(component)}"
        ours["path"] = folder  # a source may give values and objects at once
        paths.append(f"/{folder}")
    options = [_PRUNE_LAST, "CreateNamespace=true"]
    if component.server_side_apply:
        options.append("ServerSideApply=true")
    if facts.ignore_differences:
        # Without it these fields are only not shown as different, and a sync writes them all the same.
        options.append("RespectIgnoreDifferences=true")
    application = _application(
        environment,
        name=component.name,
        project=COMPONENTS,
        namespace=component.namespace,
        annotations={
            **_annotations(component.wave, ";".join(paths)),
            **({} if facts.awaited else NOT_AWAITED),
        },
        source={"sources": [chart, ours]},
        options=options,
        finalizer=component.name not in _KEEP_OBJECTS,
    )
    if facts.ignore_differences:
        application["spec"]["ignoreDifferences"] = list(facts.ignore_differences)
    labels = _namespace_labels(environment, component.namespace)
    if labels:
        application["spec"]["syncPolicy"]["managedNamespaceMetadata"] = {"labels": labels}
    return application


def _namespace_labels(environment: Environment, namespace: str) -> dict[str, str]:
    """Return the labels of a components' namespace, the same from each Application that makes it."""
    level = environment.pod_security(namespace)
    modes = ("enforce", "audit", "warn") if level else ()
    labels = {f"pod-security.kubernetes.io/{mode}": level for mode in modes}
    if namespace == environment.ingress_namespace:
        # A pod of the controller counts as ready when the load balancer sends it requests, not before:
        # otherwise a drain could empty the target group (load balancer controller, pod_readiness_gate.md).
        labels["elbv2.k8s.aws/pod-readiness-gate-inject"] = "enabled"
    return labels


def _edge(environment: Environment) -> dict[str, Any]:
    return _own_chart(
        environment,
        chart="edge",
        name=EDGE,
        project=EDGE_PROJECT,
        namespace=environment.ingress_namespace,
        wave=EDGE_WAVE,
    )


def _workload(environment: Environment, workload: Workload) -> dict[str, Any]:
    scaled = bool(workload.settings.autoscaling)
    application = _own_chart(
        environment,
        chart="workload",
        name=workload.name,
        project=WORKLOADS,
        namespace=workload.namespace,
        wave=WORKLOAD_WAVE,
        options=["RespectIgnoreDifferences=true"] if scaled else [],
        finalizer=True,
    )
    if scaled:
        # The chart names no count then. When it did before, taking it out would mean one pod for a moment.
        application["spec"]["ignoreDifferences"] = [differences.replicas(workload.name)]
    return application


def _own_chart(
    environment: Environment,
    *,
    chart: str,
    name: str,
    project: str,
    namespace: str,
    wave: int,
    options: Iterable[str] = (),
    finalizer: bool = False,
) -> dict[str, Any]:
    options = [_PRUNE_LAST, *options]
    folder = f"argocd/charts/{chart}/{environment.charts[chart]}"
    values = f"/rendered/{environment.name}/values/{name}.yaml"
    source = {"path": folder, "helm": {"releaseName": name, "valueFiles": [values]}}
    return _application(
        environment,
        name=name,
        project=project,
        namespace=namespace,
        annotations=_annotations(wave, f"/{folder};{values}"),
        source={"source": {**_repository(environment), **source}},
        options=options,
        finalizer=finalizer,
    )


def _repository(environment: Environment) -> dict[str, str]:
    repository = environment.platform.repository
    return {"repoURL": repository.url, "targetRevision": repository.revision}


def _annotations(wave: int, paths: str) -> dict[str, str]:
    """Waves order the releases; the paths spare a refresh when a commit touched none of them."""
    return {
        "argocd.argoproj.io/sync-wave": str(wave),
        "argocd.argoproj.io/manifest-generate-paths": paths,
    }


def _application(
    environment: Environment,
    *,
    name: str,
    project: str,
    namespace: str,
    annotations: dict[str, str],
    source: dict[str, Any],
    options: Iterable[str],
    finalizer: bool = False,
) -> dict[str, Any]:
    return {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Application",
        "metadata": {
            "name": name,
            "namespace": ARGOCD_NAMESPACE,
            "labels": {"app.kubernetes.io/part-of": environment.platform.name},
            "annotations": annotations,
            **({"finalizers": [_FINALIZER]} if finalizer else {}),
        },
        "spec": {
            "project": project,
            **source,
            "destination": {"server": SERVER, "namespace": namespace},
            "syncPolicy": _sync_policy(environment, options),
        },
    }


def _sync_policy(environment: Environment, options: Iterable[str]) -> dict[str, Any]:
    sync = environment.sync
    automated = {"automated": {"prune": sync.prune, "selfHeal": sync.self_heal}} if sync.automated else {}
    return {
        **automated,
        # Terraform may need an hour for what the first sync waits for; a commit meanwhile may mend it.
        "retry": {
            "limit": 15,
            "backoff": {"duration": "10s", "factor": 2, "maxDuration": "5m"},
            "refresh": True,
        },
        # Two Applications that claim one object would undo each other for ever.
        "syncOptions": ["FailOnSharedResource=true", *options],
    }
