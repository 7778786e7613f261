"""metrics-server: CPU and memory figures for autoscaling."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.catalog.differences import secret_data
from generator.catalog.known import Known
from generator.catalog.placement import CLUSTER_CRITICAL, EVICT_UNHEALTHY, resources, spread

if TYPE_CHECKING:
    from generator.model import Component, Environment

_LABELS = {"app.kubernetes.io/name": "metrics-server", "app.kubernetes.io/instance": "metrics-server"}


def _values(_environment: Environment, _component: Component) -> dict[str, Any]:
    return {
        # By default the API server believes any pod that answers in its place, and whoever feigns load
        # decides how many replicas run.
        "apiService": {"insecureSkipTLSVerify": False},
        # Made once and then left alone (COMPONENT, below), so it must outlast the cluster.
        "tls": {"type": "helm", "helm": {"certDurationDays": 3650}},
        "replicas": 2,
        "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 0}},
        "podDisruptionBudget": {
            "enabled": True,
            "minAvailable": 1,
            "unhealthyPodEvictionPolicy": EVICT_UNHEALTHY,
        },
        "topologySpreadConstraints": spread(_LABELS),
        "priorityClassName": CLUSTER_CRITICAL,
        # Enough for 100 nodes: 1m and 2Mi each (metrics-server README, "Scaling").
        "resources": resources("100m", "200Mi", "400Mi"),
    }


COMPONENT = Known(
    kubernetes=("1.31", ""),  # README, compatibility matrix, 0.8.x
    # The chart makes a new certificate at every render; the two go together, as with the load balancer's.
    ignore_differences=(
        secret_data("metrics-server"),
        {
            "group": "apiregistration.k8s.io",
            "kind": "APIService",
            "name": "v1beta1.metrics.k8s.io",
            "jsonPointers": ["/spec/caBundle"],
        },
    ),
    values=_values,
)
