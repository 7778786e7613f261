"""Volume claims and volumes: binding, protection while in use, deletion by the EBS driver while it runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.cluster.emulator.controllers.base import Controller, deleting, without_finalizer
from tests.cluster.emulator.controllers.load_balancers import available
from tests.cluster.emulator.defaults import PV_FINALIZER, PVC_FINALIZER

if TYPE_CHECKING:
    from tests.cluster.emulator.store import Stored

Json = dict[str, Any]
EXTERNAL = "external-provisioner.volume.kubernetes.io/finalizer"


class Volumes(Controller):
    """Provisions and deletes while the Deployment `deployment` is ready; protection needs no driver."""

    name = "volumes"

    def __init__(self, pace: float = 0.0, deployment: str = "kube-system/ebs-csi-controller") -> None:
        super().__init__(pace)
        self.deployment = deployment

    def look(self) -> bool:
        driver = available(self.all("apps/v1", "Deployment"), self.deployment)
        for claim in self.all("v1", "PersistentVolumeClaim"):
            if deleting(claim):
                if not self._used(claim):
                    self.edit(claim, without_finalizer(PVC_FINALIZER))
            elif driver and (claim.content.get("status") or {}).get("phase") != "Bound":
                self._provision(claim)
        claims = {claim.meta["uid"] for claim in self.all("v1", "PersistentVolumeClaim")}
        for volume in self.all("v1", "PersistentVolume"):
            self._release(volume, claims, driver=driver)
        return False

    def _used(self, claim: Stored) -> bool:
        for pod in self.all("v1", "Pod", claim.meta["namespace"]):
            if pod.content["status"].get("phase") in {"Succeeded", "Failed"}:
                continue
            for volume in pod.content["spec"].get("volumes") or []:
                if (volume.get("persistentVolumeClaim") or {}).get("claimName") == claim.meta["name"]:
                    return True
        return False

    def _provision(self, claim: Stored) -> None:
        name = f"pvc-{claim.meta['uid']}"
        spec = claim.content["spec"]
        capacity = (spec.get("resources") or {}).get("requests") or {"storage": "1Gi"}
        modes = spec.get("accessModes") or ["ReadWriteOnce"]
        classes = {c.meta["name"]: c.content for c in self.all("storage.k8s.io/v1", "StorageClass")}
        policy = classes.get(spec.get("storageClassName", ""), {}).get("reclaimPolicy", "Delete")
        reference = {key: claim.meta[key] for key in ("name", "namespace", "uid")}
        volume = {
            "apiVersion": "v1",
            "kind": "PersistentVolume",
            "metadata": {"name": name, "finalizers": [EXTERNAL, PV_FINALIZER]},
            "spec": {
                "accessModes": modes,
                "capacity": capacity,
                "claimRef": {"apiVersion": "v1", "kind": "PersistentVolumeClaim"} | reference,
                "csi": {"driver": "ebs.csi.aws.com", "volumeHandle": f"vol-{claim.meta['uid'][:8]}"},
                "persistentVolumeReclaimPolicy": policy,
                "storageClassName": spec.get("storageClassName", ""),
            },
            "status": {"phase": "Bound"},
        }
        self.cluster.persist(self.cluster.catalogue.require("v1", "PersistentVolume"), volume)

        def bind(content: Json) -> None:
            content["spec"]["volumeName"] = name
            content["status"] = {"phase": "Bound", "capacity": capacity, "accessModes": modes}

        self.edit(claim, bind)

    def _release(self, volume: Stored, claims: set[str], *, driver: bool) -> None:
        spec = volume.content["spec"]
        if spec.get("claimRef", {}).get("uid") in claims or "claimRef" not in spec:
            return
        self.edit(volume, lambda content: content.setdefault("status", {}).update(phase="Released"))
        csi = spec.get("csi", {}).get("driver") == "ebs.csi.aws.com"
        if deleting(volume):
            self.edit(volume, without_finalizer(PV_FINALIZER))
        if driver and csi and spec.get("persistentVolumeReclaimPolicy") == "Delete":
            self._stopping.wait(self.pace)
            self.edit(volume, without_finalizer(EXTERNAL))
            self.edit(volume, without_finalizer(PV_FINALIZER))
            self.cluster.discard(
                self.cluster.catalogue.require("v1", "PersistentVolume"), "", volume.meta["name"]
            )
