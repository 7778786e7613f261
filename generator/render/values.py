"""Helm values of every release."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.catalog import known
from generator.merge import merge_values
from generator.render import banner

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from generator.model import Component, Environment, Workload
    from generator.model.workload import Settings


def render(environment: Environment) -> Iterator[tuple[str, str]]:
    """Yield `values/<release>.yaml` for components and workloads."""
    where = f"in environments/platform.yaml or environments/{environment.name}.yaml"
    for component in environment.components:
        text = banner.yaml(f"components.{component.name} {where}", component_values(environment, component))
        yield f"values/{component.name}.yaml", text
    for workload in environment.workloads:
        text = banner.yaml(f"workloads.{workload.name} {where}", workload_values(environment, workload))
        yield f"values/{workload.name}.yaml", text


def component_values(environment: Environment, component: Component) -> dict[str, Any]:
    """Return the computed values of a known chart with the user's on top."""
    return merge_values(known(component.name).values(environment, component), component.values)


def workload_values(environment: Environment, workload: Workload) -> dict[str, Any]:
    """Return the values of the chart `workload`; its values.schema.json is the other half of this."""
    settings = workload.settings
    values: dict[str, Any] = {
        "name": workload.name,
        "partOf": environment.platform.name,
        "environment": environment.name,
        "image": _image(workload),
        "serviceAccount": {"name": workload.service_account},
        "resources": _resources(settings),
        "terminationGracePeriodSeconds": settings.grace,
    }
    if settings.command:
        values["command"] = list(settings.command)
    if settings.args:
        values["args"] = list(settings.args)
    if settings.env:
        values["env"] = settings.env
    if settings.secret_variables:
        values["secrets"] = {"secretName": workload.name, "keys": list(settings.secret_variables)}
    if settings.schedule is None:
        values |= _service(environment, settings)
    else:
        values["schedule"] = _schedule(settings.schedule)
    return values


def _image(workload: Workload) -> dict[str, str]:
    image = {"repository": workload.settings.image, "tag": workload.tag}
    return image | {"digest": workload.digest} if workload.digest else image


def _resources(settings: Settings) -> dict[str, Any]:
    requests = {"requests": settings.requests}
    return requests | {"limits": settings.limits} if settings.limits else requests


def _service(environment: Environment, settings: Settings) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if settings.port is not None:
        values["port"] = settings.port
    if settings.autoscaling:
        values["autoscaling"] = settings.autoscaling
    else:
        values["replicas"] = settings.replicas
    if settings.probes:
        values["probes"] = settings.probes
    if settings.routes:
        values["ingress"] = {
            "className": _ingress_class(environment),
            "rules": _rules(environment, settings),
        }
    return values


def _ingress_class(environment: Environment) -> str:
    controller = known(environment.ingress.controller).ingress
    if controller is None:
        raise ValueError(f"{environment.ingress.controller} is no ingress controller, which a rule refuses")
    return controller.class_name


def _rules(environment: Environment, settings: Settings) -> list[dict[str, Any]]:
    paths: dict[str, list[str]] = {}
    for route in settings.routes:
        paths.setdefault(environment.host(route), []).append(route.path)
    return [{"host": host, "paths": sorted(paths[host])} for host in sorted(paths)]


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
