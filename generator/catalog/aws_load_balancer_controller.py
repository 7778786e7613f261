"""AWS Load Balancer Controller: registers the ingress controller's pods in the target group."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.catalog import identity
from generator.catalog.differences import ca_bundles, secret_data
from generator.catalog.known import Known
from generator.catalog.placement import CLUSTER_CRITICAL, resources, spread

if TYPE_CHECKING:
    from generator.model import Component, Environment

_LABELS = {"app.kubernetes.io/name": "aws-load-balancer-controller"}


def _values(environment: Environment, component: Component) -> dict[str, Any]:
    return {
        "clusterName": environment.cluster_name,
        # Pods cannot ask the instance metadata service (hop limit 1), so both are told; the VPC by its
        # tags, because its id is only known after Terraform ran.
        "region": environment.region,
        "vpcTags": {"Name": environment.vpc_name},
        "serviceAccount": identity.service_account(component),
        **_only_bindings(),
        **_pods(),
    }


def _only_bindings() -> dict[str, Any]:
    """TargetGroupBindings are its whole business here: it must not touch Services, Ingresses, Gateways."""
    return {
        "enableServiceMutatorWebhook": False,  # it would intercept every new Service of the cluster
        "webhookConfig": {"disableIngressValidation": True},
        # The class keeps its default, alb, which nothing here uses: without one every Ingress is its own.
        "createIngressClassResource": False,
        "ingressClassParams": {"create": False},
        "controllerConfig": {
            "featureGates": {
                "EnableServiceController": False,
                "NLBGatewayAPI": False,
                "ALBGatewayAPI": False,
            }
        },
        "defaultTargetType": "ip",
        # Terraform makes the security groups and their rules.
        "enableBackendSecurityGroup": False,
        "enableShield": False,
        "enableWaf": False,
        "enableWafv2": False,
    }


def _pods() -> dict[str, Any]:
    return {
        "replicaCount": 2,
        "podDisruptionBudget": {"maxUnavailable": 1},
        "topologySpreadConstraints": spread(_LABELS),
        "priorityClassName": CLUSTER_CRITICAL,
        "resources": resources("50m", "128Mi", "512Mi"),
        "podSecurityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
        "securityContext": {"capabilities": {"drop": ["ALL"]}},
    }


COMPONENT = Known(
    before_edge=True,
    service_account="aws-load-balancer-controller",
    aws_policy=True,
    # The chart makes a new certificate at every render. Secret and bundles go together: whoever deletes one
    # of the three must delete all, and the next sync makes a matching set.
    ignore_differences=(
        secret_data("aws-load-balancer-tls"),
        ca_bundles("MutatingWebhookConfiguration", "aws-load-balancer-webhook"),
        ca_bundles("ValidatingWebhookConfiguration", "aws-load-balancer-webhook"),
    ),
    values=_values,
    objects=identity.objects,
)
