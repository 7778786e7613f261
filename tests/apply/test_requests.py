"""What Terraform asked of AWS when it made the platform: what the emulator cannot judge."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

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


def test_no_value_of_a_secret_is_written_or_read(platform: Platform) -> None:
    """What Terraform writes it reads in every plan, and this stack is planned with pull requests' code."""
    hmac = platform.deployment.values["gateway"]["hmac_secret_name"]
    asked = [call.parameters for call in calls(platform, "CreateSecret")]
    assert hmac in {a["Name"] for a in asked}
    assert not [a["Name"] for a in asked if not a.get("KmsKeyId") or "SecretString" in a]
    about_values = {"BatchGetSecretValue", "GetRandomPassword", "GetSecretValue", "PutSecretValue"}
    assert [call.action for call in platform.creation if call.action in about_values] == []


def test_clients_speak_tls(platform: Platform) -> None:
    asked = one(platform, "CreateListener").parameters
    assert (asked["Protocol"], asked["Port"]) == ("TLS", "443")
    assert asked["SslPolicy"].startswith("ELBSecurityPolicy-TLS13")


# --- What the functions of the gateway may do: their policies name keys and groups that no plan knows yet ---


def statements(platform: Platform, role: str) -> list[dict[str, Any]]:
    """What the policies of a role say, all of them together."""
    assert calls(platform, "AttachRolePolicy", RoleName=role) == []
    documents = [
        json.loads(call.parameters["PolicyDocument"])
        for call in calls(platform, "PutRolePolicy", RoleName=role)
    ]
    return [statement for document in documents for statement in document["Statement"]]


def key_of(platform: Platform, alias: str) -> str:
    """The id of a key; asked of the calls, for other tests may have destroyed the platform before."""
    return str(one(platform, "CreateAlias", AliasName=alias).parameters["TargetKeyId"])


def test_the_authorizer_writes_its_log_and_may_nothing_else(platform: Platform) -> None:
    values = platform.deployment.values
    (only,) = statements(platform, values["gateway"]["functions"]["authorizer"]["role_name"])
    assert only["Effect"] == "Allow"
    assert only["Action"] == ["logs:CreateLogStream", "logs:PutLogEvents"]
    (group,) = only["Resource"]
    assert group.endswith(f":log-group:{values['logs']['groups']['authorizer']}:log-stream:*")


def test_the_token_function_signs_with_one_key_and_reads_two_secrets(platform: Platform) -> None:
    values = platform.deployment.values
    gateway = values["gateway"]
    allowed = [
        (action, s["Resource"])
        for s in statements(platform, gateway["functions"]["token"]["role_name"])
        if s["Effect"] == "Allow"
        for action in s["Action"]
    ]
    kms = {action: resources for action, resources in allowed if action.startswith("kms:")}
    assert kms.keys() == {"kms:Sign", "kms:Decrypt"}
    (signing,) = kms["kms:Sign"]
    assert signing.endswith(f":key/{key_of(platform, gateway['signing_keys'][0]['alias'])}")
    # What it keeps itself, and what the database stack writes.
    aliases = [gateway["key_alias"], values["secrets"]["key_alias"]]
    decrypting = [arn.rpartition(":key/")[2] for arn in kms["kms:Decrypt"]]
    assert decrypting == [key_of(platform, alias) for alias in aliases]
    secrets = dict(allowed)["secretsmanager:GetSecretValue"]
    names = [gateway["hmac_secret_name"], gateway["customers"]["secret_name"]]
    assert [arn.partition(":secret:")[2] for arn in secrets] == [f"{name}-??????" for name in names]
    assert [action for action, _ in allowed if "*" in action] == []
