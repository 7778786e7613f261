"""Every Application's project permits its sources, its namespaces and every kind that it makes."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from tests.manifests.projects import goes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.manifests.model import Environment, Manifest

    Object = dict[str, Any]


def check(environment: Environment) -> Iterator[str]:
    """Yield what Argo CD would refuse to sync."""
    for application in environment.applications:
        project = environment.find("AppProject", application.project, "argocd")
        if project is None:
            yield f"{application.name}: there is no AppProject {application.project}"
            continue
        where = f"{application.name}: AppProject/{project.name}"
        for source in application.sources:
            if not any(fnmatchcase(source.repository, url) for url in project.spec["sourceRepos"]):
                yield f"{where} does not permit the repository {source.repository}"
        made = [m for m in environment.manifests if m.release == application.name]
        for namespace in sorted({application.namespace, *(m.namespace for m in made if m.namespace)}):
            if not goes(project.spec, application.server, namespace):
                yield f"{where} does not permit the namespace {namespace}"
        for group, kind in sorted({(m.group, m.kind) for m in made if not _may(project.spec, m)}):
            yield f"{where} does not permit {kind} of {group or 'the core'}"


def _may(project: Object, manifest: Manifest) -> bool:
    """Cluster-wide kinds from a list alone; others all, where there is no list."""
    scope = "namespace" if manifest.namespace else "cluster"
    allowed = project.get(f"{scope}ResourceWhitelist")
    if allowed is None:
        allowed = [{"group": "*", "kind": "*"}] if scope == "namespace" else []
    refused = project.get(f"{scope}ResourceBlacklist") or []
    return _listed(allowed, manifest) and not _listed(refused, manifest)


def _listed(entries: list[Object], manifest: Manifest) -> bool:
    return any(
        fnmatchcase(manifest.group, e["group"]) and fnmatchcase(manifest.kind, e["kind"]) for e in entries
    )
