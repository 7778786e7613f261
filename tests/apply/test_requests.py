"""What Terraform asked of AWS when it made the platform: what the emulator cannot judge."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.apply.conftest import Platform
    from tests.terraform.emulator.calls import Call

pytestmark = pytest.mark.apply


def calls(platform: Platform, action: str, **parameters: str) -> list[Call]:
    return [
        call
        for call in platform.creation
        if call.action == action and parameters.items() <= call.parameters.items()
    ]


def one(platform: Platform, action: str, **parameters: str) -> Call:
    (call,) = calls(platform, action, **parameters)
    return call


def position(platform: Platform, action: str, **parameters: str) -> int:
    return platform.creation.index(one(platform, action, **parameters))


def test_the_cluster_keeps_to_itself(platform: Platform) -> None:
    asked = one(platform, "CreateCluster").parameters
    network = asked["resourcesVpcConfig"]
    assert (network["endpointPrivateAccess"], network["endpointPublicAccess"]) == (True, False)
    assert asked["accessConfig"] == {
        "authenticationMode": "API",
        "bootstrapClusterCreatorAdminPermissions": False,
    }
    (encryption,) = asked["encryptionConfig"]
    assert encryption["resources"] == ["secrets"]
    assert ":key/" in encryption["provider"]["keyArn"]
    logs = {
        kind for entry in asked["logging"]["clusterLogging"] if entry["enabled"] for kind in entry["types"]
    }
    assert logs == {"api", "audit", "authenticator", "controllerManager", "scheduler"}


def test_the_control_planes_log_group_is_there_before_it(platform: Platform) -> None:
    name = platform.deployment.values["logs"]["groups"]["control_plane"]
    assert position(platform, "CreateLogGroup", logGroupName=name) < position(platform, "CreateCluster")
    assert one(platform, "CreateLogGroup", logGroupName=name).parameters["kmsKeyId"]


def test_network_policies_are_enforced_from_the_first_node_on(platform: Platform) -> None:
    asked = one(platform, "CreateAddon", addonName="vpc-cni").parameters
    assert json.loads(asked["configurationValues"])["enableNetworkPolicy"] == "true"
    (association,) = asked["podIdentityAssociations"]
    assert association["serviceAccount"] == "aws-node"
    nodes = position(platform, "CreateNodegroup")
    assert position(platform, "CreateAddon", addonName="vpc-cni") < nodes
    assert position(platform, "CreateAddon", addonName="coredns") > nodes


def test_nodes_give_no_credentials_to_pods(platform: Platform) -> None:
    asked = one(platform, "CreateLaunchTemplate").parameters
    metadata = "LaunchTemplateData.MetadataOptions."
    assert asked[f"{metadata}HttpTokens"] == "required"
    assert asked[f"{metadata}HttpPutResponseHopLimit"] == "1"
    assert asked["LaunchTemplateData.BlockDeviceMapping.1.Ebs.Encrypted"] == "true"


def test_every_identity_is_for_one_service_account(platform: Platform) -> None:
    asked = {
        (call.parameters["namespace"], call.parameters["serviceAccount"], call.parameters["roleArn"])
        for call in calls(platform, "CreatePodIdentityAssociation")
    }
    account = platform.deployment.emulator.account_id
    assert asked == {
        (i["namespace"], i["service_account"], f"arn:aws:iam::{account}:role/{i['role_name']}")
        for i in platform.deployment.values["identities"].values()
    }


def test_nothing_writes_a_secret(platform: Platform) -> None:
    assert calls(platform, "PutSecretValue") == []
    asked = [call.parameters for call in calls(platform, "CreateSecret")]
    assert asked
    assert not [a["Name"] for a in asked if not a.get("KmsKeyId") or "SecretString" in a]


def test_clients_speak_tls(platform: Platform) -> None:
    asked = one(platform, "CreateListener").parameters
    assert (asked["Protocol"], asked["Port"]) == ("TLS", "443")
    assert asked["SslPolicy"].startswith("ELBSecurityPolicy-TLS13")
