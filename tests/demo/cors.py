"""What an HTTP API says to scripts of other sites.

API Gateway Developer Guide, "Configure CORS for HTTP APIs".
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tests.demo.messages import Answer

if TYPE_CHECKING:
    from tests.demo.environment import Cors
    from tests.demo.messages import Headers, Request


def is_preflight(request: Request) -> bool:
    """Say whether a browser asks what it may send."""
    asked = request.header("Origin"), request.header("Access-Control-Request-Method")
    return request.method == "OPTIONS" and None not in asked


def preflight(cors: Cors, request: Request) -> Answer:
    """Answer it; whoever may not call is told nothing, and 204 all the same."""
    said = {
        "access-control-allow-methods": ",".join(cors.methods),
        "access-control-allow-headers": ",".join(cors.headers),
        "access-control-max-age": str(cors.max_age),
    }
    origin = _origin(cors, request)
    return Answer(status=204, headers=(*origin, *said.items()) if origin else (), by="gateway, CORS")


def said(cors: Cors | None, request: Request, given: Answer) -> Answer:
    """Return an integration's answer with the API's headers in place of its own, where CORS is set."""
    if cors is None:
        return given
    kept = tuple(pair for pair in given.headers if not pair[0].lower().startswith("access-control-"))
    return replace(given, headers=(*kept, *_origin(cors, request)))


def _origin(cors: Cors, request: Request) -> Headers:
    origin = request.header("Origin")
    if origin is None or not {"*", origin} & set(cors.origins):
        return ()
    return (("access-control-allow-origin", "*" if "*" in cors.origins else origin), ("vary", "Origin"))
