"""Why a pod is not ready.

https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from generator.status.moments import moment

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    Document = Mapping[str, Any]

HARD, SOFT = "broken", "moving"
_KILLED = 128  # exit codes above are signals: 128 + the signal's number
_SIGNALS = {134: "aborted", 137: "killed", 139: "segmentation fault", 143: "terminated"}
_PULL = ("ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull", "RegistryUnavailable")
_STARTING = ("ContainerCreating", "PodInitializing", "")
_STUCK = 300  # seconds after which what should take one minute will not pass by itself
_GATES = {"target-health.": "waits for the load balancer to find it healthy"}


class Unready(NamedTuple):
    """A pod that does not do its work. `level` is HARD where waiting will not help."""

    namespace: str
    name: str
    level: str
    reason: str
    since: datetime | None

    def __str__(self) -> str:
        return f"{self.namespace}/{self.name}"


def is_over(pod: Document) -> bool:
    """Tell whether it has done its work, or was replaced: an evicted pod is only a memory."""
    phase = _status(pod).get("phase")
    return phase == "Succeeded" or (phase == "Failed" and _owner(pod) != "Job")


def is_ready(pod: Document) -> bool:
    """Tell whether it counts as ready: a job's pod does while it runs."""
    if (pod.get("metadata") or {}).get("deletionTimestamp"):
        return False
    if _owner(pod) == "Job" and _status(pod).get("phase") == "Running":
        return next(_containers(pod), None) is None
    return _conditions(pod).get("Ready", {}).get("status") == "True"


def why(pod: Document, now: datetime) -> Unready:
    """Say why a pod is not ready."""
    metadata = pod.get("metadata") or {}
    level, reason, since = _why(pod, now)
    fallback = moment(_status(pod).get("startTime")) or moment(metadata.get("creationTimestamp"))
    return Unready(
        str(metadata.get("namespace") or ""),
        str(metadata.get("name") or ""),
        level,
        reason,
        since or fallback,
    )


def _why(pod: Document, now: datetime) -> tuple[str, str, datetime | None]:
    metadata, status = pod.get("metadata") or {}, _status(pod)
    if status.get("reason") == "NodeLost":
        return HARD, "its node does not answer", moment(metadata.get("deletionTimestamp"))
    if metadata.get("deletionTimestamp"):
        since = moment(metadata["deletionTimestamp"])
        stuck = since is not None and (now - since).total_seconds() > _STUCK
        holds = metadata.get("finalizers")
        text = f"does not end: {', '.join(holds)}" if holds and stuck else "ends"
        return HARD if stuck else SOFT, text, since
    if status.get("phase") == "Failed":
        return HARD, _joined("failed", _exit(pod) or status.get("reason"), status.get("message")), None
    conditions = _conditions(pod)
    scheduled = conditions.get("PodScheduled", {})
    if scheduled.get("status") == "False":
        hard = scheduled.get("reason") != "SchedulingGated"
        text = _joined("fits on no node" if hard else "held back by a gate", scheduled.get("message"))
        return HARD if hard else SOFT, text, moment(scheduled.get("lastTransitionTime"))
    found = next(_containers(pod), None)
    if found:
        return found
    return _gated(pod, conditions, now)


def _containers(pod: Document) -> Iterator[tuple[str, str, datetime | None]]:
    """Yield what is wrong with containers: those that prepare first, for the others wait for them."""
    status = _status(pod)
    for prefix, key in (("init container ", "initContainerStatuses"), ("", "containerStatuses")):
        for container in status.get(key) or ():
            level, text = _container(container)
            if text:
                yield level, f"{prefix}{container.get('name')} {text}", None


def _container(container: Document) -> tuple[str, str]:
    state = container.get("state") or {}
    if state.get("waiting") is not None:
        return _waiting(container, state["waiting"])
    ended = state.get("terminated")
    if ended and ended.get("exitCode"):
        return HARD, _joined(f"ended with {_code(ended)}", _restarts(container), ended.get("message"))
    return SOFT, ""


