"""How to get back to what the spec has, and where to write down what is to stay."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING, Any, NamedTuple

from generator.drift.difference import Difference, Missing
from generator.status.desired import CHART, COMPONENT, WORKLOAD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from generator.status.desired import Release

_PLURALS = {"Application": "applications.argoproj.io", "AppProject": "appprojects.argoproj.io"}


class Place(NamedTuple):
    """Where the commands lead."""

    environment: str
    context: str
    namespace: str

    def kubectl(self, *words: str) -> str:
        """Return a command for a shell."""
        return shlex.join(["kubectl", "--context", self.context, "-n", self.namespace, *words])


def undo(place: Place, kind: str, name: str, differences: Iterable[Difference]) -> str:
    """Return the command that puts exactly these fields back, and touches nothing else.

    A JSON patch: applying the rendered file would leave fields that somebody added, replacing the object with
    it would lose Argo CD's history.
    """
    operations = list(_operations(differences))
    change = json.dumps(operations, ensure_ascii=False, separators=(",", ":"))
    return place.kubectl("patch", _PLURALS[kind], name, "--type=json", "-p", change)


def _operations(differences: Iterable[Difference]) -> Iterator[dict[str, Any]]:
    found = sorted(differences, key=lambda d: [str(key) for key in d.path])
    for difference in found:
        pointer = "".join(f"/{str(key).replace('~', '~0').replace('/', '~1')}" for key in difference.path)
        if isinstance(difference.wanted, Missing):
            yield {"op": "remove", "path": pointer}
        else:
            # `add` replaces what is there (RFC 6902, 4.1).
            yield {"op": "add", "path": pointer, "value": difference.wanted}


def make(place: Place, file: str) -> str:
    """Return the command that makes an object that is missing."""
    path = f"rendered/{place.environment}/{file}"
    return shlex.join(["kubectl", "--context", place.context, "apply", "--server-side", "-f", path])


def remove(place: Place, kind: str, name: str) -> str:
    """Return the command that deletes an object."""
    return place.kubectl("delete", _PLURALS.get(kind, "applicationsets.argoproj.io"), name)


def sync(place: Place, name: str) -> str:
    """Return the command that makes Argo CD sync an Application once, as its button does.

    https://argo-cd.readthedocs.io/en/stable/user-guide/sync-kubectl/
    """
    operation = {"initiatedBy": {"username": "kubectl"}, "sync": {"syncStrategy": {"hook": {}}}}
    change = json.dumps({"operation": operation}, separators=(",", ":"))
    return place.kubectl("patch", _PLURALS["Application"], name, "--type=merge", "-p", change)


def where(environment: str, kind: str, name: str, release: Release | None, code: str) -> str:
    """Return where the spec has such a thing, "" where it has no word for it."""
    own, shared = f"environments/{environment}.yaml", "environments/platform.yaml"
    section = {COMPONENT: "components", WORKLOAD: "workloads"}.get(release.kind if release else "", "")
    found = {
        "auto-sync": f"sync in {own}",
        "revision": f"platform.repository.branch in {shared}",
    }
    if kind == "AppProject" and code == "changed":
        return f"syncWindows in {own}; what else stands in an AppProject, generator/render/projects.py makes"
    if section:
        found["values"] = f"{section}.{name} in {own}"
        found["unknown"] = f"{section}.{name} in {own}"
    if release and release.kind == COMPONENT:
        found["values"] = f"components.{name}.values in {own}"
        found["revision"] = found["version"] = f"versions.components.{name} in {own}"
        found["ignore-differences"] = f"generator/catalog/{name.replace('-', '_')}.py"
    if release and release.kind == WORKLOAD:
        found["version"] = f"versions.workloads.{name} in {own}"
    if release and release.kind == CHART:
        found["version"] = f"versions.charts.{name} in {own}"
    return found.get(code, "")
