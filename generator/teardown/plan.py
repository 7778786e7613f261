"""What there is in a cluster, for a person to agree to its end."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.teardown import kinds
from generator.teardown.kinds import named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.cluster.client import Cluster


class Plan(NamedTuple):
    """Names of what is there: Applications, what load balancers hang on, claims with their data."""

    applications: list[str]
    traffic: list[str]
    claims: list[str]

    def __str__(self) -> str:
        parts = [
            _counted(self.applications, "Application", "Applications"),
            _counted(self.traffic, "object that a load balancer serves", "objects that load balancers serve"),
            _counted(self.claims, "volume with its data", "volumes with their data"),
        ]
        return ", ".join(filter(None, parts)) or "nothing"


def of(cluster: Cluster) -> Plan:
    """Look; raises ClusterError when the API refuses, or cannot be asked."""
    return Plan(
        [named(a) for a in kinds.APPLICATIONS.all(cluster)],
        [f"{kind.title} {named(thing)}" for kind, thing in traffic(cluster)],
        [named(c) for c in kinds.CLAIMS.all(cluster)],
    )


def traffic(cluster: Cluster) -> Iterator[tuple[kinds.Kind, kinds.Document]]:
    """Yield what the load balancer controller has made something in AWS for, or registered targets."""
    for kind in (kinds.BINDINGS, kinds.INGRESSES):
        yield from ((kind, thing) for thing in kind.all(cluster))
    for service in kinds.SERVICES.all(cluster):
        if service.get("spec", {}).get("type") == "LoadBalancer" or _held(service):
            yield kinds.SERVICES, service


def _held(service: kinds.Document) -> bool:
    finalizers = service["metadata"].get("finalizers") or ()
    return any(kinds.owner(finalizer) == kinds.LOAD_BALANCERS for finalizer in finalizers)


def _counted(names: list[str], one: str, many: str) -> str:
    return f"{len(names)} {one if len(names) == 1 else many}" if names else ""
