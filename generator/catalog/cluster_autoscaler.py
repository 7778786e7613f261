"""cluster-autoscaler: starts and stops nodes within the limits of the node groups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.catalog.known import Known

if TYPE_CHECKING:
    from generator.model import Component, Environment


def _values(environment: Environment, component: Component) -> dict[str, Any]:
    return {
        "cloudProvider": "aws",
        "awsRegion": environment.region,
        # Finds the node groups by the tags that EKS puts on their autoscaling groups.
        "autoDiscovery": {"clusterName": environment.cluster_name},
        "rbac": {"serviceAccount": {"create": True, "name": component.service_account}},
        "replicaCount": 2,
        "extraArgs": {"balance-similar-node-groups": True, "expander": "least-waste"},
    }


COMPONENT = Known(service_account="cluster-autoscaler", aws_policy=True, values=_values)
