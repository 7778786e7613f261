"""Pod Identity associations. moto has none of it."""

from __future__ import annotations

import time
import uuid
from typing import TYPE_CHECKING

from tests.terraform.emulator.eks.account import found, picked
from tests.terraform.emulator.errors import ResourceInUseException

if TYPE_CHECKING:
    from tests.terraform.emulator.eks.account import Account, Action, Cluster, Document

SUMMARY = ("clusterName", "namespace", "serviceAccount", "associationArn", "associationId", "ownerArn")
CHANGEABLE = ("roleArn", "targetRoleArn", "disableSessionTags")


def create(account: Account, parameters: Document) -> Document:
    """CreatePodIdentityAssociation."""
    return {"association": associate(account, account.cluster(parameters), parameters)}


def associate(account: Account, cluster: Cluster, wanted: Document, *, owner_arn: str = "") -> Document:
    """Add an association and return it; `owner_arn` is the add-on that it comes with.

    Raises:
        ResourceInUseException: the service account has one already.
    """
    for association in cluster.pod_identities.values():
        if all(association[key] == wanted[key] for key in ("namespace", "serviceAccount")):
            raise ResourceInUseException(
                f"Association already exists: {association['associationId']}, for "
                f"{wanted['namespace']}/{wanted['serviceAccount']}"
            )
    now, identity = time.time(), f"a-{uuid.uuid4().hex[:17]}"
    document = {
        "associationId": identity,
        "associationArn": account.arn(f"podidentityassociation/{cluster.name}/{identity}"),
        "clusterName": cluster.name,
        "createdAt": now,
        "modifiedAt": now,
        "disableSessionTags": False,
        "tags": dict(wanted.get("tags", {})),
        **picked(wanted, "namespace", "serviceAccount", *CHANGEABLE),
        **({"ownerArn": owner_arn} if owner_arn else {}),
    }
    cluster.pod_identities[identity] = document
    return document


def _association(account: Account, parameters: Document) -> Document:
    identity = parameters["associationId"]
    associations = account.cluster(parameters).pod_identities
    return found(associations, identity, f"No association found for ID: {identity}")


def describe(account: Account, parameters: Document) -> Document:
    """DescribePodIdentityAssociation."""
    return {"association": _association(account, parameters)}


def list_summaries(account: Account, parameters: Document) -> Document:
    """ListPodIdentityAssociations, of a namespace or service account if the call names one."""
    filters = picked(parameters, "namespace", "serviceAccount")
    associations = account.cluster(parameters).pod_identities.values()
    matching = [a for a in associations if all(a[key] == value for key, value in filters.items())]
    return {"associations": [picked(a, *SUMMARY) for a in matching]}


def update(account: Account, parameters: Document) -> Document:
    """UpdatePodIdentityAssociation."""
    association = _association(account, parameters)
    association |= {**picked(parameters, *CHANGEABLE), "modifiedAt": time.time()}
    return {"association": association}


def delete(account: Account, parameters: Document) -> Document:
    """DeletePodIdentityAssociation."""
    association = _association(account, parameters)
    del account.cluster(parameters).pod_identities[association["associationId"]]
    return {"association": association}


ACTIONS: dict[str, Action] = {
    "CreatePodIdentityAssociation": create,
    "DescribePodIdentityAssociation": describe,
    "ListPodIdentityAssociations": list_summaries,
    "UpdatePodIdentityAssociation": update,
    "DeletePodIdentityAssociation": delete,
}
