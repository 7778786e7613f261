"""Every quantity parses, is in whole bytes where it counts bytes, and no request is above its limit."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tests.manifests.pods import pods
from tests.manifests.quantity import amount

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.manifests.model import Environment

    Object = dict[str, Any]

LEAST_MEMORY = amount("4Mi")  # less is a unit forgotten: no container starts with it


def check(environment: Environment) -> Iterator[str]:
    """Yield the quantities that mean nothing, or not what was meant."""
    for pod in pods(environment):
        for container in pod.containers:
            resources = container.get("resources") or {}
            where = f"{pod}: container {container['name']}"
            for name in ("requests", "limits"):
                yield from _judge(where, name, resources.get(name) or {}, LEAST_MEMORY)
            yield from _above(where, resources)
        for volume in pod.spec.get("volumes") or []:
            size = (volume.get("emptyDir") or {}).get("sizeLimit")
            if size is not None:
                yield from _judge(f"{pod}: volume {volume['name']}", "emptyDir", {"storage": size})
    for quota in environment.of_kind("ResourceQuota"):
        yield from _judge(str(quota), "hard", quota.spec["hard"])
    for stateful in environment.of_kind("StatefulSet"):
        for claim in stateful.spec.get("volumeClaimTemplates") or []:
            yield from _judge(str(stateful), "volume claim", claim["spec"]["resources"]["requests"])


def _judge(where: str, part: str, amounts: Object, least_memory: Decimal = Decimal(0)) -> Iterator[str]:
    for resource, quantity in amounts.items():
        try:
            number = amount(quantity)
        except ValueError as error:
            yield f"{where}: {part}.{resource}: {error}"
            continue
        kind = resource.rpartition(".")[2]
        if kind in ("memory", "storage", "ephemeral-storage") and number % 1:
            yield f"{where}: {part}.{resource}: {quantity} is no whole number of bytes"
        elif kind == "memory" and number < least_memory:
            yield f"{where}: {part}.{resource}: {quantity} is {number} bytes: is a unit missing?"
        elif kind == "cpu" and number * 1000 % 1:
            yield f"{where}: {part}.{resource}: {quantity} is finer than 1m"


def _above(where: str, resources: Object) -> Iterator[str]:
    for resource, limit in (resources.get("limits") or {}).items():
        request = (resources.get("requests") or {}).get(resource, limit)
        try:
            above = amount(request) > amount(limit)
        except ValueError:
            continue  # told already
        if above:
            yield f"{where}: requests.{resource} {request} is above its limit of {limit}"
