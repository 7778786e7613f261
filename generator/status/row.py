"""A release as the spec has it beside what the cluster has, and everything that is not as it should be."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.status.desired import COMPONENT, ROOT, WORKLOAD
from generator.status.moments import age

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from generator.status.application import Application
    from generator.status.desired import Release
    from generator.status.pods import Unready

FINE, MOVING, BROKEN, MISSING, EXTRA = "fine", "moving", "broken", "missing", "extra"
WORST_FIRST = (BROKEN, MISSING, EXTRA, MOVING, FINE)

_LONG = 900  # seconds: Deployments give up after 600 (progressDeadlineSeconds)
_SHOWN = 3


class Trouble(NamedTuple):
    """One thing that is not as it should be: a `code` that does not change, and words."""

    code: str
    level: str
    text: str


class Pods(NamedTuple):
    """The pods of a release that have not done their work yet; not `known` when they may not be listed."""

    total: int
    unready: tuple[Unready, ...] = ()
    known: bool = True

    @property
    def ready(self) -> int:
        """How many do theirs."""
        return self.total - len(self.unready)


class Row(NamedTuple):
    """A release.

    `release` is None for an Application that the spec does not have, `application` for one that the cluster
    does not have. `running` are versions, several while one replaces another.
    """

    name: str
    release: Release | None
    application: Application | None
    running: tuple[str, ...]
    pods: Pods
    troubles: tuple[Trouble, ...]

    @property
    def kind(self) -> str:
        """component, chart, workload or root; "" for what the spec does not have."""
        return self.release.kind if self.release else ""

    @property
    def state(self) -> str:
        """The word for all of it."""
        if self.release is None:
            return EXTRA
        if self.application is None:
            return MISSING
        levels = {trouble.level for trouble in self.troubles}
        return BROKEN if BROKEN in levels else MOVING if levels else FINE


def missing(release: Release, its_pods: Pods) -> Row:
    """Return the row of a release without an Application."""
    text = "the cluster has no such Application: the root Application makes it, so look at root"
    if release.kind == ROOT:
        text = "the cluster has no root Application, so nothing follows Git: make bootstrap"
    return Row(release.name, release, None, (), its_pods, (Trouble("missing", BROKEN, text),))


def unknown(application: Application, its_pods: Pods) -> Row:
    """Return the row of an Application that the spec does not have."""
    text = "the spec has no such release"
    if application.deleting:
        text += "; it is being deleted"
    version = application.chart or application.own_chart
    running = (version,) if version else ()
    return Row(application.name, None, application, running, its_pods, (Trouble("extra", BROKEN, text),))


class Seen(NamedTuple):
    """What runs of a release: its pods, their images, and which Deployments can make none, and why.

    `applied` is the version that its values had at the revision that Argo CD has synced, "" where that is
    not known: all there is to know of a job without a pod.
    """

    pods: Pods
    images: Sequence[str] = ()
    blocked: Mapping[tuple[str, str], str] = {}
    applied: str = ""


def row(release: Release, application: Application, seen: Seen, now: datetime, *, automated: bool) -> Row:
    """Return the row of a release; `automated` is the spec's wish."""
    running = _running(release, application, seen)
    troubles = (
        *_skipped(application, now),
        *_version(release, application, running),
        *_operation(application, now),
        *_sync(application, automated=automated),
        *_conditions(application),
        *_nothing(release, application, seen.pods),
        *(() if release.kind == ROOT else _health(application, seen.pods, now)),
        *_blocked(application, seen.blocked),
        *(Trouble("pod", p.level, f"{p}: {p.reason}{_since(p.since, now)}") for p in seen.pods.unready),
    )
    return Row(release.name, release, application, running, seen.pods, troubles)


def _running(release: Release, application: Application, seen: Seen) -> tuple[str, ...]:
    """Return the versions that run: tags of the workload's image, or the chart that was last synced."""
    if release.kind == COMPONENT:
        return (application.chart,) if application.chart else ()
    if release.kind != WORKLOAD:
        return (application.own_chart,) if application.own_chart else ()
    images = seen.images or application.images
    found = {version for image in images if (version := _tag(image, release))}
    if not found and seen.applied and not release.serves and application.sync == "Synced":
        return (seen.applied,)
    return tuple(sorted(found))


def _tag(image: str, release: Release) -> str:
    """Return the tag, with a digest when the spec has one, of a workload's image; "" of others."""
    if not image.startswith((f"{release.image}:", f"{release.image}@")):
        return ""
    version = image.removeprefix(release.image).lstrip(":")
    return version if "@" in release.version else version.partition("@")[0]


