"""The AWS emulator of the tests: what it records, and what its EKS refuses as EKS does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from tests.terraform.emulator.process import running

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.terraform.emulator.process import Emulator

pytestmark = pytest.mark.offline

ACCOUNT, REGION = "111111111111", "us-east-1"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/pods"
POLICY = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"
IN_DEV = {"clusterName": "dev"}


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with running(ACCOUNT) as started:
        yield started


@pytest.fixture(scope="module")
def subnet(emulator: Emulator) -> str:
    ec2 = emulator.client("ec2", REGION)
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    return str(ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"])


@pytest.fixture(scope="module")
def template(emulator: Emulator) -> dict[str, str]:
    ec2 = emulator.client("ec2", REGION)
    ec2.create_launch_template(LaunchTemplateName="nodes", LaunchTemplateData={"EbsOptimized": True})
    return {"name": "nodes"}


@pytest.fixture(scope="module")
def eks(emulator: Emulator, subnet: str, template: dict[str, str]) -> Any:
    """A cluster `dev` with a node group, an association and an add-on with another one."""
    client = emulator.client("eks", REGION)
    client.create_cluster(
        name="dev",
        version="1.34",
        roleArn=ROLE,
        resourcesVpcConfig={"subnetIds": [subnet]},
        accessConfig={"authenticationMode": "API"},
    )
    group = {"nodegroupName": "general", "nodeRole": ROLE, "subnets": [subnet], "launchTemplate": template}
    client.create_nodegroup(**IN_DEV, **group)
    client.create_pod_identity_association(
        **IN_DEV, namespace="orders", serviceAccount="orders", roleArn=ROLE
    )
    client.create_addon(
        **IN_DEV,
        addonName="vpc-cni",
        addonVersion="v1.21.1-eksbuild.1",
        podIdentityAssociations=[{"serviceAccount": "aws-node", "roleArn": ROLE}],
    )
    return client


REFUSALS: list[tuple[str, str, Callable[[Any], object]]] = [
    (
        "a cluster of a name that is taken",
        "ResourceInUseException",
        lambda eks: eks.create_cluster(name="dev", roleArn=ROLE, resourcesVpcConfig={}),
    ),
    (
        "an upgrade that leaves a version out",
        "InvalidParameterException",
        lambda eks: eks.update_cluster_version(name="dev", version="1.36"),
    ),
    (
        "a downgrade",
        "InvalidParameterException",
        lambda eks: eks.update_cluster_version(name="dev", version="1.33"),
    ),
    (
        "nodes that are newer than the control plane",
        "InvalidParameterException",
        lambda eks: eks.update_nodegroup_version(**IN_DEV, nodegroupName="general", version="1.35"),
    ),
    (
        "a second association of a service account",
        "ResourceInUseException",
        lambda eks: eks.create_pod_identity_association(
            **IN_DEV, namespace="kube-system", serviceAccount="aws-node", roleArn=ROLE
        ),
    ),
    (
        "an add-on that is there",
        "ResourceInUseException",
        lambda eks: eks.create_addon(**IN_DEV, addonName="vpc-cni"),
    ),
    (
        "a version that no add-on has",
        "InvalidParameterException",
        lambda eks: eks.update_addon(**IN_DEV, addonName="vpc-cni", addonVersion="1.21.1"),
    ),
    (
        "a policy for somebody without an entry",
        "ResourceNotFoundException",
        lambda eks: eks.associate_access_policy(
            **IN_DEV, principalArn=f"{ROLE}-unknown", policyArn=POLICY, accessScope={"type": "cluster"}
        ),
    ),
    (
        "what is not there",
        "ResourceNotFoundException",
        lambda eks: eks.describe_addon(**IN_DEV, addonName="coredns"),
    ),
    (
        "a cluster's end before its nodes'",
        "ResourceInUseException",
        lambda eks: eks.delete_cluster(name="dev"),
    ),
    (
        "a call that is not emulated",
        "InvalidRequestException",
        lambda eks: eks.describe_addon_versions(),
    ),
]


@pytest.mark.parametrize(("code", "call"), [r[1:] for r in REFUSALS], ids=[r[0] for r in REFUSALS])
def test_it_refuses(eks: Any, code: str, call: Callable[[Any], object]) -> None:
    with pytest.raises(ClientError) as refusal:
        call(eks)
    assert refusal.value.response["Error"]["Code"] == code


def test_what_eks_makes_by_itself_is_there(emulator: Emulator, eks: Any) -> None:
    group = eks.describe_cluster(name="dev")["cluster"]["resourcesVpcConfig"]["clusterSecurityGroupId"]
    assert emulator.client("ec2", REGION).describe_security_groups(GroupIds=[group])["SecurityGroups"]
    (scaling,) = emulator.client("autoscaling", REGION).describe_auto_scaling_groups()["AutoScalingGroups"]
    assert {"k8s.io/cluster-autoscaler/enabled", "k8s.io/cluster-autoscaler/dev"} <= {
        tag["Key"] for tag in scaling["Tags"]
    }
    assert eks.describe_access_entry(**IN_DEV, principalArn=ROLE)["accessEntry"]["type"] == "EC2_LINUX"


def test_an_add_ons_association_goes_with_it(eks: Any) -> None:
    eks.create_addon(
        **IN_DEV,
        addonName="aws-ebs-csi-driver",
        podIdentityAssociations=[{"serviceAccount": "ebs-csi-controller-sa", "roleArn": ROLE}],
    )
    account = {"namespace": "kube-system", "serviceAccount": "ebs-csi-controller-sa"}
    (association,) = eks.list_pod_identity_associations(**IN_DEV, **account)["associations"]
    assert ":addon/dev/aws-ebs-csi-driver/" in association["ownerArn"]
    eks.delete_addon(**IN_DEV, addonName="aws-ebs-csi-driver")
    assert eks.list_pod_identity_associations(**IN_DEV, **account)["associations"] == []


def test_calls_are_recorded_as_the_api_names_them(emulator: Emulator) -> None:
    seen = len(emulator.calls())
    principal = {"principalArn": f"{ROLE}-b"}  # has a slash, in the path of the request
    eks = emulator.client("eks", REGION)
    with pytest.raises(ClientError):
        eks.describe_access_entry(clusterName="unknown", **principal)
    emulator.client("sqs", REGION).list_queues()
    emulator.client("iam", REGION).list_roles(PathPrefix="/teams/")
    emulator.client("route53", REGION).list_hosted_zones_by_name(DNSName="dev.example")
    recorded = [(call.service, call.action, call.parameters) for call in emulator.calls()[seen:]]
    assert recorded[0] == ("eks", "DescribeAccessEntry", {"clusterName": "unknown", **principal})
    assert recorded[1][:2] == ("sqs", "ListQueues")
    assert recorded[2][:2] == ("iam", "ListRoles")
    assert recorded[2][2]["PathPrefix"] == "/teams/"
    assert recorded[3] == ("route53", "ListHostedZonesByName", {"DNSName": "dev.example"})


def test_its_own_calls_are_not_recorded(emulator: Emulator, eks: Any) -> None:  # noqa: ARG001 - made first
    assert "CreateAutoScalingGroup" not in {call.action for call in emulator.calls()}


def test_what_moto_lacks_fails_at_once(emulator: Emulator) -> None:
    with pytest.raises(ClientError) as refusal:
        emulator.client("budgets", REGION).describe_budget_actions_for_account(AccountId=ACCOUNT)
    assert refusal.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
