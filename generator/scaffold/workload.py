"""A new workload's entry, and where in the spec one stands that goes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from generator.edit import Written
from generator.edit.scalars import written

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from generator.problem import Path

PLATFORM = "environments/platform.yaml"


class NewWorkload(NamedTuple):
    """A service with a port and perhaps a route, or a job with a schedule."""

    name: str
    image: str
    description: str
    port: int | None = None
    route: str = ""
    auth: str = ""
    database: str = ""
    schedule: str = ""


def entry(new: NewWorkload) -> Written:
    """Return its entry for platform.yaml, with comments for whoever fills it in."""
    lines = [f"description: {written(new.description)}", f"image: {written(new.image)}"]
    cron = written(new.schedule, before='"')
    if new.schedule:
        lines += [
            "schedule: # with a schedule it is a job, without one a service",
            f"  cron: {cron} # minute, hour, day of month, month, day of week",
            "  timeZone: UTC",
        ]
    else:
        lines += _service(new)
    if new.database:
        lines.append(
            f"database: {written(new.database)} # its own; the connection string arrives as MONGODB_URI"
        )
    lines += [
        "env: {LOG_LEVEL: info} # nothing secret: that goes under secrets",
        "# Also: calls, secrets, aws, egress, autoscaling, resources. The other workloads show how.",
    ]
    return Written("\n".join(lines))


def _service(new: NewWorkload) -> list[str]:
    lines = [f"port: {new.port}"]
    if new.route:
        lines += [
            "routes:",
            "  # auth: none is open, identified asks for a CPF, verified also for a one-time code.",
            f"  - {{path: {written(new.route)}, auth: {new.auth}}}",
        ]
    return [
        *lines,
        "probes: # paths on its port that answer 200",
        "  startup: {path: /healthz, failureThreshold: 30} # until then the others do not count",
        "  liveness: {path: /healthz} # or the pod is restarted",
        "  readiness: {path: /ready} # or the pod gets no requests",
    ]


def callers(tree: Mapping[str, Any], name: str) -> Iterator[Path]:
    """Yield where a file of the spec lets another workload call one."""
    profiles = (tree.get("profiles") or {}).items()
    layers: list[tuple[Path, Mapping[str, Any]]] = [((), tree)]
    layers += [(("profiles", profile), below or {}) for profile, below in profiles]
    for path, layer in layers:
        for caller, settings in (layer.get("workloads") or {}).items():
            calls = (settings or {}).get("calls") or ()
            if caller != name and name in calls:
                yield (*path, "workloads", caller, "calls", calls.index(name))


def places(
    platform: Mapping[str, Any], environments: Mapping[str, Mapping[str, Any]], name: str
) -> Iterator[tuple[str, Path]]:
    """Yield the file and path of everything that stands under a workload's name."""
    if name in (platform.get("workloads") or {}):
        yield PLATFORM, ("workloads", name)
    for profile, tree in (platform.get("profiles") or {}).items():
        if name in ((tree or {}).get("workloads") or {}):
            yield PLATFORM, ("profiles", profile, "workloads", name)
    for environment, tree in environments.items():
        file = f"environments/{environment}.yaml"
        if name in (tree.get("workloads") or {}):
            yield file, ("workloads", name)
        if name in ((tree.get("versions") or {}).get("workloads") or {}):
            yield file, ("versions", "workloads", name)
