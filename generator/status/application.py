"""What a live Application says of itself.

The fields are those of Argo CD's `pkg/apis/application/v1alpha1/types.go` (3.x).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from generator.status.moments import moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    Document = Mapping[str, Any]

SKIP = "argocd.argoproj.io/skip-reconcile"
"""The annotation that makes Argo CD leave an Application alone (user-guide/skip_reconcile)."""

_CHARTS = "argocd/charts/"


class Operation(NamedTuple):
    """The last sync, or the one that runs: `phase` is Running, Succeeded, Failed, Error or Terminating.

    `failed` are the objects that it could not apply, each with the reason.
    """

    phase: str
    message: str
    started: datetime | None
    finished: datetime | None
    retries: int
    failed: tuple[tuple[str, str], ...]

    @property
    def when(self) -> datetime | None:
        """When it ended, or began."""
        return self.finished or self.started


class Object(NamedTuple):
    """An object of an Application: `sync` and `health` are "" where Argo CD does not say."""

    kind: str
    namespace: str
    name: str
    sync: str
    health: str
    message: str

    def __str__(self) -> str:
        return f"{self.kind} {self.namespace}/{self.name}" if self.namespace else f"{self.kind} {self.name}"


class Condition(NamedTuple):
    """Something that Argo CD found out: ComparisonError, SyncError, OrphanedResourceWarning, ..."""

    type: str
    message: str
    since: datetime | None


class Application(NamedTuple):
    """An Application as it is now. Of the versions and revisions, "" is what Argo CD does not say.

    `revision` is the commit of this repository that the objects agree with, or were last synced to;
    `seen` the one that they were last compared with. `chart` is the version of the Helm chart that was last
    synced, `own_chart` that of this repository's own chart. `images` are those of its live pods.
    """

    name: str
    sync: str
    health: str
    health_message: str
    health_since: datetime | None
    operation: Operation | None
    conditions: tuple[Condition, ...]
    objects: tuple[Object, ...]
    images: tuple[str, ...]
    revision: str
    seen: str
    chart: str
    own_chart: str
    automated: bool
    skipped: bool
    reconciled: datetime | None
    deleting: datetime | None

    @property
    def new(self) -> bool:
        """Whether Argo CD has said nothing of it so far."""
        return self.reconciled is None and self.operation is None and self.sync == self.health == "Unknown"


def read(document: Document, repository: str) -> Application:
    """Read an Application; `repository` is this repository's address."""
    metadata, spec, status = (document.get(key) or {} for key in ("metadata", "spec", "status"))
    sync, health = status.get("sync") or {}, status.get("health") or {}
    history = status.get("history") or []
    last = history[-1] if history else {}
    objects = tuple(map(_object, status.get("resources") or ()))
    seen = _revision(sync, sources(spec), repository)
    return Application(
        name=str(metadata.get("name") or ""),
        sync=str(sync.get("status") or "Unknown"),
        health=str(health.get("status") or "Unknown"),
        health_message=str(health.get("message") or ""),
        health_since=moment(health.get("lastTransitionTime")),
        operation=_operation(status.get("operationState")),
        conditions=tuple(map(_condition, status.get("conditions") or ())),
        objects=objects,
        images=tuple(map(str, (status.get("summary") or {}).get("images") or ())),
        revision=seen if sync.get("status") == "Synced" else _revision(last, sources(last), repository),
        seen=seen,
        chart=_chart(last),
        own_chart=_own_chart(last, repository),
        automated=is_automated(spec),
        skipped=(metadata.get("annotations") or {}).get(SKIP) == "true",
        reconciled=moment(status.get("reconciledAt")),
        deleting=moment(metadata.get("deletionTimestamp")),
    )


def is_automated(spec: Document) -> bool:
    """Tell whether it syncs by itself. `enabled: false` turns it off and keeps the settings (3.1)."""
    automated = (spec.get("syncPolicy") or {}).get("automated")
    return automated is not None and automated.get("enabled") is not False


def sources(document: Document) -> list[Document]:
    """Return the sources of a spec or of an entry of the history: `sources` counts before `source`."""
    return list(document.get("sources") or ([document["source"]] if document.get("source") else []))


def same_repository(one: object, other: object) -> bool:
    """Tell whether two addresses are of one repository, as Argo CD compares them (util/git, SameURL)."""
    return _plain(one) == _plain(other)


def _plain(address: object) -> str:
    return str(address or "").strip().lower().removesuffix("/").removesuffix(".git")


def _revision(about: Document, among: list[Document], repository: str) -> str:
    """Return the commit of this repository, of `revision` or, with several sources, `revisions`."""
    revisions = about.get("revisions") or []
    if not revisions:
        source = among[0] if among else {}
        return "" if source.get("chart") else str(about.get("revision") or "")
    for source, revision in zip(among, revisions, strict=False):
        if not source.get("chart") and same_repository(source.get("repoURL"), repository):
            return str(revision)
    return ""


def _chart(last: Document) -> str:
    """Return the version of the Helm chart that was synced: the revision of its source is just that."""
    revisions = last.get("revisions") or [last.get("revision")]
    for index, source in enumerate(sources(last)):
        if source.get("chart"):
            resolved = revisions[index] if index < len(revisions) else None
            return str(resolved or source.get("targetRevision") or "")
    return ""


def _own_chart(last: Document, repository: str) -> str:
    for source in sources(last):
        path = str(source.get("path") or "").strip("/")
        if path.startswith(_CHARTS) and same_repository(source.get("repoURL"), repository):
            return path.rpartition("/")[2]
    return ""


def _operation(state: Document | None) -> Operation | None:
    if not state:
        return None
    result = state.get("syncResult") or {}
    return Operation(
        phase=str(state.get("phase") or ""),
        message=str(state.get("message") or ""),
        started=moment(state.get("startedAt")),
        finished=moment(state.get("finishedAt")),
        retries=int(state.get("retryCount") or 0),
        failed=tuple(_failed(result.get("resources") or ())),
    )


def _failed(resources: Iterable[Document]) -> Iterable[tuple[str, str]]:
    for resource in resources:
        if resource.get("status") == "SyncFailed" or resource.get("hookPhase") in ("Failed", "Error"):
            yield str(_object(resource)), str(resource.get("message") or "")


def _object(resource: Document) -> Object:
    health = resource.get("health") or {}
    sync = str(resource.get("status") or "")
    return Object(
        kind=str(resource.get("kind") or ""),
        namespace=str(resource.get("namespace") or ""),
        name=str(resource.get("name") or ""),
        sync="to be deleted" if resource.get("requiresPruning") else sync,
        health=str(health.get("status") or ""),
        message=str(health.get("message") or ""),
    )


def _condition(condition: Document) -> Condition:
    return Condition(
        str(condition.get("type") or ""),
        str(condition.get("message") or ""),
        moment(condition.get("lastTransitionTime")),
    )
