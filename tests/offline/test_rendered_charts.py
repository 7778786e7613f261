"""The real helm renders every release of the shipped platform that uses a chart of this repository.

The chart and its values are taken from the Application, as Argo CD takes them.
"""

from __future__ import annotations

import pathlib
import subprocess
from typing import Any

import pytest
import yaml

ROOT = pathlib.Path(__file__).parents[2]
RENDERED = ROOT / "rendered"
OWN_CHARTS = "argocd/charts/"

# What `helm` of an Application's source may say for these tests to render what Argo CD will.
UNDERSTOOD = {"releaseName", "valueFiles"}

pytestmark = [
    pytest.mark.offline,
    pytest.mark.skipif(not RENDERED.is_dir(), reason="there is no rendered/: run `make render`"),
]


def own_releases() -> dict[str, dict[str, Any]]:
    """Application by file, `dev/argocd/apps/orders.yaml`, where its source is a chart of this repository."""
    found = {}
    for file in sorted(RENDERED.glob("*/argocd/apps/*.yaml")):
        application = yaml.safe_load(file.read_text(encoding="utf-8"))
        if source_of(application):
            found[file.relative_to(RENDERED).as_posix()] = application
    return found


def source_of(application: dict[str, Any]) -> dict[str, Any] | None:
    """The Application's source that is a chart of this repository, if there is one."""
    spec = application["spec"]
    sources = spec.get("sources") or [spec["source"]]
    return next((source for source in sources if source.get("path", "").startswith(OWN_CHARTS)), None)


RELEASES = own_releases()


def helm_arguments(application: dict[str, Any]) -> list[str]:
    """Chart and value files; a path with a leading slash starts at the repository's root."""
    source = source_of(application)
    assert source is not None
    assert source["helm"].keys() <= UNDERSTOOD
    chart = source["path"]
    arguments = [str(ROOT / chart)]
    for file in source["helm"]["valueFiles"]:
        arguments += ["-f", f"{ROOT}{file}" if file.startswith("/") else str(ROOT / chart / file)]
    return arguments


def run(helm: pathlib.Path, *arguments: str) -> str:
    done = subprocess.run([helm, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_platform_has_releases_of_its_own_charts() -> None:
    assert RELEASES


@pytest.mark.parametrize("file", RELEASES)
def test_helm_renders_the_release(helm: pathlib.Path, file: str) -> None:
    application = RELEASES[file]
    source = source_of(application)
    assert source is not None
    name = source["helm"].get("releaseName", application["metadata"]["name"])
    namespace = application["spec"]["destination"]["namespace"]
    output = run(helm, "template", name, *helm_arguments(application), "--namespace", namespace)
    documents = [document for document in yaml.load_all(output, Loader=yaml.CSafeLoader) if document]
    assert documents
    for document in documents:
        assert document["kind"]
        assert document["metadata"]["name"]


@pytest.mark.parametrize("file", RELEASES)
def test_strict_lint_passes(helm: pathlib.Path, file: str) -> None:
    run(helm, "lint", "--strict", *helm_arguments(RELEASES[file]))
