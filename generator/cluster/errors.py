"""Why a cluster could not be asked, or refused: what is wrong, and what to do about it.

Each kind is a class, so a command can tell them apart, and has a `kind`, which does not change, for machines.
"""
# ruff: noqa: N818  (as Usage and Trouble: they read as what they are)

from __future__ import annotations

from typing import ClassVar


class ClusterError(Exception):
    """Something that only a person can put right. `fix` may have several lines."""

    kind: ClassVar[str] = "error"

    def __init__(self, message: str, fix: str) -> None:
        """Say what is wrong, and what to do."""
        super().__init__(message)
        self.message, self.fix = message, fix


class NoContext(ClusterError):
    """The kubeconfig has no context for the environment, or several, or cannot be read."""

    kind = "no-context"


class WrongCluster(ClusterError):
    """The cluster is not the one of the environment."""

    kind = "wrong-cluster"


class NotBootstrapped(ClusterError):
    """The cluster has no Argo CD of this repository yet."""

    kind = "not-bootstrapped"


class Expired(ClusterError):
    """The API does not take the credentials (401), or the plugin that brings them has none."""

    kind = "expired"


class Forbidden(ClusterError):
    """The credentials are good, and not enough (403)."""

    kind = "forbidden"


class Unreachable(ClusterError):
    """There was no answer in time, or only answers that say to come back later."""

    kind = "unreachable"


class Untrusted(ClusterError):
    """Somebody answers, who is not the cluster that the context has the certificate authority of."""

    kind = "untrusted"


class NotServed(ClusterError):
    """The API does not know such a kind: its custom resource definition is missing."""

    kind = "not-served"


class Refused(ClusterError):
    """The API understood and says no: `status` is the HTTP status, `reason` the API's own word, or ""."""

    kind = "refused"

    def __init__(self, message: str, fix: str, status: int, reason: str) -> None:
        """Say what was refused."""
        super().__init__(message, fix)
        self.status, self.reason = status, reason


class Conflict(Refused):
    """Somebody else changed the object, or owns a field that was to be changed (409)."""

    kind = "conflict"
