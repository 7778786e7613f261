"""What happens to the objects of a kind, through lost connections and forgotten versions.

https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes
"""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

from urllib3.exceptions import HTTPError

from generator.cluster import retry
from generator.cluster.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from threading import Event

    from urllib3 import BaseHTTPResponse

    from generator.cluster.lists import Listed

_GONE = 410
_CHANGES = ("ADDED", "MODIFIED", "DELETED")
_BREATH = 0.2  # seconds before a watch that ended at once is opened again


class _Forgotten(Exception):  # noqa: N818  (it is no error: the list is read again)
    """The server no longer knows the version that the watch was at."""


def watch(
    read: Callable[[], Listed],
    follow: Callable[[dict[str, str]], BaseHTTPResponse],
    quiet: float,
    ended: Event,
) -> Iterator[tuple[str, Any]]:
    """Yield what there is and what happens to it; `Cluster.watch` says how.

    `read` lists everything, `follow` opens a watch with a query; both raise what ends the whole, and so does
    `ended`.
    """
    while not ended.is_set():
        listed = read()
        yield "LISTED", listed.items
        try:
            yield from _follow(follow, listed.resource_version, quiet, ended)
        except _Forgotten:
            ended.wait(next(retry.pauses(2)))


def _follow(
    follow: Callable[[dict[str, str]], BaseHTTPResponse], version: str, quiet: float, ended: Event
) -> Iterator[tuple[str, Any]]:
    """Yield what happens after `version`; raises _Forgotten when the server cannot say."""
    seconds = max(1, round(quiet))
    while not ended.is_set():
        query = {"watch": "1", "allowWatchBookmarks": "true", "timeoutSeconds": str(seconds)}
        began, heard = time.monotonic(), False
        try:
            for kind, thing in _events(follow({**query, "resourceVersion": version})):
                version = (thing.get("metadata") or {}).get("resourceVersion") or version
                if kind in _CHANGES:
                    heard = True
                    yield kind, thing
        except Refused as refused:
            if refused.status == _GONE:
                raise _Forgotten from None
            raise
        lasted = time.monotonic() - began
        if not heard and lasted >= seconds:
            yield "QUIET", None
        elif lasted < _BREATH:
            ended.wait(_BREATH)


def _events(response: BaseHTTPResponse) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield what the lines of an endless answer say, as they come, until it ends, breaks or says ERROR.

    Raises _Forgotten for what a list must answer; after anything else the watch goes on from where it was.
    """
    rest = b""
    try:
        for part in response.stream(None):
            *lines, rest = (rest + part).split(b"\n")
            for line in filter(bytes.strip, lines):
                event = json.loads(line)
                kind, thing = str(event.get("type")), event.get("object") or {}
                if kind == "ERROR":
                    if thing.get("code") == _GONE:
                        raise _Forgotten
                    return
                yield kind, thing
    except (HTTPError, OSError, ValueError):
        return  # the connection broke, or a line with it
    finally:
        response.close()
