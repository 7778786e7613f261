"""Managed node groups, each with its Auto Scaling group.

moto makes no Auto Scaling group, invents remote access, a release and a version of its own, forgets
updateConfig and has no UpdateNodegroupVersion; the provider reads all of it as changes that need a new group.
"""

from __future__ import annotations

import time
import uuid
from typing import TYPE_CHECKING

from tests.terraform.emulator.eks import access_entries
from tests.terraform.emulator.eks.account import found, picked
from tests.terraform.emulator.eks.clusters import minor
from tests.terraform.emulator.errors import (
    InvalidParameterException,
    InvalidRequestException,
    ResourceInUseException,
)

if TYPE_CHECKING:
    from tests.terraform.emulator.eks.account import Account, Action, Cluster, Document

AS_GIVEN = (
    *("nodegroupName", "nodeRole", "subnets", "updateConfig", "nodeRepairConfig"),
    *("amiType", "releaseVersion", "capacityType", "instanceTypes", "labels", "taints"),
)
OF_TEMPLATE = ("diskSize", "remoteAccess")  # a launch template has these instead

# Which number may not be above which, and what EKS says then: in an update, about the group as it would be.
SCALING = (
    ("minSize", "desiredSize", "Minimum capacity {} can't be greater than desired size {}"),
    ("desiredSize", "maxSize", "desired capacity {} can't be greater than max size {}"),
)


def create(account: Account, parameters: Document) -> Document:
    """CreateNodegroup, from a launch template only."""
    cluster, name = account.cluster(parameters), parameters["nodegroupName"]
    if name in cluster.node_groups:
        raise ResourceInUseException(
            f"NodeGroup already exists with name {name} and cluster name {cluster.name}"
        )
    if "launchTemplate" not in parameters:
        raise InvalidRequestException("the emulator makes node groups from a launch template only")
    if any(key in parameters for key in OF_TEMPLATE):
        raise InvalidParameterException(f"The launch template says it: {', '.join(OF_TEMPLATE)}")
    version = parameters.get("version", cluster.document["version"])
    _check_version(cluster, version)
    scaling = {"minSize": 1, "maxSize": 2, "desiredSize": 2, **parameters.get("scalingConfig", {})}
    _check_scaling(scaling)
    now = time.time()
    document = {
        "clusterName": cluster.name,
        "nodegroupArn": account.arn(f"nodegroup/{cluster.name}/{name}/{uuid.uuid4()}"),
        "createdAt": now,
        "modifiedAt": now,
        "status": "ACTIVE",
        "health": {"issues": []},
        "amiType": "AL2023_x86_64_STANDARD",
        "capacityType": "ON_DEMAND",
        "instanceTypes": ["t3.medium"],
        "labels": {},
        "taints": [],
        "updateConfig": {"maxUnavailable": 1},
        "version": version,
        "releaseVersion": _release(version),
        "launchTemplate": _template(account, parameters["launchTemplate"]),
        "scalingConfig": scaling,
        "tags": dict(parameters.get("tags", {})),
        **picked(parameters, *AS_GIVEN),
    }
    document["resources"] = {"autoScalingGroups": [{"name": _scaling_group(account, document)}]}
    cluster.node_groups[name] = document
    _admit(account, cluster, document["nodeRole"])
    return {"nodegroup": document}


def _check_version(cluster: Cluster, version: str) -> None:
    newest = cluster.document["version"]
    if minor(version) > minor(newest):
        raise InvalidParameterException(f"Nodegroup version {version} is newer than the cluster's {newest}")


def _check_scaling(scaling: Document) -> None:
    for low, high, message in SCALING:
        if scaling[low] > scaling[high]:
            raise InvalidParameterException(message.format(scaling[low], scaling[high]))


def _release(version: str) -> str:
    return f"{version}.0-20261101"


def _template(account: Account, wanted: Document) -> Document:
    """A launch template by its id or name, with both; its version as the call says, or the default."""
    named = "id" not in wanted
    key = {"LaunchTemplateNames": [wanted["name"]]} if named else {"LaunchTemplateIds": [wanted["id"]]}
    ec2 = account.aws.client("ec2", account.region)
    template = ec2.describe_launch_templates(**key)["LaunchTemplates"][0]
    version = wanted.get("version", str(template["DefaultVersionNumber"]))
    return {"id": template["LaunchTemplateId"], "name": template["LaunchTemplateName"], "version": version}


