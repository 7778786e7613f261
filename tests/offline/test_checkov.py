"""checkov judges everything that Argo CD applies; what fails has a reason in checkov_skips.yaml."""

from __future__ import annotations

import pathlib
from typing import TYPE_CHECKING, Any

import pytest

from tests.manifests import environments
from tests.manifests.helm import ChartMissingError, Helm
from tests.offline import checkov
from tests.offline.checkov import PODS, Finding, Skip
from tests.offline.conftest import ARCHIVES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.manifests.model import Application
    from tests.offline.checkov import Report

    Object = dict[str, Any]
    Files = dict[str, tuple[str, list[Object]]]
    Judge = Callable[[Files], Report]

pytestmark = pytest.mark.offline

ROOT = pathlib.Path(__file__).parents[2]
CHARTS = ROOT / "argocd" / "charts"
NAMES = environments.names(ROOT)

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


class Available(Helm):
    """Makes nothing of the charts that are not there."""

    def template(
        self,
        name: str,
        chart: pathlib.Path,
        values: Sequence[pathlib.Path],
        *,
        namespace: str,
        kubernetes_version: str,
    ) -> tuple[Object, ...]:
        try:
            return super().template(
                name, chart, values, namespace=namespace, kubernetes_version=kubernetes_version
            )
        except ChartMissingError:
            return ()


def own_chart(application: Application) -> str | None:
    """The chart of this repository that an Application installs, if it does."""
    charts = [source.chart for source in application.sources if source.chart is not None]
    return next((chart.parent.name for chart in charts if CHARTS in chart.parents), None)


def is_component(application: Application) -> bool:
    return own_chart(application) is None and any(source.chart for source in application.sources)


def missing(application: Application) -> list[str]:
    """The archives of its charts that are not there."""
    charts = [source.chart for source in application.sources if source.chart is not None]
    return [chart.name for chart in charts if not chart.exists()]


def applied(helm: Helm) -> list[tuple[str, Application, list[Object]]]:
    """Environment, Application and what it makes of the charts that are there, namespaces filled in."""
    loaded = [environments.load(ROOT, name, Available(helm.binary, helm.folder), ARCHIVES) for name in NAMES]
    return [
        (
            environment.name,
            application,
            [
                in_namespace(manifest.content, manifest.namespace)
                for manifest in environment.manifests
                if manifest.release == application.name
            ],
        )
        for environment in loaded
        for application in environment.applications
    ]


def in_namespace(document: Object, namespace: str) -> Object:
    filled = {"namespace": namespace} if namespace else {}
    return {**document, "metadata": {**document["metadata"], **filled}}


def scenarios(helm: Helm) -> Files:
    """What our own charts can do besides: the scenarios in their ci/ folders."""
    found: Files = {}
    for file in sorted(CHARTS.glob("*/*/ci/*-values.yaml")):
        version, scenario = file.parents[1], file.stem.removesuffix("-values")
        made = helm.template("the-release", version, [file], namespace="the-place", kubernetes_version="1.34")
        chart = version.parent.name
        found[f"{chart}/{version.name}/{scenario}.yaml"] = (
            f"{chart}/ci/{scenario}",
            [in_namespace(document, "the-place") for document in made],
        )
    return found


# --- Two runs, so that two processes share the work ---


def complain(lines: list[str], cure: str) -> None:
    assert not lines, "\n".join([*lines, cure])


def test_our_own_objects_fail_no_check_without_a_reason(renderer: Helm, judge: Judge) -> None:
    files, components = scenarios(renderer), set()
    for environment, application, documents in applied(renderer):
        if is_component(application):
            components.add(application.name)
        else:
            source = own_chart(application) or application.name
            files[f"{environment}/{application.name}.yaml"] = (source, documents)
    assert {f"{name}/root.yaml" for name in NAMES} < files.keys()
    assert {source for source, _ in files.values()} > {"root", "edge", "workload"}
    failed, skips = judge(files).failed, checkov.read_skips()
    complain(checkov.unexplained(failed, skips), "mend it, or say in checkov_skips.yaml why not")
    others = [skip for skip in skips if skip.source not in components]
    complain(checkov.idle(failed, others), "nothing fails: remove it from checkov_skips.yaml")


def test_the_components_fail_no_check_without_a_reason(renderer: Helm, judge: Judge) -> None:
    """The objects that stand beside their charts included."""
    components = [entry for entry in applied(renderer) if is_component(entry[1])]
    assert {environment for environment, _, _ in components} == set(NAMES)
    absent = {archive for _, application, _ in components for archive in missing(application)}
    files = {
        f"{where}/{application.name}.yaml": (application.name, made)
        for where, application, made in components
    }
    failed, skips = judge(files).failed, checkov.read_skips()
    complain(checkov.unexplained(failed, skips), "mend it, or say in checkov_skips.yaml why not")
    whole = {application.name for _, application, _ in components if not missing(application)}
    judged = [skip for skip in skips if skip.source in whole]
    complain(checkov.idle(failed, judged), "nothing fails: remove it from checkov_skips.yaml")
    if absent:
        pytest.skip(
            f"component charts are not in .tools/charts: run `make charts` ({', '.join(sorted(absent))})"
        )


# --- The skips ---


def test_every_skip_names_a_check_once_and_says_why() -> None:
    skips = checkov.read_skips()
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
