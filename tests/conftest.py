"""What several tests need: the checkout, the real helm and terraform, the upstream schemas."""

from __future__ import annotations

import os
import pathlib
import re
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from tests.terraform import runner

if TYPE_CHECKING:
    from tests.terraform.runner import Terraform

ROOT = pathlib.Path(__file__).parents[1]
# terraform, its providers and helm load many megabytes of schemas at each start and never let them go: to
# collect garbage less often saves a fifth of their processor time, for 50 MB more.
os.environ.setdefault("GOGC", "400")
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
def terraform() -> Terraform:
    """The terraform that the spec pins."""
    return runner.find()


@pytest.fixture(scope="session")
def upstream() -> pathlib.Path:
    """Custom resource definitions and default values of the charts that the platform installs."""
    folder = ROOT.parent / "shared" / "upstream"
    if not folder.is_dir():
        pytest.skip("upstream schemas are not beside the checkout")
    return folder


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-cases", action="store_true", help="write the golden cases as they come out now"
    )
    parser.addoption(
        "--allowed-skips",
        type=pathlib.Path,
        metavar="FILE",
        help="fail when a test skips for a reason that does not start with a line of FILE",
    )


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A green run that quietly ran less than it should is the worst kind of red."""
    allowed = session.config.getoption("--allowed-skips")
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if allowed is None or reporter is None:  # no reporter: a worker, not the one that sums up
        return
    lines = [line for line in allowed.read_text().splitlines() if line and not line.startswith("#")]
    reasons = {
        str(report.longrepr[2]).removeprefix("Skipped: ") for report in reporter.stats.get("skipped", [])
    }
    unexpected = sorted(r for r in reasons if not any(r.startswith(line) for line in lines))
    if unexpected and not session.exitstatus:
        reporter.write_line(f"skipped for reasons that {allowed} does not list:", red=True)
        for reason in unexpected:
            reporter.write_line(f"  {reason}", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """With `--dist loadfile`, keep together what shares an apply."""
    if config.getvalue("dist") != "loadfile":
        return None
    from tests.scheduling import ByPlatform  # noqa: PLC0415 - only where xdist is

    return ByPlatform(config, log)
