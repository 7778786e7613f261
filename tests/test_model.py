"""What the model derives: subnets, quantities, and names that both renderers use."""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal
from ipaddress import IPv4Network
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from generator import load, render, source
from generator.model import Environment, Network, Spec, aws_names, names
from generator.model.network import SMALLEST_SUBNET
from generator.model.platform import Repository
from generator.model.quantity import amount
from generator.schema.bundle import bundle

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
    zones = draw(st.integers(2, 3))
    return Network(
        region=region, cidr=cidr, zones=zones, named_zones=(), nat="single", interface_endpoints=True
    )


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


@settings(derandomize=True, max_examples=50, deadline=None)
@given(networks(), st.permutations("abc"))
def test_zones_that_the_spec_names_take_the_places_in_its_order(network: Network, letters: list[str]) -> None:
    named = tuple(f"{network.region}{letter}" for letter in letters[: network.zones])
    subnets = network._replace(named_zones=named).subnets
    assert tuple(subnets) == named
    assert list(subnets.values()) == list(network.subnets.values())


@pytest.mark.parametrize(("region", "letters"), [("us-east-1", "abc"), ("ap-northeast-1", "acd")])
def test_zones_that_it_only_counts_are_the_first_of_the_region(region: str, letters: str) -> None:
    network = Network(
        region=region,
        cidr=IPv4Network("10.0.0.0/16"),
        zones=3,
        named_zones=(),
        nat="single",
        interface_endpoints=True,
    )
    assert network.zone_names == tuple(f"{region}{letter}" for letter in letters)


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


POWERS = {"m": (10, -3), "": (10, 0), "k": (10, 3), "M": (10, 6), "G": (10, 9), "T": (10, 12)}
POWERS |= {"Ki": (2, 10), "Mi": (2, 20), "Gi": (2, 30), "Ti": (2, 40)}


@settings(derandomize=True, max_examples=200, deadline=None)
@given(st.from_regex(bundle("workload")["$defs"]["quantity"]["pattern"], fullmatch=True))
def test_every_quantity_that_the_schema_accepts_is_read(quantity: str) -> None:
    number = re.match(r"[0-9.]+", quantity)
    assert number is not None
    base, exponent = POWERS[quantity[number.end() :]]
    assert amount(quantity) == Decimal(number[0]) * Decimal(base) ** exponent


class Distinct(Environment):
    """An environment in which no two names are alike, so that a mix-up shows; by design most are one."""

    cluster_name = "the-cluster"
    vpc_name = "the-vpc"
    load_balancer_name = "the-load-balancer"
    cluster_role_name = "the-cluster-role"
    node_role_name = "the-node-role"
    flow_log_role_name = "the-flow-log-role"
    alert_topic_name = "the-topic"
    budget_name = "the-budget"
    atlas_project_name = "the-atlas-project"
    atlas_cluster_name = "the-atlas-cluster"
    vpc_link_name = "the-link"
    package_bucket = "the-bucket"
    package_uploader_role_name = "the-uploader"
    attempts_table_name = "the-table"
    sender_identity = "the-sender.example"


Variables = dict[str, Any]


def tfvars(environment: Environment) -> tuple[Variables, Variables, Variables, Variables]:
    """The variables of the stacks, as Terraform reads them, in the order of `STACKS`."""
    files = dict(render.environment(environment))
    access, packages, platform, database = (
        json.loads(files[f"{environment.name}/terraform/{stack}.tfvars.json"]) for stack in environment.stacks
    )
    return access, packages, platform, database


