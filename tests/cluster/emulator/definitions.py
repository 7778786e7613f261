"""Custom resource definitions: what the server adds to one, and a short way to write one."""

from __future__ import annotations

from typing import Any

from tests.cluster.emulator.store import now

Json = dict[str, Any]
KEY = ("apiextensions.k8s.io", "customresourcedefinitions")
CLEANUP = "customresourcecleanup.apiextensions.k8s.io"


def write(group: str, version: str, kind: str, plural: str, scope: str = "Namespaced") -> Json:
    """A definition that takes any content, with a status subresource, which Argo CD's own kinds do
    without."""
    schema = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{plural}.{group}"},
        "spec": {
            "group": group,
            "names": {"kind": kind, "plural": plural, "singular": kind.lower(), "listKind": f"{kind}List"},
            "scope": scope,
            "versions": [
                {
                    "name": version,
                    "served": True,
                    "storage": True,
                    "schema": {"openAPIV3Schema": schema},
                    "subresources": {} if group == "argoproj.io" else {"status": {}},
                }
            ],
        },
    }


def establish(crd: Json) -> None:
    """Set the status that says that the kind is served, as the apiextensions server does."""
    names = crd["spec"]["names"]
    names.setdefault("singular", names["kind"].lower())
    names.setdefault("listKind", f"{names['kind']}List")
    crd["spec"].setdefault("conversion", {"strategy": "None"})
    finalizers = crd["metadata"].setdefault("finalizers", [])
    if CLEANUP not in finalizers and "deletionTimestamp" not in crd["metadata"]:
        finalizers.append(CLEANUP)
    status = crd.setdefault("status", {})
    status["acceptedNames"] = names
    status["storedVersions"] = [v["name"] for v in crd["spec"]["versions"] if v.get("storage")]
    if not status.get("conditions"):
        status["conditions"] = [
            _condition("NamesAccepted", "NoConflicts", "no conflicts found"),
            _condition("Established", "InitialNamesAccepted", "the initial names have been accepted"),
        ]


def _condition(kind: str, reason: str, message: str) -> Json:
    return {"lastTransitionTime": now(), "message": message, "reason": reason, "status": "True", "type": kind}
