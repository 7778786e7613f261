"""Claims and volumes, while the CSI driver runs that deletes what is behind them in AWS."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.teardown.kinds import CLAIMS, PODS, VOLUMES
from generator.teardown.waiting import Removal

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.cluster.client import Cluster
    from generator.teardown.kinds import Kind

    Document = dict[str, Any]


def idle(cluster: Cluster) -> Removal:
    """Return the removal of the claims that no pod uses, and of the volumes behind them."""
    return Removal("volumes that no pod uses", lambda: _found(cluster, idle_only=True), _ask(cluster))


def every(cluster: Cluster) -> Removal:
    """Return the removal of all claims, and of the volumes behind them."""
    return Removal("volumes", lambda: _found(cluster, idle_only=False), _ask(cluster))


def kept(cluster: Cluster) -> list[str]:
    """Name the volumes whose data stays in AWS, because their class says so (reclaimPolicy: Retain)."""
    found = (v for v in VOLUMES.all(cluster) if not _deletes(v))
    return [str(v.get("spec", {}).get("csi", {}).get("volumeHandle") or v["metadata"]["name"]) for v in found]


def _found(cluster: Cluster, *, idle_only: bool) -> list[tuple[Kind, Document]]:
    used = _used(cluster) if idle_only else set()
    claims = [c for c in CLAIMS.all(cluster) if _key(c["metadata"]) not in used]
    # A volume goes after its claim, by the driver; one that never had a claim is nobody's to wait for.
    volumes = [v for v in VOLUMES.all(cluster) if _deletes(v) and _claim(v) and _claim(v) not in used]
    return [*((CLAIMS, claim) for claim in claims), *((VOLUMES, volume) for volume in volumes)]


def _ask(cluster: Cluster) -> Callable[[Kind, Document], None]:
    def ask(kind: Kind, thing: Document) -> None:
        if kind is CLAIMS:
            kind.delete(cluster, thing)

    return ask


def _used(cluster: Cluster) -> set[tuple[str, str]]:
    """Return namespaces and names of the claims that living pods have; they would not go before the pods."""
    return {
        (pod["metadata"]["namespace"], volume["persistentVolumeClaim"]["claimName"])
        for pod in PODS.all(cluster)
        if pod.get("status", {}).get("phase") not in ("Succeeded", "Failed")
        for volume in pod.get("spec", {}).get("volumes") or ()
        if "persistentVolumeClaim" in volume
    }


def _key(metadata: Document) -> tuple[str, str]:
    return metadata["namespace"], metadata["name"]


def _claim(volume: Document) -> tuple[str, str] | None:
    reference = volume.get("spec", {}).get("claimRef")
    return (reference.get("namespace", ""), reference.get("name", "")) if reference else None


def _deletes(volume: Document) -> bool:
    return bool(volume.get("spec", {}).get("persistentVolumeReclaimPolicy") == "Delete")
