"""Watching: what there is, then what changes, until the time is up."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from tests.cluster.emulator import errors
from tests.cluster.emulator.lists import matcher

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.cluster.emulator.cluster import Cluster
    from tests.cluster.emulator.resources import Resource
    from tests.cluster.emulator.store import Event, Stored

Json = dict[str, Any]
DEFAULT_SECONDS = 1800.0
PAUSE = 0.25  # seconds after which a silent watch looks whether anybody still listens


def watch(
    cluster: Cluster,
    resource: Resource,
    version: str,
    namespace: str,
    query: dict[str, str],
    gone: Callable[[], bool],
) -> Iterator[tuple[str, Stored | Json]]:
    """Type and object of each event. `gone` says that nobody listens any longer.

    Raises:
        StatusError: 400, a selector cannot be read (before the first event).
    """
    wanted = matcher(resource, version, query)
    text = query.get("resourceVersion", "")
    if text and not text.isdigit():
        raise errors.bad_request(f'strconv.ParseUint: parsing "{text}": invalid syntax')
    return _events(cluster, resource, version, namespace, query, wanted, gone)


def _events(  # noqa: C901 - the ways in which a watch ends
    cluster: Cluster,
    resource: Resource,
    version: str,
    namespace: str,
    query: dict[str, str],
    wanted: Callable[[Stored], bool] | None,
    gone: Callable[[], bool],
) -> Iterator[tuple[str, Stored | Json]]:
    store = cluster.store
    end = time.monotonic() + float(query.get("timeoutSeconds") or DEFAULT_SECONDS)
    initial = query.get("sendInitialEvents")
    start = int(query.get("resourceVersion") or 0)
    asked = initial == "true" or (start == 0 and initial != "false")
    with store.lock:
        present = [s for s in store.items(resource, namespace) if not wanted or wanted(s)] if asked else []
        seen = store.version if asked or start == 0 else start
    for stored in present:
        yield "ADDED", stored
    if initial == "true":
        yield "BOOKMARK", _bookmark(resource, version, seen, initial=True)
    while True:
        with store.lock:
            events = store.since(seen)
            if not events and events is not None:
                if store.closed or gone():
                    return
                left = end - time.monotonic()
                if left <= 0:
                    break
                store.changed.wait(min(left, PAUSE))
                continue
        if events is None:
            message = f"too old resource version: {seen} ({store.compacted})"
            yield "ERROR", errors.expired(message).body()
            return
        for event in events:
            seen = event.version
            if event.resource == resource.key and (
                not namespace or event.last.meta.get("namespace") == namespace
            ):
                yield from _told(event, wanted)
        if store.closed or gone() or time.monotonic() > end:
            break
    if query.get("allowWatchBookmarks") in {"true", "1"}:
        yield "BOOKMARK", _bookmark(resource, version, seen)


def _told(event: Event, wanted: Callable[[Stored], bool] | None) -> Iterator[tuple[str, Stored]]:
    """An object that stops matching is a deletion for who asked only for some, and the other way round."""
    before = event.before is not None and (not wanted or wanted(event.before))
    after = event.after is not None and (not wanted or wanted(event.after))
    if after:
        yield ("MODIFIED" if before else "ADDED"), event.last
    elif before:
        yield "DELETED", event.last


def _bookmark(resource: Resource, version: str, seen: int, *, initial: bool = False) -> Json:
    meta: Json = {"resourceVersion": str(seen), "creationTimestamp": None}
    if initial:
        meta["annotations"] = {"k8s.io/initial-events-end": "true"}
    return {"kind": resource.kind, "apiVersion": resource.api_version(version), "metadata": meta}
