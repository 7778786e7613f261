"""Argo CD's application controller: compares, syncs wave by wave, prunes, heals, and deletes in cascades.

It acts while its own StatefulSet or Deployment is there and ready. A `directory` source is read from the
checkout
it is given; of charts it knows nothing, so what those bring is told: `Outcome.resources` and
`Outcome.images`.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.cluster.emulator import deletion
from tests.cluster.emulator.controllers import argo_status
from tests.cluster.emulator.controllers.argo_sources import Checkout
from tests.cluster.emulator.controllers.base import Controller, deleting, without_finalizer
from tests.cluster.emulator.errors import StatusError
from tests.cluster.emulator.store import now

if TYPE_CHECKING:
    import pathlib

    from tests.cluster.emulator.resources import Resource
    from tests.cluster.emulator.store import Stored

Json = dict[str, Any]
API = "argoproj.io/v1alpha1"
FINALIZER = "resources-finalizer.argocd.argoproj.io"
FINALIZERS = (FINALIZER, f"{FINALIZER}/foreground", f"{FINALIZER}/background")
TRACKING, REFRESH = "argocd.argoproj.io/tracking-id", "argocd.argoproj.io/refresh"
HEALTHY, PROGRESSING, DEGRADED, MISSING = "Healthy", "Progressing", "Degraded", "Missing"
SYNC_FAILED, COMPARISON_ERROR = "sync failed", "comparison error"
UNSUCCESSFUL = "one or more synchronization tasks completed unsuccessfully"
COMMIT = "4f2c8d1e9b7a6053c1d2e3f4a5b6c7d8e9f00112"


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How it ends for one Application.

    `end`: a health status, SYNC_FAILED or COMPARISON_ERROR, with `message`. `resources` are put into the
    cluster by
    its sync, `images` are what its summary names.
    """

    end: str = HEALTHY
    message: str = ""
    images: tuple[str, ...] = ()
    resources: tuple[Json, ...] = ()


