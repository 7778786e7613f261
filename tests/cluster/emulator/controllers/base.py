"""What acts on changes: a thread that is woken by them and brings things where they belong, step by step."""

from __future__ import annotations

import queue
import threading
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.cluster.emulator.cluster import Cluster
    from tests.cluster.emulator.resources import Resource
    from tests.cluster.emulator.store import Event, Stored

Json = dict[str, Any]


class Controller:
    """One of them. `pace` is the time in seconds that a step takes; 0 is at once."""

    name = ""
    idle = 0.5  # seconds after which it looks without being woken

    def __init__(self, pace: float = 0.0) -> None:
        self.pace = pace
        self.failure: BaseException | None = None
        self._woken: queue.SimpleQueue[Event | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._stopping = threading.Event()
        self.cluster: Cluster

    def start(self, cluster: Cluster) -> None:
        """Begin to act."""
        self.cluster = cluster
        self.attach()
        cluster.store.listeners.append(self._woken.put)
        self._woken.put(None)
        self._thread = threading.Thread(target=self._run, daemon=True, name=f"controller-{self.name}")
        self._thread.start()

    def stop(self) -> None:
        """End it; `failure` says what it failed of before."""
        self._stopping.set()
        self._woken.put(None)
        if self._thread is not None:
            self._thread.join(5)

    def attach(self) -> None:
        """Tell the cluster what it can rely on, before anything runs."""

    def concerns(self, _event: Event) -> bool:
        """Whether a change is worth a look."""
        return True

    def look(self) -> bool:
        """Bring things a step further; True when there is another step to take after `pace`."""
        raise NotImplementedError

    def _run(self) -> None:
        try:
            while not self._stopping.is_set():
                if not self._wait():
                    continue
                while not self._stopping.is_set() and self.look():
                    self._stopping.wait(self.pace)
        except BaseException as failure:  # noqa: BLE001 - `stop` raises it where a test sees it
            self.failure = failure

    def _wait(self) -> bool:
        """Until something of interest happens; all that happened by then counts as one."""
        end = time.monotonic() + self.idle
        while True:
            try:
                event = self._woken.get(timeout=max(0.0, end - time.monotonic()))
            except queue.Empty:
                return True
            found = event is None or self.concerns(event)
            while not self._woken.empty():
                event = self._woken.get()
                found = found or event is None or self.concerns(event)
            if found:
                return True

    # What several need.

    def resource(self, api_version: str, kind: str) -> Resource | None:
        return self.cluster.catalogue.of_kind(api_version, kind)

    def all(self, api_version: str, kind: str, namespace: str = "") -> list[Stored]:
        """All of a kind; none when it is not served."""
        resource = self.resource(api_version, kind)
        return self.cluster.store.items(resource, namespace) if resource else []

    def edit(self, stored: Stored, function: Any) -> bool:
        """Edit what is there now of an object; False when it is gone, is another one, or stays as it is."""
        content = stored.content
        resource = self.resource(content["apiVersion"], content["kind"])
        if resource is None:
            return False
        with self.cluster.store.lock:
            namespace = stored.meta.get("namespace", "") if resource.namespaced else ""
            current = self.cluster.store.get(resource, namespace, stored.meta["name"])
            if current is None or current.meta["uid"] != stored.meta["uid"]:
                return False
            version = self.cluster.store.version
            self.cluster.change(resource, current, function)
            return self.cluster.store.version != version


def deleting(stored: Stored) -> bool:
    return "deletionTimestamp" in stored.meta


def without_finalizer(name: str) -> Any:
    """An edit that takes a finalizer away."""

    def edit(content: Json) -> None:
        meta = content["metadata"]
        left = [f for f in meta.get("finalizers") or [] if f != name]
        meta.pop("finalizers", None)
        if left:
            meta["finalizers"] = left

    return edit


def with_finalizer(name: str) -> Any:
    """An edit that puts a finalizer on."""

    def edit(content: Json) -> None:
        finalizers = content["metadata"].setdefault("finalizers", [])
        if name not in finalizers:
            finalizers.append(name)

    return edit