def made(
    access: Variables, packages: Variables, platform: Variables, database: Variables
) -> dict[names.Kind, set[str]]:
    """What Terraform makes, by kind, from the variable that decides each name."""
    cluster, alerts, registry = platform["cluster"], platform["alerts"], platform["registry"]
    roles = [*platform["identities"].values(), *platform["secret_readers"].values()]
    roles += cluster["addon_roles"].values()
    own_roles = {cluster["role_name"], cluster["node_role_name"], platform["network"]["flow_log_role_name"]}
    gateway = platform["gateway"]
    roles += gateway["functions"].values()
    keys = [*(platform[k] for k in ("alerts", "cluster", "logs", "secrets")), gateway]
    return {
        names.VPC: {platform["network"]["name"]},
        names.CLUSTER: {platform["cluster"]["name"]},
        names.LOAD_BALANCER: {platform["ingress"]["load_balancer_name"]},
        names.TARGET_GROUP: {platform["ingress"]["target_group_name"]},
        names.ATLAS_PROJECT: {database["project_name"]},
        names.ATLAS_CLUSTER: {database["cluster"]["name"]},
        names.HOST: {platform["ingress"]["domain"], *platform["ingress"]["hosts"]},
        names.ROLE: {
            *own_roles,
            *(role["role_name"] for role in roles),
            packages["packages"]["uploader_role_name"],
            *(role["name"] for phases in access["access"]["roles"].values() for role in phases.values()),
            *([database["customer_key"]["role_name"]] if database["customer_key"] else []),
        },
        names.POLICY: {platform["permissions_boundary_name"]},
        names.SECRET: {
            *platform["secrets"]["names"],
            *(d["secret_name"] for d in database["databases"].values()),
            gateway["hmac_secret_name"],
            database["customers_reader"]["secret_name"],
            database["atlas"]["credentials_secret_name"],
        },
        names.KEY_ALIAS: {
            *(holder["key_alias"] for holder in keys),
            *(key["alias"] for key in gateway["signing_keys"]),
            *([database["customer_key"]["alias"]] if database["customer_key"] else []),
        },
        names.API: {api["name"] for api in gateway["apis"].values()},
        names.FUNCTION: {function["name"] for function in gateway["functions"].values()},
        names.TABLE: {gateway["table_name"]},
        names.BUCKET: {packages["packages"]["bucket"]},
        names.SENDER: {gateway["sender"]["identity"]},
        names.LOG_GROUP: set(platform["logs"]["groups"].values()),
        names.TOPIC: {alerts["topic_name"]},
        names.BUDGET: {alerts["budget"]["name"]} if alerts["budget"] else set(),
        names.REPOSITORY: set(registry["repositories"]) if registry else set(),
    }


def test_the_names_are_those_in_the_terraform_variables_kind_by_kind_and_no_others(shipped: Spec) -> None:
    for environment in map(Distinct._make, shipped.environments):
        expected: dict[names.Kind, set[str]] = {}
        for name in aws_names(environment):
            expected.setdefault(name.kind, set()).add(name.value)
        assert {kind: found for kind, found in made(*tfvars(environment)).items() if found} == expected


def test_what_one_terraform_variable_refers_to_another_one_makes(shipped: Spec) -> None:
    for environment in map(Distinct._make, shipped.environments):
        access, packages, platform, database = tfvars(environment)
        all_made = made(access, packages, platform, database)
        assert {database["network"]["vpc_name"]} == all_made[names.VPC]
        zones = platform["network"]["zones"].values()
        assert database["network"]["subnet_cidrs"] == [zone["database"] for zone in zones]
        assert database["network"]["client_cidrs"] == [zone["private"] for zone in zones]
        assert access["access"]["packages_bucket"] == packages["packages"]["bucket"]
        assert database["secrets_key_alias"] == platform["secrets"]["key_alias"]
        gateway = platform["gateway"]
        assert {*gateway["apis"], gateway["api_host"]} == set(platform["ingress"]["hosts"])
        assert all_made[names.BUCKET] == {gateway["packages"]["bucket"]}
        reader = database["customers_reader"]
        assert reader["role_name"] == gateway["functions"]["token"]["role_name"]
        assert {k: reader[k] for k in gateway["customers"]} == gateway["customers"]
        for workload, login in database["databases"].items():
            assert login["role_name"] == platform["identities"][workload]["role_name"]
        for reader in platform["secret_readers"].values():
            assert set(reader["secrets"]) <= all_made[names.SECRET]


