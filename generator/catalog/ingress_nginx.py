"""ingress-nginx: receives every request inside the cluster, behind the load balancer's target group."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.catalog.known import IngressController, Known, Retired

if TYPE_CHECKING:
    from generator.model import Component, Environment

INGRESS_CLASS = "nginx"


def _values(environment: Environment, _component: Component) -> dict[str, Any]:
    return {
        "controller": {
            # Kubernetes spreads replicas over zones only when told; two are the least that survives one.
            "replicaCount": environment.network.zones,
            "minAvailable": 1,
            "topologySpreadConstraints": [
                {
                    "maxSkew": 1,
                    "topologyKey": "topology.kubernetes.io/zone",
                    "whenUnsatisfiable": "ScheduleAnyway",
                    "labelSelector": {
                        "matchLabels": {
                            "app.kubernetes.io/name": "ingress-nginx",
                            "app.kubernetes.io/component": "controller",
                        }
                    },
                }
            ],
            "ingressClassResource": {"name": INGRESS_CLASS, "enabled": True, "default": False},
            # Terraform makes the load balancer; a TargetGroupBinding registers the pods.
            "service": {"type": "ClusterIP"},
            "publishService": {"enabled": False},
            "allowSnippetAnnotations": False,
            "networkPolicy": {"enabled": True},
            "metrics": {"enabled": True},
            "config": {
                "annotations-risk-level": "Medium",
                "hide-headers": "X-Powered-By,Server",
                "ssl-protocols": "TLSv1.2 TLSv1.3",
            },
        }
    }


COMPONENT = Known(
    # The end-to-end tested range of the last release (ingress-nginx README, chart 4.15.1).
    kubernetes=("1.31", "1.35"),
    retired=Retired("2026-03-31", "no fixes, not even for security holes (kubernetes.io, 2025-11-11)"),
    ingress=IngressController(
        class_name=INGRESS_CLASS,
        service="ingress-nginx-controller",
        port="https",
        pod_labels={"app.kubernetes.io/name": "ingress-nginx", "app.kubernetes.io/component": "controller"},
        annotations={},
    ),
    values=_values,
)
