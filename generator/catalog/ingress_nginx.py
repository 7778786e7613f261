"""ingress-nginx: receives every request inside the cluster, behind the load balancer's target group.

The project is retired. To run a maintained fork of its image, keep the chart and set three values
(components.ingress-nginx.values.controller.image in environments/platform.yaml):

    image: {registry: registry.example.com, image: ingress-nginx/controller, tag: v1.15.9, digest: "..."}

or `digest: ""` to pin by the tag alone. A fork of the chart is `repository`, and `chart` if it has another
name. Both together run another controller that keeps the chart's values.

Its role reads Secrets and ConfigMaps of all namespaces: the chart can narrow that to one namespace only,
and the workloads have one each. What it may reach is narrowed by its fence instead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.catalog import ingress_nginx_config, ingress_nginx_fence
from generator.catalog.differences import ca_bundles, replicas
from generator.catalog.known import IngressController, Known, Retired
from generator.catalog.placement import CLUSTER_CRITICAL, EVICT_UNHEALTHY, resources, spread

if TYPE_CHECKING:
    from generator.model import Component, Environment

# A name of our own: what somebody else's chart says by default (nginx) must not be open to the world.
INGRESS_CLASS = "public"


def _values(environment: Environment, _component: Component) -> dict[str, Any]:
    return {
        "controller": {
            "config": ingress_nginx_config.config(environment),
            # Only Ingresses that name the class are its business, and only with a host of their own.
            "ingressClassResource": {
                "name": INGRESS_CLASS,
                "enabled": True,
                "default": False,
                "controllerValue": f"k8s.io/ingress-nginx-{INGRESS_CLASS}",
            },
            "ingressClass": INGRESS_CLASS,  # the same in the old annotation
            "watchIngressWithoutClass": False,
            "extraArgs": {
                "disable-catch-all": True,
                # What an Ingress reports as its address; Argo CD waits for there to be one.
                "publish-status-address": environment.api_host,
                # The load balancer still sends requests for a while after a pod was told to stop.
                "shutdown-grace-period": 30,
            },
            "publishService": {"enabled": False},
            "allowSnippetAnnotations": False,
            "enableAnnotationValidations": True,
            # Terraform makes the load balancer; a TargetGroupBinding registers the pods.
            "service": {"type": "ClusterIP"},
            # The chart's own policy opens every port to everybody, and policies only add up: see the fence.
            "networkPolicy": {"enabled": False},
            "admissionWebhooks": _admission(),
            "metrics": {"enabled": True},
            **_pods(environment),
        }
    }


def _admission() -> dict[str, Any]:
    job = {"resources": resources("10m", "32Mi", "128Mi")}
    return {
        "enabled": True,
        "createSecretJob": job,
        "patchWebhookJob": job,
        "patch": {"networkPolicy": {"enabled": True}},
    }


def _pods(environment: Environment) -> dict[str, Any]:
    """One in every zone, more under load; a rollout adds before it takes away."""
    least = environment.network.zones  # two or three
    return {
        "autoscaling": {
            "enabled": True,
            "minReplicas": least,
            "maxReplicas": 4 * least,
            "targetCPUUtilizationPercentage": 70,
            # Its memory hardly follows the load, so it would only ever scale up.
            "targetMemoryUtilizationPercentage": None,
            "behavior": {"scaleDown": {"stabilizationWindowSeconds": 300}},
        },
        "minAvailable": least - 1,
        "unhealthyPodEvictionPolicy": EVICT_UNHEALTHY,
        "topologySpreadConstraints": spread(ingress_nginx_fence.POD_LABELS),
        "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 0, "maxSurge": 1}},
        "minReadySeconds": 30,  # about as long as the load balancer needs to find a new target healthy
        "priorityClassName": CLUSTER_CRITICAL,
        # A reload doubles the worker processes until the old ones have drained.
        "resources": resources("200m", "256Mi", "1Gi"),
    }


COMPONENT = Known(
    # The end-to-end tested range of the last release (ingress-nginx README, chart 4.15.1).
    kubernetes=("1.31", "1.35"),
    retired=Retired("2026-03-31", "no fixes, not even for security holes (kubernetes.io, 2025-11-11)"),
    ingress=IngressController(
        class_name=INGRESS_CLASS,
        service="ingress-nginx-controller",
        port="https",
        pod_labels=ingress_nginx_fence.POD_LABELS,
        annotations={},
        metrics_port=ingress_nginx_fence.METRICS_PORT,
        metrics=(
            ("nginx_ingress_controller_requests", ("ingress", "status")),
            ("nginx_ingress_controller_config_last_reload_successful", ("controller_pod",)),
        ),
    ),
    ignore_differences=(
        # A job of the chart writes the bundle after it made the certificate.
        ca_bundles("ValidatingWebhookConfiguration", "ingress-nginx-admission"),
        replicas("ingress-nginx-controller"),
    ),
    pod_security="restricted",
    values=_values,
    objects=ingress_nginx_fence.objects,
)
