"""External Secrets: brings secrets from AWS Secrets Manager to the pods."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.catalog.known import Known

if TYPE_CHECKING:
    from generator.model import Component, Environment


def _values(_environment: Environment, component: Component) -> dict[str, Any]:
    return {
        "installCRDs": True,
        "replicaCount": 2,
        "leaderElect": True,
        "serviceAccount": {"create": True, "name": component.service_account},
        "podDisruptionBudget": {"enabled": True, "minAvailable": 1},
        # Stores and secrets are per namespace; cluster-wide ones would open every secret to everybody.
        "processClusterStore": False,
        "processClusterExternalSecret": False,
        "processClusterPushSecret": False,
        "processPushSecret": False,
    }


COMPONENT = Known(
    service_account="external-secrets",
    aws_policy=True,
    server_side_apply=True,  # its CRDs exceed the annotation that client-side apply needs
    values=_values,
)
