"""What of the API Gateway in a plan matters for security, read out of it: pure."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from tests.terraform.plans import Plan, Resource

# On the host of the API only; nobody has a token yet, or needs one.
OWN_ROUTES = {
    "POST /auth/token",
    "POST /auth/code",
    "GET /.well-known/jwks.json",
    "GET /.well-known/openid-configuration",
    "GET /healthz",
}
HOST = re.compile(r'\["(?P<host>[a-z0-9.-]+\.[a-z0-9.-]+)[" ]')


class Route(NamedTuple):
    """A host, a method with a path, and whether the gateway asks the authorizer."""

    host: str
    key: str
    authorization: str


def gateway(plan: Plan) -> dict[str, Any]:
    """Return the variables of an environment that has a gateway."""
    found: dict[str, Any] = plan.values["gateway"]
    return found


def host(resource: Resource, otherwise: str) -> str:
    """Return the host that a resource is for, as its address says; what has none is the API's own."""
    found = HOST.search(resource.address.partition(".aws_")[2])
    return found["host"] if found else otherwise


def routes(plan: Plan) -> set[Route]:
    """Return the routes that would be made."""
    api_host = gateway(plan)["api_host"]
    return {
        Route(host(route, api_host), route.values["route_key"], route.values["authorization_type"])
        for route in plan.resources("aws_apigatewayv2_route")
    }


def wanted_routes(plan: Plan) -> set[Route]:
    """Return the routes that the spec asks for and those of the gateway itself."""
    return {
        *_of_workloads(gateway(plan)),
        *(Route(gateway(plan)["api_host"], key, "NONE") for key in OWN_ROUTES),
    }


def _of_workloads(variables: Mapping[str, Any]) -> Iterator[Route]:
    for name, api in variables["apis"].items():
        for route in api["routes"]:
            authorization = "NONE" if route["auth"] == "none" else "CUSTOM"
            for path in (route["path"], f"{route['path'].rstrip('/')}/{{proxy+}}"):
                yield Route(name, f"ANY {path}", authorization)
                if variables["cors"]:
                    yield Route(name, f"OPTIONS {path}", "NONE")  # a preflight request has no token


def log_values(plan: Plan) -> set[str]:
    """Return what the access logs have of a request, as API Gateway calls it."""
    formats = [
        settings["format"]
        for stage in plan.resources("aws_apigatewayv2_stage")
        for settings in stage.values["access_log_settings"]
    ]
    assert formats
    return {value for text in formats for value in json.loads(text).values()}


def unspoken(values: Iterable[str]) -> set[str]:
    """Return those of some log values that tell what a client may have put a token or a CPF into."""
    telling = re.compile(r"header|query|authorizer\.token|path\b|\$context\.path|claims", re.IGNORECASE)
    return {value for value in values if telling.search(value) or not value.startswith("$context.")}
