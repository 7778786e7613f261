"""What EKS keeps: the API's own documents, as its Describe calls answer them."""

from __future__ import annotations

import threading
import time
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from tests.terraform.emulator.errors import ResourceNotFoundException

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.terraform.emulator.aws import Aws

    Action = Callable[["Account", dict[str, Any]], dict[str, Any]]

Document = dict[str, Any]
Thing = TypeVar("Thing")


@dataclass(kw_only=True)
class AccessEntry:
    """A principal that the cluster admits, and the access policies by their ARNs."""

    document: Document
    policies: dict[str, Document] = field(default_factory=dict)


@dataclass(kw_only=True)
class Cluster:
    """A cluster and what hangs on it, by name or id."""

    document: Document
    node_groups: dict[str, Document] = field(default_factory=dict)
    addons: dict[str, Document] = field(default_factory=dict)
    access_entries: dict[str, AccessEntry] = field(default_factory=dict)
    pod_identities: dict[str, Document] = field(default_factory=dict)
    updates: dict[str, Document] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The cluster's name."""
        return str(self.document["name"])

    def update(self, kind: str) -> Document:
        """Remember a change, which is done at once, and return the answer of the call that made it."""
        document = {
            "id": str(uuid.uuid4()),
            "status": "Successful",
            "type": kind,
            "params": [],
            "createdAt": time.time(),
            "errors": [],
        }
        self.updates[document["id"]] = document
        return {"update": document}


class Answered(NamedTuple):
    """A call that was done, which is not done again when it is repeated."""

    parameters: Document
    answer: Document


@dataclass(kw_only=True)
class Account:
    """An account's EKS in one region."""

    id: str
    region: str
    aws: Aws
    clusters: dict[str, Cluster] = field(default_factory=dict)
    answers: dict[tuple[str, str], Answered] = field(default_factory=dict)  # by action and token
    lock: threading.Lock = field(default_factory=threading.Lock)

    def cluster(self, parameters: Mapping[str, Any]) -> Cluster:
        """Return the cluster that a call names, as `name` or `clusterName`."""
        name = parameters.get("clusterName") or parameters.get("name")
        return found(self.clusters, str(name), f"No cluster found for name: {name}.")

    def arn(self, path: str) -> str:
        """Return the ARN of something of EKS."""
        return f"arn:aws:eks:{self.region}:{self.id}:{path}"


def found(things: Mapping[str, Thing], name: str, message: str) -> Thing:
    """Return one of the things.

    Raises:
        ResourceNotFoundException: it is not among them.
    """
    if name not in things:
        raise ResourceNotFoundException(message)
    return things[name]


def picked(parameters: Mapping[str, Any], *names: str) -> Document:
    """Return the parameters that a call gave, of those that are asked for."""
    return {name: parameters[name] for name in names if parameters.get(name) is not None}
