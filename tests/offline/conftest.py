"""The environments as Argo CD makes them, rendered once for all tests and all their processes."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.manifests import environments
from tests.manifests.helm import ChartMissingError, Helm

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.manifests.model import Environment

    Load = Callable[[Path, str], Environment]

ARCHIVES = Path(__file__).parents[2] / ".tools" / "charts"


@pytest.fixture(scope="session")
def renderer(helm: Path, tmp_path_factory: pytest.TempPathFactory) -> Helm:
    """Helm with a memory that the processes of pytest-xdist share."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    memory = folder / "rendered-releases"
    memory.mkdir(exist_ok=True)
    return Helm(helm, memory)


@pytest.fixture(scope="session")
def load(renderer: Helm) -> Load:
    """Renders an environment of the repository at a root."""

    def call(root: Path, name: str) -> Environment:
        try:
            return environments.load(root, name, renderer, ARCHIVES)
        except ChartMissingError as missing:
            pytest.skip(f"component charts are not in .tools/charts: run `make charts` ({missing})")

    return call


@pytest.fixture(scope="session")
def shipped(load: Load, repository: Path) -> Callable[[str], Environment]:
    """An environment of this repository by its name."""
    return cache(lambda name: load(repository, name))