class ArgoCd(Controller):
    """Acts on the Applications of one namespace. `outcomes`: name -> Outcome; `commit`: what main points
    to."""

    name = "argo_cd"

    def __init__(
        self,
        checkout: pathlib.Path | None = None,
        *,
        pace: float = 0.0,
        outcomes: dict[str, Outcome] | None = None,
        commit: str = COMMIT,
        namespace: str = "argocd",
        workload: str = "application-controller",
    ) -> None:
        super().__init__(pace)
        self.checkout = Checkout(checkout) if checkout else None
        self.outcomes = dict(outcomes or {})
        self.commit = commit
        self.namespace = namespace
        self.workload = workload  # how the name of its workload ends
        self._index: dict[str, list[tuple[Resource, Stored]]] = {}

    def look(self) -> bool:
        """Every Application a step further, in the order of their waves."""
        if not self._runs():
            return False
        self._index = self._tracked_now()
        found = self.all(API, "Application", self.namespace)
        found.sort(key=lambda app: (argo_status.wave(app.content), app.meta["name"]))
        acted = [self._cascade(app) if deleting(app) else self._tend(app) for app in found]
        return any(acted)

    def _runs(self) -> bool:
        for kind in ("StatefulSet", "Deployment"):
            for stored in self.all("apps/v1", kind, self.namespace):
                ready = (stored.content.get("status") or {}).get("readyReplicas")
                if stored.meta["name"].endswith(self.workload) and ready:
                    return True
        return False

    # One Application.

    def _tend(self, app: Stored) -> bool:
        outcome = self.outcomes.get(app.meta["name"], Outcome())
        refreshed = self._refresh(app)
        try:
            if outcome.end == COMPARISON_ERROR:
                raise ValueError(outcome.message or "failed to generate manifest for source 1 of 1")  # noqa: TRY301
            target = self._target(app, outcome)
        except (OSError, ValueError) as problem:
            why = str(problem)
            return self._edit(app, lambda status, spec: self._unknown(status, spec, why)) or refreshed
        status = app.content.get("status") or {}
        phase = (status.get("operationState") or {}).get("phase")
        if "sync" not in status:
            return self._edit(app, lambda s, spec: self._compared(s, spec, app, target, outcome))
        if phase == "Running":
            return self._continue(app, target, outcome)
        if self._wants(app, target):
            return self._start(app)
        return self._edit(app, lambda s, spec: self._compared(s, spec, app, target, outcome)) or refreshed

    def _refresh(self, app: Stored) -> bool:
        if REFRESH not in (app.meta.get("annotations") or {}):
            return False

        def edit(content: Json) -> None:
            content["metadata"]["annotations"].pop(REFRESH, None)
            if not content["metadata"]["annotations"]:
                del content["metadata"]["annotations"]
            content.setdefault("status", {})["reconciledAt"] = now()

        return self.edit(app, edit)

    def _edit(self, app: Stored, function: Any) -> bool:
        def edit(content: Json) -> None:
            status = content.setdefault("status", {})
            before = copy.deepcopy(status)
            function(status, content["spec"])
            if status != before:
                status["reconciledAt"] = now()

        return self.edit(app, edit)

    def _target(self, app: Stored, outcome: Outcome) -> list[Json]:
        found: list[Json] = []
        for source in argo_status.sources(app.content["spec"]):
            if "directory" in source and self.checkout is not None:
                found += self.checkout.manifests(source)
        return [self._tracked(app, manifest) for manifest in (*found, *outcome.resources)]

    def _tracked(self, app: Stored, manifest: Json) -> Json:
        """With the annotation that says whose it is, in the namespace where it goes."""
        content = copy.deepcopy(manifest)
        meta = content["metadata"]
        resource = self.resource(content["apiVersion"], content["kind"])
        if resource is None or resource.namespaced:
            meta.setdefault("namespace", app.content["spec"]["destination"].get("namespace", "default"))
        group = content["apiVersion"].rpartition("/")[0]
        where = f"{group}/{content['kind']}:{meta.get('namespace', '')}/{meta['name']}"
        meta["annotations"] = (meta.get("annotations") or {}) | {TRACKING: f"{app.meta['name']}:{where}"}
        return content

    def _live(self, manifest: Json) -> Stored | None:
        resource = self.resource(manifest["apiVersion"], manifest["kind"])
        if resource is None:
            return None
        meta = manifest["metadata"]
        return self.cluster.store.get(resource, meta.get("namespace", ""), meta["name"])

    def _extra(self, app: Stored, target: list[Json]) -> list[tuple[Resource, Stored]]:
        wanted = {manifest["metadata"]["annotations"][TRACKING] for manifest in target}
        return [(r, s) for r, s in self._owned(app) if s.meta["annotations"][TRACKING] not in wanted]

    def _owned(self, app: Stored) -> list[tuple[Resource, Stored]]:
        """What the annotation says is of this Application, as of the start of the look."""
        return self._index.get(app.meta["name"], [])

    def _tracked_now(self) -> dict[str, list[tuple[Resource, Stored]]]:
        found: dict[str, list[tuple[Resource, Stored]]] = {}
        for key, stored in self.cluster.store.everything():
            tracking = str((stored.meta.get("annotations") or {}).get(TRACKING, ""))
            resource = self.cluster.catalogue.has(*key) if tracking else None
            if resource is not None:
                found.setdefault(tracking.partition(":")[0], []).append((resource, stored))
        return found

    # Comparing.

    def _unknown(self, status: Json, spec: Json, message: str) -> None:
        argo_status.compared(status, spec, self.commit, "Unknown")
        argo_status.condition(status, "ComparisonError", f"Failed to load target state: {message}")
        argo_status.health(status, status.get("health", {}).get("status", HEALTHY))

    def _compared(self, status: Json, spec: Json, app: Stored, target: list[Json], outcome: Outcome) -> None:
        argo_status.condition(status, "ComparisonError", "")
        extra = [stored for _, stored in self._extra(app, target) if not deleting(stored)]
        resources = [
            argo_status.resource(m, "Synced" if self._matches(m) else "OutOfSync", self._health(m))
            for m in target
        ]
        for stored in extra:
            entry = argo_status.resource(stored.content, "OutOfSync", None)
            resources.append(entry | {"requiresPruning": True})
        same = all(r["status"] == "Synced" for r in resources) and _deployed(status, spec)
        argo_status.compared(status, spec, self.commit, "Synced" if same else "OutOfSync")
        status["resources"] = resources
        status["summary"] = {"images": sorted(outcome.images)} if outcome.images else {}
        if any(m["kind"] == "Application" for m in target):
            status["summary"]["isAppOfApps"] = True
        if not status.get("history") and not any(self._live(m) for m in target):
            argo_status.health(status, MISSING)
        elif outcome.end in {PROGRESSING, DEGRADED, MISSING}:
            argo_status.health(status, outcome.end, outcome.message)
        else:
            argo_status.health(status, argo_status.worst([h for m in target if (h := self._health(m))]))

    def _matches(self, manifest: Json) -> bool:
        live = self._live(manifest)
        return live is not None and _applied(live.content, manifest) == live.content

    def _health(self, manifest: Json) -> str | None:
        """As argocd-cm has it: an Application's health counts. Kinds without a check have none."""
        live = self._live(manifest)
        if live is None:
            return MISSING
        status = live.content.get("status") or {}
        if manifest["kind"] == "Application":
            return str((status.get("health") or {}).get("status") or PROGRESSING)
        if manifest["kind"] in {"Deployment", "StatefulSet"}:
            wanted = live.content["spec"].get("replicas", 1)
            return HEALTHY if status.get("readyReplicas", 0) >= wanted else PROGRESSING
        return None

    # Syncing.

    def _wants(self, app: Stored, target: list[Json]) -> bool:
        if app.content.get("operation"):
            return True
        spec, status = app.content["spec"], app.content["status"]
        automated = (spec.get("syncPolicy") or {}).get("automated")
        if automated is None or automated.get("enabled") is False:
            return False
        operation = status.get("operationState") or {}
        if operation.get("phase") in {"Failed", "Error"} and self._tried(operation, spec):
            # Not the same again: it has been retried as often as it may. What only waited for others to get
            # well is taken up when they are, as it would be by a retry.
            waited = str(operation.get("message", "")).startswith(UNSUCCESSFUL)
            return waited and not any(self._health(m) == DEGRADED for m in target)
        if not _deployed(status, spec):
            return True
        changed = [m for m in target if not self._matches(m)]
        extra = self._extra(app, target) if automated.get("prune") else []
        last = (status.get("history") or [{}])[-1]
        new = any(last.get(k) != v for k, v in argo_status.synced_to(spec, self.commit).items())
        return bool(changed or [s for _, s in extra if not deleting(s)]) and (
            new or bool(automated.get("selfHeal"))
        )

    def _tried(self, operation: Json, spec: Json) -> bool:
        result = operation.get("syncResult") or {}
        return all(
            result.get(key) == value
            for key, value in (
                argo_status.synced_to(spec, self.commit) | argo_status.from_sources(spec)
            ).items()
        )

    def _start(self, app: Stored) -> bool:
        def edit(content: Json) -> None:
            requested = content.pop("operation", None)
            argo_status.begin(content["status"], content["spec"], self.commit, requested)

        return self.edit(app, edit)

    def _continue(self, app: Stored, target: list[Json], outcome: Outcome) -> bool:
        if outcome.end == SYNC_FAILED:
            message = (
                f"one or more objects failed to apply, reason: {outcome.message or 'the server refused it'}"
            )
            return self._finish(app, "Failed", message)
        self._make_namespace(app)
        waves = sorted({argo_status.wave(m) for m in target})
        for wave in waves:
            here = [m for m in target if argo_status.wave(m) == wave]
            missing = [m for m in here if not self._matches(m)]
            problems = [problem for m in missing if (problem := self._apply(m))]
            if problems:
                return self._finish(
                    app, "Failed", f"one or more objects failed to apply, reason: {problems[0]}"
                )
            waiting = [m for m in here if self._health(m) not in {None, HEALTHY}]
            if wave == waves[-1]:
                waiting = []  # nothing comes after it, so its health is not waited for
            elif any(self._health(m) == DEGRADED for m in waiting):
                return self._finish(app, "Failed", UNSUCCESSFUL)
            if missing or waiting:
                return self._progress(app, waiting) or bool(missing)
        pruned = self._prune(app, target)
        if pruned is None:
            return self._finish(app, "Succeeded", "successfully synced (all tasks run)")
        return pruned

    def _progress(self, app: Stored, waiting: list[Json]) -> bool:
        message = "one or more tasks are running"
        if waiting:
            first = min(waiting, key=lambda m: str(m["metadata"]["name"]))
            group = first["apiVersion"].rpartition("/")[0]
            message = f"waiting for healthy state of {group}/{first['kind']}/{first['metadata']['name']}"
            if len(waiting) > 1:
                message += f" and {len(waiting) - 1} more resources"

        def edit(status: Json, _spec: Json) -> None:
            status["operationState"]["message"] = message
            argo_status.health(status, PROGRESSING)

        return self._edit(app, edit)

    def _finish(self, app: Stored, phase: str, message: str) -> bool:
        def edit(status: Json, spec: Json) -> None:
            argo_status.finish(status, spec, self.commit, phase, message)
            if phase == "Succeeded":
                argo_status.compared(status, spec, self.commit, "Synced")
                argo_status.health(status, PROGRESSING)

        return self._edit(app, edit)

    def _make_namespace(self, app: Stored) -> None:
        spec = app.content["spec"]
        options = (spec.get("syncPolicy") or {}).get("syncOptions") or []
        name = spec["destination"].get("namespace")
        if "CreateNamespace=true" in options and name:
            labels = ((spec["syncPolicy"].get("managedNamespaceMetadata") or {}).get("labels")) or {}
            meta = {"name": name, "labels": labels | {"kubernetes.io/metadata.name": name}}
            content = {"apiVersion": "v1", "kind": "Namespace", "metadata": meta}
            resource = self.cluster.catalogue.require("v1", "Namespace")
            with self.cluster.store.lock:
                if self.cluster.store.get(resource, "", name) is None:
                    more = {"spec": {"finalizers": ["kubernetes"]}, "status": {"phase": "Active"}}
                    self.cluster.persist(resource, content | more)

    def _apply(self, manifest: Json) -> str:
        """Put it into the cluster; what is wrong when that cannot be."""
        resource = self.resource(manifest["apiVersion"], manifest["kind"])
        if resource is None:
            return f'no matches for kind "{manifest["kind"]}" in version "{manifest["apiVersion"]}"'
        with self.cluster.store.lock:
            live = self._live(manifest)
            if live is not None:
                self.cluster.change(resource, live, lambda c: c.update(_applied(live.content, manifest)))
                return ""
            if resource.namespaced:
                namespaces = self.cluster.catalogue.require("v1", "Namespace")
                namespace = self.cluster.store.get(namespaces, "", manifest["metadata"]["namespace"])
                if namespace is None:
                    return f'namespaces "{manifest["metadata"]["namespace"]}" not found'
            content = copy.deepcopy(manifest)
            content["metadata"]["generation"] = 1
            self.cluster.persist(resource, content)
            return ""

    def _prune(self, app: Stored, target: list[Json]) -> bool | None:
        """None when there is nothing (left) to prune."""
        extra = self._extra(app, target)
        if not extra or not app.content["status"]["operationState"]["operation"].get("sync", {}).get("prune"):
            return None
        return self._remove(extra)

    def _remove(self, found: list[tuple[Resource, Stored]]) -> bool:
        """Delete what has the highest wave; the rest has its turn when that is gone
        (controller/sort_delete.go)."""
        last = max(argo_status.wave(stored.content) for _, stored in found)
        acted = False
        for resource, stored in found:
            if argo_status.wave(stored.content) == last and not deleting(stored):
                namespace = stored.meta.get("namespace", "") if resource.namespaced else ""
                try:
                    deletion.delete(self.cluster, resource, namespace, stored.meta["name"], {})
                except StatusError:
                    continue  # it went by itself
                acted = True
        return acted

    def _cascade(self, app: Stored) -> bool:
        ours = [f for f in app.meta.get("finalizers") or [] if f in FINALIZERS]
        if not ours:
            return False
        owned = self._owned(app)
        if owned:
            return self._remove(owned)
        for finalizer in ours:
            self.edit(app, without_finalizer(finalizer))
        return True


