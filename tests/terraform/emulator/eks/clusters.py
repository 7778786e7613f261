"""Clusters.

moto forgets accessConfig, upgradePolicy, deletionProtection, the VPC and the cluster security group, answers
UpdateClusterConfig with the wrong shape (the provider dies of it) and has no UpdateClusterVersion.
"""

from __future__ import annotations

import base64
import os
import pathlib
import time
import uuid
from typing import TYPE_CHECKING, Any

from tests.terraform.emulator.eks.account import Cluster, picked
from tests.terraform.emulator.errors import (
    InvalidParameterException,
    InvalidRequestException,
    ResourceInUseException,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.terraform.emulator.eks.account import Account, Action, Document

LOG_TYPES = ("api", "audit", "authenticator", "controllerManager", "scheduler")
CERTIFICATE = b"-----BEGIN CERTIFICATE-----\nof the emulator\n-----END CERTIFICATE-----\n"
OTHER = "EMULATOR_CERTIFICATE"  # a file with another one, for tests that have a Kubernetes API to go with it


def create(account: Account, parameters: Document) -> Document:
    """CreateCluster."""
    name = parameters["name"]
    if name in account.clusters:
        raise ResourceInUseException(f"Cluster already exists with name: {name}")
    identity = uuid.uuid4().hex.upper()
    domain = f"{account.region}.eks.amazonaws.com"
    document = {
        "name": name,
        "arn": account.arn(f"cluster/{name}"),
        "createdAt": time.time(),
        "status": "ACTIVE",
        "platformVersion": "eks.1",
        "endpoint": f"https://{identity}.gr7.{domain}",
        "identity": {"oidc": {"issuer": f"https://oidc.{domain}/id/{identity}"}},
        "certificateAuthority": {"data": base64.b64encode(_certificate()).decode()},
        "kubernetesNetworkConfig": {
            "ipFamily": "ipv4",
            "elasticLoadBalancing": {"enabled": False},
            **parameters.get("kubernetesNetworkConfig", {}),
        },
        "resourcesVpcConfig": _network(account, name, parameters["resourcesVpcConfig"]),
        "accessConfig": {
            "authenticationMode": parameters.get("accessConfig", {}).get("authenticationMode", "CONFIG_MAP")
        },
        "upgradePolicy": parameters.get("upgradePolicy", {"supportType": "EXTENDED"}),
        "deletionProtection": parameters.get("deletionProtection", False),
        "logging": _logging(parameters.get("logging"), ()),
        "tags": dict(parameters.get("tags", {})),
        **picked(parameters, "version", "roleArn", "encryptionConfig", "zonalShiftConfig"),
    }
    account.clusters[name] = Cluster(document=document)
    return {"cluster": document}


def _certificate() -> bytes:
    file = os.environ.get(OTHER)
    return pathlib.Path(file).read_bytes() if file else CERTIFICATE


def _network(account: Account, name: str, wanted: Document) -> Document:
    """EKS finds the VPC by the subnets and makes a security group for control plane and nodes in it."""
    ec2 = account.aws.client("ec2", account.region)
    subnets = ec2.describe_subnets(SubnetIds=wanted["subnetIds"])["Subnets"]
    group_name = f"eks-cluster-sg-{name}"
    group = ec2.create_security_group(
        GroupName=group_name,
        Description="EKS created security group applied to ENI that is attached to EKS Control Plane",
        VpcId=subnets[0]["VpcId"],
    )["GroupId"]
    ec2.authorize_security_group_ingress(
        GroupId=group, IpPermissions=[{"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": group}]}]
    )
    tags = {"Name": group_name, f"kubernetes.io/cluster/{name}": "owned"}
    ec2.create_tags(Resources=[group], Tags=[{"Key": k, "Value": v} for k, v in tags.items()])
    public = wanted.get("endpointPublicAccess", True)
    return {
        "vpcId": subnets[0]["VpcId"],
        "clusterSecurityGroupId": group,
        "endpointPublicAccess": public,
        "endpointPrivateAccess": False,
        "publicAccessCidrs": ["0.0.0.0/0"] if public else [],
        "securityGroupIds": [],
        **wanted,
    }


def _logging(wanted: Document | None, before: Iterable[str]) -> Document:
    """Which control plane logs are on, after a request that names some of them."""
    enabled = set(before)
    for entry in (wanted or {}).get("clusterLogging", []):
        enabled = enabled | set(entry["types"]) if entry["enabled"] else enabled - set(entry["types"])
    groups = {on: [kind for kind in LOG_TYPES if (kind in enabled) is on] for on in (True, False)}
    return {"clusterLogging": [{"types": types, "enabled": on} for on, types in groups.items() if types]}


def describe(account: Account, parameters: Document) -> Document:
    """DescribeCluster."""
    return {"cluster": account.cluster(parameters).document}


def list_names(account: Account, _: Document) -> Document:
    """ListClusters."""
    return {"clusters": list(account.clusters)}


def update_config(account: Account, parameters: Document) -> Document:
    """UpdateClusterConfig, which takes one kind of change at a time."""
    cluster = account.cluster(parameters)
    document = cluster.document
    if "resourcesVpcConfig" in parameters:
        document["resourcesVpcConfig"] |= parameters["resourcesVpcConfig"]
        return cluster.update("EndpointAccessUpdate")
    if "logging" in parameters:
        before: list[dict[str, Any]] = document["logging"]["clusterLogging"]
        enabled = [kind for entry in before if entry["enabled"] for kind in entry["types"]]
        document["logging"] = _logging(parameters["logging"], enabled)
        return cluster.update("LoggingUpdate")
    if "accessConfig" in parameters:
        document["accessConfig"] |= picked(parameters["accessConfig"], "authenticationMode")
        return cluster.update("AccessConfigUpdate")
    document |= picked(parameters, "upgradePolicy", "deletionProtection", "zonalShiftConfig")
    return cluster.update("ConfigUpdate")


def update_version(account: Account, parameters: Document) -> Document:
    """UpdateClusterVersion: one minor version up, never down."""
    cluster = account.cluster(parameters)
    before, after = cluster.document["version"], parameters["version"]
    if minor(after) != minor(before) + 1:
        raise InvalidParameterException(
            f"Unsupported Kubernetes minor version update from {before} to {after}"
        )
    cluster.document["version"] = after
    return cluster.update("VersionUpdate")


def minor(version: str) -> int:
    """Return 34 of "1.34"."""
    return int(version.split(".")[1])


def delete(account: Account, parameters: Document) -> Document:
    """DeleteCluster, with its security group."""
    cluster = account.cluster(parameters)
    if cluster.node_groups:
        raise ResourceInUseException("Cluster has nodegroups attached")
    if cluster.document["deletionProtection"]:
        raise InvalidRequestException("Cluster cannot be deleted: deletion protection is enabled")
    group = cluster.document["resourcesVpcConfig"]["clusterSecurityGroupId"]
    account.aws.client("ec2", account.region).delete_security_group(GroupId=group)
    del account.clusters[cluster.name]
    return {"cluster": {**cluster.document, "status": "DELETING"}}


ACTIONS: dict[str, Action] = {
    "CreateCluster": create,
    "DescribeCluster": describe,
    "ListClusters": list_names,
    "UpdateClusterConfig": update_config,
    "UpdateClusterVersion": update_version,
    "DeleteCluster": delete,
}
