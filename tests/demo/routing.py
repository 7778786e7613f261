"""Which route of an HTTP API a request takes.

Documented (API Gateway Developer Guide, "Routing API requests"): a full match before one with a greedy
variable, a method before ANY. Known from what people report, and noted in `lambda/authorizer/routes.py`:
paths are compared with case, decoded once, and cut at a decoded `?`. Assumed, each time what is worst for us:
dot segments and empty ones stay, and a path with a slash at its end takes the route without (InfoQ, 2026-06,
where it then even missed the authorizer).

With CORS a path has a route for OPTIONS besides ANY: a browser asks without a token, and ANY with an
authorizer answers 401 ("Configure CORS for HTTP APIs" says so of $default, sst/sst#5493 saw it with ANY).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import unquote

from tests.demo.environment import OPEN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.demo.environment import Environment, Route, Throttle

GREEDY = "{proxy+}"


class Target(StrEnum):
    """What a route leads to: the integrations of modules/edge/routes.tf and probe.tf."""

    OPEN = "open"
    PROTECTED = "protected"
    TOKEN = "token"  # noqa: S105 - a name
    PROBE = "probe"
    PREFLIGHT = "preflight"


@dataclass(frozen=True, kw_only=True)
class ApiRoute:
    """A route of an API; `of` is the path of the spec that it comes from, where it does."""

    key: str
    target: Target
    throttle: Throttle | None = None
    of: Route | None = None

    @property
    def method(self) -> str:
        """Its method, or ANY."""
        return self.key.partition(" ")[0]

    @property
    def segments(self) -> tuple[str, ...]:
        """Its path."""
        return _segments(self.key.partition(" ")[2])

    def match(self, method: str, given: tuple[str, ...]) -> dict[str, str] | None:
        """Return the path's variables if it takes the request, else None."""
        if self.method not in ("ANY", method):
            return None
        fixed = tuple(segment for segment in self.segments if segment != GREEDY)
        if fixed == self.segments:
            return {} if given == fixed else None
        if given[: len(fixed)] != fixed or len(given) == len(fixed):
            return None
        return {"proxy": "/".join(given[len(fixed) :])}

    @property
    def rank(self) -> tuple[bool, int, bool]:
        """The larger, the better a route fits that matches."""
        return GREEDY not in self.segments, len(self.segments), self.method != "ANY"


Routes = dict[str, tuple[ApiRoute, ...]]  # by host


def routes(environment: Environment) -> Routes:
    """Return the routes of each host's API, as modules/edge/routes.tf and probe.tf make them."""
    return {host: tuple(_of_host(environment, host)) for host in environment.hosts}


def _of_host(environment: Environment, host: str) -> Iterator[ApiRoute]:
    for route in environment.routes:
        if route.host == host:
            target = Target.OPEN if route.auth == OPEN else Target.PROTECTED
            for path in (route.path, f"{route.path.removesuffix('/')}/{GREEDY}"):
                yield ApiRoute(key=f"ANY {path}", target=target, throttle=route.throttle, of=route)
                if environment.cors:
                    yield ApiRoute(key=f"OPTIONS {path}", target=Target.PREFLIGHT)
    if host == environment.api_host:
        for key in ("POST /auth/token", "POST /auth/code"):
            yield ApiRoute(key=key, target=Target.TOKEN, throttle=environment.token_throttle)
        for key in ("GET /.well-known/jwks.json", "GET /.well-known/openid-configuration"):
            yield ApiRoute(key=key, target=Target.TOKEN)
        yield ApiRoute(key="GET /healthz", target=Target.PROBE)


def decoded(raw: str) -> str:
    """Return the path that an API compares, of a raw one without its query."""
    return unquote(raw.encode("latin-1").decode("utf-8", "replace")).partition("?")[0]


def find(known: tuple[ApiRoute, ...], method: str, path: str) -> tuple[ApiRoute, dict[str, str]] | None:
    """Return the route that fits best, with the path's variables, or None."""
    given = _segments(path.removesuffix("/") or "/")
    matches = [(route, route.match(method, given)) for route in known]
    fitting = [(route, variables) for route, variables in matches if variables is not None]
    return max(fitting, key=lambda match: match[0].rank, default=None)


def _segments(path: str) -> tuple[str, ...]:
    return tuple(path[1:].split("/")) if path != "/" else ()
