"""What the pods of every component have in common: where they run, and what they may use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

# Evicted last, scheduled first: without these components nothing else of the cluster works.
CLUSTER_CRITICAL = "system-cluster-critical"
NODE_CRITICAL = "system-node-critical"

# A pod that cannot be evicted because it is not even ready must not hold up a node's drain.
EVICT_UNHEALTHY = "AlwaysAllow"


def spread(labels: Mapping[str, str] | None) -> list[dict[str, Any]]:
    """Return topology spread constraints: over zones, then over nodes, of the pods with these labels.

    ScheduleAnyway: a replica in the wrong zone is better than none. The revision counts too, or the
    pods of a rollout's old revision would push the new ones together. None leaves the selector out, for
    a chart that adds its own.
    """
    selector = {} if labels is None else {"labelSelector": {"matchLabels": dict(labels)}}
    return [
        {
            "maxSkew": 1,
            "topologyKey": key,
            "whenUnsatisfiable": "ScheduleAnyway",
            "matchLabelKeys": ["pod-template-hash"],
            **selector,
        }
        for key in ("topology.kubernetes.io/zone", "kubernetes.io/hostname")
    ]


def resources(cpu: str, memory: str, limit: str) -> dict[str, Any]:
    """Return requests for CPU and memory, and the limit of memory.

    No limit of CPU: a controller that is throttled reacts late just when there is much to do.
    """
    return {"requests": {"cpu": cpu, "memory": memory}, "limits": {"memory": limit}}
