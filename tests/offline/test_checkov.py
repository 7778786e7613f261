"""checkov judges everything that Argo CD applies; what fails has a reason in checkov_skips.yaml."""

from __future__ import annotations

import pathlib
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.offline import checkov
from tests.offline.checkov import PODS, Finding, Skip

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.offline.checkov import Report

    Object = dict[str, Any]
    Files = dict[str, tuple[str, list[Object]]]
    Judge = Callable[[Files], Report]

pytestmark = pytest.mark.offline

ROOT = pathlib.Path(__file__).parents[2]
RENDERED = ROOT / "rendered"
CHARTS = ROOT / "argocd" / "charts"
ARCHIVES = ROOT / ".tools" / "charts"
ENVIRONMENTS = sorted(f.stem for f in (ROOT / "environments").glob("*.yaml") if f.stem != "platform")
TEST_HOOK = "helm.sh/hook"  # a pod of `helm test`, which Argo CD never applies

# Kinds without a namespace; the others get the one of their Application where they name none.
CLUSTER = {
    "APIService",
    "ClusterRole",
    "ClusterRoleBinding",
    "CustomResourceDefinition",
    "IngressClass",
    "MutatingWebhookConfiguration",
    "Namespace",
    "PriorityClass",
    "StorageClass",
    "ValidatingWebhookConfiguration",
}

# In every run: what it says about this must not be nothing.
BAD = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"name": "bad", "namespace": "default"},
    "spec": {
        "hostPID": True,
        "containers": [{"name": "bad", "image": "nginx", "securityContext": {"privileged": True}}],
    },
}
# Host processes, privileged, the namespace default, the tag latest, no CPU requests.
BAD_CHECKS = {"CKV_K8S_17", "CKV_K8S_16", "CKV_K8S_21", "CKV_K8S_14", "CKV_K8S_10"}


@pytest.fixture
def judge(tmp_path: pathlib.Path) -> Judge:
    """What checkov finds in objects, after it has proven that it finds anything."""
    if not checkov.STAMP.exists():
        pytest.skip("checkov is missing: run `make tools`")

    def judged(files: Files) -> Report:
        report = checkov.run(tmp_path, {**files, "bad.yaml": ("bad", [BAD])})
        bad = {finding.check for finding in report.failed if finding.object == "bad/Pod/bad"}
        assert bad >= BAD_CHECKS
        pods = {
            f"{source}/{document['kind']}/{document['metadata']['name']}"
            for source, documents in files.values()
            for document in documents
            if document["kind"] in PODS
        }
        assert pods - report.judged == set()
        return report._replace(failed=[f for f in report.failed if not f.object.startswith("bad/")])

    return judged


# --- What Argo CD applies ---


def read(text: str) -> list[Object]:
    return [document for document in yaml.load_all(text, Loader=yaml.CSafeLoader) if document]


def template(
    helm: pathlib.Path, chart: pathlib.Path, *, name: str, namespace: str, values: Any
) -> list[Object]:
    command = [helm, "template", name, chart, "--namespace", namespace]
    for file in values:
        command += ["--values", file]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return [in_namespace(document, namespace) for document in read(done.stdout) if not is_test(document)]


def is_test(document: Object) -> bool:
    return "test" in (document["metadata"].get("annotations") or {}).get(TEST_HOOK, "")


def in_namespace(document: Object, namespace: str) -> Object:
    if document["kind"] not in CLUSTER:
        document["metadata"].setdefault("namespace", namespace)
    return document


def applications() -> Iterator[tuple[str, Object, Object]]:
    """Environment, Application and each of its sources that makes objects."""
    for environment in ENVIRONMENTS:
        for file in sorted((RENDERED / environment / "argocd" / "apps").glob("*.yaml")):
            [application] = read(file.read_text(encoding="utf-8"))
            spec = application["spec"]
            for source in spec.get("sources") or [spec["source"]]:
                if "chart" in source or "path" in source:
                    yield environment, application, source


def files_of(folder: pathlib.Path, namespace: str) -> list[Object]:
    """A folder of plain objects, as Argo CD reads it."""
    return [
        in_namespace(document, namespace)
        for file in sorted(folder.rglob("*.yaml"))
        for document in read(file.read_text(encoding="utf-8"))
    ]


def own_files(helm: pathlib.Path) -> Files:
    """What the charts and the renderers of this repository make, and what the charts can do besides."""
    found: Files = {}
    for environment, application, source in applications():
        name, path = application["metadata"]["name"], source.get("path", "")
        namespace = application["spec"]["destination"]["namespace"]
        if path.startswith("argocd/charts/"):
            values = [ROOT / file.removeprefix("/") for file in source["helm"]["valueFiles"]]
            documents = template(
                helm, ROOT / path, name=source["helm"]["releaseName"], namespace=namespace, values=values
            )
            found[f"{environment}/{name}.yaml"] = (path.split("/")[2], documents)
        elif path:
            found[f"{environment}/{name}-objects.yaml"] = ("objects", files_of(ROOT / path, namespace))
    for environment in ENVIRONMENTS:
        documents = files_of(RENDERED / environment / "argocd", "argocd")
        found[f"{environment}/argocd.yaml"] = ("argocd", documents)
    for file in sorted(CHARTS.glob("*/*/ci/*-values.yaml")):
        version, scenario = file.parents[1], file.stem.removesuffix("-values")
        documents = template(helm, version, name="the-release", namespace="the-namespace", values=[file])
        chart = version.parent.name
        found[f"{chart}/{version.name}/{scenario}.yaml"] = (f"{chart}/ci/{scenario}", documents)
    return found


