"""The names that AWS, Atlas and Kubernetes must agree on, each with the limit that its service sets."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of name: how long it may be, and within what it must be unique.

    `scope` is "global" (the account, for IAM), "region" (account and region) or "environment".
    """

    title: str
    limit: int
    scope: str


CLUSTER = Kind("EKS cluster", 100, "region")  # EKS CreateCluster: name, 1 to 100
VPC = Kind("VPC", 255, "region")  # EC2 tag value
LOAD_BALANCER = Kind("load balancer", 32, "region")  # ELBv2 CreateLoadBalancer: Name
TARGET_GROUP = Kind("target group", 32, "region")  # ELBv2 CreateTargetGroup: Name
ROLE = Kind("IAM role", 64, "global")  # IAM CreateRole: RoleName
SECRET = Kind("secret", 512, "region")  # Secrets Manager CreateSecret: Name
ATLAS_PROJECT = Kind("Atlas project", 64, "organization")  # Atlas API: groups, name
ATLAS_CLUSTER = Kind("Atlas cluster", 64, "environment")  # Atlas API: clusters, name
HOST = Kind("host name", 253, "dns")  # RFC 1035
NAMESPACE = Kind("namespace", 63, "environment")  # RFC 1123 label


@dataclass(frozen=True, slots=True, order=True)
class Name:
    """One composed name and the spec path that decides it, in the environment's merged tree."""

    value: str
    kind: Kind
    path: tuple[str | int, ...]
