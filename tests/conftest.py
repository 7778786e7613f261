"""What several tests need: the checkout, the real helm, the upstream schemas."""

from __future__ import annotations

import pathlib
import re
import shutil
import subprocess

import pytest

ROOT = pathlib.Path(__file__).parents[1]
OLDEST_HELM = (3, 19)  # what Argo CD 3.3 and 3.4 ship


@pytest.fixture(scope="session")
def repository() -> pathlib.Path:
    """The root of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def helm() -> pathlib.Path:
    """The real helm: the one of `make tools`, else the one on PATH when it is recent enough."""
    packaged = ROOT / ".tools" / "bin" / "helm"
    if packaged.exists():
        return packaged
    found = shutil.which("helm")
    if found is None:
        pytest.skip("helm is missing: run `make tools`, or install helm 3.19 or later on PATH")
    run = subprocess.run(
        [found, "version", "--template", "{{.Version}}"], capture_output=True, text=True, check=True
    )
    number = re.match(r"v(\d+)\.(\d+)\.", run.stdout)
    if number is None or (int(number[1]), int(number[2])) < OLDEST_HELM:
        pytest.skip(f"{found} is helm {run.stdout.strip()}: run `make tools`, or install helm 3.19 or later")
    return pathlib.Path(found)


@pytest.fixture(scope="session")
def upstream() -> pathlib.Path:
    """Custom resource definitions and default values of the charts that the platform installs."""
    folder = ROOT.parent / "shared" / "upstream"
    if not folder.is_dir():
        pytest.skip("upstream schemas are not beside the checkout")
    return folder
