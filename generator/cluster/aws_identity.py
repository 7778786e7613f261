"""Whose account this is, and which cluster: what a name does not prove."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from generator.cluster.aws_session import Aws


class Caller(NamedTuple):
    """Who asks AWS: the account, and the ARN of the user or the role's session."""

    account: str
    arn: str


class EksCluster(NamedTuple):
    """What EKS says of a cluster. `authority` is its certificate authority, PEM; `version` as `1.34`."""

    arn: str
    status: str
    version: str
    endpoint: str
    authority: bytes


def caller(aws: Aws) -> Caller:
    """Return who asks; everybody may ask this.

    Raises:
        AwsTrouble: AWS cannot be asked.
    """
    answer = aws.ask("sts", "get_caller_identity", "say who it is") or {}
    return Caller(answer["Account"], answer["Arn"])


def cluster(aws: Aws, name: str) -> EksCluster | None:
    """Return a cluster of this account and region, None when there is none of that name.

    Raises:
        AwsTrouble: AWS refuses, or cannot be asked.
    """
    answer = aws.ask(
        "eks",
        "describe_cluster",
        f"describe the EKS cluster {name}",
        absent=("ResourceNotFoundException",),
        name=name,
    )
    if answer is None:
        return None
    found = answer["cluster"]
    return EksCluster(
        found["arn"],
        found["status"],
        found.get("version", ""),
        found.get("endpoint", ""),
        _decoded(found.get("certificateAuthority", {}).get("data", "")),
    )


def _decoded(text: str) -> bytes:
    """EKS leaves it out while it makes the cluster."""
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        return b""
