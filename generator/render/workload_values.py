"""Values of the chart `workload`; its values.schema.json is the other half of this."""

from __future__ import annotations

from ipaddress import IPv4Network
from typing import TYPE_CHECKING, Any, NamedTuple

from generator.catalog import ingress_controller
from generator.model.network import LINK_LOCAL

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.model import Environment, Workload
    from generator.model.workload import Egress, Settings


class Neighbours(NamedTuple):
    """An environment's workloads by name, and by the name of each that is called those that call it."""

    workloads: Mapping[str, Workload]
    callers: Mapping[str, list[Workload]]


def neighbours(environment: Environment) -> Neighbours:
    """Look once at all workloads of an environment."""
    callers: dict[str, list[Workload]] = {}
    for workload in environment.workloads:
        for called in workload.settings.calls:
            callers.setdefault(called, []).append(workload)
    return Neighbours({workload.name: workload for workload in environment.workloads}, callers)


def values(environment: Environment, workload: Workload, neighbours: Neighbours) -> dict[str, Any]:
    """Return the values of one workload."""
    settings, secrets = workload.settings, environment.secrets_by_variable(workload)
    found: dict[str, Any] = {
        "name": workload.name,
        "partOf": environment.platform.name,
        "environment": environment.name,
        "image": _image(workload),
        "serviceAccount": {"name": workload.service_account},
        "resources": _resources(settings),
        "priorityClassName": environment.priority_class(workload),
        "terminationGracePeriodSeconds": settings.grace,
    }
    if settings.command:
        found["command"] = list(settings.command)
    if settings.args:
        found["args"] = list(settings.args)
    if settings.env:
        found["env"] = settings.env
    if secrets:
        found["secrets"] = {"store": workload.secret_store, "keys": secrets}
    if settings.uses_aws:
        found["identity"] = {"region": environment.region}
    network = _network(environment, workload, neighbours)
    if network:
        found["network"] = network
    if settings.schedule is None:
        found |= _service(environment, settings)
    else:
        found["schedule"] = _schedule(settings.schedule)
    return found


def _image(workload: Workload) -> dict[str, str]:
    image = {"repository": workload.settings.image, "tag": workload.tag}
    return image | {"digest": workload.digest} if workload.digest else image


def _resources(settings: Settings) -> dict[str, Any]:
    requests = {"requests": settings.requests}
    return requests | {"limits": settings.limits} if settings.limits else requests


def _network(environment: Environment, workload: Workload, neighbours: Neighbours) -> dict[str, Any]:
    """Whom the pods may talk to: what is not listed here is refused."""
    network: dict[str, Any] = {}
    settings, callers = workload.settings, neighbours.callers.get(workload.name)
    if settings.routes:
        pods = ingress_controller(environment.ingress.controller).pod_labels
        network["controller"] = {"namespace": environment.ingress_namespace, "podLabels": pods}
    if callers:
        network["from"] = [{"namespace": caller.namespace} for caller in callers]
    if settings.calls:
        called = [neighbours.workloads[name] for name in settings.calls]
        network["to"] = [{"namespace": w.namespace, "port": w.settings.port} for w in called]
    if settings.database:
        network["databaseCidrs"] = [str(s.database) for s in environment.network.subnets.values()]
    if settings.uses_aws:
        network["aws"] = True
    if settings.egress:
        network["egress"] = [_egress(e) for e in settings.egress]
    return network


def _egress(egress: Egress) -> dict[str, Any]:
    """A network around the node's own addresses does not mean these: they hand out its credentials."""
    inside = {"except": [str(LINK_LOCAL)]} if LINK_LOCAL.subnet_of(IPv4Network(egress.cidr)) else {}
    return {"cidr": egress.cidr, **inside, "ports": list(egress.ports)}


def _service(environment: Environment, settings: Settings) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if settings.port is not None:
        found["port"] = settings.port
    if settings.autoscaling:
        found["autoscaling"] = settings.autoscaling
    else:
        found["replicas"] = settings.replicas
    if settings.probes:
        found["probes"] = settings.probes
    if settings.routes:
        found["ingress"] = _ingress(environment, settings)
    return found


def _ingress(environment: Environment, settings: Settings) -> dict[str, Any]:
    controller = ingress_controller(environment.ingress.controller)
    paths: dict[str, list[str]] = {}
    for route in settings.routes:
        paths.setdefault(environment.host(route), []).append(route.path)
    annotations = {"annotations": controller.annotations} if controller.annotations else {}
    return {
        "className": controller.class_name,
        **annotations,
        "rules": [{"host": host, "paths": sorted(paths[host])} for host in sorted(paths)],
    }


def _schedule(schedule: Mapping[str, Any]) -> dict[str, Any]:
    """The chart speaks Kubernetes' words, the spec shorter ones."""
    return {
        "cron": schedule["cron"],
        "timeZone": schedule.get("timeZone", "Etc/UTC"),
        "concurrencyPolicy": schedule.get("concurrency", "Forbid"),
        "activeDeadlineSeconds": schedule.get("deadlineSeconds", 3600),
        "startingDeadlineSeconds": schedule.get("startingDeadlineSeconds", 300),
        "backoffLimit": schedule.get("retries", 2),
        "suspend": schedule.get("suspend", False),
    }
