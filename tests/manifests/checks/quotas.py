"""Every namespace's quota has room for all that its own objects start at once."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from tests.manifests.pods import pods
from tests.manifests.quantity import amount

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.manifests.model import Environment, Manifest


def check(environment: Environment) -> Iterator[str]:
    """Yield the quotas that would refuse a pod, for want of room or of what they count."""
    for quota in environment.of_kind("ResourceQuota"):
        for resource, limit in quota.spec["hard"].items():
            yield from _resource(environment, quota, resource, limit)


def _resource(environment: Environment, quota: Manifest, resource: str, limit: object) -> Iterator[str]:
    part, dot, name = resource.partition(".")
    needed = Decimal(0)
    for pod in pods(environment, quota.namespace):
        count = _count(environment, pod.owner)
        if resource == "pods":
            needed += count
        if not dot or part not in ("requests", "limits"):
            continue
        for container in pod.containers:
            asked = ((container.get("resources") or {}).get(part) or {}).get(name)
            if asked is None:
                yield f"{quota}: counts {resource}, so {pod} needs it in container {container['name']}"
            else:
                needed += count * amount(asked)
    if needed > amount(limit):
        yield f"{quota}: {resource}: {limit} is less than what all pods together need, {needed:f}"


def _count(environment: Environment, owner: Manifest) -> int:
    """How many pods of an object there may be at once, a rollout aside."""
    for scaler in environment.of_kind("HorizontalPodAutoscaler"):
        if (scaler.namespace, scaler.spec["scaleTargetRef"]["name"]) == (owner.namespace, owner.name):
            most: int = scaler.spec["maxReplicas"]
            return most
    count: int = owner.spec.get("replicas", 1)
    return count
