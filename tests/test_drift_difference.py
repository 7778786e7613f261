"""What counts as a difference, who is to blame, and that the way back leads back."""

from __future__ import annotations

import copy
import json
import shlex
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator.drift.blame import NOBODY, blame
from generator.drift.converge import Place, undo
from generator.drift.difference import differences, dotted

Json = dict[str, Any]
WANTED: Json = {
    "apiVersion": "argoproj.io/v1alpha1",
    "kind": "Application",
    "metadata": {
        "name": "web",
        "namespace": "argocd",
        "labels": {"app.kubernetes.io/part-of": "shop"},
        "annotations": {"argocd.argoproj.io/sync-wave": "100"},
        "finalizers": ["resources-finalizer.argocd.argoproj.io"],
    },
    "spec": {
        "project": "workloads",
        "sources": [
            {
                "repoURL": "https://a",
                "chart": "c",
                "targetRevision": "1.0.0",
                "helm": {"valueFiles": ["$values/x"]},
            },
            {"repoURL": "https://b", "ref": "values"},
        ],
        "destination": {"server": "https://kubernetes.default.svc", "namespace": "web"},
        "syncPolicy": {
            "automated": {"prune": True, "selfHeal": False},
            "syncOptions": ["FailOnSharedResource=true"],
        },
    },
}
PLACE = Place("dev", "dev", "argocd")


def changed(**spec: Any) -> Json:
    return {**WANTED, "spec": {**WANTED["spec"], **spec}}


def of(found: Json) -> list[str]:
    return [difference.dotted for difference in differences(WANTED, found)]


@pytest.mark.parametrize(
    "found",
    [
        WANTED,
        {**WANTED, "status": {"sync": {}}, "operation": {"sync": {}}},
        changed(ignoreDifferences=[], info=None, source={}),
        changed(syncPolicy={**WANTED["spec"]["syncPolicy"], "automated": {"prune": True, "enabled": True}}),
        changed(destination={**WANTED["spec"]["destination"], "name": ""}),
        {
            **WANTED,
            "metadata": {
                **WANTED["metadata"],
                "uid": "x",
                "generation": 3,
                "labels": {"app.kubernetes.io/part-of": "shop", "more": "x"},
            },
        },
    ],
)
def test_what_is_added_by_itself_is_no_difference(found: Json) -> None:
    assert of(found) == []


@pytest.mark.parametrize(
    ("found", "path"),
    [
        (changed(project="default"), "spec.project"),
        (changed(syncPolicy={"syncOptions": ["FailOnSharedResource=true"]}), "spec.syncPolicy.automated"),
        (
            changed(
                syncPolicy={**WANTED["spec"]["syncPolicy"], "automated": {"prune": True, "enabled": False}}
            ),
            "spec.syncPolicy.automated.enabled",
        ),
        (
            changed(syncPolicy={**WANTED["spec"]["syncPolicy"], "automated": {}}),
            "spec.syncPolicy.automated.prune",
        ),
        (changed(sources=WANTED["spec"]["sources"][:1]), "spec.sources"),
        (
            changed(
                sources=[
                    {**WANTED["spec"]["sources"][0], "targetRevision": "2"},
                    WANTED["spec"]["sources"][1],
                ]
            ),
            "spec.sources[0].targetRevision",
        ),
        (
            {
                **WANTED,
                "metadata": {**WANTED["metadata"], "annotations": {"argocd.argoproj.io/sync-wave": "1"}},
            },
            "metadata.annotations[argocd.argoproj.io/sync-wave]",
        ),
        ({**WANTED, "metadata": {**WANTED["metadata"], "finalizers": []}}, "metadata.finalizers"),
    ],
)
def test_what_somebody_changed_is_one(found: Json, path: str) -> None:
    assert of(found) == [path]


