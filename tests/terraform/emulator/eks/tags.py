"""Tags of anything of EKS, by its ARN. moto tags clusters only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.terraform.emulator.errors import ResourceNotFoundException

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.terraform.emulator.eks.account import Account, Action, Document

# The keys under which the documents have their ARNs.
ARNS = ("arn", "nodegroupArn", "addonArn", "accessEntryArn", "associationArn")


def list_tags(account: Account, parameters: Document) -> Document:
    """ListTagsForResource."""
    return {"tags": _tags(account, parameters["resourceArn"])}


def tag(account: Account, parameters: Document) -> Document:
    """TagResource."""
    _tags(account, parameters["resourceArn"]).update(parameters["tags"])
    return {}


def untag(account: Account, parameters: Document) -> Document:
    """UntagResource."""
    tags = _tags(account, parameters["resourceArn"])
    for key in parameters["tagKeys"]:
        tags.pop(key, None)
    return {}


def _tags(account: Account, arn: str) -> dict[str, str]:
    for document in _documents(account):
        if arn in (document.get(key) for key in ARNS):
            tags: dict[str, str] = document["tags"]
            return tags
    raise ResourceNotFoundException(f"Resource was not found: {arn}")


def _documents(account: Account) -> Iterator[Document]:
    for cluster in account.clusters.values():
        yield cluster.document
        yield from cluster.node_groups.values()
        yield from cluster.addons.values()
        yield from (entry.document for entry in cluster.access_entries.values())
        yield from cluster.pod_identities.values()


ACTIONS: dict[str, Action] = {"ListTagsForResource": list_tags, "TagResource": tag, "UntagResource": untag}
