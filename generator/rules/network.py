"""Networks that overlap, or that their subnets do not fit into."""

from __future__ import annotations

from ipaddress import IPv4Network
from itertools import combinations
from typing import TYPE_CHECKING

from generator.model.network import SMALLEST_SUBNET
from generator.problem import Finding
from generator.rules.registry import Context, Findings, environment_rule, spec_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.model import Environment, Spec

_CIDR = ("network", "cidr")
_SERVICE_CIDR = ("cluster", "serviceCidr")
_LARGEST_VPC = 16  # VPC user guide, "VPC CIDR blocks": /16 to /28
_PRIVATE = [IPv4Network(n) for n in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")]
_WIDEST_CLIENTS = 8  # the widest network that one owner has
_PODS_PER_NODE = 29  # what an m7g.large takes without prefix delegation (EKS, eni-max-pods.txt)


@environment_rule
def subnets_do_not_fit(environment: Environment, _spec: Spec, _context: Context) -> Findings:
    """The VPC must be one AWS accepts, and large enough for the smallest subnet."""
    network = environment.network
    smallest_vpc = network.cidr.prefixlen + SMALLEST_SUBNET - network.smallest_prefix
    if not _LARGEST_VPC <= network.cidr.prefixlen <= smallest_vpc:
        yield Finding(
            path=_CIDR,
            message=f"the subnets do not fit into a /{network.cidr.prefixlen}",
            fix=f"take a /{_LARGEST_VPC} to a /{smallest_vpc}",
        )


@environment_rule
def network_is_not_private(environment: Environment, _spec: Spec, _context: Context) -> Findings:
    """A VPC in public address space cannot reach the real owners of those addresses."""
    services = (_SERVICE_CIDR, environment.cluster.service_cidr, _PRIVATE[:3])  # EKS takes no 100.64.0.0/10
    for path, cidr, allowed in ((_CIDR, environment.network.cidr, _PRIVATE), services):
        if not any(cidr.subnet_of(private) for private in allowed):
            fix = f"take one inside {', '.join(map(str, allowed))}"
            yield Finding(path=path, message=f"{cidr} is not in the private address space for this", fix=fix)


@environment_rule
def service_cidr_size(environment: Environment, _spec: Spec, _context: Context) -> Findings:
    """EKS accepts service networks from /24 to /12 (CreateCluster, kubernetesNetworkConfig)."""
    prefix = environment.cluster.service_cidr.prefixlen
    if not 12 <= prefix <= 24:  # noqa: PLR2004  (the bounds that the docstring names)
        message = f"EKS does not accept a /{prefix} for Services"
        yield Finding(path=_SERVICE_CIDR, message=message, fix="take a /12 to a /24")


@environment_rule
def service_cidr_overlaps(environment: Environment, _spec: Spec, _context: Context) -> Findings:
    """Addresses of Services inside the VPC's network would hide what is there."""
    vpc, services = environment.network.cidr, environment.cluster.service_cidr
    if vpc.overlaps(services):
        yield Finding(
            path=_SERVICE_CIDR,
            message=f"{services} overlaps the VPC's network {vpc}",
            fix="take another private network, as 172.20.0.0/16",
            other=_CIDR,
        )


@environment_rule
def region_has_fewer_zones(environment: Environment, _spec: Spec, _context: Context) -> Findings:
    """Some regions have two zones only."""
    network = environment.network
    if len(network.zone_names) < network.zones:
        yield Finding(
            path=("network", "zones"),
            message=f"{network.region} has {len(network.zone_names)} zones",
            fix=f"take {len(network.zone_names)}, or another region, or list the zones' names",
            other=("region",),
        )


@environment_rule
def zone_of_another_region(environment: Environment, _spec: Spec, _context: Context) -> Findings:
    """A subnet's zone is one of its VPC's region."""
    network = environment.network
    for i, zone in enumerate(network.named_zones):
        if zone[:-1] != network.region:
            yield Finding(
                path=("network", "zones", i),
                message=f"{zone} is not in {network.region}",
                fix=f"take one from: aws ec2 describe-availability-zones --region {network.region}",
                other=("region",),
            )


@environment_rule
def api_open_to_everybody(environment: Environment, _spec: Spec, _context: Context) -> Findings:
    """A stolen token is worth nothing to who cannot reach the Kubernetes API."""
    cluster = environment.cluster
    for key, cidrs in (
        ("publicAccessCidrs", cluster.public_access_cidrs),
        ("privateAccessCidrs", cluster.private_access_cidrs),
    ):
        for i, cidr in enumerate(cidrs):
            if IPv4Network(cidr).prefixlen < _WIDEST_CLIENTS:
                yield Finding(
                    path=("cluster", key, i),
                    message=f"{cidr} opens the Kubernetes API to everybody",
                    fix="list the networks of your offices or your VPN",
                )


@environment_rule
def public_access_from_private_network(environment: Environment, _spec: Spec, _context: Context) -> Findings:
    """EKS refuses private networks for the public endpoint: nobody arrives there with such an address."""
    for i, cidr in enumerate(environment.cluster.public_access_cidrs):
        if any(IPv4Network(cidr).subnet_of(private) for private in _PRIVATE):
            yield Finding(
                path=("cluster", "publicAccessCidrs", i),
                message=f"{cidr} is a private network, and nobody reaches a public endpoint from there",
                fix="list it in privateAccessCidrs",
            )


@spec_rule
def peers_overlap(spec: Spec, _context: Context) -> Iterator[tuple[str, Finding]]:
    """Networks that may be connected must not overlap."""
    for first, second in combinations(spec.environments, 2):
        if first.peer_group == second.peer_group and first.network.cidr.overlaps(second.network.cidr):
            message = f"{second.network.cidr} overlaps {first.network.cidr} of {first.name}"
            yield (
                second.name,
                Finding(
                    path=_CIDR,
                    message=f'{message}, in the same peer group "{first.peer_group}"',
                    fix="take a free network, or another peerGroup if they are never to be connected",
                    other=_CIDR,
                    other_environment=first.name,
                ),
            )


@environment_rule
def pods_run_out_of_addresses(environment: Environment, _spec: Spec, _context: Context) -> Findings:
    """Every pod takes an address of a private subnet (VPC CNI)."""
    if environment.network.smallest_prefix > SMALLEST_SUBNET:
        return  # it does not fit at all
    nodes = sum(group.maximum for group in environment.cluster.node_groups)
    needed, available = nodes * (_PODS_PER_NODE + 1), environment.network.pod_addresses
    if needed > available:
        yield Finding(
            path=_CIDR,
            message=f"{nodes} nodes can hold about {needed} pods, the private subnets {available} addresses",
            fix="take a larger network now (this one keeps its size), or fewer nodes",
            severity="warning",
        )
