"""Access entries and their access policies. moto has none of it."""

from __future__ import annotations

import time
import uuid
from typing import TYPE_CHECKING

from tests.terraform.emulator.eks.account import AccessEntry, found, picked
from tests.terraform.emulator.errors import (
    InvalidParameterException,
    InvalidRequestException,
    ResourceInUseException,
)

if TYPE_CHECKING:
    from tests.terraform.emulator.eks.account import Account, Action, Cluster, Document

POLICIES = "arn:aws:eks::aws:cluster-access-policy/"


def create(account: Account, parameters: Document) -> Document:
    """CreateAccessEntry."""
    cluster, principal = account.cluster(parameters), parameters["principalArn"]
    if cluster.document["accessConfig"]["authenticationMode"] == "CONFIG_MAP":
        raise InvalidRequestException("The cluster's authentication mode must be API or API_AND_CONFIG_MAP")
    if principal in cluster.access_entries:
        raise ResourceInUseException(f"The specified access entry resource is already in use: {principal}")
    return {"accessEntry": admit(account, cluster, parameters).document}


def admit(account: Account, cluster: Cluster, wanted: Document) -> AccessEntry:
    """Add an entry and return it."""
    now, principal = time.time(), wanted["principalArn"]
    kind, _, name = principal.rpartition(":")[2].partition("/")
    document = {
        "clusterName": cluster.name,
        "principalArn": principal,
        "accessEntryArn": account.arn(
            f"access-entry/{cluster.name}/{kind}/{account.id}/{name}/{uuid.uuid4()}"
        ),
        "kubernetesGroups": [],
        "type": "STANDARD",
        "username": principal,
        "createdAt": now,
        "modifiedAt": now,
        "tags": dict(wanted.get("tags", {})),
        **picked(wanted, "kubernetesGroups", "type", "username"),
    }
    cluster.access_entries[principal] = AccessEntry(document=document)
    return cluster.access_entries[principal]


def _entry(account: Account, parameters: Document) -> AccessEntry:
    principal = parameters["principalArn"]
    message = f"The specified principalArn could not be found: {principal}"
    return found(account.cluster(parameters).access_entries, principal, message)


def describe(account: Account, parameters: Document) -> Document:
    """DescribeAccessEntry."""
    return {"accessEntry": _entry(account, parameters).document}


def list_principals(account: Account, parameters: Document) -> Document:
    """ListAccessEntries."""
    return {"accessEntries": list(account.cluster(parameters).access_entries)}


def update(account: Account, parameters: Document) -> Document:
    """UpdateAccessEntry."""
    document = _entry(account, parameters).document
    document |= {**picked(parameters, "kubernetesGroups", "username"), "modifiedAt": time.time()}
    return {"accessEntry": document}


def delete(account: Account, parameters: Document) -> Document:
    """DeleteAccessEntry."""
    entry = _entry(account, parameters)
    del account.cluster(parameters).access_entries[entry.document["principalArn"]]
    return {}


def associate(account: Account, parameters: Document) -> Document:
    """AssociateAccessPolicy."""
    entry, policy = _entry(account, parameters), parameters["policyArn"]
    if not policy.startswith(POLICIES):
        raise InvalidParameterException(f"The policyArn is not valid: {policy}")
    now = time.time()
    document = {
        "policyArn": policy,
        "accessScope": parameters["accessScope"],
        "associatedAt": now,
        "modifiedAt": now,
    }
    entry.policies[policy] = document
    return {**picked(entry.document, "clusterName", "principalArn"), "associatedAccessPolicy": document}


def list_associated(account: Account, parameters: Document) -> Document:
    """ListAssociatedAccessPolicies."""
    entry = _entry(account, parameters)
    policies = list(entry.policies.values())
    return {**picked(entry.document, "clusterName", "principalArn"), "associatedAccessPolicies": policies}


def disassociate(account: Account, parameters: Document) -> Document:
    """DisassociateAccessPolicy."""
    policies, policy = _entry(account, parameters).policies, parameters["policyArn"]
    found(policies, policy, f"The policyArn is not associated: {policy}")
    del policies[policy]
    return {}


ACTIONS: dict[str, Action] = {
    "CreateAccessEntry": create,
    "DescribeAccessEntry": describe,
    "ListAccessEntries": list_principals,
    "UpdateAccessEntry": update,
    "DeleteAccessEntry": delete,
    "AssociateAccessPolicy": associate,
    "ListAssociatedAccessPolicies": list_associated,
    "DisassociateAccessPolicy": disassociate,
}