def _scaling_group(account: Account, document: Document) -> str:
    """The group that EKS makes, with the tags by which the cluster autoscaler finds it; without instances."""
    name, cluster = f"eks-{document['nodegroupName']}-{uuid.uuid4()}", document["clusterName"]
    tags = {
        "eks:cluster-name": cluster,
        "eks:nodegroup-name": document["nodegroupName"],
        f"kubernetes.io/cluster/{cluster}": "owned",
        "k8s.io/cluster-autoscaler/enabled": "true",
        f"k8s.io/cluster-autoscaler/{cluster}": "owned",
    }
    account.aws.client("autoscaling", account.region).create_auto_scaling_group(
        AutoScalingGroupName=name,
        MinSize=0,
        MaxSize=document["scalingConfig"]["maxSize"],
        DesiredCapacity=0,
        VPCZoneIdentifier=",".join(document["subnets"]),
        LaunchTemplate={"LaunchTemplateId": document["launchTemplate"]["id"]},
        Tags=[{"Key": key, "Value": value, "PropagateAtLaunch": True} for key, value in tags.items()],
    )
    return name


def _admit(account: Account, cluster: Cluster, role_arn: str) -> None:
    """EKS itself lets the nodes of a managed group in, where access entries count."""
    mode = cluster.document["accessConfig"]["authenticationMode"]
    if mode != "CONFIG_MAP" and role_arn not in cluster.access_entries:
        access_entries.admit(account, cluster, {"principalArn": role_arn, "type": "EC2_LINUX"})


def _node_group(account: Account, parameters: Document) -> Document:
    name = parameters["nodegroupName"]
    return found(account.cluster(parameters).node_groups, name, f"No node group found for name: {name}.")


def describe(account: Account, parameters: Document) -> Document:
    """DescribeNodegroup."""
    return {"nodegroup": _node_group(account, parameters)}


def list_names(account: Account, parameters: Document) -> Document:
    """ListNodegroups."""
    return {"nodegroups": list(account.cluster(parameters).node_groups)}


def update_config(account: Account, parameters: Document) -> Document:
    """UpdateNodegroupConfig."""
    group = _node_group(account, parameters)
    scaling = {**group["scalingConfig"], **parameters.get("scalingConfig", {})}
    _check_scaling(scaling)
    labels, taints = parameters.get("labels", {}), parameters.get("taints", {})
    group["labels"] |= labels.get("addOrUpdateLabels", {})
    for key in labels.get("removeLabels", []):
        group["labels"].pop(key, None)
    gone = [_taint(t) for t in (*taints.get("removeTaints", []), *taints.get("addOrUpdateTaints", []))]
    kept = [t for t in group["taints"] if _taint(t) not in gone]
    group["taints"] = [*kept, *taints.get("addOrUpdateTaints", [])]
    group |= {"scalingConfig": scaling, "modifiedAt": time.time()}
    group |= picked(parameters, "updateConfig", "nodeRepairConfig")
    return account.cluster(parameters).update("ConfigUpdate")


def _taint(taint: Document) -> tuple[str, str]:
    return taint["key"], taint["effect"]


def update_version(account: Account, parameters: Document) -> Document:
    """UpdateNodegroupVersion: Kubernetes, never past the control plane, the release or the template."""
    group, cluster = _node_group(account, parameters), account.cluster(parameters)
    version = parameters.get("version", group["version"])
    _check_version(cluster, version)
    group |= {"version": version, "releaseVersion": parameters.get("releaseVersion", _release(version))}
    if "launchTemplate" in parameters:
        group["launchTemplate"] = _template(account, parameters["launchTemplate"])
    group["modifiedAt"] = time.time()
    return cluster.update("VersionUpdate")


def delete(account: Account, parameters: Document) -> Document:
    """DeleteNodegroup, with its Auto Scaling group, and its access entry when no other group needs it."""
    group, cluster = _node_group(account, parameters), account.cluster(parameters)
    for scaling_group in group["resources"]["autoScalingGroups"]:
        account.aws.client("autoscaling", account.region).delete_auto_scaling_group(
            AutoScalingGroupName=scaling_group["name"], ForceDelete=True
        )
    del cluster.node_groups[group["nodegroupName"]]
    if group["nodeRole"] not in (other["nodeRole"] for other in cluster.node_groups.values()):
        cluster.access_entries.pop(group["nodeRole"], None)
    return {"nodegroup": {**group, "status": "DELETING"}}


ACTIONS: dict[str, Action] = {
    "CreateNodegroup": create,
    "DescribeNodegroup": describe,
    "ListNodegroups": list_names,
    "UpdateNodegroupConfig": update_config,
    "UpdateNodegroupVersion": update_version,
    "DeleteNodegroup": delete,
}
