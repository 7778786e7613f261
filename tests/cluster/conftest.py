"""What a bootstrap and a teardown find: AWS, a cluster, a resolver, a checkout."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cluster import situation, stand_in_chart
from tests.cluster.applied import Applied
from tests.cluster.emulator import running
from tests.cluster.emulator.controllers.argo_cd import ArgoCd
from tests.cluster.name_server import Names, answering
from tests.cluster.recorded import Recorded
from tests.cluster.situation import CONTEXT, OUTCOMES, PASSWORD, Situation, deployment, node
from tests.terraform.emulator import process
from tests.terraform.emulator.eks.clusters import CERTIFICATE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.terraform.emulator.process import Emulator as AwsEmulator


@pytest.fixture
def recorded(request: pytest.FixtureRequest) -> Recorded:
    """Compares output with what is stored; `--update-cases` stores it."""
    return Recorded(update=request.config.getoption("--update-cases"))


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What EKS takes for the authority of the next cluster that is made."""
    file = tmp_path_factory.mktemp("authority") / "ca.pem"
    file.write_bytes(CERTIFICATE)
    return file


@pytest.fixture(scope="session")
def aws(certificate: Path) -> Iterator[AwsEmulator]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EMULATOR_CERTIFICATE", str(certificate))
        with process.running("111111111111") as emulator:
            yield emulator


@pytest.fixture(scope="session")
def applied(aws: AwsEmulator, tmp_path_factory: pytest.TempPathFactory) -> Applied:
    """An account where Terraform has been; tests that change it change it back."""
    checkout = situation.make_checkout(tmp_path_factory.mktemp("spec") / "checkout")
    found = Applied(aws, situation.environment_of(checkout))
    found.everything()
    return found


@pytest.fixture
def empty() -> Iterator[AwsEmulator]:
    with process.running("111111111111") as emulator:
        yield emulator


@pytest.fixture
def other() -> Iterator[AwsEmulator]:
    with process.running("999999999999") as emulator:
        yield emulator


@pytest.fixture
def here(tmp_path: Path, helm: Path) -> Iterator[Situation]:
    """An API server that nobody knows, and a checkout; no AWS."""
    checkout = situation.make_checkout(tmp_path / "checkout")
    chart = stand_in_chart.build(tmp_path, helm)
    with running() as api, answering(Names()) as names:
        found = Situation(checkout=checkout, folder=tmp_path, api=api, names=names, chart=chart)
        found.variables = situation.variables(tmp_path)
        yield found


@pytest.fixture
def ready(here: Situation, applied: Applied, certificate: Path) -> Situation:
    """All that a bootstrap wants, but the repository's credential."""
    certificate.write_text(here.api.ca)
    applied.new_cluster()
    here.applied = applied
    here.variables |= applied.emulator.variables()
    here.names.servers["dev.shop.example"] = applied.servers
    here.api.kubeconfig(here.folder / "kubeconfig", context=CONTEXT)
    here.api.load([node("ip-10-10-0-1"), node("ip-10-10-0-2")])
    return here


@pytest.fixture
def whole(tmp_path: Path, helm: Path, applied: Applied, certificate: Path) -> Iterator[Situation]:
    """A cluster whose controllers act, ready for a bootstrap, with a credential in AWS."""
    checkout = situation.make_checkout(tmp_path / "checkout")
    argo_cd = ArgoCd(checkout, outcomes=dict(OUTCOMES))
    acting = ["workloads", "volumes", "load_balancer_controller", argo_cd]
    with running(acting) as api, answering(Names()) as names:
        certificate.write_text(api.ca)
        applied.new_cluster()
        applied.repository(f'{{"username": "x", "password": "{PASSWORD}"}}')
        found = Situation(
            checkout=checkout,
            folder=tmp_path,
            api=api,
            names=names,
            chart=stand_in_chart.build(tmp_path, helm),
            variables=situation.variables(
                tmp_path,
                **applied.emulator.variables(),
                **situation.remote(checkout, tmp_path / "remote.git"),
            ),
            applied=applied,
            argo_cd=argo_cd,
        )
        names.servers["dev.shop.example"] = applied.servers
        api.kubeconfig(tmp_path / "kubeconfig", context=CONTEXT)
        api.load(
            [node("ip-10-10-0-1"), node("ip-10-10-0-2"), deployment("kube-system", "ebs-csi-controller")]
        )
        yield found
        applied.forget_repository()
