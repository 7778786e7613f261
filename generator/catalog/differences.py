"""Entries of `spec.ignoreDifferences`: fields that something in the cluster owns, not Git."""

from __future__ import annotations

from typing import Any


def secret_data(name: str) -> dict[str, Any]:
    """Return the entry for a Secret whose content is made in the cluster."""
    return {"group": "", "kind": "Secret", "name": name, "jsonPointers": ["/data"]}


def ca_bundles(kind: str, name: str) -> dict[str, Any]:
    """Return the entry for the authorities that a webhook configuration of this kind trusts."""
    return {
        "group": "admissionregistration.k8s.io",
        "kind": kind,
        "name": name,
        "jqPathExpressions": [".webhooks[]?.clientConfig.caBundle"],
    }


def replicas(name: str) -> dict[str, Any]:
    """Return the entry for a Deployment that a HorizontalPodAutoscaler scales."""
    return {"group": "apps", "kind": "Deployment", "name": name, "jsonPointers": ["/spec/replicas"]}
