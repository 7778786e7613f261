"""Lists, whole or in pages. A page that follows is of the same moment as the first, or is refused with
410."""

from __future__ import annotations

import base64
import collections
import json
from typing import TYPE_CHECKING, Any

from tests.cluster.emulator import errors, selectors

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cluster.emulator.cluster import Cluster
    from tests.cluster.emulator.resources import Resource
    from tests.cluster.emulator.store import Stored

Json = dict[str, Any]
KEPT = 256  # unfinished lists; older ones expire


class Pages:
    """The unfinished lists."""

    def __init__(self) -> None:
        self._left: collections.OrderedDict[str, tuple[int, list[Stored]]] = collections.OrderedDict()
        self._count = 0

    def keep(self, version: int, left: list[Stored]) -> str:
        self._count += 1
        token = _encode({"v": "meta.k8s.io/v1", "rv": version, "start": _place(left[0]), "n": self._count})
        self._left[token] = (version, left)
        while len(self._left) > KEPT:
            self._left.popitem(last=False)
        return token

    def take(self, token: str) -> tuple[int, list[Stored]] | None:
        return self._left.get(token)  # a page may be asked for twice

    def expire(self) -> None:
        self._left.clear()


def _place(stored: Stored) -> str:
    return f"{stored.meta.get('namespace', '')}/{stored.meta['name']}"


def _encode(content: Json) -> str:
    return base64.urlsafe_b64encode(json.dumps(content, separators=(",", ":")).encode()).decode().rstrip("=")


def _decode(token: str) -> Json:
    try:
        content = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        if isinstance(content, dict) and isinstance(content.get("rv"), int):
            return content
    except ValueError:
        pass
    raise errors.bad_request("continue key is not valid: illegal base64 data")


def matcher(resource: Resource, version: str, query: dict[str, str]) -> Callable[[Stored], bool] | None:
    """Whether an object is asked for; None for all."""
    if not query.get("labelSelector") and not query.get("fieldSelector"):
        return None
    labels = selectors.labels(query.get("labelSelector", ""))
    fields = selectors.fields(query.get("fieldSelector", ""), resource.plural, resource.api_version(version))
    return lambda stored: labels(stored.meta.get("labels") or {}) and fields(stored.content)


def listed(
    cluster: Cluster, pages: Pages, resource: Resource, version: str, namespace: str, query: dict[str, str]
) -> tuple[Json, list[Stored]]:
    """The list's metadata and its items.

    Raises:
        StatusError: 400, a parameter cannot be read; 410, the continue token is too old; 504, a version
        to come.
    """
    limit = _number(query.get("limit", "0"), "limit")
    token = query.get("continue", "")
    wanted = matcher(resource, version, query)
    with cluster.store.lock:
        if token:
            now, items = _continued(cluster, pages, resource, namespace, token, wanted)
        else:
            now = cluster.store.version
            _check_version(now, query.get("resourceVersion", ""))
            items = cluster.store.items(resource, namespace)
            if wanted:
                items = [stored for stored in items if wanted(stored)]
        meta: Json = {"resourceVersion": str(now)}
        if limit and len(items) > limit:
            items, left = items[:limit], items[limit:]
            meta["continue"] = pages.keep(now, left)
            if not wanted:
                meta["remainingItemCount"] = len(left)
    return meta, items


def _continued(
    cluster: Cluster,
    pages: Pages,
    resource: Resource,
    namespace: str,
    token: str,
    wanted: Callable[[Stored], bool] | None,
) -> tuple[int, list[Stored]]:
    content = _decode(token)
    kept = pages.take(token)
    if kept is not None:
        return kept
    if content["rv"] == -1:  # go on from here with what is there now
        items = [
            stored
            for stored in cluster.store.items(resource, namespace)
            if _place(stored) >= content["start"]
        ]
        return cluster.store.version, [stored for stored in items if not wanted or wanted(stored)]
    error = errors.expired(errors.TOO_OLD_LIST)
    error.metadata = {"continue": _encode(content | {"rv": -1})}
    raise error


def _number(text: str, name: str) -> int:
    if not text.isdigit():
        raise errors.bad_request(f'strconv.ParseInt: parsing "{text}": invalid syntax ({name})')
    return int(text)


def _check_version(now: int, text: str) -> None:
    if text and _number(text, "resourceVersion") > now:
        message = f"Timeout: Too large resource version: {text}, current: {now}"
        cause = errors.cause("ResourceVersionTooLarge", "", "Too large resource version")
        raise errors.StatusError(504, "Timeout", message, details={"retryAfterSeconds": 1, "causes": [cause]})
