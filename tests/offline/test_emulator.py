"""The AWS emulator of the tests: what it records, and what its EKS refuses as EKS does."""

from __future__ import annotations

import re
import socket
import time
import urllib.request
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from tests.terraform.emulator.aws import Aws
from tests.terraform.emulator.process import running
from tests.terraform.emulator.server import PAUSE

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
        "an add-on of a version that no add-on has",
        "InvalidParameterException",
        lambda eks: eks.create_addon(**IN_DEV, addonName="coredns", addonVersion="latest"),
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
    emulator.client("s3", REGION).create_bucket(Bucket="shop")
    emulator.client("s3", REGION).get_bucket_versioning(Bucket="shop")
    emulator.client("s3", REGION).list_objects_v2(Bucket="shop")
    recorded = [(call.service, call.action, call.parameters) for call in emulator.calls()[seen:]]
    assert recorded[0] == ("eks", "DescribeAccessEntry", {"clusterName": "unknown", **principal})
    assert recorded[1][:2] == ("sqs", "ListQueues")
    assert recorded[2][:2] == ("iam", "ListRoles")
    assert recorded[2][2]["PathPrefix"] == "/teams/"
    assert recorded[3] == ("route53", "ListHostedZonesByName", {"DNSName": "dev.example"})
    # One path, told apart by the query.
    assert [action for _, action, _ in recorded[4:]] == [
        "CreateBucket",
        "GetBucketVersioning",
        "ListObjectsV2",
    ]
    assert [(call.status, call.attempt) for call in emulator.calls()[seen:]] == [(404, 1), *[(200, 1)] * 6]


def test_a_repeated_call_is_recorded_as_such(emulator: Emulator) -> None:
    headers = {
        "Authorization": f"AWS4-HMAC-SHA256 Credential=test/20261124/{REGION}/eks/aws4_request, Signature=0",
        "Amz-Sdk-Request": "attempt=3; max=25",  # as Terraform's provider sends it
    }
    request = urllib.request.Request(f"{emulator.endpoint}/clusters", headers=headers)  # noqa: S310 - loopback
    with urllib.request.urlopen(request):  # noqa: S310 - loopback
        call = emulator.calls()[-1]
    assert (call.action, call.attempt, call.status) == ("ListClusters", 3, 200)


def test_its_own_calls_are_not_recorded(emulator: Emulator, eks: Any) -> None:  # noqa: ARG001 - made first
    assert "CreateAutoScalingGroup" not in {call.action for call in emulator.calls()}


def test_what_moto_lacks_fails_at_once(emulator: Emulator) -> None:
    with pytest.raises(ClientError) as refusal:
        emulator.client("budgets", REGION).describe_budget_actions_for_account(AccountId=ACCOUNT)
    assert refusal.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400


# --- What EKS refuses in words that people look up ---


@pytest.mark.parametrize(
    ("scaling", "message"),
    [
        ({"minSize": 4, "maxSize": 8}, "Minimum capacity 4 can't be greater than desired size 2"),
        ({"minSize": 3}, "Minimum capacity 3 can't be greater than desired size 2"),
        ({"minSize": 1, "maxSize": 1}, "desired capacity 2 can't be greater than max size 1"),
        ({"desiredSize": 3}, "desired capacity 3 can't be greater than max size 2"),
    ],
)
def test_what_runs_is_within_a_groups_limits(eks: Any, scaling: dict[str, int], message: str) -> None:
    group = {**IN_DEV, "nodegroupName": "general"}
    before = eks.describe_nodegroup(**group)["nodegroup"]
    with pytest.raises(ClientError, match=f"InvalidParameterException.*{re.escape(message)}"):
        eks.update_nodegroup_config(
            **group, scalingConfig=scaling, labels={"addOrUpdateLabels": {"refused": "whole"}}
        )
    assert eks.describe_nodegroup(**group)["nodegroup"] == before


