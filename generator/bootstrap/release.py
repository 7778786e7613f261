"""What helm has written down about a release: Secrets in its namespace, one a revision.

The storage format is helm's own and has been the same since version 3: gzipped JSON, in base64, in the Secret
`sh.helm.release.v1.<release>.v<revision>` (helm, pkg/storage/driver).
"""

from __future__ import annotations

import base64
import binascii
import gzip
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from generator.cluster.client import Cluster

PENDING = ("pending-install", "pending-upgrade", "pending-rollback", "uninstalling")
"""What it says while it works, and for ever after it was killed at it."""


class Release(NamedTuple):
    """The last revision of a release. `chart` is its chart's version, `config` the values it was given."""

    secret: str
    revision: int
    status: str
    chart: str
    config: dict[str, Any]
    manifest: str
    written: datetime

    @property
    def pending(self) -> bool:
        """Whether helm works at it, or was killed at it."""
        return self.status in PENDING

    def age(self, now: datetime | None = None) -> float:
        """Return the seconds since helm wrote it."""
        return ((now or datetime.now(tz=UTC)) - self.written).total_seconds()


def last(cluster: Cluster, name: str, namespace: str) -> Release | None:
    """Return the newest revision of a release, None when helm knows none."""
    listed = cluster.list("v1", "secrets", namespace, label_selector=f"owner=helm,name={name}")
    found = [secret for secret in listed if secret.get("type") == "helm.sh/release.v1"]
    newest = max(found, key=_revision, default=None)
    if newest is None:
        return None
    metadata, content = newest["metadata"], _content(newest)
    return Release(
        secret=metadata["name"],
        revision=_revision(newest),
        status=metadata["labels"].get("status", ""),
        chart=content.get("chart", {}).get("metadata", {}).get("version", ""),
        config=content.get("config") or {},
        manifest=content.get("manifest", ""),
        written=_written(metadata),
    )


def _revision(secret: dict[str, Any]) -> int:
    return int(secret["metadata"].get("labels", {}).get("version", 0))


def _written(metadata: dict[str, Any]) -> datetime:
    changed = metadata.get("labels", {}).get("modifiedAt") or metadata.get("labels", {}).get("createdAt")
    if changed:
        return datetime.fromtimestamp(int(changed), tz=UTC)
    return datetime.fromisoformat(metadata["creationTimestamp"])


def _content(secret: dict[str, Any]) -> dict[str, Any]:
    """Return what is in it, nothing when somebody has changed it."""
    try:
        packed = base64.b64decode(base64.b64decode(secret["data"]["release"]))
        found = json.loads(gzip.decompress(packed) if packed[:2] == b"\x1f\x8b" else packed)
    except (KeyError, ValueError, binascii.Error, OSError, EOFError):
        return {}
    return found if isinstance(found, dict) else {}
