"""Routes of the gateway, and which paths are theirs.

A path is accepted only in a spelling that nothing behind could read in two ways: segments of unreserved
characters, `:` and `@` between single slashes, none of them `.` or `..`, no slash at the end. That leaves
no `%`, `;`, backslash, NUL, space or non-ASCII.

HTTP APIs decode the path before they match a route and hand it on as `rawPath`, cut at a decoded `?`. So
what was encoded needlessly, or hidden behind `%3F`, cannot be told here: the ingress has to refuse that.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from common import strict_json
from common.claims import Assurance

KEY = re.compile(r"(ANY|GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) (/\S*)")
METHOD = re.compile(r"[A-Z]{1,16}")
PATH = re.compile(r"/|(/[A-Za-z0-9._~:@-]+)+")
LONGEST_PATH = 1024
SEGMENT = re.compile(r"(?!\.\.?$)[A-Za-z0-9._~:@-]+|\{[A-Za-z0-9_.-]+\+?\}")
DOTS = {".", ".."}


@dataclass(frozen=True, kw_only=True)
class Route:
    """A route, and the assurance that it asks for. The last segment may be greedy: `{proxy+}`."""

    method: str
    segments: tuple[str, ...]
    required: Assurance

    def admits(self, method: str, path: str) -> bool:
        """Say whether a request is one of this route, in the one spelling of its path."""
        if not METHOD.fullmatch(method) or self.method not in ("ANY", method):
            return False
        if len(path) > LONGEST_PATH or not PATH.fullmatch(path):
            return False
        given = _segments(path)
        if DOTS.intersection(given):
            return False
        if self.segments and self.segments[-1].endswith("+}"):
            return len(given) >= len(self.segments) and _alike(self.segments[:-1], given)
        return len(given) == len(self.segments) and _alike(self.segments, given)


Routes = Mapping[str, Mapping[str, Route]]  # by the API's id, and the route key


def parse(text: str) -> Routes:
    """Return the routes that JSON says: `{"<id of the API>": {"<route key>": "verified"}}`.

    Two APIs may have the same route. An id is what the gateway went by; the host is what a client wrote.

    Raises:
        ValueError: it is no such object; says what is wrong.
    """
    document = strict_json.loads(text.encode())
    if not isinstance(document, dict):
        raise ValueError('expected {"<API id>": {"<route key>": ...}}')  # noqa: TRY004 - of a text
    return {api: _of_api(routes) for api, routes in document.items()}


def _of_api(document: object) -> Mapping[str, Route]:
    if not isinstance(document, dict):
        raise ValueError('expected {"<route key>": "identified" or "verified"}')  # noqa: TRY004 - of a text
    return {key: _route(key, required) for key, required in document.items()}


def _route(key: str, required: object) -> Route:
    match = KEY.fullmatch(key)
    segments = _segments(match[2]) if match else ()
    greedy_inside = any(segment.endswith("+}") for segment in segments[:-1])
    if match is None or greedy_inside or not all(SEGMENT.fullmatch(segment) for segment in segments):
        raise ValueError(f"{key!r} is not a route key such as 'ANY /orders/{{proxy+}}'")
    if not isinstance(required, str) or required not in set(Assurance):
        raise ValueError(f"{key!r} asks for something else than identified or verified")
    return Route(method=match[1], segments=segments, required=Assurance(required))


def _segments(path: str) -> tuple[str, ...]:
    return tuple(path[1:].split("/")) if path != "/" else ()


def _alike(wanted: tuple[str, ...], given: tuple[str, ...]) -> bool:
    """Compare as many segments as are wanted; a variable takes any one."""
    return all(want.startswith("{") or want == have for want, have in zip(wanted, given, strict=False))