def test_a_group_is_scaled_with_what_runs(eks: Any, subnet: str, template: dict[str, str]) -> None:
    group = {**IN_DEV, "nodegroupName": "scaled"}
    nodes = {"nodeRole": ROLE, "subnets": [subnet], "launchTemplate": template}
    with pytest.raises(ClientError, match="InvalidParameterException"):
        eks.create_nodegroup(**group, **nodes, scalingConfig={"minSize": 2, "maxSize": 3, "desiredSize": 1})
    eks.create_nodegroup(**group, **nodes, scalingConfig={"minSize": 1, "maxSize": 2, "desiredSize": 1})
    wanted = {"minSize": 4, "maxSize": 8, "desiredSize": 4}
    eks.update_nodegroup_config(**group, scalingConfig=wanted)
    assert eks.describe_nodegroup(**group)["nodegroup"]["scalingConfig"] == wanted
    eks.delete_nodegroup(**group)


UNDEFINED = "is not defined in the schema and the schema does not allow additional properties"


@pytest.mark.parametrize(
    ("addon", "values", "message"),
    [
        ("vpc-cni", '{"enableNetworkPolicy": true}', "$.enableNetworkPolicy: True is not of type 'string'"),
        ("vpc-cni", "enableNetworkPolicy: true", "$.enableNetworkPolicy: True is not of type 'string'"),
        ("vpc-cni", '{"networkPolicy": "true"}', f"[$.networkPolicy: {UNDEFINED}]"),
        ("vpc-cni", '{"nodeSelector": {}}', f"[$.nodeSelector: {UNDEFINED}]"),
        ("coredns", '{"replicaCount": "3"}', "$.replicaCount: '3' is not of type 'integer'"),
        ("coredns", '{"replicas": 3}', f"[$.replicas: {UNDEFINED}]"),
        ("kube-proxy", '{"mode": "nftable"}', "$.mode: 'nftable' is not one of"),
        ("kube-proxy", '{"tolerations": []}', f"[$.tolerations: {UNDEFINED}]"),
        ("coredns", "{broken", "ConfigurationValue provided in request is not supported"),
        ("aws-ebs-csi-driver", "{broken", "ConfigurationValue provided in request is not supported"),
        ("eks-pod-identity-agent", "[]", "ConfigurationValue provided in request is not supported"),
    ],
)
def test_an_add_on_is_not_configured_with_what_it_does_not_have(
    eks: Any, addon: str, values: str, message: str
) -> None:
    with pytest.raises(ClientError, match=f"InvalidParameterException.*{re.escape(message)}"):
        eks.create_addon(**{**IN_DEV, "addonName": addon, "configurationValues": values})


@pytest.mark.parametrize("values", ['{"enableNetworkPolicy": "true"}', 'enableNetworkPolicy: "true"', "{}"])
def test_an_add_on_is_configured_in_json_or_yaml(eks: Any, values: str) -> None:
    eks.update_addon(**IN_DEV, addonName="vpc-cni", configurationValues=values)
    assert eks.describe_addon(**IN_DEV, addonName="vpc-cni")["addon"]["configurationValues"] == values
    with pytest.raises(ClientError, match="InvalidParameterException"):
        eks.update_addon(**IN_DEV, addonName="vpc-cni", configurationValues='{"networkPolicy": "true"}')
    assert eks.describe_addon(**IN_DEV, addonName="vpc-cni")["addon"]["configurationValues"] == values


# --- A call that an SDK repeats ---

IDENTITY = "of-one-call-and-its-repetitions-0001"  # as long as EKS wants them


CREATIONS: list[tuple[str, dict[str, Any]]] = [
    ("pod_identity_association", {**IN_DEV, "namespace": "carts", "serviceAccount": "carts"}),
    ("addon", {**IN_DEV, "addonName": "metrics-server"}),
    ("access_entry", {**IN_DEV, "principalArn": f"{ROLE}-repeated"}),
]


@pytest.mark.parametrize(("kind", "parameters"), CREATIONS, ids=[kind for kind, _ in CREATIONS])
def test_a_repeated_call_gets_the_answer_that_it_had(eks: Any, kind: str, parameters: dict[str, Any]) -> None:
    create = getattr(eks, f"create_{kind}")
    if kind == "pod_identity_association":
        parameters = {**parameters, "roleArn": ROLE}
    first = create(**parameters, clientRequestToken=IDENTITY)
    again = create(**parameters, clientRequestToken=IDENTITY)
    assert {**first, "ResponseMetadata": None} == {**again, "ResponseMetadata": None}
    with pytest.raises(ClientError, match="InvalidParameterException"):
        create(**parameters, tags={"other": "parameters"}, clientRequestToken=IDENTITY)
    with pytest.raises(ClientError, match="ResourceInUseException"):
        create(**parameters)


