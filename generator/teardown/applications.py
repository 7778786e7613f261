"""Applications: the root first, so that Git brings nothing back; then the others with all that they made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from generator.bootstrap.argo_cd import NAME, ROOT
from generator.model.kubernetes import EDGE
from generator.teardown import kinds
from generator.teardown.kinds import APPLICATIONS
from generator.teardown.waiting import Removal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from generator.cluster.client import Cluster
    from generator.model import Environment

    Document = dict[str, Any]

# Deleted last when Argo CD does not do it: with them goes what is in them, or the kind of others.
_LAST = ("CustomResourceDefinition", "Namespace")


class Group(NamedTuple):
    """Applications that go together; `mine` tells by the name which they are."""

    text: str
    mine: Callable[[str], bool]


def workloads(environment: Environment) -> Group:
    """Return those that the platform does not need itself: also what people have added by hand."""
    platform = {c.name for c in environment.components} | {EDGE, ROOT}
    return Group("workloads", lambda name: name not in platform)


def edge() -> Group:
    """Return what the workloads found ready: their namespaces, and the way of the load balancer."""
    return Group(EDGE, lambda name: name == EDGE)


def waves(environment: Environment) -> Iterator[Group]:
    """Yield the components by wave, the last one first; Argo CD itself is not among them."""
    others = [c for c in environment.components if c.name != NAME]
    for wave in sorted({c.wave for c in others}, reverse=True):
        names = {c.name for c in others if c.wave == wave}
        yield Group(f"components of wave {wave} ({', '.join(sorted(names))})", names.__contains__)


def without_cascade(cluster: Cluster, name: str) -> Removal:
    """Return the removal of one Application alone; what it made stays."""

    def ask(kind: kinds.Kind, application: Document) -> None:
        kind.release(cluster, application)
        kind.delete(cluster, application)

    return Removal(f"Application {name}", lambda: _found(cluster, name.__eq__), ask)


def with_cascade(cluster: Cluster, group: Group, *, abandon: bool) -> Removal:
    """Return the removal of a group with all that it made: by Argo CD, or, where that is gone, from here."""

    def ask(kind: kinds.Kind, application: Document) -> None:
        metadata = application["metadata"]
        if abandon:
            _made(cluster, application)
            kind.release(cluster, application)
        elif kinds.CASCADE not in (metadata.get("finalizers") or ()) and not metadata.get(
            "deletionTimestamp"
        ):
            change = {"metadata": {"finalizers": [*(metadata.get("finalizers") or ()), kinds.CASCADE]}}
            cluster.patch(kind.api_version, kind.plural, metadata["name"], change, metadata["namespace"])
        kind.delete(cluster, application)

    return Removal(group.text, lambda: _found(cluster, group.mine), ask)


def suspend(cluster: Cluster) -> int:
    """Have no Application bring back what is deleted beside it; return how many did."""
    active = [a for a in APPLICATIONS.all(cluster) if a["spec"].get("syncPolicy", {}).get("automated")]
    for application in active:
        metadata = application["metadata"]
        change = {"spec": {"syncPolicy": {"automated": None}}}
        cluster.patch(
            APPLICATIONS.api_version, APPLICATIONS.plural, metadata["name"], change, metadata["namespace"]
        )
    return len(active)


def _found(cluster: Cluster, mine: Callable[[str], bool]) -> list[tuple[kinds.Kind, Document]]:
    return [(APPLICATIONS, a) for a in APPLICATIONS.all(cluster) if mine(a["metadata"]["name"])]


def _made(cluster: Cluster, application: Document) -> None:
    """Delete what Argo CD wrote down that an Application has made."""
    made = (application.get("status") or {}).get("resources") or []
    for resource in sorted(made, key=lambda r: (r.get("kind") in _LAST, r.get("kind") == "Namespace")):
        group, version = resource.get("group") or "", resource.get("version") or "v1"
        api_version = f"{group}/{version}" if group else version
        served = next((r for r in cluster.resources(api_version) if r.kind == resource.get("kind")), None)
        if served:
            namespace = resource.get("namespace") if served.namespaced else None
            cluster.delete(api_version, served.plural, resource["name"], namespace)
