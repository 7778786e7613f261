"""What an authorizer reads of an event: the route, and the one bearer token."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from authorizer.refusal import Reason, RefusedError

if TYPE_CHECKING:
    from authorizer.routes import Routes
    from common.claims import Assurance

LONGEST = 2048  # characters of an Authorization header; a token of ours with its scheme has about 520
BEARER = re.compile(r"[Bb]earer ([A-Za-z0-9_.-]+)")


@dataclass(frozen=True, kw_only=True)
class Request:
    """A request for a known route, with a token that nobody has looked at."""

    token: str = field(repr=False)
    required: Assurance


def read(event: Any, routes: Routes) -> Request:
    """Return the request of an event in payload format 2.0.

    Raises:
        RefusedError: it is none, its route or path is not known, or its credentials are not one bearer token.
    """
    if not isinstance(event, dict) or (event.get("version"), event.get("type")) != ("2.0", "REQUEST"):
        raise RefusedError(Reason.EVENT)
    context = event.get("requestContext")
    http = context.get("http") if isinstance(context, dict) else None
    if not isinstance(context, dict) or not isinstance(http, dict):
        raise RefusedError(Reason.EVENT)
    api, key = context.get("apiId"), event.get("routeKey")
    of_api = routes.get(api) if isinstance(api, str) else None
    route = of_api.get(key) if of_api and isinstance(key, str) else None
    if route is None or context.get("routeKey") != key:
        raise RefusedError(Reason.ROUTE)
    method, path = http.get("method"), event.get("rawPath")
    if not isinstance(method, str) or not isinstance(path, str) or http.get("path") != path:
        raise RefusedError(Reason.EVENT)
    if not route.admits(method, path):
        raise RefusedError(Reason.PATH)
    return Request(token=_token(event), required=route.required)


def _token(event: dict[str, Any]) -> str:
    """Return the token of the Authorization header, and of no other place."""
    headers = event.get("headers")
    if not isinstance(headers, dict):
        raise RefusedError(Reason.CREDENTIALS)
    # The gateway joins repeated headers with commas, which no bearer token has.
    found = [value for name, value in headers.items() if str(name).lower() == "authorization"]
    if len(found) != 1 or not isinstance(found[0], str):
        raise RefusedError(Reason.CREDENTIALS)
    if len(found[0]) > LONGEST:
        raise RefusedError(Reason.OVERSIZE)
    source = event.get("identitySource")  # what the gateway took for the credentials, where it is told to
    match = BEARER.fullmatch(found[0])
    if match is None or (source is not None and source != found):
        raise RefusedError(Reason.CREDENTIALS)
    return match[1]
