"""The identity check is in the chart `workload`, in the catalog and in the rule of quotas: all agree."""

from __future__ import annotations

import pathlib
from datetime import date
from typing import Any

import pytest
import yaml

from generator import load, source
from generator.catalog import identity
from generator.model.quantity import amount
from generator.rules import resources

ROOT = pathlib.Path(__file__).parents[1]
CHARTS = ROOT / "argocd" / "charts" / "workload"


def newest() -> pathlib.Path:
    """Versions of the chart before it stay as they are."""
    return max(CHARTS.iterdir(), key=lambda folder: [int(number) for number in folder.name.split(".")])


def in_the_chart() -> dict[str, Any]:
    """The container, of which Helm's actions are cut out: what is left is YAML."""
    template = (newest() / "templates" / "identity-job.yaml").read_text(encoding="utf-8")
    kept = "\n".join(line for line in template.splitlines() if "{{" not in line)
    return container(yaml.load(kept, Loader=yaml.CSafeLoader))


def in_the_catalog() -> dict[str, Any]:
    spec = load.load(source.load(ROOT), date(2026, 11, 24)).spec
    assert spec
    environment = spec.environments[0]
    component = next(component for component in environment.components if component.uses_aws)
    [job] = identity.objects(environment, component)
    return container(job)


def container(job: dict[str, Any]) -> dict[str, Any]:
    [found] = job["spec"]["template"]["spec"]["containers"]
    return dict(found)


@pytest.mark.parametrize(
    "of", [lambda c: c["command"], lambda c: c["resources"]], ids=["script", "resources"]
)
def test_chart_and_catalog_agree(of: Any) -> None:
    assert of(in_the_chart()) == of(in_the_catalog())


def test_chart_and_catalog_tell_it_the_same_things() -> None:
    told = [{variable["name"] for variable in c["env"]} for c in (in_the_chart(), in_the_catalog())]
    assert told[0] == told[1]


def test_chart_and_catalog_run_the_same_image() -> None:
    values = yaml.load((newest() / "values.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    image = values["identity"]["image"]
    assert f"{image['repository']}:{image['tag']}@{image['digest']}" == identity.IMAGE


def test_the_rule_of_quotas_counts_what_the_chart_asks_for() -> None:
    requests = {name: amount(value) for name, value in in_the_chart()["resources"]["requests"].items()}
    assert {**requests, "pods": 1} == resources._IDENTITY_CHECK
