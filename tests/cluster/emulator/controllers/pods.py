"""A pod's status as the scheduler and the kubelet write it."""

from __future__ import annotations

from typing import Any

from tests.cluster.emulator.store import now

Json = dict[str, Any]
HASH = "pod-template-hash"
READY, IMAGE_PULL, CRASH_LOOP, UNSCHEDULABLE, FAILED, STUCK = (
    "ready",
    "image pull",
    "crash loop",
    "unschedulable",
    "failed",
    "stuck",
)
NODE = "ip-10-10-1-23.ec2.internal"


def advance(content: Json, outcome: str, *, job: bool) -> None:  # noqa: PLR0911 - one an outcome
    """One step towards the outcome; the last step changes nothing."""
    status = content["status"]
    if status["phase"] in {"Succeeded", "Failed"}:
        return
    if outcome == UNSCHEDULABLE:
        reason = (
            "0/3 nodes are available: 3 Insufficient cpu. preemption: 0/3 nodes are available: 3 No "
            "preemption victims found for incoming pod."
        )
        _conditions(status, PodScheduled=("False", "Unschedulable", reason))
        return
    if "nodeName" not in content["spec"]:
        content["spec"]["nodeName"] = NODE
        _conditions(status, PodScheduled=("True", "", ""))
        status["containerStatuses"] = [_waiting(c, "ContainerCreating", "") for c in _containers(content)]
        status |= {"hostIP": "10.10.1.23", "startTime": now()}
        return
    if outcome == STUCK:
        return
    if outcome == IMAGE_PULL:
        status["containerStatuses"] = [
            _waiting(
                c, "ImagePullBackOff", f'Back-off pulling image "{c.get("image")}": ErrImagePull: not found'
            )
            for c in _containers(content)
        ]
        _not_ready(content)
        return
    if outcome == CRASH_LOOP:
        _crash(content)
        return
    if job:
        _finish(content, failed=outcome == FAILED)
        return
    if status["phase"] != "Running":
        status["phase"] = "Running"
        status["podIP"] = "10.10.1.42"
        status["containerStatuses"] = [_running(c) for c in _containers(content)]
        _conditions(
            status, Initialized=("True", "", ""), ContainersReady=("True", "", ""), Ready=("True", "", "")
        )


def is_ready(content: Json) -> bool:
    conditions = content.get("status", {}).get("conditions") or []
    return any(c["type"] == "Ready" and c["status"] == "True" for c in conditions)


def _containers(content: Json) -> list[Json]:
    return list(content["spec"].get("containers") or [])


def _state(container: Json, state: Json, *, ready: bool, restarts: int = 0) -> Json:
    return {
        "name": container["name"],
        "image": container.get("image", ""),
        "imageID": "",
        "ready": ready,
        "started": ready,
        "restartCount": restarts,
        "lastState": {},
        "state": state,
    }


def _waiting(container: Json, reason: str, message: str) -> Json:
    waiting = {"reason": reason} | ({"message": message} if message else {})
    return _state(container, {"waiting": waiting}, ready=False)


def _running(container: Json) -> Json:
    return _state(container, {"running": {"startedAt": now()}}, ready=True)


def _crash(content: Json) -> None:
    status = content["status"]
    if status["phase"] == "Running":
        return
    status["phase"] = "Running"
    meta = content["metadata"]
    status["containerStatuses"] = []
    for container in _containers(content):
        message = (
            f"back-off 5m0s restarting failed container={container['name']} "
            f"pod={meta['name']}_{meta['namespace']}({meta['uid']})"
        )
        state = _state(
            container,
            {"waiting": {"reason": "CrashLoopBackOff", "message": message}},
            ready=False,
            restarts=5,
        )
        ended = {"exitCode": 1, "reason": "Error", "startedAt": now(), "finishedAt": now()}
        status["containerStatuses"].append(state | {"lastState": {"terminated": ended}})
    _not_ready(content)


def _finish(content: Json, *, failed: bool) -> None:
    status = content["status"]
    status["phase"] = "Failed" if failed else "Succeeded"
    ended = {
        "exitCode": int(failed),
        "reason": "Error" if failed else "Completed",
        "startedAt": now(),
        "finishedAt": now(),
    }
    status["containerStatuses"] = [
        _state(c, {"terminated": ended}, ready=False) for c in _containers(content)
    ]


def _not_ready(content: Json) -> None:
    names = " ".join(container["name"] for container in _containers(content))
    why = ("False", "ContainersNotReady", f"containers with unready status: [{names}]")
    _conditions(content["status"], Initialized=("True", "", ""), ContainersReady=why, Ready=why)


def _conditions(status: Json, **wanted: tuple[str, str, str]) -> None:
    conditions = status.setdefault("conditions", [])
    for kind, (state, reason, message) in wanted.items():
        fresh = {"type": kind, "status": state}
        fresh |= ({"reason": reason} if reason else {}) | ({"message": message} if message else {})
        old = next((c for c in conditions if c["type"] == kind), None)
        if old is None:
            conditions.append(fresh | {"lastProbeTime": None, "lastTransitionTime": now()})
        elif any(old.get(key) != value for key, value in fresh.items()):
            old |= fresh | {"lastTransitionTime": now()}