def _deployed(status: Json, spec: Json) -> bool:
    """Whether the last sync was of these very sources."""
    history = status.get("history") or []
    return bool(history) and all(history[-1].get(k) == v for k, v in argo_status.from_sources(spec).items())


def _applied(live: Json, manifest: Json) -> Json:
    """What applying the manifest makes of what is there: its own keys as it says, the others as they are."""
    result = copy.deepcopy(live)
    for key, value in manifest.items():
        if key == "metadata":
            for name in ("labels", "annotations"):
                if value.get(name):
                    result["metadata"][name] = (result["metadata"].get(name) or {}) | value[name]
            for finalizer in value.get("finalizers") or []:
                if finalizer not in result["metadata"].setdefault("finalizers", []):
                    result["metadata"]["finalizers"].append(finalizer)
        elif key != "status":
            result[key] = _merged(result.get(key), value)
    return result


def _merged(live: Any, wanted: Any) -> Any:
    """Defaults that the server filled in stay; lists are as the manifest has them where they differ in
    length."""
    if isinstance(live, dict) and isinstance(wanted, dict):
        return live | {key: _merged(live.get(key), value) for key, value in wanted.items()}
    if isinstance(live, list) and isinstance(wanted, list) and len(live) == len(wanted):
        return [_merged(a, b) for a, b in zip(live, wanted, strict=True)]
    return copy.deepcopy(wanted)