def test_a_repeated_cluster_and_its_nodes_are_made_once(
    emulator: Emulator, eks: Any, subnet: str, template: dict[str, str]
) -> None:
    cluster = {"name": "twice", "version": "1.34", "roleArn": ROLE}
    nodes = {"nodegroupName": "general", "nodeRole": ROLE, "subnets": [subnet], "launchTemplate": template}
    for _ in range(2):
        eks.create_cluster(**cluster, resourcesVpcConfig={"subnetIds": [subnet]}, clientRequestToken=IDENTITY)
        eks.create_nodegroup(clusterName="twice", **nodes, clientRequestToken=IDENTITY)
    groups = emulator.client("autoscaling", REGION).describe_auto_scaling_groups()["AutoScalingGroups"]
    own = [g for g in groups if {"eks:cluster-name", "twice"} <= {v for t in g["Tags"] for v in t.values()}]
    assert len(own) == 1
    eks.delete_nodegroup(clusterName="twice", nodegroupName="general")
    eks.delete_cluster(name="twice")


def test_an_answer_comes_in_one_piece_and_no_sooner_than_over_a_network(emulator: Emulator) -> None:
    """Otherwise the provider's SDK hangs up now and then, and repeats what was done."""
    port = int(emulator.endpoint.rpartition(":")[2])
    head = (
        f"GET /clusters HTTP/1.1\r\nHost: localhost\r\nAuthorization: Credential=a/1/{REGION}/eks/a/\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", port)) as connection:
        start = time.monotonic()
        connection.sendall(head.encode())
        answer = connection.recv(65536)
        took = time.monotonic() - start
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert b'{"clusters": [' in answer
    assert took >= PAUSE


def test_a_refused_call_may_be_repeated_once_it_is_allowed(eks: Any) -> None:
    """The token belongs to what was done, and nothing was."""
    association = {**IN_DEV, "namespace": "orders", "serviceAccount": "orders", "roleArn": ROLE}
    with pytest.raises(ClientError, match="ResourceInUseException"):
        eks.create_pod_identity_association(**association, clientRequestToken=f"{IDENTITY}-refused")
    only = {**IN_DEV, "namespace": "orders", "serviceAccount": "orders"}
    (there,) = eks.list_pod_identity_associations(**only)["associations"]
    eks.delete_pod_identity_association(**IN_DEV, associationId=there["associationId"])
    eks.create_pod_identity_association(**association, clientRequestToken=f"{IDENTITY}-refused")


def test_others_do_not_wait_for_eks_to_make_its_clients() -> None:
    """It makes one under the lock that all its calls take; one for each node group was seconds of waiting."""
    aws = Aws("http://127.0.0.1:1")
    assert aws.client("ec2", REGION) is aws.client("ec2", REGION)


# --- Other services ---


def test_a_protected_load_balancer_stays(emulator: Emulator, subnet: str) -> None:
    elb = emulator.client("elbv2", REGION)
    (balancer,) = elb.create_load_balancer(Name="front", Type="network", Subnets=[subnet])["LoadBalancers"]
    arn = balancer["LoadBalancerArn"]

    def protect(value: str) -> None:
        attributes = [{"Key": "deletion_protection.enabled", "Value": value}]
        elb.modify_load_balancer_attributes(LoadBalancerArn=arn, Attributes=attributes)

    protect("true")
    message = f"Load balancer '{arn}' cannot be deleted because deletion protection is enabled"
    with pytest.raises(ClientError, match=re.escape(message)) as refusal:
        elb.delete_load_balancer(LoadBalancerArn=arn)
    assert refusal.value.response["Error"]["Code"] == "OperationNotPermitted"
    assert refusal.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert elb.describe_load_balancers(LoadBalancerArns=[arn])["LoadBalancers"]
    protect("false")
    elb.delete_load_balancer(LoadBalancerArn=arn)
    assert elb.describe_load_balancers()["LoadBalancers"] == []
