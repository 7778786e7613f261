"""A protected environment stays whole: what would take it down is refused before anything is touched."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.apply.conftest import applied
from tests.terraform.runner import FailedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.apply.conftest import Platform
    from tests.terraform.deployment import Change
    from tests.terraform.runner import Terraform

    Tree = dict[str, Any]

pytestmark = pytest.mark.apply

QUESTIONS = ("Describe", "Get", "Head", "List")


def protect(tree: Tree) -> None:
    tree["deletionProtection"] = True
    tree["terraform"] = {"autoApply": False}
    tree["network"]["zones"] = 3


@pytest.fixture(scope="module")
def protected(terraform: Terraform, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    with applied(terraform, tmp_path_factory.mktemp("protected"), protect) as platform:
        yield platform


def changes_since(platform: Platform, seen: int) -> list[str]:
    """What terraform asked AWS for that is not a question."""
    actions = [call.action for call in platform.deployment.emulator.calls()[seen:]]
    return [action for action in actions if not action.startswith(QUESTIONS)]


def forgotten(platform: Platform) -> list[Change]:
    """What Terraform forgot although it was refused; the next apply, which is here, tells it again."""
    changes = platform.deployment.plan(platform.with_edit(lambda _tree: None))
    if changes:
        platform.deployment.apply()
    return changes


def test_destroy_is_refused_and_touches_nothing(protected: Platform) -> None:
    seen = len(protected.deployment.emulator.calls())
    with pytest.raises(FailedError, match="environment dev is protected"):
        protected.deployment.destroy()
    assert changes_since(protected, seen) == []
    assert forgotten(protected) == [("update", "the outputs")]


def other_services(tree: Tree) -> None:
    tree["cluster"]["serviceCidr"] = "172.21.0.0/16"


def other_network(tree: Tree) -> None:
    tree["network"]["cidr"] = "10.11.0.0/16"


def zones_in_another_order(tree: Tree) -> None:
    tree["network"]["zones"] = ["us-east-1b", "us-east-1a", "us-east-1c"]


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (other_services, "`cluster.serviceCidr` cannot be changed from 172.20.0.0/16 to 172.21.0.0/16"),
        (other_network, "`network.cidr` cannot be changed from 10.10.0.0/16 to 10.11.0.0/16"),
        (zones_in_another_order, "The subnets of us-east-1a cannot be changed"),
    ],
)
def test_another_vpc_or_cluster_is_refused_in_the_plan(
    protected: Platform, edit: Callable[[Tree], None], message: str
) -> None:
    with pytest.raises(FailedError) as refused:
        protected.deployment.plan(protected.with_edit(edit))
    assert message in str(refused.value)


def behind_no_gateway(tree: Tree) -> None:
    tree["gateway"] = {"enabled": False}
    del tree["versions"]["functions"]
    for name in ("customers", "kitchen", "orders", "payments"):
        workload = tree["workloads"].setdefault(name, {})
        workload["routes"] = [{"path": f"/{name}", "auth": "none"}]


def one_zone_less(tree: Tree) -> None:
    tree["network"]["zones"] = 2


@pytest.mark.parametrize(
    ("edit", "lost"),
    [(behind_no_gateway, [("update", "the outputs")]), (one_zone_less, [])],  # of the gateway that is no more
)
def test_another_load_balancer_is_refused_and_touches_nothing(
    protected: Platform, edit: Callable[[Tree], None], lost: list[tuple[str, str]]
) -> None:
    seen = len(protected.deployment.emulator.calls())
    changes = protected.deployment.plan(protected.with_edit(edit), "-refresh=false")
    assert ("replace", "module.ingress.aws_lb.this") in changes
    with pytest.raises(FailedError, match="environment dev is protected"):
        protected.deployment.apply()
    assert changes_since(protected, seen) == []
    assert forgotten(protected) == lost


# --- Without protection


def where_the_api_leads(platform: Platform) -> str:
    """The alias of the API's host."""
    environment = platform.spec.environment()
    route53 = platform.deployment.emulator.client("route53", environment.region)
    (zone,) = route53.list_hosted_zones()["HostedZones"]
    records = route53.list_resource_record_sets(HostedZoneId=zone["Id"])["ResourceRecordSets"]
    (found,) = [record for record in records if record["Name"] == f"{environment.api_host}."]
    return str(found["AliasTarget"]["DNSName"])


def give_up(tree: Tree) -> None:
    tree["deletionProtection"] = False


def test_without_protection_the_gateway_goes(protected: Platform) -> None:
    """And its load balancer with it. How it comes back under its names is in test_edge, in less time."""
    deployment = protected.deployment
    deployment.plan(protected.edit(give_up), "-refresh=false")
    deployment.apply()
    assert ".execute-api." in where_the_api_leads(protected)
    values = protected.edit(behind_no_gateway)
    deployment.plan(values, "-refresh=false")
    deployment.apply()
    assert deployment.plan(values) == []
    assert ".elb." in where_the_api_leads(protected)
    left = protected.inventory()
    assert [left[kind] for kind in ("HTTP API", "Lambda function", "VPC link", "SES identity")] == [[]] * 4


def test_without_protection_it_goes(protected: Platform) -> None:
    protected.deployment.destroy()
    assert protected.inventory() == protected.before
