"""The platform of `dev` on the emulator, applied once for all tests that run in one process."""

from __future__ import annotations

import contextlib
import json
import pathlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from tests.apply import inventory
from tests.apply.spec import EditedSpec
from tests.scheduling import PLATFORMS
from tests.terraform import packages, runner
from tests.terraform.deployment import Deployment
from tests.terraform.emulator.process import running

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.apply.inventory import Inventory
    from tests.terraform.deployment import Values
    from tests.terraform.emulator.calls import Call
    from tests.terraform.runner import Terraform

ENVIRONMENT = "dev"
RENDERED = pathlib.Path(__file__).parents[2] / "rendered" / ENVIRONMENT


@dataclass(kw_only=True)
class Platform:
    """An environment on the emulator. `before` is what was there first, `creation` the calls of the apply."""

    spec: EditedSpec
    deployment: Deployment
    before: Inventory
    creation: list[Call]

    def edit(self, change: Callable[[dict[str, Any]], None]) -> Values:
        """Edit the spec and return the variables that are rendered then, with packages that are there."""
        return packages.pin(self.spec.edit(change))

    def with_edit(self, change: Callable[[dict[str, Any]], None]) -> Values:
        """Return the variables that an edit would come to, and leave the spec as it is."""
        return packages.pin(self.spec.with_edit(change))

    def inventory(self) -> Inventory:
        """Return what is there now."""
        return inventory.take(self.deployment.emulator, self.spec.environment().region)


@contextlib.contextmanager
def applied(
    terraform: Terraform, folder: pathlib.Path, edit: Callable[[dict[str, Any]], None] | None = None
) -> Iterator[Platform]:
    """Apply the platform, as `rendered/` has it or an edited spec would, to an emulator of its own."""
    root = runner.copy(folder) / "stacks" / "platform"
    terraform.init(root)
    spec = EditedSpec(ENVIRONMENT)
    rendered = json.loads((RENDERED / "terraform" / "platform.tfvars.json").read_text())
    values = spec.edit(edit) if edit else rendered
    environment = spec.environment()
    with running(environment.account) as emulator:
        route53 = emulator.client("route53", environment.region)
        route53.create_hosted_zone(Name=environment.domain, CallerReference=ENVIRONMENT)
        packages.seed(emulator, values)
        deployment = Deployment(terraform=terraform, emulator=emulator, root=root)
        before = inventory.take(emulator, environment.region)
        seeded = len(emulator.calls())
        deployment.plan(packages.pin(values))
        deployment.apply()
        creation = emulator.calls()[seeded:]
        yield Platform(spec=spec, deployment=deployment, before=before, creation=creation)


@pytest.fixture(scope="session")
def platform(terraform: Terraform, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """The platform as `rendered/` has it. Tests may change it, and leave it without a pending change.

    The files that use it stand in `PLATFORMS`, so that one process runs all that share it.
    """
    with applied(terraform, tmp_path_factory.mktemp("apply")) as platform:
        yield platform


@pytest.fixture(autouse=True)
def _grouped(request: pytest.FixtureRequest) -> None:
    """Refuse a test that would have the platform applied once more."""
    if "platform" in request.fixturenames:
        assert request.path.name in PLATFORMS, f"add {request.path.name} to tests/scheduling.py"
