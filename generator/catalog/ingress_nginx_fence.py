"""The NetworkPolicy around ingress-nginx, which its chart cannot make: who may reach what of it.

`controller.networkPolicy.enabled` makes a policy without `from`, so that any pod reaches the admission
webhook, through which a request alone once took over the controller (CVE-2025-1974); and the chart has no
`extraObjects`. Addresses instead of labels where the other side is no pod; the VPC CNI enforces it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from generator.model import Component, Environment

POD_LABELS = {"app.kubernetes.io/name": "ingress-nginx", "app.kubernetes.io/component": "controller"}
_HTTPS = 443
_WEBHOOK = 8443
METRICS_PORT = 10254
_DNS = 53


def objects(environment: Environment, component: Component) -> list[dict[str, Any]]:
    """Return the policy: requests in from the load balancer, out to the routed workloads."""
    subnets = environment.network.subnets.values()
    control_plane = [str(s.intra) for s in subnets]  # where the API server's network interfaces are
    api_server = f"{environment.cluster.service_cidr.network_address + 1}/32"  # the Service `kubernetes`
    return [
        {
            "apiVersion": "networking.k8s.io/v1",
            "kind": "NetworkPolicy",
            "metadata": {"name": "ingress-nginx-fence", "namespace": component.namespace},
            "spec": {
                "podSelector": {"matchLabels": POD_LABELS},
                "policyTypes": ["Ingress", "Egress"],
                "ingress": [
                    {"from": _blocks(environment.load_balancer_subnets), "ports": [_tcp(_HTTPS)]},
                    {"from": _blocks(control_plane), "ports": [_tcp(_WEBHOOK)]},
                    *_observers(environment),
                ],
                "egress": [
                    {
                        "to": [
                            {**_namespace("kube-system"), "podSelector": _labels(**{"k8s-app": "kube-dns"})}
                        ],
                        "ports": [{"protocol": "UDP", "port": _DNS}, _tcp(_DNS)],
                    },
                    {"to": _blocks([*control_plane, api_server]), "ports": [_tcp(_HTTPS)]},
                    *(
                        {"to": [_namespace(workload.namespace)], "ports": [_tcp(workload.settings.port)]}
                        for workload in environment.workloads
                        if workload.settings.routes and workload.settings.port is not None
                    ),
                ],
            },
        }
    ]


def _observers(environment: Environment) -> Iterator[dict[str, Any]]:
    for component in environment.components:
        if component.name == "opentelemetry-collector":
            yield {"from": [_namespace(component.namespace)], "ports": [_tcp(METRICS_PORT)]}


def _blocks(cidrs: Iterable[str]) -> list[dict[str, Any]]:
    return [{"ipBlock": {"cidr": cidr}} for cidr in cidrs]


def _namespace(name: str) -> dict[str, Any]:
    return {"namespaceSelector": _labels(**{"kubernetes.io/metadata.name": name})}


def _labels(**labels: str) -> dict[str, Any]:
    return {"matchLabels": labels}


def _tcp(port: int) -> dict[str, Any]:
    return {"protocol": "TCP", "port": port}
