"""Who may talk to whom: NetworkPolicies as the cluster evaluates them.

A direction in which no policy selects a pod is open; one policy is enough to let a connection through.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.manifests import cluster
from tests.manifests.pods import pods
from tests.manifests.selectors import selects

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.manifests.model import Environment, Manifest

    Object = dict[str, Any]

NAME_LABEL = "kubernetes.io/metadata.name"  # put on every namespace by Kubernetes


class Port(NamedTuple):
    """Where a pod listens; `name` is "" for a port without one."""

    protocol: str
    number: int
    name: str = ""


class Endpoint(NamedTuple):
    """Pods that are alike, as the network sees them."""

    who: str
    namespace: str
    labels: dict[str, str]
    ports: frozenset[Port]


class Network:
    """The pods of an environment, those of EKS add-ons too, and the policies between them."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self.policies = list(environment.of_kind("NetworkPolicy"))

    @cached_property
    def endpoints(self) -> list[Endpoint]:
        own = [
            Endpoint(str(pod), pod.namespace, pod.labels, frozenset(_ports(pod.ports)))
            for pod in pods(self._environment)
        ]
        add_ons = [
            Endpoint("an EKS add-on", namespace, labels, frozenset(Port(*port) for port in ports))
            for namespace, labels, ports in cluster.ADD_ON_PODS
        ]
        return own + add_ons

    @cached_property
    def _namespaces(self) -> dict[str, dict[str, str]]:
        """The labels of each namespace."""
        names = {endpoint.namespace for endpoint in self.endpoints}
        made = {namespace.name: namespace.labels for namespace in self._environment.of_kind("Namespace")}
        return {name: {**made.get(name, {}), NAME_LABEL: name} for name in names | made.keys()}

    def subjects(self, policy: Manifest) -> list[Endpoint]:
        """The pods that a policy is about."""
        return [e for e in self.endpoints if _is_about(policy, e)]

    def peers(self, policy: Manifest, peer: Object) -> list[Endpoint]:
        """The pods that an entry of `to` or `from` means; none for an address."""
        return [e for e in self.endpoints if self._is_peer(policy, peer, e)]

    def passes(self, source: Endpoint, target: Endpoint, port: Port) -> bool:
        """Whether the policies of both sides let a connection through."""
        return self.lets_out(source, target, port) and self.lets_in(source, target, port)

    def lets_out(self, source: Endpoint, target: Endpoint, port: Port) -> bool:
        return self._lets("Egress", source, target, port)

    def lets_in(self, source: Endpoint, target: Endpoint, port: Port) -> bool:
        return self._lets("Ingress", target, source, port)

    def _lets(self, direction: str, subject: Endpoint, other: Endpoint, port: Port) -> bool:
        about = [p for p in self.policies if _is_about(p, subject) and direction in directions(p)]
        return not about or any(
            self._admits(policy, rule, other, port) for policy in about for rule in rules(policy, direction)
        )

    def _admits(self, policy: Manifest, rule: Object, other: Endpoint, port: Port) -> bool:
        entries, who = rule.get("ports"), rule.get("from") or rule.get("to")
        if entries and not any(covers(entry, port) for entry in entries):
            return False
        return not who or any(self._is_peer(policy, peer, other) for peer in who)

    def _is_peer(self, policy: Manifest, peer: Object, endpoint: Endpoint) -> bool:
        if "ipBlock" in peer:
            return False
        if "namespaceSelector" in peer:
            near = selects(peer["namespaceSelector"], self._namespaces[endpoint.namespace])
        else:
            near = endpoint.namespace == policy.namespace
        return near and selects(peer.get("podSelector", {}), endpoint.labels)


def rules(policy: Manifest, direction: str) -> list[Object]:
    found: list[Object] = policy.spec.get(direction.lower()) or []
    return found


def directions(policy: Manifest) -> list[str]:
    """The directions that a policy closes, what its rules allow aside."""
    implied = ["Ingress", *(["Egress"] if policy.spec.get("egress") else [])]
    found: list[str] = policy.spec.get("policyTypes") or implied
    return found


def covers(entry: Object, port: Port) -> bool:
    """Whether an entry of a rule's `ports` means a port; one without a number means all of its protocol."""
    if entry.get("protocol", "TCP") != port.protocol:
        return False
    wanted = entry.get("port")
    if isinstance(wanted, int):
        last: int = entry.get("endPort", wanted)
        return wanted <= port.number <= last
    return wanted in (None, port.name)


def _is_about(policy: Manifest, endpoint: Endpoint) -> bool:
    return policy.namespace == endpoint.namespace and selects(policy.spec["podSelector"], endpoint.labels)


def _ports(declared: list[Object]) -> Iterator[Port]:
    for port in declared:
        yield Port(port.get("protocol", "TCP"), port["containerPort"], port.get("name", ""))
