"""Objects of several kinds, kept as the cluster has them from now on."""

from __future__ import annotations

from threading import Condition, Thread
from typing import TYPE_CHECKING, Any

from generator.cluster.errors import ClusterError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Self

    from generator.cluster.client import Cluster

    Kind = tuple[str, str, str | None]
    Documents = list[dict[str, Any]]

_AGAIN = 5.0  # seconds after a watch was given up
_GOODBYE = 5.0  # seconds for a thread that still reads a list


class Followed:
    """Keeps lists of kinds current, each in a thread of its own, until `close`, or the end of a `with` block.

    `error` is why one of them is not current at the moment; what was known before stays.
    """

    def __init__(self, cluster: Cluster, kinds: Sequence[Kind], changed: Condition) -> None:
        """Start. `changed` is notified at every change."""
        self._cluster, self._changed = cluster, changed
        self._objects: dict[Kind, dict[tuple[str, str], dict[str, Any]]] = {}
        self._errors: dict[Kind, ClusterError] = {}
        self.version = 0
        self._kinds = kinds
        # Daemons: after Ctrl-C nobody waits for an answer that is still to come.
        self._threads = [Thread(target=self._follow, args=(kind,), daemon=True) for kind in kinds]
        for thread in self._threads:
            thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the cluster's watches and wait for the threads; what was known stays."""
        self._cluster.end()
        for thread in self._threads:
            thread.join(_GOODBYE)

    @property
    def error(self) -> ClusterError | None:
        """Return the first kind's trouble, as `kinds` has them."""
        return next((self._errors[kind] for kind in self._kinds if kind in self._errors), None)

    def trouble(self, kind: Kind) -> ClusterError | None:
        """Return why a kind is not current."""
        return self._errors.get(kind)

    def objects(self, kind: Kind) -> Documents | None:
        """Return the objects of a kind; None when they were never read."""
        with self._changed:
            found = self._objects.get(kind)
            return None if found is None else list(found.values())

    def _follow(self, kind: Kind) -> None:
        while not self._cluster.ended.is_set():
            try:
                for event, thing in self._cluster.watch(*kind):
                    self._note(kind, event, thing)
            except ClusterError as error:
                with self._changed:
                    self._errors[kind] = error
                    self.version += 1
                    self._changed.notify_all()
                self._cluster.ended.wait(_AGAIN)

    def _note(self, kind: Kind, event: str, thing: Any) -> None:
        with self._changed:
            self._errors.pop(kind, None)
            if event == "LISTED":
                self._objects[kind] = {_key(one): one for one in thing}
            elif event == "DELETED":
                self._objects[kind].pop(_key(thing), None)
            elif event != "QUIET":
                self._objects[kind][_key(thing)] = thing
            self.version += 1
            self._changed.notify_all()


def _key(document: dict[str, Any]) -> tuple[str, str]:
    metadata = document.get("metadata") or {}
    return str(metadata.get("namespace") or ""), str(metadata.get("name") or "")
