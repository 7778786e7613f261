"""Whom AWS gives a role is whom real helm makes pods run as: the two halves of a Pod Identity association."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from tests.manifests import environments
from tests.manifests.model import HELM_HOOK, HOOK, Manifest
from tests.manifests.pods import pod_of
from tests.offline.conftest import ARCHIVES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tests.manifests.helm import Helm
    from tests.manifests.model import Environment

    Shipped = Callable[[str], Environment]

pytestmark = pytest.mark.offline

ROOT = Path(__file__).parents[2]
NAMES = environments.names(ROOT)
RUNNING = (
    "Deployment",
    "StatefulSet",
    "DaemonSet",
    "CronJob",
)  # a Job may be no more than the identity check
OTHER_WAY = "eks.amazonaws.com/role-arn"  # to a role, past the associations
every_environment = pytest.mark.parametrize("name", NAMES)


class Account(NamedTuple):
    """A service account."""

    namespace: str
    name: str


def identities(name: str) -> dict[str, Account]:
    """Whom Terraform associates with a role, by release."""
    text = (ROOT / "rendered" / name / "terraform" / "platform.tfvars.json").read_text(encoding="utf-8")
    entries: dict[str, Any] = json.loads(text)["identities"]
    return {release: Account(e["namespace"], e["service_account"]) for release, e in entries.items()}


def of_own_charts(name: str, renderer: Helm) -> Iterator[Manifest]:
    """The objects of the releases whose charts are in this repository."""
    for file in sorted((ROOT / "rendered" / name / "argocd" / "apps").glob("*.yaml")):
        [content] = environments.documents(file)
        application = environments.read(ROOT, content, ARCHIVES)
        for source in application.sources:
            if source.chart and source.chart.is_dir():
                for made in renderer.template(
                    source.release_name,
                    source.chart,
                    source.value_files,
                    namespace=application.namespace,
                    kubernetes_version="1.34",
                ):
                    namespace = made["metadata"].get("namespace") or application.namespace
                    yield Manifest(application.name, application.project, application.wave, namespace, made)


def users(manifests: Iterable[Manifest]) -> dict[str, set[Account]]:
    """As whom the pods of each release run that stay, or come back."""
    found: dict[str, set[Account]] = {}
    for manifest in manifests:
        if manifest.kind in RUNNING and not {HOOK, HELM_HOOK} & manifest.annotations.keys():
            pod = pod_of(manifest)
            account = Account(pod.namespace, pod.spec.get("serviceAccountName") or "default")
            found.setdefault(manifest.release, set()).add(account)
    return found


def idle(wanted: dict[str, Account], manifests: Iterable[Manifest]) -> dict[str, Account]:
    """Whose role no pod of its release gets."""
    found = users(manifests)
    return {release: account for release, account in wanted.items() if account not in found.get(release, ())}


def astray(manifests: Iterable[Manifest]) -> list[str]:
    """Service accounts that look for a role elsewhere: nobody would give it, and the pods would have none."""
    return [str(m) for m in manifests if m.kind == "ServiceAccount" and OTHER_WAY in m.annotations]


@every_environment
def test_a_workloads_pods_get_its_role(renderer: Helm, name: str) -> None:
    manifests = list(of_own_charts(name, renderer))
    own = {manifest.release for manifest in manifests}
    wanted = {release: account for release, account in identities(name).items() if release in own}
    assert wanted
    assert idle(wanted, manifests) == {}
    assert astray(manifests) == []


@every_environment
def test_the_pods_of_every_release_get_its_role(shipped: Shipped, name: str) -> None:
    manifests = shipped(name).manifests
    assert idle(identities(name), manifests) == {}
    assert astray(manifests) == []


@every_environment
def test_nobody_has_the_role_of_another(shipped: Shipped, name: str) -> None:
    """A second release that runs as the account would have its permissions too."""
    found = users(shipped(name).manifests)
    owners = {account: release for release, account in identities(name).items()}
    others = [
        f"{release} runs as {owners[account]}"
        for release, accounts in found.items()
        for account in accounts
        if owners.get(account, release) != release
    ]
    assert others == []


# --- What it would notice ---

ACCOUNT = Account("orders", "orders")


def manifest(kind: str, account: str = "orders", namespace: str = "orders", hook: str = "") -> Manifest:
    """An object of the release `orders` with a pod template."""
    template = {"spec": {"containers": [], "serviceAccountName": account}}
    spec = {"jobTemplate": {"spec": {"template": template}}} if kind == "CronJob" else {"template": template}
    metadata = {"name": "it", "annotations": {HOOK: hook} if hook else {}}
    return Manifest("orders", "workloads", 0, namespace, {"kind": kind, "metadata": metadata, "spec": spec})


@pytest.mark.parametrize("kind", RUNNING)
def test_pods_that_run_as_the_account_use_it(kind: str) -> None:
    assert idle({"orders": ACCOUNT}, [manifest(kind)]) == {}


@pytest.mark.parametrize(
    "made",
    [
        [],
        [manifest("Deployment", "order")],
        [manifest("Deployment", "")],
        [manifest("Deployment", namespace="default")],
        [manifest("Deployment", hook="PreSync")],
        [manifest("Deployment")._replace(release="customers")],
        [manifest("Job")],
    ],
    ids=["none", "another account", "the default", "another namespace", "a hook", "another release", "a job"],
)
def test_a_role_that_no_pod_gets_would_be_noticed(made: list[Manifest]) -> None:
    assert idle({"orders": ACCOUNT}, made) == {"orders": ACCOUNT}


def test_an_account_with_a_role_of_its_own_would_be_noticed() -> None:
    content = {"kind": "ServiceAccount", "metadata": {"name": "it", "annotations": {OTHER_WAY: "arn:..."}}}
    assert astray([Manifest("orders", "workloads", 0, "orders", content)]) == ["orders: ServiceAccount/it"]
