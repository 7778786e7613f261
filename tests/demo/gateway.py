"""A stand-in for the HTTP APIs of an environment: what API Gateway does with a request, in its order.

What it says itself (401, 403, 404, 429, 500, 503, 504 with a `message`) is as HTTP APIs say it. Which headers
it sets, overwrites and removes stands in modules/edge/routes.tf. How it finds a route: routing.py.

What of the path reaches the load balancer is documented only as "the full path". Assumed is the raw one, as
the client sent it: then what stands behind has the most to get wrong. TLS is left out on both sides.
"""

from __future__ import annotations

import base64
import hashlib
import http.client
import ipaddress
import re
import secrets
from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from fakes import events
from tests.demo import cors, routing, workload
from tests.demo.messages import Answer, Request, answer
from tests.demo.routing import Target
from tests.demo.throttling import Buckets

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.demo.environment import Environment
    from tests.demo.routing import ApiRoute

    Function = Callable[[Any], Any]
    Forward = Callable[[Request, ApiRoute], Answer]

PROBE_HOST = "probe.invalid"  # modules/edge/probe.tf
ABSOLUTE = re.compile(r"https?://[^/?]*", re.IGNORECASE)
LOCAL = {"localhost", "127.0.0.1"}
# Of one connection, not of the request (RFC 9110, section 7.6.1); lengths are counted anew.
HOP_BY_HOP = {"connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"}


def api_id(host: str) -> str:
    """Return an id for a host's API, as long as a real one."""
    return hashlib.sha256(host.encode()).hexdigest()[:10]


@dataclass(frozen=True, kw_only=True)
class Gateway:
    """The APIs of an environment. `log` gets a line for each request."""

    environment: Environment
    authorizer: Function
    token: Function
    forward: Forward
    log: Callable[[str], None] = lambda _: None
    _buckets: dict[str, Buckets] = field(default_factory=lambda: defaultdict(Buckets))

    def respond(self, request: Request) -> Answer:
        """Answer a request."""
        given = self._respond(request)
        path = request.target.partition("?")[0]  # what is behind it may be secret
        self.log(
            f"{request.method} {_host(request)}{path[:80]}: {given.status} by {given.by or 'the gateway'}"
        )
        return given

    def _respond(self, request: Request) -> Answer:
        host = self.environment.api_host if _host(request) in LOCAL else _host(request)
        known = routing.routes(self.environment).get(host)
        if known is None:  # nor does the execute-api endpoint answer: it is disabled
            return answer(403, {"message": "Forbidden"})
        request = replace(request, target=ABSOLUTE.sub("", request.target, count=1) or "/")
        raw, _, query = request.target.partition("?")
        if not raw.startswith("/"):
            return answer(400, {"message": "Bad Request"})
        path = routing.decoded(raw)
        found = routing.find(known, request.method, path)
        allowed = self.environment.cors
        if allowed and cors.is_preflight(request) and not (found and found[0].target is Target.PROTECTED):
            return cors.preflight(allowed, request)
        if found is None:
            return answer(404, {"message": "Not Found"})
        route, variables = found
        if not self._buckets[host].take(route.key, route.throttle or self.environment.throttle):
            return answer(429, {"message": "Too Many Requests"})
        received = _received(request, host, route.key, path, query, variables)
        return cors.said(self.environment.cors, request, self._integrated(request, host, route, received))

    def _integrated(self, request: Request, host: str, route: ApiRoute, received: events.Received) -> Answer:
        match route.target:
            case Target.TOKEN:
                return self._called(request, received)
            case Target.PROBE:
                return self._forwarded(_told(request, PROBE_HOST, {}), route)
            case Target.PREFLIGHT:
                probe = replace(request, method="GET", target="/healthz")
                return self._forwarded(_told(probe, PROBE_HOST, {}), route)
            case Target.OPEN:
                return self._forwarded(_told(request, host, {}), route)
            case Target.PROTECTED:
                return self._authorized(request, host, route, received)

    def _authorized(self, request: Request, host: str, route: ApiRoute, received: events.Received) -> Answer:
        """Ask the authorizer, and nobody where there is nothing to ask about."""
        if not request.header("Authorization"):
            return answer(401, {"message": "Unauthorized"}, by="the gateway, no Authorization header")
        try:
            decision = self.authorizer(received.to_authorizer())
        except RuntimeError:
            return answer(500, {"message": "Internal Server Error"}, by="the gateway, the authorizer ended")
        if decision["isAuthorized"] is not True:
            return answer(403, {"message": "Forbidden"}, by="the authorizer")
        return self._forwarded(_told(request, host, decision["context"]), route)

    def _called(self, request: Request, received: events.Received) -> Answer:
        """Ask the token function."""
        try:
            body, encoded = request.body.decode(), False
        except UnicodeDecodeError:
            body, encoded = base64.b64encode(request.body).decode(), True
        try:
            given = self.token(received.to_function(body or None, encoded=encoded))
        except RuntimeError:
            return answer(500, {"message": "Internal Server Error"}, by="the gateway, the function ended")
        return Answer(
            status=given["statusCode"],
            headers=tuple(given["headers"].items()),
            body=given["body"].encode(),
            by="the token function",
        )

    def _forwarded(self, request: Request, route: ApiRoute) -> Answer:
        """Hand a request on through what stands for the VPC link."""
        try:
            given = self.forward(request, route)
        except TimeoutError:
            return answer(504, {"message": "Endpoint request timed out"})
        except (OSError, http.client.HTTPException):
            return answer(503, {"message": "Service Unavailable"})
        kept = tuple(p for p in given.headers if p[0].lower() not in HOP_BY_HOP | {"content-length"})
        name = dict(given.headers).get(workload.NAME)
        return replace(given, headers=kept, by=f"workload {name}" if name else "nginx")


def _host(request: Request) -> str:
    return re.sub(r":\d+$", "", request.header("Host") or "").lower()


def _received(
    request: Request, host: str, key: str, path: str, query: str, variables: dict[str, str]
) -> events.Received:
    names = {name.lower() for name, _ in request.headers}
    return events.Received(
        route=key,
        method=request.method,
        path=path,
        query=query,
        headers={name: request.header(name) or "" for name in sorted(names)},
        parameters=variables,
        address=str(ipaddress.ip_address(request.address)),
        api=api_id(host),
        host=host,
        request_id=secrets.token_urlsafe(11) + "=",
        time=datetime.now(UTC),
    )


def _told(request: Request, host: str, context: dict[str, str]) -> Request:
    """Return what a workload gets: the headers of modules/edge/routes.tf, and the gateway's own."""
    request = request.without(*HOP_BY_HOP).without("Content-Length", "Forwarded")
    # Only RFC 7239's header; X-Forwarded-For goes on as the client wrote it.
    forwarded = f"for={request.address};host={host};proto=https"
    request = request.overwritten(Host=host, X_Client_Address=request.address, Forwarded=forwarded)
    request = request.without("X-Customer-Id", "X-Customer-Acr")
    if context:
        request = request.overwritten(X_Customer_Id=context["customer"], X_Customer_Acr=context["acr"])
    return request
