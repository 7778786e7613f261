"""cluster-autoscaler: starts and stops nodes within the limits of the node groups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.catalog import identity
from generator.catalog.known import Known
from generator.catalog.placement import CLUSTER_CRITICAL, resources, spread

if TYPE_CHECKING:
    from generator.model import Component, Environment

_LABELS = {
    "app.kubernetes.io/name": "aws-cluster-autoscaler",
    "app.kubernetes.io/instance": "cluster-autoscaler",
}


def _values(environment: Environment, component: Component) -> dict[str, Any]:
    return {
        "fullnameOverride": "cluster-autoscaler",  # the chart's own repeats itself
        "cloudProvider": "aws",
        "awsRegion": environment.region,
        # Finds the node groups by the tags that EKS puts on their autoscaling groups.
        "autoDiscovery": {"clusterName": environment.cluster_name},
        # The chart writes an annotation down as it is, and a bare -2 would be a number.
        "rbac": {"serviceAccount": identity.service_account(component, wave='"-2"')},
        "extraArgs": {
            "balance-similar-node-groups": True,
            "expander": "least-waste",
            # By default a node with a pod of kube-system or with an emptyDir is never given back, and every
            # node has both; the disruption budgets protect what must stay up.
            "skip-nodes-with-system-pods": False,
            "skip-nodes-with-local-storage": False,
        },
        "replicaCount": 2,
        "podDisruptionBudget": {"maxUnavailable": 1},
        "topologySpreadConstraints": spread(_LABELS),
        "priorityClassName": CLUSTER_CRITICAL,
        "resources": resources("50m", "256Mi", "768Mi"),
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": 65534,
            "runAsGroup": 65534,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "containerSecurityContext": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
    }


COMPONENT = Known(
    service_account="cluster-autoscaler",
    aws_policy=True,
    values=_values,
    objects=identity.objects,
)
