"""After helm, the objects are Argo CD's alone: what Git drops later goes, though helm once set it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from generator.bootstrap import ownership
from tests.cluster.situation import FINE, Situation, render_checkout

HELM: dict[str, Any] = {
    "manager": "helm",
    "operation": "Apply",
    "apiVersion": "v1",
    "time": "2026-11-24T09:00:00Z",
    "fieldsType": "FieldsV1",
    "fieldsV1": {"f:data": {"f:a": {}, "f:b": {}}},
}
OURS = HELM | {"manager": "argocd-controller", "fieldsV1": {"f:data": {"f:b": {}, "f:c": {}}}}
STATUS = HELM | {"manager": "helm", "operation": "Update", "subresource": "status"}
OTHER = HELM | {"manager": "kubectl-edit", "operation": "Update"}


@pytest.mark.parametrize("operation", ["Apply", "Update"])
def test_both_are_joined(operation: str) -> None:
    """Update is what helm 3 leaves."""
    assert ownership.handed_over([HELM | {"operation": operation}, OTHER, OURS]) == [
        OTHER,
        OURS | {"fieldsV1": {"f:data": {"f:a": {}, "f:b": {}, "f:c": {}}}},
    ]


def test_helm_alone() -> None:
    assert ownership.handed_over([HELM]) == [HELM | {"manager": "argocd-controller"}]


@pytest.mark.parametrize("entries", [[], [OTHER], [OURS, OTHER], [STATUS]])
def test_nothing_of_helm(entries: list[Any]) -> None:
    assert ownership.handed_over(entries) == entries


@pytest.mark.offline  # moto and the real helm
def test_what_git_drops_goes(whole: Situation) -> None:
    """Argo CD's own apply takes away what helm had set."""
    assert whole.bootstrap().code == FINE
    found = whole.api.get("v1", "ConfigMap", "argocd-cm", "argocd")
    assert found
    assert "helm" not in {e["manager"] for e in found["metadata"]["managedFields"]}
    without = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "argocd-cm"}, "data": {"a": "b"}}
    file = whole.folder / "without.json"
    file.write_text(json.dumps(without))
    manager = ("--server-side", "--force-conflicts", "--field-manager", "argocd-controller")
    whole.kubectl("apply", "-n", "argocd", *manager, "-f", str(file))
    found = whole.api.get("v1", "ConfigMap", "argocd-cm", "argocd")
    assert found
    assert found["data"] == {"a": "b"}


@pytest.mark.offline
def test_helm_goes_on_after_it(whole: Situation) -> None:
    """Other values before Argo CD manages itself: helm writes over what is not its own any more."""
    whole.bootstrap(until=lambda line: "made     Argo CD" in line)
    root = whole.api.get("argoproj.io/v1alpha1", "Application", "root", "argocd")
    if root:
        pytest.skip("Argo CD was faster")
    spec = whole.checkout / "environments" / "platform.yaml"
    spec.write_text(spec.read_text().replace("wave: 0}", "wave: 0, values: {configs: {cm: {x: y}}}}"))
    render_checkout(whole.checkout)
    found = whole.bootstrap()
    assert found.code == FINE, found
    assert any("installed with helm" in line for line in found.lines("changed")), found
