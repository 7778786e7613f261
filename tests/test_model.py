"""What the model derives: subnets, quantities, and names that both renderers use."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from ipaddress import IPv4Network
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator import load, render, source
from generator.model import Network, Route, Spec, aws_names
from generator.model.names import HOST
from generator.model.network import SMALLEST_SUBNET
from generator.model.quantity import amount

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def shipped() -> Spec:
    loaded = load.load(source.load(ROOT), date(2026, 11, 24))
    assert loaded.spec is not None
    return loaded.spec


@st.composite
def networks(draw: st.DrawFn) -> Network:
    prefix = draw(st.integers(16, 22))
    start = draw(st.integers(0, 2 ** (prefix - 8) - 1))
    cidr = IPv4Network((int(IPv4Network("10.0.0.0/8").network_address) + start * 2 ** (32 - prefix), prefix))
    region = draw(st.sampled_from(["us-east-1", "ap-northeast-1", "ca-central-1"]))
    return Network(region=region, cidr=cidr, zones=draw(st.integers(2, 3)), nat="single")


@settings(derandomize=True, max_examples=200, deadline=None)
@given(networks())
def test_subnets_lie_in_the_vpc_apart_and_large_enough_for_aws(network: Network) -> None:
    subnets = [subnet for zone in network.subnets.values() for subnet in zone]
    assert len(subnets) == 4 * network.zones
    assert all(subnet.subnet_of(network.cidr) for subnet in subnets)
    assert not any(one.overlaps(other) for one, other in combinations(subnets, 2))
    assert max(subnet.prefixlen for subnet in subnets) == network.smallest_prefix <= SMALLEST_SUBNET
    private = sum(zone.private.num_addresses - 5 for zone in network.subnets.values())
    assert network.pod_addresses == private


@settings(derandomize=True, max_examples=50, deadline=None)
@given(networks())
def test_a_third_zone_moves_nothing(network: Network) -> None:
    two, three = network._replace(zones=2).subnets, network._replace(zones=3).subnets
    assert list(three.items())[:2] == list(two.items())


@pytest.mark.parametrize(
    ("quantity", "number"),
    [
        ("0", "0"),
        ("100m", "0.1"),
        ("1.5", "1.5"),
        ("2k", "2000"),
        ("1Ki", "1024"),
        ("128Mi", "134217728"),
        ("1M", "1000000"),
        ("1.5Gi", "1610612736"),
        ("1G", "1000000000"),
        ("1T", "1000000000000"),
        ("1Ti", "1099511627776"),
    ],
)
def test_quantities_are_read_as_kubernetes_does(quantity: str, number: str) -> None:
    assert amount(quantity) == Decimal(number)


@pytest.mark.parametrize(
    ("prefix", "path", "covered"),
    [
        ("/", "/a", True),
        ("/a", "/a", True),
        ("/a", "/a/b", True),
        ("/a", "/ab", False),
        ("/a/b", "/a", False),
    ],
)
def test_a_route_covers_what_its_prefix_matches(prefix: str, path: str, covered: bool) -> None:  # noqa: FBT001  (a parameter of the table)
    assert Route("api", prefix, "none").covers(Route("api", path, "none")) is covered
    assert not Route("api", prefix, "none").covers(Route("www", path, "none"))


def test_every_name_stands_in_the_terraform_variables_of_its_environment(shipped: Spec) -> None:
    for environment in shipped.environments:
        files = dict(render.environment(environment))
        variables = b"".join(data for path, data in files.items() if path.endswith(".tfvars.json")).decode()
        missing = {name.value for name in aws_names(environment) if f'"{name.value}"' not in variables}
        assert missing == set()


def test_names_of_hosts_and_secrets_in_the_values_are_among_the_names(shipped: Spec) -> None:
    for environment in shipped.environments:
        names = {name.value for name in aws_names(environment)}
        hosts = {name.value for name in aws_names(environment) if name.kind is HOST}
        for workload in environment.workloads:
            assert {environment.host(route) for route in workload.settings.routes} <= hosts
            assert {environment.secret_name(s) for s in workload.settings.secrets.values()} <= names


def test_every_workspace_names_its_rendered_variables_and_what_triggers_it() -> None:
    tfvars = ROOT / "rendered" / "shared" / "terraform" / "workspaces.tfvars.json"
    workspaces = json.loads(tfvars.read_text(encoding="utf-8"))["workspaces"]
    assert len(workspaces) == 6
    for workspace in workspaces.values():
        var_file = (ROOT / workspace["working_directory"] / workspace["var_file"]).resolve()
        assert var_file.is_file()
        assert f"/{var_file.relative_to(ROOT)}" in workspace["trigger_patterns"]
        assert f"/{workspace['working_directory']}/**/*" in workspace["trigger_patterns"]
        assert json.loads(var_file.read_text(encoding="utf-8"))["environment"] == workspace["environment"]
