"""Every rule of a NetworkPolicy leads somewhere: pods are there, listen on the port, and let each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.manifests.network import Endpoint, Network, Port, covers, rules

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.manifests.model import Environment, Manifest

    Object = dict[str, Any]


def check(environment: Environment) -> Iterator[str]:
    """Yield the rules that let nobody through."""
    network = Network(environment)
    for policy in network.policies:
        for rule in rules(policy, "Egress"):
            yield from _egress(network, policy, rule)
        for rule in rules(policy, "Ingress"):
            yield from _ingress(network, policy, rule)


def _egress(network: Network, policy: Manifest, rule: Object) -> Iterator[str]:
    for peer in _pod_peers(rule.get("to")):
        there = network.peers(policy, peer)
        if not there:
            yield f"{policy}: lets out to {_words(peer)}, where there is no pod"
            continue
        for entry in rule.get("ports") or []:
            way = f"lets out to port {_port(entry)} of {_words(peer)}"
            open_ports = _open_ports(there, entry)
            if not open_ports:
                yield f"{policy}: {way}, where nobody listens"
                continue
            for subject in network.subjects(policy):
                if not any(network.lets_in(subject, endpoint, port) for endpoint, port in open_ports):
                    yield f"{policy}: {way}, which does not let it in"


def _ingress(network: Network, policy: Manifest, rule: Object) -> Iterator[str]:
    subjects = network.subjects(policy)
    for entry in rule.get("ports") or []:
        open_ports = _open_ports(subjects, entry)
        if not open_ports:
            yield f"{policy}: lets in to port {_port(entry)}, where nobody listens"
            continue
        for peer in _pod_peers(rule.get("from")):
            way = f"lets in to port {_port(entry)} from {_words(peer)}"
            there = network.peers(policy, peer)
            if not there:
                yield f"{policy}: {way}, where there is no pod"
            elif not any(network.lets_out(source, *target) for source in there for target in open_ports):
                yield f"{policy}: {way}, which does not let it out"


def _open_ports(endpoints: list[Endpoint], entry: Object) -> list[tuple[Endpoint, Port]]:
    """Where the pods listen, as far as an entry of a rule's `ports` means it."""
    return [(e, port) for e in endpoints for port in sorted(e.ports) if covers(entry, port)]


def _pod_peers(peers: list[Object] | None) -> list[Object]:
    return [peer for peer in peers or [] if "ipBlock" not in peer]


def _port(entry: Object) -> str:
    return f"{entry.get('protocol', 'TCP')}/{entry.get('port', 'any')}"


def _words(peer: Object) -> str:
    """`namespace payments, pods app=web`, for people."""
    found = []
    for key, what in (("namespaceSelector", "namespace"), ("podSelector", "pods")):
        if key in peer:
            labels = peer[key].get("matchLabels") or {}
            names = [v if k.endswith("metadata.name") else f"{k}={v}" for k, v in labels.items()]
            found.append(f"{what} {' '.join(names) or 'of any labels'}")
    return ", ".join(found)