def component_files(helm: pathlib.Path) -> tuple[Files, list[str]]:
    """What the charts of the components make and what stands beside, and the archives that are not there."""
    found: Files = {}
    missing = set()
    for environment, application, source in applications():
        name, namespace = application["metadata"]["name"], application["spec"]["destination"]["namespace"]
        if "chart" not in source:
            if "helm" not in source:
                objects = files_of(ROOT / source["path"], namespace)
                found[f"{environment}/{name}-objects.yaml"] = ("objects", objects)
            continue
        archive = ARCHIVES / f"{source['chart']}-{source['targetRevision']}.tgz"
        if not archive.is_file():
            missing.add(archive.name)
            continue
        documents = template(
            helm,
            archive,
            name=source["helm"]["releaseName"],
            namespace=namespace,
            values=[ROOT / file.removeprefix("$values/") for file in source["helm"]["valueFiles"]],
        )
        found[f"{environment}/{name}.yaml"] = (source["chart"], documents)
    return found, sorted(missing)


# --- Two runs, so that two processes share the work ---

COMPONENTS = {source["chart"] for _, _, source in applications() if "chart" in source}
EVERYTHING = {
    *COMPONENTS,
    *(chart.name for chart in CHARTS.iterdir()),
    "objects",
    "argocd",
    "*",
}


def test_our_own_objects_fail_no_check_without_a_reason(helm: pathlib.Path, judge: Judge) -> None:
    files = own_files(helm)
    for environment in ENVIRONMENTS:
        assert {source for file, (source, _) in files.items() if file.startswith(f"{environment}/")} >= {
            "argocd",
            "workload",
        }
    failed, skips = judge(files).failed, checkov.read_skips()
    assert checkov.unexplained(failed, skips) == []
    assert checkov.idle(failed, [skip for skip in skips if skip.source not in COMPONENTS]) == []


def test_the_components_fail_no_check_without_a_reason(helm: pathlib.Path, judge: Judge) -> None:
    files, missing = component_files(helm)
    there = {source for source, _ in files.values()} & COMPONENTS
    if there:
        failed, skips = judge(files).failed, checkov.read_skips()
        assert checkov.unexplained(failed, skips) == []
        assert checkov.idle(failed, [skip for skip in skips if skip.source in there]) == []
    if missing:
        pytest.skip(f"component charts are not in .tools/charts: run `make charts` ({', '.join(missing)})")


# --- The skips ---


def test_every_skip_is_about_something_that_there_is_and_says_why() -> None:
    skips = checkov.read_skips()
    assert {skip.source for skip in skips} <= EVERYTHING
    assert len({(skip.check, skip.objects) for skip in skips}) == len(skips)
    assert [skip for skip in skips if len(skip.reason.split()) < 3] == []


def finding(check: str = "CKV_K8S_1", name: str = "workload/Deployment/orders") -> Finding:
    return Finding(check, "Do not", name, "dev/orders.yaml")


def test_a_failed_check_without_a_skip_is_told_with_its_files() -> None:
    found = [finding(), finding()._replace(file="staging/orders.yaml"), finding("CKV_K8S_2")]
    assert checkov.unexplained(found, [Skip("CKV_K8S_2", "Do not", "workload/*", "why")]) == [
        "CKV_K8S_1 workload/Deployment/orders: Do not (dev/orders.yaml, staging/orders.yaml)"
    ]


@pytest.mark.parametrize(
    ("skip", "covers"),
    [
        (Skip("CKV_K8S_1", "Do not", "*", "why"), True),
        (Skip("CKV_K8S_1", "Do not", "workload/*/orders", "why"), True),
        (Skip("CKV_K8S_1", "Do not", "workload/deployment/orders", "why"), False),
        (Skip("CKV_K8S_1", "Do not", "workload", "why"), False),
        (Skip("CKV_K8S_1", "Do", "*", "why"), False),  # the check has come to mean something else
        (Skip("CKV_K8S_11", "Do not", "*", "why"), False),
    ],
)
def test_a_skip_that_covers_nothing_is_told(skip: Skip, *, covers: bool) -> None:
    assert checkov.idle([finding()], [skip]) == ([] if covers else [f"{skip.check} {skip.objects}"])


def test_an_object_cannot_skip_a_check_by_itself(judge: Judge) -> None:
    excused = {**BAD, "metadata": {"name": "excused", "annotations": {"checkov.io/skip1": "CKV_K8S_16=mine"}}}
    with pytest.raises(RuntimeError, match="CKV_K8S_16"):
        judge({"excused.yaml": ("excused", [excused])})
