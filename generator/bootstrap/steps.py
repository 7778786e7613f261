"""The bootstrap: checks, then what is made, in order; every step looks first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.bootstrap import argo_cd, chart, objects, repository, rollout, waiting
from generator.bootstrap.checks import checks
from generator.bootstrap.clock import Deadline
from generator.bootstrap.progress import Progress
from generator.bootstrap.step import Step
from generator.cluster.errors import NotServed
from generator.model.kubernetes import ARGOCD_NAMESPACE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from generator.bootstrap.helm import Helm
    from generator.bootstrap.site import Site
    from generator.bootstrap.standing import Standing
    from generator.cluster.client import Cluster
    from generator.model import Component

    Events = Iterator[Step | Progress]


def bootstrap(site: Site) -> Events:
    """Yield what every step finds or does; ends with the first that somebody has to do something about.

    Raises:
        ClusterError: the API or helm refuses, or cannot be asked; all before it is done, and stays.
    """
    for part in (checks, _install, _apply, _wait):
        stopped = False
        for event in part(site):
            stopped = stopped or (isinstance(event, Step) and event.stops)
            yield event
        if stopped:
            return


def _install(site: Site) -> Events:
    """Namespace, credential, Argo CD; once it manages itself, Git alone says what it is."""
    cluster, helm, component = _found(site)
    folder = _folder(site)
    namespace = _namespace(folder / "argocd" / "apps" / f"{component.name}.yaml")
    itself = argo_cd.manages_itself(cluster)
    there = objects.find(cluster, namespace)
    if there and there["metadata"].get("deletionTimestamp"):
        fix = f"Wait until it is gone; if it does not go, make teardown ENV={site.environment.name} says why."
        yield Step("missing", f"namespace {ARGOCD_NAMESPACE} is being deleted", fix)
        return
    state = objects.apply(cluster, namespace, keep=itself)
    yield Step(state, f"namespace {ARGOCD_NAMESPACE}")
    if site.credential:
        yield Progress("keeping the repository's credential")
        yield repository.store(cluster, site.environment, site.credential)
    if itself:
        yield Step("ok", "Argo CD manages itself from Git")
    else:
        source = chart.of(component, site.wish.chart, helm)
        values = folder / "values" / f"{component.name}.yaml"
        yield from argo_cd.install(cluster, helm, component, source, values)
    yield from rollout.wait(cluster, Deadline(site.wish.timeout))


def _apply(site: Site) -> Events:
    """Apply what Argo CD starts from; once it has the root, projects are Git's."""
    cluster, _, _ = _found(site)
    folder = _folder(site) / "argocd"
    yield Progress("applying projects and root")
    for file in sorted((site.root / "argocd" / "bootstrap").glob("*.yaml")):
        states = [objects.apply(cluster, d) for d in objects.parsed(file.read_bytes())]
        yield objects.summed(states, f"{file.relative_to(site.root)}")
    begun = argo_cd.application(cluster, argo_cd.ROOT) is not None
    projects = list(objects.parsed((folder / "projects.yaml").read_bytes()))
    states = [objects.apply(cluster, project, keep=begun) for project in projects]
    names = ", ".join(project["metadata"]["name"] for project in projects)
    yield objects.summed(states, f"projects {names}")
    (root,) = objects.parsed((folder / "root.yaml").read_bytes())
    yield Step(objects.apply(cluster, root), f"Application {argo_cd.ROOT}: everything else comes from Git")


def _wait(site: Site) -> Events:
    """Wait for what Argo CD makes of it; where it syncs nothing by itself, say who does."""
    cluster, _, _ = _found(site)
    if not site.environment.sync.automated:
        fix = "argocd app sync root --core, then each release. make status ENV=... says how they stand."
        yield Step("warning", "sync.automated is false: Argo CD waits for a person", fix)
        return
    yield Progress("waiting for Argo CD to sync")
    yield from waiting.wait(
        cluster, site.environment, Deadline(site.wish.timeout), lambda standing: _pods(cluster, standing)
    )


def _pods(cluster: Cluster, standing: Standing) -> Iterator[str]:
    """Yield what the pods of a release say that is not Healthy."""
    found = standing.application
    if found and standing.namespace and found.health not in ("Healthy", "Missing"):
        try:
            yield from rollout.pods(cluster, standing.namespace)
        except NotServed:
            return


def _found(site: Site) -> tuple[Cluster, Helm, Component]:
    """Return what the checks have found: they have ended it where one of them is missing."""
    if site.cluster is None or site.helm is None or site.argo_cd is None:
        raise RuntimeError("the checks let pass what they must not")
    return site.cluster, site.helm, site.argo_cd


def _folder(site: Site) -> Path:
    return site.root / "rendered" / site.environment.name


def _namespace(application: Path) -> dict[str, Any]:
    """Return Argo CD's namespace with the labels that its own Application gives it later."""
    (document,) = objects.parsed(application.read_bytes())
    labels = document["spec"]["syncPolicy"].get("managedNamespaceMetadata", {}).get("labels", {})
    metadata = {"name": ARGOCD_NAMESPACE, **({"labels": labels} if labels else {})}
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": metadata}
