"""External Secrets: brings secrets from AWS Secrets Manager to the pods."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.catalog import identity
from generator.catalog.differences import ca_bundles, secret_data
from generator.catalog.known import Known
from generator.catalog.placement import CLUSTER_CRITICAL, resources, spread

if TYPE_CHECKING:
    from generator.model import Component, Environment


def _values(_environment: Environment, component: Component) -> dict[str, Any]:
    budget = {"enabled": True, "minAvailable": 1}
    probe = {"enabled": True}
    return {
        "installCRDs": True,
        "leaderElect": True,
        "serviceAccount": identity.service_account(component),
        **_only_namespaced(),
        "replicaCount": 2,
        "podDisruptionBudget": budget,
        **_pods("external-secrets"),
        "resources": resources("50m", "128Mi", "512Mi"),
        "livenessProbe": probe,
        "readinessProbe": probe,
        # Refuses a faulty store or secret when it is applied, which waits for an answer: so two of them.
        "webhook": {
            "replicaCount": 2,
            "podDisruptionBudget": budget,
            **_pods("external-secrets-webhook"),
            "livenessProbe": probe,
            "resources": resources("20m", "64Mi", "256Mi"),
        },
        # Renews the webhook's certificate now and then: one is enough, and nothing waits for it.
        "certController": {
            **_pods("external-secrets-cert-controller"),
            "livenessProbe": probe,
            "resources": resources("20m", "128Mi", "512Mi"),
        },
    }


def _only_namespaced() -> dict[str, Any]:
    """Stores and secrets are per namespace; cluster-wide ones would open every secret to everybody.

    It reads AWS with its own role and assumes each workload's, so it need not make tokens of other
    service accounts, which would let it act as any pod of the cluster.
    """
    return {
        "processClusterStore": False,
        "processClusterExternalSecret": False,
        "processClusterPushSecret": False,
        "processClusterGenerator": False,
        "processPushSecret": False,
        "openshiftFinalizers": False,
        "rbac": {"serviceAccountTokenCreate": False, "servicebindings": {"create": False}},
    }


def _pods(name: str) -> dict[str, Any]:
    labels = {"app.kubernetes.io/name": name, "app.kubernetes.io/instance": "external-secrets"}
    return {"topologySpreadConstraints": spread(labels), "priorityClassName": CLUSTER_CRITICAL}


COMPONENT = Known(
    before_edge=True,
    service_account="external-secrets",
    aws_policy=True,
    server_side_apply=True,  # its CRDs exceed the annotation that client-side apply needs
    # Its certificate controller fills these in.
    ignore_differences=(
        secret_data("external-secrets-webhook"),
        ca_bundles("ValidatingWebhookConfiguration", "secretstore-validate"),
        ca_bundles("ValidatingWebhookConfiguration", "externalsecret-validate"),
    ),
    pod_security="restricted",
    values=_values,
    objects=identity.objects,
)
