"""What Argo CD 3.x writes into an Application's status (pkg/apis/application/v1alpha1/types.go), as plain
edits."""

from __future__ import annotations

import copy
from typing import Any

from tests.cluster.emulator.store import now

Json = dict[str, Any]
NO_SOURCE = {"repoURL": ""}  # Go writes the empty struct, with its one key that is never left out
HISTORY = 10  # revisionHistoryLimit
WORSE = ("Healthy", "Suspended", "Progressing", "Missing", "Degraded", "Unknown")  # gitops-engine health.go


def sources(spec: Json) -> list[Json]:
    """All sources of an Application."""
    return list(spec.get("sources") or []) or [spec.get("source") or {}]


def revisions(spec: Json, commit: str) -> list[str]:
    """One a source: the commit, or the version of a chart."""
    return [s["targetRevision"] if "chart" in s else commit for s in sources(spec)]


def synced_to(spec: Json, commit: str) -> Json:
    """`revision` or `revisions`, as there is one source or several."""
    found = revisions(spec, commit)
    return {"revisions": found} if spec.get("sources") else {"revision": found[0]}


def from_sources(spec: Json) -> Json:
    """`source`, and `sources` when there are several."""
    if spec.get("sources"):
        return {"source": dict(NO_SOURCE), "sources": copy.deepcopy(spec["sources"])}
    return {"source": copy.deepcopy(spec.get("source") or NO_SOURCE)}


def compared(status: Json, spec: Json, commit: str, state: str) -> None:
    """`sync`."""
    to = from_sources(spec) | {"destination": copy.deepcopy(spec.get("destination") or {})}
    if spec.get("ignoreDifferences"):
        to["ignoreDifferences"] = copy.deepcopy(spec["ignoreDifferences"])
    status["sync"] = {"status": state, "comparedTo": to} | synced_to(spec, commit)
    kinds = ["Directory" if "directory" in s else "Helm" for s in sources(spec)]
    status |= {"sourceTypes": kinds} if spec.get("sources") else {"sourceType": kinds[0]}
    status.setdefault("controllerNamespace", "argocd")
    status["resourceHealthSource"] = "appTree"


def health(status: Json, state: str, message: str = "") -> None:
    """`health`; the time moves with the state."""
    old = status.get("health") or {}
    moved = old.get("lastTransitionTime") if old.get("status") == state else None
    status["health"] = {"status": state, "lastTransitionTime": moved or now()}
    if message:
        status["health"]["message"] = message


def condition(status: Json, kind: str, message: str) -> None:
    """One condition of a kind; none when the message is empty."""
    old = status.get("conditions") or []
    kept = [c for c in old if c["type"] != kind]
    same = [c for c in old if c["type"] == kind and c["message"] == message]
    if message:
        kept += same or [{"type": kind, "message": message, "lastTransitionTime": now()}]
    status.pop("conditions", None)
    if kept:
        status["conditions"] = kept


def begin(status: Json, spec: Json, commit: str, requested: Json | None) -> None:
    """`operationState` of a sync that starts."""
    prune = bool(((spec.get("syncPolicy") or {}).get("automated") or {}).get("prune"))
    operation: Json = requested or {
        "sync": {"prune": prune} | synced_to(spec, commit),
        "initiatedBy": {"automated": True},
    }
    retry = (spec.get("syncPolicy") or {}).get("retry")
    operation = copy.deepcopy(operation)
    operation.setdefault("retry", copy.deepcopy(retry) if retry else {})
    status["operationState"] = {
        "operation": operation,
        "phase": "Running",
        "startedAt": now(),
        "syncResult": {"revision": ""} | synced_to(spec, commit) | from_sources(spec),
    }


def finish(status: Json, spec: Json, commit: str, phase: str, message: str) -> None:
    """`operationState` of a sync that ends; a success goes into the history."""
    operation = status["operationState"]
    operation |= {"phase": phase, "message": message, "finishedAt": now()}
    if phase != "Succeeded":
        retry = operation["operation"].get("retry") or {}
        if limit := retry.get("limit"):
            operation |= {"retryCount": limit, "message": f"{message} (retried {limit} times)."}
        said = " ".join(revisions(spec, commit))
        condition(status, "SyncError", f"Failed last sync attempt to [{said}]: {operation['message']}")
        return
    condition(status, "SyncError", "")
    history = status.setdefault("history", [])
    entry = {
        "id": history[-1]["id"] + 1 if history else 0,
        "deployStartedAt": operation["startedAt"],
        "deployedAt": now(),
        "initiatedBy": operation["operation"].get("initiatedBy") or {},
    }
    history.append(entry | synced_to(spec, commit) | from_sources(spec))
    del history[:-HISTORY]


def resource(manifest: Json, state: str, found: str | None) -> Json:
    """One of `resources`."""
    group, _, version = manifest["apiVersion"].rpartition("/")
    meta = manifest["metadata"]
    entry: Json = {"group": group} if group else {}
    entry |= {"version": version, "kind": manifest["kind"]}
    if meta.get("namespace"):
        entry["namespace"] = meta["namespace"]
    entry |= {"name": meta["name"], "status": state}
    if found:
        entry["health"] = {"status": found}
    if wave(manifest):
        entry["syncWave"] = wave(manifest)
    return entry


def wave(content: Json) -> int:
    """The sync wave of a manifest."""
    annotations = content["metadata"].get("annotations") or {}
    return int(annotations.get("argocd.argoproj.io/sync-wave", "0"))


def worst(states: list[str]) -> str:
    """The health of what has these parts; missing and unknown parts do not count (controller/health.go)."""
    counted = [state for state in states if state not in {"Missing", "Unknown"}]
    return max(counted, key=WORSE.index, default="Healthy")
