"""Add-ons, with the Pod Identity associations that they own. moto has none of it."""

from __future__ import annotations

import re
import time
import uuid
from typing import TYPE_CHECKING

from tests.terraform.emulator.eks import configuration, pod_identities
from tests.terraform.emulator.eks.account import found, picked
from tests.terraform.emulator.errors import InvalidParameterException, ResourceInUseException

if TYPE_CHECKING:
    from tests.terraform.emulator.eks.account import Account, Action, Cluster, Document

VERSION = re.compile(r"v\d+\.\d+\.\d+-eksbuild\.\d+")
NAMESPACE = "kube-system"  # of the add-ons that AWS itself publishes


def create(account: Account, parameters: Document) -> Document:
    """CreateAddon."""
    cluster, name = account.cluster(parameters), parameters["addonName"]
    _check(parameters)
    if name in cluster.addons:
        raise ResourceInUseException(f"Addon already exists: {name}")
    now = time.time()
    cluster.addons[name] = {
        "addonName": name,
        "addonArn": account.arn(f"addon/{cluster.name}/{name}/{uuid.uuid4()}"),
        "clusterName": cluster.name,
        "status": "ACTIVE",
        "health": {"issues": []},
        "createdAt": now,
        "modifiedAt": now,
        "tags": dict(parameters.get("tags", {})),
        **picked(parameters, "addonVersion", "configurationValues", "serviceAccountRoleArn"),
    }
    _associate(account, cluster, parameters)
    return {"addon": cluster.addons[name]}


def _check(parameters: Document) -> None:
    version = parameters.get("addonVersion")
    if version is not None and not VERSION.fullmatch(version):
        raise InvalidParameterException(f"Addon version specified is not supported: {version}")
    if parameters.get("configurationValues"):
        configuration.check(parameters["addonName"], parameters["configurationValues"])


def _associate(account: Account, cluster: Cluster, parameters: Document) -> None:
    """Replace the add-on's associations by those that a call lists; leave them when it lists none at all."""
    if "podIdentityAssociations" not in parameters:
        return
    addon = cluster.addons[parameters["addonName"]]
    _dissociate(cluster, addon)
    associations = [
        pod_identities.associate(
            account, cluster, {"namespace": NAMESPACE, **wanted}, owner_arn=addon["addonArn"]
        )
        for wanted in parameters["podIdentityAssociations"]
    ]
    addon["podIdentityAssociations"] = [association["associationArn"] for association in associations]


def _dissociate(cluster: Cluster, addon: Document) -> None:
    for key, association in list(cluster.pod_identities.items()):
        if association.get("ownerArn") == addon["addonArn"]:
            del cluster.pod_identities[key]


def _addon(account: Account, parameters: Document) -> Document:
    name = parameters["addonName"]
    return found(account.cluster(parameters).addons, name, f"No addon: {name} found in the cluster")


def describe(account: Account, parameters: Document) -> Document:
    """DescribeAddon."""
    return {"addon": _addon(account, parameters)}


def list_names(account: Account, parameters: Document) -> Document:
    """ListAddons."""
    return {"addons": list(account.cluster(parameters).addons)}


def update(account: Account, parameters: Document) -> Document:
    """UpdateAddon."""
    addon, cluster = _addon(account, parameters), account.cluster(parameters)
    _check(parameters)
    addon |= picked(parameters, "addonVersion", "configurationValues", "serviceAccountRoleArn")
    addon["modifiedAt"] = time.time()
    _associate(account, cluster, parameters)
    return cluster.update("AddonUpdate")


def delete(account: Account, parameters: Document) -> Document:
    """DeleteAddon, with its associations."""
    addon, cluster = _addon(account, parameters), account.cluster(parameters)
    _dissociate(cluster, addon)
    del cluster.addons[addon["addonName"]]
    return {"addon": {**addon, "status": "DELETING"}}


ACTIONS: dict[str, Action] = {
    "CreateAddon": create,
    "DescribeAddon": describe,
    "ListAddons": list_names,
    "UpdateAddon": update,
    "DeleteAddon": delete,
}