def _waiting(container: Document, waiting: Document) -> tuple[str, str]:
    reason, message = str(waiting.get("reason") or ""), waiting.get("message")
    if reason == "CrashLoopBackOff":
        last = (container.get("lastState") or {}).get("terminated") or {}
        ended = f"last ended with {_code(last)}" if last else ""
        return HARD, _joined("crashes again and again", _restarts(container), ended, last.get("message"))
    if reason in _PULL:
        return HARD, _joined(f"cannot get its image {container.get('image')}", message or reason)
    if reason in _STARTING:
        return SOFT, ""
    return HARD, _joined(f"cannot start, {reason}", message)


def _gated(
    pod: Document, conditions: Mapping[str, Document], now: datetime
) -> tuple[str, str, datetime | None]:
    """Say why a pod whose containers have nothing to complain of is not ready."""
    status = _status(pod)
    ready = conditions.get("Ready", {})
    since = moment(ready.get("lastTransitionTime"))
    waited = since is not None and (now - since).total_seconds() > _STUCK
    level = HARD if waited else SOFT
    containers = status.get("containerStatuses") or ()
    for container in containers:
        if container.get("ready") or (container.get("state") or {}).get("running") is None:
            continue
        probe = (
            "has not passed its startup probe"
            if container.get("started") is False
            else "fails its readiness probe"
        )
        return level, _joined(f"{container.get('name')} {probe}", _restarts(container)), since
    for gate in (pod.get("spec") or {}).get("readinessGates") or ():
        kind = str(gate.get("conditionType") or "")
        condition = conditions.get(kind, {})
        if condition.get("status") != "True":
            known = next((text for start, text in _GATES.items() if kind.startswith(start)), "")
            return level, _joined(known or f"waits for {kind}", condition.get("message")), since
    starting = [c.get("name") for c in containers if (c.get("state") or {}).get("waiting") is not None]
    preparing = [
        c.get("name")
        for c in status.get("initContainerStatuses") or ()
        if (c.get("state") or {}).get("running") is not None and not c.get("started")
    ]
    if preparing:
        return level, f"init container {preparing[0]} runs", since
    if starting or not containers:
        # Volumes that do not come, or addresses: only its events say.
        return level, "starts: no container yet", since
    return level, _joined("is not ready", ready.get("message") or ready.get("reason")), since


def _exit(pod: Document) -> str:
    for container in _status(pod).get("containerStatuses") or ():
        ended = (container.get("state") or {}).get("terminated") or {}
        if ended.get("exitCode"):
            return f"{container.get('name')} ended with {_code(ended)}"
    return ""


def _code(ended: Document) -> str:
    """`exit code 137 (OOMKilled)`: the reason, or else what the code says of a signal."""
    code, reason = int(ended.get("exitCode") or 0), str(ended.get("reason") or "")
    if reason in ("", "Error", "Completed"):
        reason = _SIGNALS.get(code, f"signal {code - _KILLED}" if code > _KILLED else "")
    return f"exit code {code} ({reason})" if reason else f"exit code {code}"


def _restarts(container: Document) -> str:
    count = int(container.get("restartCount") or 0)
    return f"{count} restart{'' if count == 1 else 's'}" if count else ""


def _joined(*parts: object) -> str:
    return ", ".join(str(part) for part in parts if part)


def _status(pod: Document) -> Document:
    return pod.get("status") or {}


def _conditions(pod: Document) -> dict[str, Document]:
    return {str(c.get("type")): c for c in _status(pod).get("conditions") or ()}


def _owner(pod: Document) -> str:
    owners = (pod.get("metadata") or {}).get("ownerReferences") or [{}]
    return str(owners[0].get("kind") or "")


def images(pod: Document) -> list[str]:
    """Return the images of its containers, as the pod's spec has them."""
    return [
        str(container.get("image") or "") for container in (pod.get("spec") or {}).get("containers") or ()
    ]