def _version(release: Release, application: Application, running: tuple[str, ...]) -> Iterator[Trouble]:
    if running and running != (release.version,):
        yield Trouble("version", MOVING, f"runs {' and '.join(running)}, the spec has {release.version}")
    synced = application.own_chart
    if release.kind == WORKLOAD and synced and synced != release.chart:
        yield Trouble("chart", MOVING, f"made by our chart workload {synced}, the spec has {release.chart}")


def _skipped(application: Application, now: datetime) -> Iterator[Trouble]:
    if application.skipped:
        ago = age(application.reconciled, now)
        text = f"Argo CD leaves it alone (skip-reconcile){f': what follows is {ago} old' if ago else ''}"
        yield Trouble("suspended", BROKEN, text)


def _operation(application: Application, now: datetime) -> Iterator[Trouble]:
    operation = application.operation
    if application.deleting:
        since = _since(application.deleting, now)
        yield Trouble("deleting", BROKEN, f"the Application is being deleted{since}")
    if operation is None or operation.phase in ("", "Succeeded"):
        return
    retried = f", retry {operation.retries}" if operation.retries else ""
    if operation.phase in ("Running", "Terminating"):
        began = operation.started
        slow = began is not None and (now - began).total_seconds() > _LONG
        text = f"syncs{_since(began, now)}{retried}: {operation.message or 'no word yet'}"
        yield Trouble("syncing", BROKEN if slow else MOVING, text)
    else:
        ago = age(operation.when, now)
        text = f"the last sync failed{f' {ago} ago' if ago else ''}{retried}: {operation.message}"
        yield Trouble("sync-failed", BROKEN, text)
    for what, message in operation.failed[:_SHOWN]:
        yield Trouble("object-failed", BROKEN, f"{what}: {message}")


def _sync(application: Application, *, automated: bool) -> Iterator[Trouble]:
    if application.sync == "Synced":
        return
    if application.new:
        yield Trouble("unknown", MOVING, "Argo CD has not looked at it yet")
        return
    if application.sync != "OutOfSync":
        yield Trouble("unknown", BROKEN, "Argo CD cannot tell how it compares with Git")
        return
    differ = [
        f"{o} is to be deleted" if o.sync == "to be deleted" else str(o)
        for o in application.objects
        if o.sync in ("OutOfSync", "to be deleted")
    ]
    text, level = f"differs from Git: {_some(differ)}" if differ else "differs from Git", MOVING
    if automated and not application.automated:
        text, level = f"{text}; its automatic sync is off: make drift", BROKEN
    elif not automated:
        text += "; the spec has automatic sync off, so somebody has to sync it"
    yield Trouble("out-of-sync", level, text)


def _conditions(application: Application) -> Iterator[Trouble]:
    for condition in application.conditions:
        level = BROKEN if condition.type.endswith("Error") else MOVING
        yield Trouble("condition", level, f"{condition.type}: {condition.message}")


def _nothing(release: Release, application: Application, its_pods: Pods) -> Iterator[Trouble]:
    """Yield that nothing runs, where Argo CD finds that healthy: somebody wants no pods."""
    if its_pods.known and not its_pods.total and release.serves and application.health == "Healthy":
        yield Trouble("no-pods", BROKEN, "no pod of it is there, and Argo CD is content: is it scaled to 0?")


def _health(application: Application, its_pods: Pods, now: datetime) -> Iterator[Trouble]:
    if application.health == "Healthy" or application.new:
        return
    since = application.health_since
    long = since is not None and (now - since).total_seconds() > _LONG
    level = MOVING if application.health == "Progressing" and not long else BROKEN
    sick = [o for o in application.objects if o.health not in ("", "Healthy")]
    message = application.health_message
    if sick and not message:
        message = _some([f"{o}{f' ({o.message})' if o.message else ''}" for o in sick])
    if long and application.health == "Progressing":
        message = message or "longer than a rollout takes"
    if (
        not message
        and its_pods.known
        and not its_pods.total
        and application.health in ("Progressing", "Degraded")
    ):
        message = "no pod is there to say why"
    text = f"{application.health}{_since(since, now)}{f': {message}' if message else ''}"
    yield Trouble("health", level, text)


def _blocked(application: Application, blocked: Mapping[tuple[str, str], str]) -> Iterator[Trouble]:
    for one in application.objects:
        if one.kind == "Deployment" and (one.namespace, one.name) in blocked:
            yield Trouble("no-pods", BROKEN, f"{one} cannot make pods: {blocked[one.namespace, one.name]}")


def _some(things: Sequence[str]) -> str:
    more = f" and {len(things) - _SHOWN} more" if len(things) > _SHOWN else ""
    return ", ".join(things[:_SHOWN]) + more


def _since(when: datetime | None, now: datetime) -> str:
    ago = age(when, now)
    return f" ({ago})" if ago else ""
