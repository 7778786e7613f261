"""What is there: objects by resource, and what happened to them, for watchers.

A stored object is never edited: a change puts a new one in its place. So a reader needs no copy, and the
bytes of
an object are made once. Every change takes one resource version and leaves one event.
"""

from __future__ import annotations

import collections
import json
import threading
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.cluster.emulator.resources import Resource

Json = dict[str, Any]
Key = tuple[str, str]  # namespace ("" at cluster scope), name
KEPT_EVENTS = 20_000


def now() -> str:
    """The time as the API writes it: whole seconds of UTC."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Stored:
    """An object and its bytes."""

    __slots__ = ("_bare", "_encoded", "content")

    def __init__(self, content: Json) -> None:
        self.content = content
        self._encoded: bytes | None = None
        self._bare: bytes | None = None

    @property
    def encoded(self) -> bytes:
        if self._encoded is None:
            self._encoded = json.dumps(self.content, separators=(",", ":"), ensure_ascii=False).encode()
        return self._encoded

    @property
    def bare(self) -> bytes:
        """Without apiVersion and kind, as in the list of a built-in kind."""
        if self._bare is None:
            rest = {key: value for key, value in self.content.items() if key not in {"apiVersion", "kind"}}
            self._bare = json.dumps(rest, separators=(",", ":"), ensure_ascii=False).encode()
        return self._bare

    @property
    def meta(self) -> Json:
        meta: Json = self.content["metadata"]
        return meta


@dataclass(frozen=True, kw_only=True)
class Event:
    """One change. `before` is None for a creation, `after` for a deletion (`last` has the deleted object)."""

    version: int
    resource: tuple[str, str]
    before: Stored | None
    after: Stored | None
    last: Stored


@dataclass
class Store:
    """All objects of one cluster. Take `lock` around anything that reads and then writes."""

    lock: threading.RLock = field(default_factory=threading.RLock)
    version: int = 1_000

    def __post_init__(self) -> None:
        self.changed = threading.Condition(self.lock)
        self._objects: dict[tuple[str, str], dict[Key, Stored]] = collections.defaultdict(dict)
        self._sorted: dict[tuple[str, str], list[Key]] = {}
        self._events: collections.deque[Event] = collections.deque(maxlen=KEPT_EVENTS)
        self.compacted = self.version  # events up to here are gone
        self.closed = False
        self.listeners: list[Callable[[Event], None]] = []  # called in the lock, so they must be quick

    def get(self, resource: Resource, namespace: str, name: str) -> Stored | None:
        return self._objects[resource.key].get((namespace, name))

    def keys(self, resource: Resource) -> list[Key]:
        """Sorted, as a list answers."""
        with self.lock:
            keys = self._sorted.get(resource.key)
            if keys is None:
                keys = self._sorted[resource.key] = sorted(self._objects[resource.key])
            return keys

    def items(self, resource: Resource, namespace: str = "") -> list[Stored]:
        with self.lock:
            found = self._objects[resource.key]
            return [found[key] for key in self.keys(resource) if not namespace or key[0] == namespace]

    def put(self, resource: Resource, content: Json) -> Stored:
        """Create or replace; gives the next resourceVersion, and uid and creationTimestamp when absent."""
        meta = content["metadata"]
        key = (meta.get("namespace", "") if resource.namespaced else "", meta["name"])
        with self.lock:
            objects = self._objects[resource.key]
            before = objects.get(key)
            self.version += 1
            meta.setdefault("uid", str(uuid.uuid4()))
            meta.setdefault("creationTimestamp", now())
            meta["resourceVersion"] = str(self.version)
            stored = objects[key] = Stored(content)
            if before is None:
                self._sorted.pop(resource.key, None)
            self._log(
                Event(version=self.version, resource=resource.key, before=before, after=stored, last=stored)
            )
            return stored

    def pop(self, resource: Resource, namespace: str, name: str) -> Stored | None:
        with self.lock:
            before = self._objects[resource.key].pop((namespace, name), None)
            if before is None:
                return None
            self._sorted.pop(resource.key, None)
            self.version += 1
            meta = before.meta | {"resourceVersion": str(self.version)}
            last = Stored(before.content | {"metadata": meta})
            self._log(
                Event(version=self.version, resource=resource.key, before=before, after=None, last=last)
            )
            return before

    def _log(self, event: Event) -> None:
        if len(self._events) == self._events.maxlen:
            self.compacted = self._events[0].version
        self._events.append(event)
        for listener in self.listeners:
            listener(event)
        self.changed.notify_all()

    def compact(self) -> None:
        """Forget what happened, as etcd does every five minutes: old versions are answered with 410."""
        with self.lock:
            self._events.clear()
            self.compacted = self.version
            self.changed.notify_all()

    def since(self, version: int) -> list[Event] | None:
        """The events after `version`, oldest first; None when some of them are forgotten."""
        with self.lock:
            if version < self.compacted:
                return None
            first = self._events[0].version if self._events else self.version + 1
            start = max(0, version + 1 - first)  # every event took one version
            count = len(self._events)
            if count - start > 64:
                return list(self._events)[start:]
            return [self._events[i] for i in range(start, count)]

    def everything(self) -> Iterator[tuple[tuple[str, str], Stored]]:
        """Every object with its (group, plural)."""
        with self.lock:
            found = [(key, stored) for key, objects in self._objects.items() for stored in objects.values()]
        return iter(found)

    def close(self) -> None:
        with self.lock:
            self.closed = True
            self.changed.notify_all()
