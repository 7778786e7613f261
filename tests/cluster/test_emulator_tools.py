"""The stand-in through the real helm and the real kubectl."""

from __future__ import annotations

import json
import os
import pathlib
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from tests.cluster.emulator import Emulator, running
from tests.cluster.emulator.controllers import Workloads, pods

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.offline
Json = dict[str, Any]
ROOT = pathlib.Path(__file__).parents[2]

CHART = {
    "Chart.yaml": "apiVersion: v2\nname: small\nversion: 0.1.0\n",
    "values.yaml": "tag: '1'\nhook: false\n",
    "templates/all.yaml": """
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 2
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers:
        - name: web
          image: "registry.example/web:{{ .Values.tag }}"
          ports: [{containerPort: 8080}]
---
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector: {app: web}
  ports: [{port: 80, targetPort: 8080}]
{{- if .Values.hook }}
---
apiVersion: batch/v1
kind: Job
metadata:
  name: migrate
  annotations:
    helm.sh/hook: pre-upgrade
spec:
  backoffLimit: 0
  template:
    spec:
      restartPolicy: Never
      containers: [{name: migrate, image: "registry.example/migrate:1"}]
{{- end }}
""",
}
CONFIG = """apiVersion: v1
kind: ConfigMap
metadata:
  name: a
data:
  x: "{x}"
"""


@pytest.fixture
def workloads() -> Workloads:
    return Workloads()


@pytest.fixture
def api(workloads: Workloads) -> Iterator[Emulator]:
    with running(controllers=[workloads]) as emulator:
        yield emulator


@pytest.fixture
def run(api: Emulator, tmp_path: pathlib.Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    config = api.kubeconfig(tmp_path / "config")
    environment = os.environ | {"HOME": str(tmp_path), "KUBECONFIG": str(config)}
    environment = {key: value for key, value in environment.items() if not key.startswith(("HELM_", "XDG_"))}

    def call(*command: object, stdin: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(part) for part in command],
            capture_output=True,
            text=True,
            env=environment,
            cwd=tmp_path,
            input=stdin,
            timeout=120,
            check=False,
        )

    return call


@pytest.fixture(scope="session")
def kubectl() -> pathlib.Path:
    packaged = ROOT / ".tools" / "bin" / "kubectl"
    found = packaged if packaged.exists() else shutil.which("kubectl")
    if not found:
        pytest.skip("kubectl is missing: run `make tools`, or put it on PATH")
    return pathlib.Path(found)


@pytest.fixture
def chart(tmp_path: pathlib.Path) -> pathlib.Path:
    for name, text in CHART.items():
        path = tmp_path / "small" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "small"


