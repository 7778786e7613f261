"""The EKS cluster and its nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from ipaddress import IPv4Network

# The add-ons that call AWS, and the service accounts that they run as, in kube-system (EKS user guide).
ADDON_SERVICE_ACCOUNTS = {"aws-ebs-csi-driver": "ebs-csi-controller-sa", "vpc-cni": "aws-node"}


class Taint(NamedTuple):
    """A Kubernetes taint on the nodes of a group."""

    key: str
    value: str
    effect: str


class NodeGroup(NamedTuple):
    """Nodes of one kind: between `minimum` and `maximum` of them, `disk_size` GiB each."""

    name: str
    instance_types: tuple[str, ...]
    minimum: int
    maximum: int
    capacity: str
    disk_size: int
    labels: Mapping[str, str]
    taints: tuple[Taint, ...]

    @property
    def architectures(self) -> set[str]:
        """The processor architectures of its machines: one, in a group that a rule has let pass."""
        return {"arm64" if _is_arm(t) else "x86_64" for t in self.instance_types}

    @property
    def ami_type(self) -> str:
        """The kind of machine image (EKS CreateNodegroup, amiType)."""
        return "AL2023_ARM_64_STANDARD" if self.architectures == {"arm64"} else "AL2023_x86_64_STANDARD"


def _is_arm(instance_type: str) -> bool:
    """AWS's ARM families carry a g after the generation (EC2 user guide, instance type naming), but a1."""
    family = instance_type.partition(".")[0]
    options = family.lstrip("abcdefghijklmnopqrstuvwxyz").lstrip("0123456789")
    return family == "a1" or "g" in options.partition("-")[0]


class Cluster(NamedTuple):
    """The EKS cluster's settings."""

    kubernetes_version: str
    service_cidr: IPv4Network
    addons: Mapping[str, str]
    ami_release: str
    public_access_cidrs: tuple[str, ...]
    private_access_cidrs: tuple[str, ...]
    admin_roles: tuple[str, ...]
    node_groups: tuple[NodeGroup, ...]
