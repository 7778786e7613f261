"""All that Argo CD will apply to the shipped environments, by real helm: it lints, renders and holds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.manifests import definitions, environments
from tests.manifests.checks import CHECKS, SCHEMAS
from tests.manifests.cluster import CLUSTER_KINDS
from tests.manifests.kubernetes_schemas import validator
from tests.offline.conftest import ARCHIVES

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.manifests.helm import Helm
    from tests.manifests.model import Application, Environment

    Shipped = Callable[[str], Environment]

pytestmark = pytest.mark.offline

ROOT = Path(__file__).parents[2]
NAMES = environments.names(ROOT)


def own_releases() -> dict[str, Application]:
    """The Applications of charts of this repository by `dev-orders`; they need no other chart."""
    files = [
        (name, f) for name in NAMES for f in (ROOT / "rendered" / name / "argocd" / "apps").glob("*.yaml")
    ]
    found = {}
    for name, file in sorted(files):
        [content] = environments.documents(file)
        application = environments.read(ROOT, content, ARCHIVES)
        if any(source.chart and source.chart.is_dir() for source in application.sources):
            found[f"{name}-{application.name}"] = application
    return found


OWN = own_releases()
every_environment = pytest.mark.parametrize("name", NAMES)


@pytest.mark.parametrize("check", CHECKS)
@every_environment
def test_the_environment_passes(shipped: Shipped, name: str, check: str) -> None:
    complaints = CHECKS[check].complaints(shipped(name))
    assert not complaints, "\n".join(complaints)


@pytest.mark.parametrize("check", [name for name, check in CHECKS.items() if check.exceptions])
def test_every_exception_is_needed(shipped: Shipped, check: str) -> None:
    assert CHECKS[check].idle_exceptions([shipped(name) for name in NAMES]) == []


def test_the_schemas_are_checks() -> None:
    assert set(SCHEMAS) < CHECKS.keys()


def test_there_are_releases_of_our_own_charts_everywhere() -> None:
    assert {key.partition("-")[0] for key in OWN} == set(NAMES)


@pytest.mark.parametrize("key", OWN)
def test_our_chart_renders_without_those_of_the_components(renderer: Helm, key: str) -> None:
    application = OWN[key]
    [source] = application.sources
    assert source.chart
    assert renderer.template(
        source.release_name,
        source.chart,
        source.value_files,
        namespace=application.namespace,
        kubernetes_version="1.34",
    )


@pytest.mark.parametrize("key", OWN)
def test_our_chart_lints_with_the_values_of_the_release(renderer: Helm, key: str) -> None:
    for source in OWN[key].sources:
        assert source.chart
        renderer.lint(source.chart, source.value_files)


@every_environment
def test_every_application_makes_something_in_its_own_namespace(shipped: Shipped, name: str) -> None:
    environment = shipped(name)
    for application in environment.applications:
        made = [m for m in environment.manifests if m.release == application.name]
        assert application.namespace in {m.namespace for m in made}, application.name


@every_environment
def test_what_belongs_to_the_whole_cluster_names_no_namespace(shipped: Shipped, name: str) -> None:
    for manifest in shipped(name).of_kind(*CLUSTER_KINDS):
        assert "namespace" not in manifest.content["metadata"], str(manifest)


@every_environment
def test_custom_resources_fit_the_definitions_of_the_charts_sources_too(
    upstream: Path, shipped: Shipped, name: str
) -> None:
    """A second opinion: what upstream's repositories hold, for the kinds that we write ourselves."""
    environment = shipped(name)
    texts = [file.read_text(encoding="utf-8") for file in sorted((upstream / "crds").glob("*.yaml"))]
    known: list[Any] = [d for text in texts for d in yaml.load_all(text, Loader=yaml.CSafeLoader) if d]
    judged = set()
    for manifest in environment.manifests:
        judge = definitions.validator(known, manifest.content["apiVersion"], manifest.kind)
        if judge is not None:
            judged.add(manifest.kind)
            assert [error.message for error in judge.iter_errors(manifest.content)] == [], str(manifest)
    assert judged >= {"Application", "AppProject", "ExternalSecret", "TargetGroupBinding"}


def test_kubernetes_schemas_are_those_of_the_version() -> None:
    assert validator("1.34", "batch/v1", "CronJob")
    assert validator("1.34", "batch/v1beta1", "CronJob") is None
    with pytest.raises(LookupError, match="no schemas of Kubernetes 1\\.99"):
        validator("1.99", "v1", "Pod")
