"""The `scale` subresource of workloads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.cluster.emulator.store import Stored

Json = dict[str, Any]


def read(stored: Stored) -> Json:
    """As autoscaling/v1."""
    meta, spec = stored.meta, stored.content.get("spec") or {}
    labels = (spec.get("selector") or {}).get("matchLabels") or {}
    keys = ("name", "namespace", "uid", "resourceVersion", "creationTimestamp")
    return {
        "kind": "Scale",
        "apiVersion": "autoscaling/v1",
        "metadata": {key: meta[key] for key in keys if key in meta},
        "spec": {"replicas": spec.get("replicas", 0)},
        "status": {
            "replicas": (stored.content.get("status") or {}).get("replicas", 0),
            "selector": ",".join(f"{key}={value}" for key, value in sorted(labels.items())),
        },
    }


def write(content: Json, scale: Json) -> None:
    """Set the number of replicas that a Scale says."""
    content["spec"]["replicas"] = (scale.get("spec") or {}).get("replicas", 0)