def test_the_names_in_the_values_are_those_that_terraform_makes(shipped: Spec) -> None:
    for environment in map(Distinct._make, shipped.environments):
        files = dict(render.environment(environment))
        access, packages, platform, database = tfvars(environment)
        all_made = made(access, packages, platform, database)

        def values(release: str, files: dict[str, bytes] = files, folder: str = environment.name) -> Any:
            return yaml.safe_load(files[f"{folder}/values/{release}.yaml"])

        edge = values("edge")
        assert {edge["targetGroupBinding"]["targetGroupName"]} == all_made[names.TARGET_GROUP]
        namespaces = {n["name"]: n for n in edge["namespaces"]}
        for workload in environment.workloads:
            found, namespace = values(workload.name), namespaces[workload.namespace]
            identity, reader = (platform[k].get(workload.name) for k in ("identities", "secret_readers"))
            assert (identity is not None) == ("identity" in found)
            if identity:
                assert namespace["name"] == identity["namespace"]
                assert namespace["serviceAccounts"] == [identity["service_account"]]
                assert found["serviceAccount"]["name"] == identity["service_account"]
            assert (reader is not None) == ("secrets" in found) == ("secretStore" in namespace)
            if reader:
                assert sorted(set(found["secrets"]["keys"].values())) == reader["secrets"]
                assert set(reader["secrets"]) <= all_made[names.SECRET]
                assert found["secrets"]["store"] == namespace["secretStore"]["name"]
                role = f"arn:aws:iam::{environment.account}:role/{reader['role_name']}"
                assert namespace["secretStore"]["role"] == role
            hosts = {rule["host"] for rule in found.get("ingress", {}).get("rules", [])}
            assert hosts <= all_made[names.HOST]


@pytest.mark.parametrize(
    ("region", "partition"), [("sa-east-1", "aws"), ("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov")]
)
def test_a_role_lies_in_the_partition_of_its_region(shipped: Spec, region: str, partition: str) -> None:
    environment = shipped.environments[0]._replace(region=region, account="123456789012")
    assert environment.role_arn("shop") == f"arn:{partition}:iam::123456789012:role/shop"


@pytest.mark.parametrize(
    ("named", "subject"), [("", "shop/infra"), ("shop@1234/infra@5678", "shop@1234/infra@5678")]
)
def test_the_uploader_trusts_the_repository_as_github_calls_it(
    shipped: Spec, named: str, subject: str
) -> None:
    environment = shipped.environments[0]
    repository = Repository("https://github.com/shop/infra.git", "main", named)
    platform = environment.platform._replace(repository=repository)
    _, packages, *_ = tfvars(environment._replace(platform=platform))
    assert packages["packages"]["repository"] == subject


def test_without_the_gateway_nothing_is_named_after_it(shipped: Spec) -> None:
    environment = shipped.environments[0]
    off = environment._replace(gateway=environment.gateway._replace(enabled=False))
    assert {name.value for name in aws_names(off)} < {name.value for name in aws_names(environment)}
    assert off.stacks == ("access", "platform", "database")
    files = dict(render.environment(off))
    assert f"{off.name}/terraform/packages.tfvars.json" not in files
    platform = json.loads(files[f"{off.name}/terraform/platform.tfvars.json"])
    assert platform["gateway"] is None
    assert platform["ingress"]["client_cidrs"] == ["0.0.0.0/0"]
    database = json.loads(files[f"{off.name}/terraform/database.tfvars.json"])
    assert database["customers_reader"] is None


def test_every_workspace_names_its_rendered_variables_and_what_triggers_it() -> None:
    file = ROOT / "rendered" / "shared" / "terraform" / "workspaces.tfvars.json"
    workspaces = json.loads(file.read_text(encoding="utf-8"))["workspaces"]
    assert len(workspaces) == 12
    for workspace in workspaces.values():
        var_file = (ROOT / workspace["working_directory"] / workspace["var_file"]).resolve()
        assert var_file.is_file()
        assert f"/{var_file.relative_to(ROOT)}" in workspace["trigger_patterns"]
        assert f"/{workspace['working_directory']}/*" in workspace["trigger_patterns"]
        assert json.loads(var_file.read_text(encoding="utf-8"))["environment"] == workspace["environment"]
