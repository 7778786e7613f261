"""A workload's settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.model import Route
from generator.model.workload import API_HOST, Egress, Settings
from generator.resolve.gateway import throttle

if TYPE_CHECKING:
    from generator.merge import Tree


def settings(tree: Tree) -> Settings:
    """Resolve what the spec says of a workload."""
    resources = tree["resources"]
    return Settings(
        description=tree.get("description", ""),
        image=tree["image"],
        command=tuple(tree.get("command", ())),
        args=tuple(tree.get("args", ())),
        port=tree.get("port"),
        routes=tuple(
            Route(r.get("host", API_HOST), r["path"], r["auth"], throttle(r.get("throttle")))
            for r in tree.get("routes", ())
        ),
        replicas=tree.get("replicas", 1),
        autoscaling=tree.get("autoscaling"),
        requests=resources["requests"],
        limits=resources.get("limits", {}),
        probes=tree.get("probes", {}),
        grace=tree.get("terminationGracePeriodSeconds", 30),
        database=tree.get("database", ""),
        env=tree.get("env", {}),
        secrets=tree.get("secrets", {}),
        aws=tuple(tree.get("aws", ())),
        schedule=tree.get("schedule"),
        calls=tuple(tree.get("calls", ())),
        egress=tuple(Egress(e["cidr"], tuple(e["ports"])) for e in tree.get("egress", ())),
        quota=tree.get("quota", {}),
    )
