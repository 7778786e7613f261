"""Routes that two workloads claim, or that contradict each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.problem import Finding
from generator.rules.registry import Context, Findings, environment_rule, workload_rule

if TYPE_CHECKING:
    from generator.model import Environment, Route, Spec, Workload
    from generator.model.workload import Settings
    from generator.problem import Path


def _routes(environment: Environment) -> list[tuple[Route, Path, Workload]]:
    return [(r, ("workloads", w.name, "routes", index), w) for w, index, r in environment.routes]


@environment_rule
def route_twice(environment: Environment, _spec: Spec, _context: Context) -> Findings:
    """One host and path can lead to one workload only."""
    first: dict[tuple[str, str], tuple[Path, str]] = {}
    for route, path, workload in _routes(environment):
        other = first.setdefault((route.host, route.path), (path, workload.name))
        if other[0] is not path:
            yield Finding(
                path=path,
                message=f"{route.path} of the host {route.host} already leads to {other[1]}",
                fix="give one of them another path or host",
                other=other[0],
            )


_HOSTS_OF_A_CERTIFICATE = 10  # ACM's quota "Number of domain names per certificate", before it is raised


@environment_rule
def too_many_hosts(environment: Environment, _spec: Spec, _context: Context) -> Findings:
    """One certificate serves them all."""
    hosts: dict[str, Path] = {environment.api_host: ("domain",)}
    for route, path, _ in _routes(environment):
        hosts.setdefault(environment.host(route), path)
    for path in list(hosts.values())[_HOSTS_OF_A_CERTIFICATE:]:
        yield Finding(
            path=path,
            message=f"that makes {len(hosts)} hosts, and a certificate has {_HOSTS_OF_A_CERTIFICATE}",
            fix="use paths of fewer hosts",
        )


@environment_rule
def route_shadows_other_auth(environment: Environment, _spec: Spec, _context: Context) -> Findings:
    """Below a prefix with one authentication, another one surprises: the longer path wins, unseen."""
    by_place = {(r.host, r.path): (r, p, w) for r, p, w in _routes(environment)}
    for route, path, _ in _routes(environment):
        for prefix in _prefixes(route.path):
            above = by_place.get((route.host, prefix))
            if above and above[0].auth != route.auth:
                yield Finding(
                    path=path,
                    message=f"auth {route.auth} lies below {above[0].path} of {above[2].name}, "
                    f"auth {above[0].auth}",
                    fix="use the same auth for both, or a path that is not below the other",
                    other=above[1],
                )
                break


def _prefixes(path: str) -> list[str]:
    """List the proper prefixes of a path, longest first: /a/b/c has /a/b, /a and /."""
    parts = path.strip("/").split("/")
    return [f"/{'/'.join(parts[:n])}" for n in range(len(parts) - 1, -1, -1)] if path != "/" else []


@environment_rule
def auth_without_gateway(environment: Environment, _spec: Spec, _context: Context) -> Findings:
    """Only the gateway authenticates; without it such a route would be open."""
    if environment.gateway.enabled:
        return
    for route, path, _ in _routes(environment):
        if route.auth != "none":
            yield Finding(
                path=(*path, "auth"),
                message=f"auth {route.auth} needs the gateway, which is off",
                fix="enable the gateway, or make the route auth: none there",
                other=("gateway", "enabled"),
            )


@workload_rule
def routes_without_port(settings: Settings) -> Findings:
    """A route and a probe need something that listens."""
    for key, value in (("routes", settings.routes), ("probes", settings.probes)):
        if value and settings.port is None and not settings.is_job:
            fix = "add the port that the container serves HTTP on"
            yield Finding(path=(key,), message=f"{key} without a port", fix=fix)