def fine(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout


def releases(api: Emulator) -> dict[str, str]:
    found = api.objects("v1", "Secret", "shop")
    return {s["metadata"]["labels"]["version"]: s["metadata"]["labels"]["status"] for s in found}


def test_helm_installs_upgrades_and_uninstalls(
    api: Emulator, helm: pathlib.Path, chart: pathlib.Path, run: Callable[..., Any]
) -> None:
    where = ("-n", "shop", "--wait", "--timeout", "60s")
    fine(run(helm, "install", "small", chart, "--create-namespace", *where))
    assert releases(api) == {"1": "deployed"}
    deployment = api.get("apps/v1", "Deployment", "web", "shop")
    assert deployment is not None
    assert deployment["status"]["readyReplicas"] == 2
    fine(run(helm, "upgrade", "small", chart, "--set", "tag=2", *where))
    assert releases(api) == {"1": "superseded", "2": "deployed"}
    images = {p["spec"]["containers"][0]["image"] for p in api.objects("v1", "Pod", "shop")}
    assert images == {"registry.example/web:2"}
    assert [r["name"] for r in json.loads(fine(run(helm, "list", "-A", "-o", "json")))] == ["small"]
    fine(run(helm, "uninstall", "small", *where))
    assert releases(api) == {}
    assert api.objects("apps/v1", "Deployment", "shop") == []


def test_helm_gives_up(
    api: Emulator, workloads: Workloads, helm: pathlib.Path, chart: pathlib.Path, run: Callable[..., Any]
) -> None:
    workloads.outcomes["shop/web"] = pods.IMAGE_PULL
    command = (helm, "upgrade", "--install", "small", chart, "-n", "shop", "--create-namespace")
    late = run(*command, "--wait", "--timeout", "2s")
    assert late.returncode != 0
    assert "deadline exceeded" in late.stderr
    assert releases(api) == {"1": "failed"}
    workloads.outcomes.clear()
    workloads.outcomes["shop/migrate"] = pods.FAILED
    failed = run(*command, "--set", "hook=true", "--wait", "--timeout", "60s")
    assert failed.returncode != 0
    assert "pre-upgrade hooks failed" in failed.stderr
    assert releases(api) == {"1": "failed", "2": "failed"}


def test_kubectl_applies(api: Emulator, kubectl: pathlib.Path, run: Callable[..., Any]) -> None:
    first = run(kubectl, "apply", "-f", "-", stdin=CONFIG.format(x=1))
    assert fine(first) == "configmap/a created\n"
    assert fine(run(kubectl, "apply", "-f", "-", stdin=CONFIG.format(x=1))) == "configmap/a unchanged\n"
    assert fine(run(kubectl, "apply", "-f", "-", stdin=CONFIG.format(x=2))) == "configmap/a configured\n"
    found = json.loads(fine(run(kubectl, "get", "configmap", "a", "-o", "json")))
    assert found["data"] == {"x": "2"}
    listed = json.loads(fine(run(kubectl, "get", "configmaps", "-A", "-o", "json")))
    assert [item["kind"] for item in listed["items"]] == ["ConfigMap"]
    wrong = run(kubectl, "apply", "-f", "-", stdin=CONFIG.format(x=3) + "dta: {}\n")
    assert wrong.returncode != 0
    assert 'strict decoding error: unknown field "dta"' in wrong.stderr
    assert (api.get("v1", "ConfigMap", "a") or {})["data"] == {"x": "2"}


def test_kubectl_applies_on_the_server(api: Emulator, kubectl: pathlib.Path, run: Callable[..., Any]) -> None:
    command = (kubectl, "apply", "--server-side", "-f", "-")
    one, other = ("--field-manager", "one"), ("--field-manager", "other")
    fine(run(*command, *one, stdin=CONFIG.format(x=1) + "  y: '1'\n"))
    conflict = run(*command, *other, stdin=CONFIG.format(x=2))
    assert conflict.returncode != 0
    assert 'Apply failed with 1 conflict: conflict with "one": .data.x' in conflict.stderr
    fine(run(*command, *other, "--force-conflicts", stdin=CONFIG.format(x=2)))
    fine(run(*command, *one, stdin=CONFIG.format(x=2)))  # takes y back, and shares x
    found = api.get("v1", "ConfigMap", "a") or {}
    assert found["data"] == {"x": "2"}
    owned = {e["manager"]: e["fieldsV1"] for e in found["metadata"]["managedFields"]}
    assert owned == {name: {"f:data": {"f:x": {}}} for name in ("one", "other")}


def test_kubectl_waits_scales_and_deletes(
    api: Emulator, kubectl: pathlib.Path, chart: pathlib.Path, run: Callable[..., Any]
) -> None:
    text = (chart / "templates/all.yaml").read_text().partition("{{- if")[0].replace("{{ .Values.tag }}", "1")
    fine(run(kubectl, "apply", "-f", "-", stdin=text))
    fine(run(kubectl, "wait", "--for=condition=Available", "deployment/web", "--timeout=30s"))
    fine(run(kubectl, "scale", "deployment/web", "--replicas=3"))
    fine(run(kubectl, "rollout", "status", "deployment/web", "--timeout=30s"))
    assert len(api.objects("v1", "Pod", "default")) == 3
    fine(run(kubectl, "delete", "deployment/web", "--wait", "--timeout=30s"))
    assert api.objects("apps/v1", "Deployment") == []
    fine(run(kubectl, "apply", "-f", "-", stdin=text))
    fine(run(kubectl, "delete", "deployment/web", "--cascade=foreground", "--wait", "--timeout=30s"))
    assert api.objects("apps/v1", "ReplicaSet") == []
    fine(run(kubectl, "apply", "-f", "-", stdin=text))
    fine(run(kubectl, "wait", "--for=condition=Available", "deployment/web", "--timeout=30s"))
    fine(run(kubectl, "delete", "deployment/web", "--cascade=orphan", "--wait", "--timeout=30s"))
    left = api.objects("apps/v1", "ReplicaSet")
    assert [r["metadata"].get("ownerReferences") for r in left] == [None]
    fine(run(kubectl, "create", "namespace", "shop"))
    fine(run(kubectl, "delete", "namespace", "shop", "--wait", "--timeout=30s"))
    assert fine(run(kubectl, "auth", "can-i", "list", "pods")) == "yes\n"
    api.forbid("list", "pods")
    assert run(kubectl, "auth", "can-i", "list", "pods").stdout == "no\n"
    refused = run(kubectl, "get", "pods", "-n", "default")
    assert (
        'Error from server (Forbidden): pods is forbidden: User "kubernetes-admin" cannot' in refused.stderr
    )
