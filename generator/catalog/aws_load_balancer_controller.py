"""AWS Load Balancer Controller: registers the ingress controller's pods in the target group."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.catalog.known import Known

if TYPE_CHECKING:
    from generator.model import Component, Environment


def _values(environment: Environment, component: Component) -> dict[str, Any]:
    return {
        "clusterName": environment.cluster_name,
        # Pods cannot ask the instance metadata service (hop limit 1), so both are told; the VPC by its
        # tags, because its id is only known after Terraform ran.
        "region": environment.region,
        "vpcTags": {"Name": environment.vpc_name},
        "serviceAccount": {"create": True, "name": component.service_account},
        "replicaCount": 2,
        "podDisruptionBudget": {"maxUnavailable": 1},
        # Only TargetGroupBindings are its business here: it must not touch Services or Ingresses.
        "enableServiceMutatorWebhook": False,
        "createIngressClassResource": False,
        "enableShield": False,
        "enableWaf": False,
        "enableWafv2": False,
    }


COMPONENT = Known(service_account="aws-load-balancer-controller", aws_policy=True, values=_values)
