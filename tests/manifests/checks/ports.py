"""Every port that is named exists: a Service's on its pods, an Ingress's on its Service, a probe's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.manifests.pods import Pod, pods, selected, service_port

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.manifests.model import Environment, Manifest

    Object = dict[str, Any]

EXCEPTIONS = {
    "aws-load-balancer-controller: *Probe asks port 61779, *": "the controller listens there unless "
    "--health-probe-bind-addr says otherwise; its chart does not declare it",
    "opentelemetry-collector: *Probe asks port 13133, *": "the extension health_check listens there; a port "
    "that is declared would be the node's too",
}


def check(environment: Environment) -> Iterator[str]:
    """Yield the ports that nobody listens on."""
    for service in environment.of_kind("Service"):
        yield from _service(environment, service)
    for ingress in environment.of_kind("Ingress"):
        for backend in _backends(ingress):
            port = backend["port"].get("name") or backend["port"]["number"]
            yield from _reach(environment, ingress, ingress.namespace, backend["name"], port)
    for binding in environment.of_kind("TargetGroupBinding"):
        to = binding.spec["serviceRef"]
        yield from _reach(environment, binding, binding.namespace, to["name"], to["port"])
    for pod in pods(environment):
        yield from _probes(pod)


def _service(environment: Environment, service: Manifest) -> Iterator[str]:
    for port in service.spec.get("ports") or []:
        target = port.get("targetPort", port["port"])
        for pod in selected(environment, service):
            if not pod.numbers(target, port.get("protocol", "TCP")):
                deaf = pod.owner.name
                yield f"{service}: port {port['port']} goes to {target}, where {deaf} does not listen"


def _backends(ingress: Manifest) -> Iterator[Object]:
    rules = ingress.spec.get("rules") or []
    paths = [path for rule in rules for path in rule["http"]["paths"]]
    default = ingress.spec.get("defaultBackend")
    for backend in [*(path["backend"] for path in paths), *([default] if default else [])]:
        yield backend["service"]


def _reach(
    environment: Environment, user: Manifest, namespace: str, name: str, port: int | str
) -> Iterator[str]:
    service = environment.find("Service", name, namespace)
    if service is None:
        yield f"{user}: there is no Service {name} in namespace {namespace}"
    elif service_port(service, port) is None:
        yield f"{user}: Service {name} has no port {port}"


def _probes(pod: Pod) -> Iterator[str]:
    for container in pod.containers:
        ports = container.get("ports") or []
        declared = {p["containerPort"] for p in ports} | {p.get("name") for p in ports}
        calls = {
            f"{kind}Probe": container.get(f"{kind}Probe") for kind in ("startup", "liveness", "readiness")
        }
        calls |= container.get("lifecycle") or {}
        for kind, call in calls.items():
            for means in ("httpGet", "tcpSocket", "grpc"):
                port = ((call or {}).get(means) or {}).get("port")
                if port is not None and port not in declared:
                    where = f"{pod}: container {container['name']}"
                    yield f"{where}: {kind} asks port {port}, which it does not declare"
