"""The pods that an environment's objects start, and what is in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.manifests.model import Environment, Manifest

    Object = dict[str, Any]

CONTROLLERS = ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "CronJob", "Pod")


class Pod(NamedTuple):
    """What all pods of one object are like."""

    owner: Manifest
    labels: dict[str, str]
    spec: Object

    @property
    def namespace(self) -> str:
        return self.owner.namespace

    @property
    def containers(self) -> list[Object]:
        """All of them: those that run before the others too."""
        return [*(self.spec.get("initContainers") or []), *self.spec["containers"]]

    @property
    def ports(self) -> list[Object]:
        return [port for container in self.containers for port in container.get("ports") or []]

    def numbers(self, port: int | str, protocol: str = "TCP") -> set[int]:
        """The numbers of the declared ports with that name or number."""
        return {
            p["containerPort"]
            for p in self.ports
            if port in (p["containerPort"], p.get("name")) and p.get("protocol", "TCP") == protocol
        }

    def __str__(self) -> str:
        return str(self.owner)


def pods(environment: Environment, namespace: str | None = None) -> Iterator[Pod]:
    """The pods of an environment, or of a namespace."""
    for owner in environment.of_kind(*CONTROLLERS):
        if namespace in (None, owner.namespace):
            yield pod_of(owner)


def pod_of(owner: Manifest) -> Pod:
    template = owner.content
    if owner.kind == "CronJob":
        template = owner.spec["jobTemplate"]["spec"]["template"]
    elif owner.kind != "Pod":
        template = owner.spec["template"]
    return Pod(owner, (template.get("metadata") or {}).get("labels") or {}, template["spec"])


def selected(environment: Environment, service: Manifest) -> list[Pod]:
    """The pods to which a Service sends what it receives; none for one that selects by no label."""
    selector = service.spec.get("selector")
    if not selector:
        return []
    return [pod for pod in pods(environment, service.namespace) if selector.items() <= pod.labels.items()]


def service_port(service: Manifest, port: int | str) -> Object | None:
    """The port of a Service with that name or number."""
    for found in service.spec.get("ports") or []:
        if port in (found["port"], found.get("name")):
            entry: Object = found
            return entry
    return None
