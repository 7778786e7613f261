"""Whether the cluster has nodes that pods can run on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.bootstrap.step import Step

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from generator.model import Environment

_SHOWN = 5


def ready(environment: Environment, nodes: Sequence[dict[str, Any]]) -> Step:
    """Say how many nodes are ready, which are not, and why."""
    well = [node for node in nodes if not any(_troubles(node))]
    sick = [f"{node['metadata']['name']}: {'; '.join(_troubles(node))}" for node in nodes if node not in well]
    more = [f"and {len(sick) - _SHOWN} more"] if len(sick) > _SHOWN else []
    shown = "\n".join([*sick[:_SHOWN], *more])
    if well and not sick:
        return Step("ok", f"{len(well)} nodes are ready" if len(well) > 1 else "1 node is ready")
    if well:
        return Step("warning", f"{len(well)} of {len(nodes)} nodes are ready", shown)
    if sick:
        return Step("missing", f"none of the {len(nodes)} nodes is ready", shown)
    group = f"aws eks list-nodegroups --cluster-name {environment.cluster_name} --region {environment.region}"
    return Step(
        "missing",
        "the cluster has no nodes",
        f"They come with the stack platform, some minutes after the cluster. See {group}",
    )


def _troubles(node: dict[str, Any]) -> Iterator[str]:
    conditions = {c.get("type"): c for c in node.get("status", {}).get("conditions") or ()}
    found = conditions.get("Ready", {})
    if found.get("status") != "True":
        words = (
            found.get("message")
            or found.get("reason")
            or ("nothing was heard of it" if found else "it has not said anything yet")
        )
        yield f"not ready, {words}"
    if node.get("spec", {}).get("unschedulable"):
        yield "cordoned: no pod is put there (kubectl uncordon)"
