"""What controllers of a cluster have made in AWS and Terraform knows nothing of, by the tags that they set.

The load balancer controller tags `elbv2.k8s.aws/cluster` (its docs, "Resource Tagging"), the EBS CSI driver
`ebs.csi.aws.com/cluster` and what a volume was made for (its docs, tagging.md), Kubernetes' own cloud
provider `kubernetes.io/cluster/<cluster>`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.cluster.aws_session import Aws

_OF_EKS = "aws:eks:cluster-name"  # EKS makes and deletes these itself
_MADE_FOR = "kubernetes.io/created-for/pvc"


class Leftover(NamedTuple):
    """Something in AWS: its kind, its name or id, what it was for, and the command that deletes it."""

    kind: str
    name: str
    purpose: str
    command: str


def find(aws: Aws, cluster: str) -> list[Leftover]:
    """Return what is left of a cluster, load balancers first: others hang on them.

    Raises:
        AwsTrouble: AWS refuses, or cannot be asked.
    """
    found = {leftover.name: leftover for leftover in [*_balanced(aws, cluster), *_volumes(aws, cluster)]}
    order = ("load balancer", "target group", "security group", "volume")
    return sorted(found.values(), key=lambda leftover: (order.index(leftover.kind), leftover.name))


def _balanced(aws: Aws, cluster: str) -> Iterator[Leftover]:
    what = "look for resources by their tags"
    for key, values in (
        ("elbv2.k8s.aws/cluster", [cluster]),
        (f"kubernetes.io/cluster/{cluster}", ["owned"]),
    ):
        listed = aws.collect(
            "resourcegroupstaggingapi",
            "get_resources",
            "ResourceTagMappingList",
            what,
            TagFilters=[{"Key": key, "Values": values}],
            ResourceTypeFilters=["elasticloadbalancing", "ec2:security-group"],
        )
        for resource in listed:
            tags = {tag["Key"]: tag["Value"] for tag in resource["Tags"]}
            if _OF_EKS not in tags and not tags.get("Name", "").startswith("eks-cluster-sg-"):
                yield from _one(resource["ResourceARN"], tags)


def _one(arn: str, tags: dict[str, str]) -> Iterator[Leftover]:
    kind, _, name = arn.split(":", 5)[5].partition("/")
    purpose = next((v for k, v in tags.items() if k.endswith(("k8s.aws/stack", "service-name"))), "")
    if kind == "loadbalancer" and name.startswith(("app/", "net/", "gwy/")):
        yield Leftover(
            "load balancer", name, purpose, f"aws elbv2 delete-load-balancer --load-balancer-arn {arn}"
        )
    elif kind == "loadbalancer":
        yield Leftover(
            "load balancer", name, purpose, f"aws elb delete-load-balancer --load-balancer-name {name}"
        )
    elif kind == "targetgroup":
        yield Leftover(
            "target group", name, purpose, f"aws elbv2 delete-target-group --target-group-arn {arn}"
        )
    elif kind == "security-group":
        yield Leftover("security group", name, purpose, f"aws ec2 delete-security-group --group-id {name}")


def _volumes(aws: Aws, cluster: str) -> Iterator[Leftover]:
    """Yield volumes that are the cluster's by their tags, and those of some cluster that nothing uses."""
    what = "list EBS volumes"
    own = [{"Name": f"tag:kubernetes.io/cluster/{cluster}", "Values": ["owned"]}]
    free = [
        {"Name": "tag:ebs.csi.aws.com/cluster", "Values": ["true"]},
        {"Name": "status", "Values": ["available"]},
    ]
    for filters in (own, free):
        for volume in aws.collect("ec2", "describe_volumes", "Volumes", what, Filters=filters):
            tags = {tag["Key"]: tag["Value"] for tag in volume.get("Tags", [])}
            others = [
                k for k in tags if k.startswith("kubernetes.io/cluster/") and not k.endswith(f"/{cluster}")
            ]
            claim = "/".join(tags[k] for k in (f"{_MADE_FOR}/namespace", f"{_MADE_FOR}/name") if k in tags)
            if _MADE_FOR + "/name" in tags and not others:  # the nodes' own disks were made for no claim
                delete = f"aws ec2 delete-volume --volume-id {volume['VolumeId']}"
                yield Leftover(
                    "volume", volume["VolumeId"], f"{volume['Size']} GiB of the claim {claim}", delete
                )
