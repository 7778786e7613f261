"""The AWS Load Balancer Controller as far as its finalizers go: only it takes them off, while it runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.cluster.emulator.controllers.base import Controller, deleting, with_finalizer, without_finalizer

if TYPE_CHECKING:
    from tests.cluster.emulator.store import Stored

Json = dict[str, Any]
BINDING, SERVICE, INGRESS = (
    "elbv2.k8s.aws/resources",
    "service.k8s.aws/resources",
    "ingress.k8s.aws/resources",
)


class LoadBalancers(Controller):
    """Acts while the Deployment `deployment` is there and ready."""

    name = "load_balancer_controller"

    def __init__(
        self, pace: float = 0.0, deployment: str = "kube-system/aws-load-balancer-controller"
    ) -> None:
        super().__init__(pace)
        self.deployment = deployment

    def look(self) -> bool:
        if not available(self.all("apps/v1", "Deployment"), self.deployment):
            return False
        for stored in self.all("elbv2.k8s.aws/v1beta1", "TargetGroupBinding"):
            self._hold(stored, BINDING)
        for stored in self.all("v1", "Service"):
            if stored.content["spec"].get("type") == "LoadBalancer" or SERVICE in (
                stored.meta.get("finalizers") or []
            ):
                self._hold(stored, SERVICE)
        return False

    def _hold(self, stored: Stored, finalizer: str) -> None:
        if deleting(stored):
            self._stopping.wait(self.pace)
            self.edit(stored, without_finalizer(finalizer))
            return
        self.edit(stored, with_finalizer(finalizer))
        if finalizer == BINDING and (stored.content.get("status") or {}).get("observedGeneration") is None:
            generation = stored.meta.get("generation", 1)
            self.edit(
                stored, lambda content: content.setdefault("status", {}).update(observedGeneration=generation)
            )


def available(found: list[Stored], wanted: str) -> bool:
    """Whether the Deployment or StatefulSet `namespace/name` is there with a ready pod."""
    for stored in found:
        if f"{stored.meta['namespace']}/{stored.meta['name']}" == wanted:
            return bool((stored.content.get("status") or {}).get("readyReplicas"))
    return False
