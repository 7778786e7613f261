"""Which module writes a line, and which keys it goes with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from generator import source
from generator.explain import presence
from generator.explain.modules import Modules
from generator.explain.rerun import Rerun
from generator.problem import dotted
from tests.test_cases import CASES, lay_out

if TYPE_CHECKING:
    from generator.source import Sources


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Sources:
    root = tmp_path_factory.mktemp("everything")
    lay_out(root, CASES / "valid" / "everything")
    return source.load(root)


def rerun(sources: Sources, path: str) -> Rerun:
    assert sources.platform is not None
    return Rerun(sources.platform, sources.environments, sources.charts, path)


def line_of(file: Rerun, text: str) -> int:
    lines = [i for i, line in enumerate(file.before.split("\n"), 1) if line.strip() == text]
    assert lines, text
    return lines[0]


@pytest.mark.parametrize(
    ("path", "text", "module"),
    [
        ("dev/values/web.yaml", "name: web", "render/workload_values.py"),
        ("dev/values/ingress-nginx.yaml", "controller:", "catalog/ingress_nginx.py"),
        ("dev/values/metrics-server.yaml", "replicas: 2", "catalog/metrics_server.py"),
        ("dev/values/queue.yaml", "---", "render/values.py"),
        ("dev/argocd/projects.yaml", "kind: AppProject", "render/projects.py"),
        ("dev/argocd/root.yaml", "- FailOnSharedResource=true", "render/argocd.py"),
        ("dev/objects/ingress-nginx/objects.yaml", "kind: NetworkPolicy", "catalog/ingress_nginx_fence.py"),
        ("dev/terraform/platform.tfvars.json", '"network": {', "render/platform_stack.py"),
        ("dev/terraform/platform.tfvars.json", "},", "render/terraform.py"),
        ("dev/README.md", "## Components", "render/readme.py"),
        ("shared/schemas/platform.schema.json", '"type": "object",', "render/schemas.py"),
    ],
)
def test_a_line_is_written_by_the_module_that_made_what_it_stands_in(
    sources: Sources, path: str, text: str, module: str
) -> None:
    file = rerun(sources, path)
    assert Modules(file).of(line_of(file, text) if text != "---" else 1) == f"generator/{module}"


@pytest.mark.parametrize(
    ("path", "text", "keys"),
    [
        ("dev/values/web.yaml", "- host: api.dev.shop.example", ["workloads.web.routes"]),
        ("dev/values/web.yaml", "API_KEY: shop/dev/web/api-key", ["workloads.web.secrets.API_KEY"]),
        ("live/values/web.yaml", "readiness:", ["workloads.web.probes.readiness"]),
        ("live/values/web.yaml", "name: web", ["workloads.web"]),
        ("live/README.md", 'w_cleanup(["cleanup"])', ["workloads.cleanup.schedule"]),
        ("live/README.md", "## Components", []),
    ],
)
def test_a_line_goes_with_the_innermost_keys(sources: Sources, path: str, text: str, keys: list[str]) -> None:
    file = rerun(sources, path)
    line = line_of(file, text)
    assert [dotted(entry.path) for entry in presence.of_lines(file, [line])[line]] == keys


@pytest.mark.parametrize(
    "path", ["dev/values/web.yaml", "live/README.md", "dev/terraform/platform.tfvars.json"]
)
def test_one_line_goes_with_the_keys_that_all_at_once_say(sources: Sources, path: str) -> None:
    file = rerun(sources, path)
    together = presence.of_lines(file, range(1, file.length + 1))
    for line in range(1, file.length + 1, 19):
        assert presence.of_lines(file, [line])[line] == together[line]
