"""The EKS cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.model.cluster import Cluster, NodeGroup, Taint
from generator.resolve.cidr import cidr

if TYPE_CHECKING:
    from generator.merge import Tree
    from generator.problem import Finding


def cluster(tree: Tree, bad: list[Finding]) -> Cluster:
    """Resolve the cluster; what cannot be read goes to `bad`."""
    return Cluster(
        kubernetes_version=tree["kubernetesVersion"],
        service_cidr=cidr(tree["serviceCidr"], ("cluster", "serviceCidr"), bad),
        addons=tree["addons"],
        ami_release=tree.get("amiRelease", ""),
        public_access_cidrs=_cidrs(tree, "publicAccessCidrs", bad),
        private_access_cidrs=_cidrs(tree, "privateAccessCidrs", bad),
        admin_roles=tuple(tree.get("adminRoles", ())),
        node_groups=tuple(_node_group(k, v) for k, v in sorted(tree["nodeGroups"].items())),
    )


def _cidrs(tree: Tree, key: str, bad: list[Finding]) -> tuple[str, ...]:
    written = enumerate(tree.get(key, ()))
    return tuple(str(cidr(text, ("cluster", key, i), bad)) for i, text in written)


def _node_group(name: str, tree: dict[str, Any]) -> NodeGroup:
    return NodeGroup(
        name=name,
        instance_types=tuple(tree["instanceTypes"]),
        minimum=tree["min"],
        maximum=tree["max"],
        capacity=tree["capacity"],
        disk_size=tree.get("diskSize", 50),
        labels=tree.get("labels", {}),
        taints=tuple(
            Taint(key=t["key"], value=t.get("value", ""), effect=t["effect"]) for t in tree.get("taints", ())
        ),
    )
