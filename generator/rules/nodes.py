"""Node groups that EKS would refuse, or that leave somebody without a node."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.problem import Finding
from generator.rules.registry import Context, Findings, environment_rule

if TYPE_CHECKING:
    from generator.model import Environment, Spec

# EKS CreateNodegroup, labels: these belong to Kubernetes and EKS, but for the roles that people may set.
_RESERVED_LABELS = ("kubernetes.io/", "k8s.io/", "eks.amazonaws.com/")


@environment_rule
def node_group_bounds(environment: Environment, _spec: Spec, _context: Context) -> Findings:
    """EKS refuses a group whose minimum is above its maximum."""
    for group in environment.cluster.node_groups:
        if group.minimum > group.maximum:
            path = ("cluster", "nodeGroups", group.name)
            yield Finding(
                path=(*path, "min"),
                message=f"min {group.minimum} is above max {group.maximum}",
                fix="lower min or raise max",
                other=(*path, "max"),
            )


@environment_rule
def mixed_architectures(environment: Environment, _spec: Spec, _context: Context) -> Findings:
    """One group has one machine image, and an image is for one processor architecture."""
    for group in environment.cluster.node_groups:
        if len(group.architectures) > 1:
            yield Finding(
                path=("cluster", "nodeGroups", group.name, "instanceTypes"),
                message=f"mixes ARM and x86 machines: {', '.join(group.instance_types)}",
                fix="make two node groups",
            )


@environment_rule
def reserved_node_label(environment: Environment, _spec: Spec, _context: Context) -> Findings:
    """EKS refuses such a label at apply."""
    for group in environment.cluster.node_groups:
        for label in group.labels:
            domain = f"{label.partition('/')[0]}/" if "/" in label else ""
            if domain and any(domain == r or domain.endswith(f".{r}") for r in _RESERVED_LABELS):
                yield Finding(
                    path=("cluster", "nodeGroups", group.name, "labels", label),
                    message="only Kubernetes and EKS set labels below this domain",
                    fix=f"use a domain of your own, as {environment.domain}/{label.partition('/')[2]}",
                )


@environment_rule
def taint_twice(environment: Environment, _spec: Spec, _context: Context) -> Findings:
    """The autoscaler learns a taint by its key alone, and EKS refuses the same key and effect twice."""
    for group in environment.cluster.node_groups:
        keys = [taint.key for taint in group.taints]
        for index, key in enumerate(keys):
            first = keys.index(key)
            if first != index:
                path = ("cluster", "nodeGroups", group.name, "taints")
                yield Finding(
                    path=(*path, index, "key"),
                    message=f"the taint {key} is there already",
                    fix="keep one of the two",
                    other=(*path, first, "key"),
                )


@environment_rule
def all_nodes_tainted(environment: Environment, _spec: Spec, _context: Context) -> Findings:
    """Components tolerate no taints, so some group must be free of them, and never scale to zero."""
    groups = environment.cluster.node_groups
    if not any(g.minimum > 0 and all(t.effect == "PreferNoSchedule" for t in g.taints) for g in groups):
        yield Finding(
            path=("cluster", "nodeGroups"),
            message="no node group has min 1 or more and is open to all: the components have nowhere to run",
            fix="give one group min: 2 and no taints",
        )
