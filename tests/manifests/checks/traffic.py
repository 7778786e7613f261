"""Every request arrives: the load balancer's at each Ingress, a workload's at what its variables name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.manifests.network import Network
from tests.manifests.pods import Pod, pods, selected, service_port

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.manifests.model import Environment, Manifest

    Object = dict[str, Any]

# http://payments.payments:8080; a host of two words is a Service and its namespace.
ADDRESS = re.compile(
    r"http://(?P<service>[-a-z0-9]+)\.(?P<namespace>[-a-z0-9]+)(\.svc(\.cluster\.local)?)?(:(?P<port>\d+))?(/|$)"
)


class Request(NamedTuple):
    """What a pod asks of a Service; `where` says who wants it so."""

    where: str
    source: Pod
    service: str
    namespace: str
    port: int | str


def check(environment: Environment) -> Iterator[str]:
    """Yield the requests that no Service takes or a policy stops."""
    network = Network(environment)
    for request in [*_from_outside(environment), *_from_inside(environment)]:
        service = environment.find("Service", request.service, request.namespace)
        if service is None:
            yield f"{request.where}: there is no Service {request.service} in namespace {request.namespace}"
            continue
        entry = service_port(service, request.port)
        if entry is None:
            yield f"{request.where}: Service {service.name} has no port {request.port}"
        elif not _passes(environment, network, request.source, service, entry):
            target = f"Service {service.name} of namespace {service.namespace}"
            yield f"{request.where}: the policies do not let {request.source.owner.name} reach {target}"


def _from_outside(environment: Environment) -> Iterator[Request]:
    """What the load balancer's targets hand on, for each path of each Ingress."""
    for binding in environment.of_kind("TargetGroupBinding"):
        bound = environment.find("Service", binding.spec["serviceRef"]["name"], binding.namespace)
        controllers = selected(environment, bound) if bound else []  # without: a matter of the check of ports
        for controller in controllers:
            for ingress in environment.of_kind("Ingress"):
                for rule in ingress.spec.get("rules") or []:
                    for path in rule["http"]["paths"]:
                        to = path["backend"]["service"]
                        port = to["port"].get("name") or to["port"]["number"]
                        yield Request(str(ingress), controller, to["name"], ingress.namespace, port)


def _from_inside(environment: Environment) -> Iterator[Request]:
    """What the variables of a workload name."""
    for pod in pods(environment):
        for container in pod.containers:
            for variable in container.get("env") or []:
                match = ADDRESS.match(variable.get("value") or "")
                if match:
                    where, port = f"{pod}: {variable['name']}", int(match["port"] or 80)
                    yield Request(where, pod, match["service"], match["namespace"], port)


def _passes(
    environment: Environment, network: Network, source: Pod, service: Manifest, entry: Object
) -> bool:
    """Whether the policies let a pod reach every kind of pod behind a Service."""
    target = entry.get("targetPort", entry["port"])
    by_owner = {endpoint.who: endpoint for endpoint in network.endpoints}
    return all(
        network.passes(by_owner[str(source)], by_owner[str(pod)], port)
        for pod in selected(environment, service)
        for port in by_owner[str(pod)].ports
        if target in (port.number, port.name)
    )
