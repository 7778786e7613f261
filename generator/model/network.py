"""How an environment's VPC is cut into subnets."""

from __future__ import annotations

from functools import cache
from ipaddress import IPv4Network
from typing import NamedTuple

_QUARTERS = 4
_SMALL_BLOCKS = 16
# Interface endpoints of the VPC: what a node needs to join, and pods to get credentials, secrets and images
# of ECR, without leaving it. The rest still goes through NAT.
INTERFACE_ENDPOINTS = ("ec2", "ecr.api", "ecr.dkr", "eks-auth", "kms", "logs", "secretsmanager", "sts")
LINK_LOCAL = IPv4Network("169.254.0.0/16")  # RFC 3927: the node's own, its metadata among them
SMALLEST_SUBNET = 28  # VPC user guide, "Subnet CIDR blocks": /28 to /16

# Not every region calls its first zones a, b, c, and not every account has all of them (EC2
# DescribeAvailabilityZones). Where this is wrong, `network.zones` names them.
_ZONES = {"ap-northeast-1": "acd", "ca-central-1": "abd", "us-west-1": "ac"}


class Subnets(NamedTuple):
    """The four networks of one availability zone."""

    private: IPv4Network
    public: IPv4Network
    intra: IPv4Network
    database: IPv4Network


class Network(NamedTuple):
    """A VPC over two or three zones. `cidr` is a checked network address.

    `named_zones` are the zones that the spec names, in its order; empty when it only says how many.
    """

    region: str
    cidr: IPv4Network
    zones: int
    named_zones: tuple[str, ...]
    nat: str
    interface_endpoints: bool

    @property
    def zone_names(self) -> tuple[str, ...]:
        """Availability zones in order; a third one never changes the first two."""
        if self.named_zones:
            return self.named_zones
        return tuple(f"{self.region}{letter}" for letter in _ZONES.get(self.region, "abc")[: self.zones])

    @property
    def endpoint_zones(self) -> tuple[str, ...]:
        """Where the control plane's network interfaces are: EKS takes no zone that comes later."""
        return self.zone_names[:2]

    @property
    def nat_zones(self) -> tuple[str, ...]:
        """Where a NAT gateway stands: in the first zone, or in each."""
        return self.zone_names if self.nat == "perZone" else self.zone_names[:1]

    @property
    def subnets(self) -> dict[str, Subnets]:
        """Subnets by availability zone.

        The first three quarters of the VPC are private subnets, one a zone: pods take their addresses
        there. The last quarter is cut into 16: public, intra and database subnets. A zone's place does
        not depend on how many zones there are, so adding one moves nothing.
        """
        return _cut(self)

    @property
    def smallest_prefix(self) -> int:
        """Prefix length of the smallest subnets: the last quarter in 16."""
        return self.cidr.prefixlen + 2 + _SMALL_BLOCKS.bit_length() - 1

    @property
    def pod_addresses(self) -> int:
        """Addresses for nodes and pods; AWS keeps five of each subnet."""
        return self.zones * (self.cidr.num_addresses // _QUARTERS - 5)


@cache
def _cut(network: Network) -> dict[str, Subnets]:
    *private, rest = network.cidr.subnets(new_prefix=network.cidr.prefixlen + 2)
    small = list(rest.subnets(new_prefix=network.smallest_prefix))
    return {
        zone: Subnets(
            private=private[i],
            public=small[i],
            intra=small[_QUARTERS + i],
            database=small[2 * _QUARTERS + i],
        )
        for i, zone in enumerate(network.zone_names)
    }
