"""What API Gateway, Lambda and the module `edge` would refuse, half-way through an apply."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from generator.model.gateway import OWN_PATHS
from generator.model.workload import API_HOST
from generator.problem import Finding, closest
from generator.rules.registry import Context, Findings, environment_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.model import Environment, Route, Spec
    from generator.problem import Path

_PROTECTED = ("identified", "verified")


def _routes(environment: Environment) -> Iterator[tuple[Route, Path]]:
    return ((r, ("workloads", w.name, "routes", index)) for w, index, r in environment.routes)


_MISSING = {
    "throttle": "add gateway.throttle: {rate: 200, burst: 400}, requests a second and at once",
    "tokens": 'add gateway.tokens: {signingKeys: ["2026-11"], customers: {workload: ..., collection: ...}}',
}


@environment_rule
def gateway_is_incomplete(environment: Environment, _spec: Spec, _context: Context) -> Findings:
    """Without a limit a bill has none, and without tokens nobody could pass a route with auth."""
    gateway = environment.gateway
    for key, fix in _MISSING.items():
        if gateway.enabled and getattr(gateway, key) is None:
            yield Finding(
                path=("gateway", key),
                message=f"{key} is missing, and the gateway is on",
                fix=f"{fix}; or turn the gateway off",
                other=("gateway", "enabled"),
            )


@environment_rule
def customers_of_nobody(environment: Environment, _spec: Spec, _context: Context) -> Findings:
    """Customers are looked up in the database of a workload that runs here."""
    tokens = environment.gateway.tokens
    if not environment.gateway.enabled or tokens is None or environment.customers_database:
        return
    databases = {w.name: w.settings.database for w in environment.workloads}
    if tokens.workload in databases:
        message, fix = f"{tokens.workload} has no database to look customers up in", "name one that has"
    else:
        message = f'there is no workload "{tokens.workload}" in {environment.name}'
        near = closest(tokens.workload, databases)
        fix = f'did you mean "{near}"?' if near else "name the workload whose database has the customers"
    yield Finding(path=("gateway", "tokens", "customers", "workload"), message=message, fix=fix)


@environment_rule
def throttle_above_the_gateways(environment: Environment, _spec: Spec, _context: Context) -> Findings:
    """A limit that is reached never, or after the one above it, says something that is not so."""
    whole, tokens = environment.gateway.throttle, environment.gateway.tokens
    if not environment.gateway.enabled or whole is None:
        return
    limits = [(route.throttle, (*path, "throttle")) for route, path in _routes(environment)]
    limits.append((tokens.throttle if tokens else None, ("gateway", "tokens", "throttle")))
    for limit, path in limits:
        for key, above in whole._asdict().items():
            if limit is not None and getattr(limit, key) > above:
                yield Finding(
                    path=(*path, key),
                    message=f"a {key} of {getattr(limit, key)}, and the gateway lets {above} through",
                    fix="lower it, or raise the gateway's",
                    other=("gateway", "throttle", key),
                )


@environment_rule
def throttle_without_gateway(environment: Environment, _spec: Spec, _context: Context) -> Findings:
    """Only the gateway counts requests."""
    for route, path in _routes(environment):
        if route.throttle and not environment.gateway.enabled:
            yield Finding(
                path=(*path, "throttle"),
                message="a throttle needs the gateway, which is off",
                fix="enable the gateway, or remove it there",
                other=("gateway", "enabled"),
            )


@environment_rule
def path_of_the_gateway(environment: Environment, _spec: Spec, _context: Context) -> Findings:
    """The gateway answers some methods of these itself, so a workload would see only the others."""
    for route, path in _routes(environment):
        if environment.gateway.enabled and route.host == API_HOST and route.path in OWN_PATHS:
            yield Finding(
                path=(*path, "path"),
                message=f"{route.path} of {environment.api_host} is the gateway's own",
                fix="take another path, or a host of its own",
            )


# API Gateway, quotas of HTTP APIs: routes per API. A path is two; the API's host also has the gateway's own.
_ROUTES_OF_AN_API = 300
# Itself and what is below it; with CORS each has a route for preflight requests, too.
_ROUTES_OF_A_PATH, _WITH_CORS = 2, 4


@environment_rule
def too_many_paths_of_a_host(environment: Environment, _spec: Spec, _context: Context) -> Findings:
    """A host is an API, whose routes are counted."""
    places: dict[str, list[Path]] = {}
    for route, path in _routes(environment):
        places.setdefault(environment.host(route), []).append(path)
    of_a_path = _WITH_CORS if environment.gateway.cors else _ROUTES_OF_A_PATH
    most = (_ROUTES_OF_AN_API - len(OWN_PATHS)) // of_a_path
    for host, paths in places.items():
        if environment.gateway.enabled and len(paths) > most:
            yield Finding(
                path=paths[most],
                message=f"{host} has {len(paths)} paths, and API Gateway takes {most} of one host",
                fix="let one path stand for those below it, or use another host",
            )


# Lambda quotas, "Environment variables": 4 KB, of all together.
_ENVIRONMENT_SIZE = 4096


@environment_rule
def too_many_paths_with_auth(environment: Environment, _spec: Spec, _context: Context) -> Findings:
    """The authorizer is told all routes with auth in its settings, which Lambda limits."""
    if environment.gateway.enabled and (size := authorizer_settings_size(environment)) > _ENVIRONMENT_SIZE:
        protected = [path for route, path in _routes(environment) if route.auth in _PROTECTED]
        yield Finding(
            path=protected[-1] if protected else ("gateway", "tokens", "signingKeys"),
            message=f"the authorizer is told {len(protected)} paths with auth, and the keys, "
            f"in {size} characters, and Lambda takes {_ENVIRONMENT_SIZE}",
            fix="let one path stand for those below it, or drop signing keys that no token needs any more",
        )


def authorizer_settings_size(environment: Environment) -> int:
    """Return how many characters the authorizer's environment has, as terraform/modules/edge sets it."""
    routes: dict[str, dict[str, str]] = {host: {} for host in environment.api_names}
    for route, _ in _routes(environment):
        if route.auth in _PROTECTED:
            below = f"{route.path.rstrip('/')}/{{proxy+}}"
            routes[environment.host(route)] |= {f"ANY {p}": route.auth for p in (route.path, below)}
    point = "0" * 43  # a coordinate of P-256 in base64
    key = {"kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "x": point, "y": point}
    return len(
        _json(
            {
                "ISSUER": environment.issuer,
                "AUDIENCE": environment.audience,
                "JWKS": _json({"keys": [{**key, "kid": k} for k in environment.signing_key_aliases]}),
                # An API's id has ten characters.
                "ROUTES": _json({f"{n:010}": of_api for n, of_api in enumerate(routes.values())}),
            }
        )
    )


def _json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


@environment_rule
def secret_of_the_platform(environment: Environment, _spec: Spec, _context: Context) -> Findings:
    """With these one manages Atlas, or tells whose CPF is in a table; two stacks would make them."""
    own = set(environment.own_secrets)
    for workload in environment.workloads:
        for variable, reference in workload.settings.secrets.items():
            if environment.secret_name(reference) in own:
                yield Finding(
                    path=("workloads", workload.name, "secrets", variable),
                    message=f"{reference} is the platform's own secret",
                    fix="take another name",
                )