def test_automatic_sync_where_the_spec_wants_none_is_one_although_it_is_empty() -> None:
    wanted = changed(syncPolicy={"syncOptions": ["FailOnSharedResource=true"]})
    found = changed(syncPolicy={"syncOptions": ["FailOnSharedResource=true"], "automated": {}})
    assert [d.dotted for d in differences(wanted, found)] == ["spec.syncPolicy.automated"]


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.text("ab/~", max_size=3),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.text("ab/~.", min_size=1, max_size=3), inner, max_size=2)
    ),
    max_leaves=5,
)
PATHS = [
    ("spec", "project"),
    ("spec", "sources"),
    ("spec", "sources", 0, "targetRevision"),
    ("spec", "sources", 0, "helm", "parameters"),
    ("spec", "sources", 0, "helm", "valueFiles"),
    ("spec", "syncPolicy", "automated"),
    ("spec", "syncPolicy", "automated", "enabled"),
    ("spec", "syncPolicy", "a/b~c"),
    ("spec", "ignoreDifferences"),
    ("spec", "syncPolicy"),
    ("metadata", "annotations", "argocd.argoproj.io/skip-reconcile"),
    ("metadata", "annotations", "argocd.argoproj.io/sync-wave"),
    ("metadata", "annotations"),
    ("metadata", "labels"),
    ("metadata", "finalizers"),
]
GONE = object()


@settings(derandomize=True, deadline=None, max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.sampled_from(PATHS), st.just(GONE) | VALUES), max_size=4))
def test_the_way_back_leads_back(edits: list[tuple[tuple[str | int, ...], Any]]) -> None:
    """Whatever was changed, the command that is printed leaves no difference."""
    found = copy.deepcopy(WANTED)
    for path, value in edits:
        _edit(found, path, value)
    before = differences(WANTED, found)
    if before:
        _patch(found, json.loads(shlex.split(undo(PLACE, "Application", "web", before))[-1]))
    assert differences(WANTED, found) == []


def _edit(document: Any, path: tuple[str | int, ...], value: Any) -> None:
    for key in path[:-1]:
        if isinstance(document, list):
            if not isinstance(key, int) or key >= len(document):
                return
            document = document[key]
        elif isinstance(document, dict) and key in document:
            document = document[key]
        else:
            return
    if not isinstance(document, dict):
        return
    metadata = path[0] == "metadata"
    if value is GONE:
        document.pop(path[-1], None)
    elif not metadata:
        document[path[-1]] = value
    elif path[-1] == "finalizers":
        document[path[-1]] = ["example.com/other"]
    elif len(path) == 3:  # of maps in metadata the API takes texts only
        document[path[-1]] = str(value)


def _patch(document: Any, operations: list[Json]) -> None:
    """Apply a JSON patch (RFC 6902) of add and remove, as strictly as the API server does."""
    for operation in operations:
        *parents, last = [k.replace("~1", "/").replace("~0", "~") for k in operation["path"].split("/")[1:]]
        target = document
        for key in parents:
            target = target[int(key)] if isinstance(target, list) else target[key]
        assert isinstance(target, dict), operation
        if operation["op"] == "add":
            target[last] = operation["value"]
        else:
            del target[last]  # what is not there cannot be removed


def test_blame_is_the_last_owner_of_the_field_itself() -> None:
    fields = {"f:spec": {"f:project": {}, "f:source": {"f:path": {}}}}
    document = {
        "metadata": {
            "managedFields": [
                {"manager": "argocd-controller", "time": "2026-11-20T00:00:00Z", "fieldsV1": fields},
                {
                    "manager": "kubectl-edit",
                    "time": "2026-11-21T00:00:00Z",
                    "fieldsV1": {"f:spec": {"f:project": {}}},
                },
                {"manager": "argocd-server", "time": "2026-11-22T00:00:00Z", "fieldsV1": {"f:status": {}}},
            ]
        }
    }
    assert blame(document, ("spec", "project")).manager == "kubectl-edit"
    assert blame(document, ("spec", "source", "path")).manager == "argocd-controller"
    assert blame(document, ("spec", "source", "helm")) == NOBODY
    assert blame({}, ("spec",)) == NOBODY


def test_a_path_reads_as_people_write_it() -> None:
    assert dotted(("spec", "sources", 0, "a.b/c")) == "spec.sources[0][a.b/c]"
