"""Which release a pod belongs to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from generator.status.desired import WORKLOAD

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from generator.status.application import Application
    from generator.status.desired import Release

    Document = Mapping[str, Any]
    Key = tuple[str, str, str]

_INSTANCE = "app.kubernetes.io/instance"
_HASH = "pod-template-hash"
_RUN = re.compile(r"-\d+$")  # what a CronJob puts behind its name, the minute


class Owners:
    """Finds the release of a pod, by what Argo CD knows of its owner, else by the charts' label.

    Argo CD marks only what it applies itself, not pods; its Applications list those objects. A chart that
    labels its pods with the release's name is the second way, for Applications that list nothing yet. Last,
    a workload is alone in its namespace.
    """

    def __init__(self, releases: Iterable[Release], applications: Iterable[Application]) -> None:
        """Take in what there is."""
        releases = list(releases)
        self._objects: dict[Key, str] = {
            (o.kind, o.namespace, o.name): application.name
            for application in applications
            for o in application.objects
        }
        self._namespaces = {release.name: release.namespace for release in releases}
        self._alone = {release.namespace: release.name for release in releases if release.kind == WORKLOAD}

    def of(self, pod: Document) -> str:
        """Return the name of the release, "" when it belongs to none."""
        metadata = pod.get("metadata") or {}
        namespace, labels = str(metadata.get("namespace") or ""), metadata.get("labels") or {}
        for key in _keys(metadata, namespace, labels):
            if key in self._objects:
                return self._objects[key]
        labelled = str(labels.get(_INSTANCE) or "")
        if self._namespaces.get(labelled) == namespace:
            return labelled
        return self._alone.get(namespace, "")


def _keys(metadata: Document, namespace: str, labels: Document) -> Iterable[Key]:
    """Yield what may be the object that Argo CD applied, from the pod upwards."""
    yield "Pod", namespace, str(metadata.get("name") or "")
    for owner in metadata.get("ownerReferences") or ():
        kind, name = str(owner.get("kind") or ""), str(owner.get("name") or "")
        yield kind, namespace, name
        if kind == "ReplicaSet":
            yield "Deployment", namespace, name.removesuffix(f"-{labels.get(_HASH)}")
        if kind == "Job":
            yield "CronJob", namespace, _RUN.sub("", name)
