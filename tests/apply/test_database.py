"""The stack `database` on the emulator and a stand-in of Atlas: made, changed, kept from mistakes, gone."""

from __future__ import annotations

import copy
import json
import pathlib
import re
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from tests.terraform import runner
from tests.terraform.deployment import Change, Deployment
from tests.terraform.emulator.process import Emulator, running
from tests.terraform.runner import FailedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.terraform.runner import Terraform

    Values = dict[str, Any]

pytestmark = pytest.mark.apply

RENDERED = pathlib.Path(__file__).parents[2] / "rendered" / "dev" / "terraform" / "database.tfvars.json"
PROJECT, CLUSTER, USER = (f"mongodbatlas_{kind}" for kind in ("project", "advanced_cluster", "database_user"))
SCHEDULE = "mongodbatlas_cloud_backup_schedule"
LINK, TIER = "mongodbatlas_privatelink_endpoint_service", "mongodbatlas_effective_tier"
CLUSTER_ADDRESS = f"module.database.{CLUSTER}.this"


@dataclass(frozen=True, kw_only=True)
class Account(Emulator):
    """An AWS account, and what is in Atlas beside it."""

    world: pathlib.Path

    def variables(self) -> dict[str, str]:
        return {**super().variables(), "STUB_WORLD": str(self.world)}


@dataclass(kw_only=True)
class Stack:
    """The stack as last applied, from variables that tests edit; they leave it without a pending change."""

    deployment: Deployment
    account: Account
    values: Values
    before: Values
    clients: Values = field(default_factory=dict)

    def edited(self, change: Callable[[Values], None]) -> Values:
        values = copy.deepcopy(self.values)
        change(values)
        return values

    def plan(self, change: Callable[[Values], None], *options: str) -> list[Change]:
        return self.deployment.plan(self.edited(change), *options)

    def apply(self, change: Callable[[Values], None]) -> list[Change]:
        changes = self.plan(change)
        self.deployment.apply()
        change(self.values)
        return changes

    def refused(self, change: Callable[[Values], None], *messages: str) -> None:
        """Show that a plan says all of these: terraform looks on after the first."""
        with pytest.raises(FailedError) as failed:
            self.plan(change)
        for message in messages:
            assert re.search(message, str(failed.value))

    def client(self, service: str) -> Any:
        if service not in self.clients:
            self.clients[service] = self.account.client(service, self.values["region"])
        return self.clients[service]

    def atlas(self, kind: str) -> list[Values]:
        found: Values = json.loads(self.account.world.read_text(encoding="utf-8"))
        return list(found.get(kind, {}).values())

    def secret(self, name: str) -> str:
        return str(self.client("secretsmanager").get_secret_value(SecretId=name)["SecretString"])

    def inventory(self) -> Values:
        """What of AWS the stack has to do with."""
        ec2, iam, kms = (self.client(service) for service in ("ec2", "iam", "kms"))
        secrets = self.client("secretsmanager").list_secrets(MaxResults=100)["SecretList"]
        endpoints = ec2.describe_vpc_endpoints()["VpcEndpoints"]
        return {
            "secret": sorted(secret["Name"] for secret in secrets),
            "endpoint": [e["ServiceName"] for e in endpoints if e["State"] != "deleted"],
            "security group": [g["GroupName"] for g in ec2.describe_security_groups()["SecurityGroups"]],
            "role": [role["RoleName"] for role in iam.list_roles()["Roles"]],
            "alias": [alias["AliasName"] for alias in kms.list_aliases()["Aliases"]],
        }

    def scaled(self, tier: str) -> None:
        """Let Atlas run another tier than it was told."""
        world = json.loads(self.account.world.read_text(encoding="utf-8"))
        for effective in world[TIER].values():
            effective["tier"] = tier
        self.account.world.write_text(json.dumps(world), encoding="utf-8")


def network(account: Emulator, values: Values) -> None:
    """What of the stack `platform` is looked for."""
    ec2 = account.client("ec2", values["region"])
    told = {"Name": values["network"]["vpc_name"], **values["tags"]}
    tags = [{"Key": key, "Value": value} for key, value in told.items()]
    vpc = ec2.create_vpc(CidrBlock="10.10.0.0/16", TagSpecifications=[{"ResourceType": "vpc", "Tags": tags}])[
        "Vpc"
    ]["VpcId"]
    for cidr, zone in zip(values["network"]["subnet_cidrs"], "abc", strict=False):
        ec2.create_subnet(VpcId=vpc, CidrBlock=cidr, AvailabilityZone=f"{values['region']}{zone}")
    kms = account.client("kms", values["region"])
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    kms.create_alias(AliasName=values["secrets_key_alias"], TargetKeyId=key)


def hmac_secret(account: Emulator, values: Values) -> None:
    """The secret as the gateway brings it: without a value, and with names beside it that start likewise."""
    secrets = account.client("secretsmanager", values["region"])
    for name in (values["hmac_secret_name"], f"{values['hmac_secret_name']}-of-another"):
        secrets.create_secret(Name=name)


@pytest.fixture(scope="module")
def stack(terraform: Terraform, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The stack of dev, applied once; on the way, what a plan says before its account is ready."""
    folder = tmp_path_factory.mktemp("database")
    root = runner.copy(folder) / "stacks" / "database"
    terraform.init(root)
    values = json.loads(RENDERED.read_text(encoding="utf-8"))
    with running(values["account_id"]) as emulator:
        account = Account(
            endpoint=emulator.endpoint, account_id=emulator.account_id, world=folder / "atlas.json"
        )
        deployment = Deployment(terraform=terraform, emulator=account, root=root)
        with pytest.raises(FailedError) as failed:
            deployment.plan(values)
        assert "There are 0 VPCs techchallenge-dev" in str(failed.value)
        assert "Apply the stack `platform` first" in str(failed.value)
        network(account, values)
        name = values["atlas"]["credentials_secret_name"]
        with pytest.raises(FailedError, match=f"There is no secret {name} in 111111111111, us-east-1"):
            deployment.plan(values)
        secrets = account.client("secretsmanager", values["region"])
        secrets.create_secret(Name=name, SecretString="{}")
        with pytest.raises(FailedError, match='does not have an attribute named "client_id"'):
            deployment.plan(values)
        known = {"client_id": "mdb_sa_id_1", "client_secret": "mdb_sa_sk_hidden"}
        secrets.put_secret_value(SecretId=name, SecretString=json.dumps(known))
        with pytest.raises(FailedError, match=f"There is no secret {values['hmac_secret_name']} to write"):
            deployment.plan(values)
        hmac_secret(account, values)
        stack = Stack(deployment=deployment, account=account, values=values, before={})
        stack.before = stack.inventory()
        deployment.plan(values)
        deployment.apply()
        yield stack


def same(values: Values) -> None:
    """No edit."""


def test_a_second_plan_is_empty(stack: Stack) -> None:
    assert stack.plan(same) == []


def test_no_secret_is_in_the_plan_or_the_state(stack: Stack) -> None:
    """Neither the credentials of Atlas nor the key of the HMACs, which AWS makes up."""
    key = stack.secret(stack.values["hmac_secret_name"])
    assert len(key) == 64
    assert key.isalnum()
    root = stack.deployment.root
    with zipfile.ZipFile(root / "given.tfplan") as plan:
        written = [plan.read(name) for name in plan.namelist()]
    written.append((root / "terraform.tfstate").read_bytes())
    assert len(written) > 1
    assert [part for part in written if b"mdb_sa" in part or key.encode() in part] == []
    assert any(b"techchallenge-dev" in part for part in written)


def test_a_gateway_that_goes_and_comes_again_has_another_key(stack: Stack) -> None:
    """The other stack's secret goes with the gateway, and its name comes back with another ARN."""
    name = stack.values["hmac_secret_name"]
    first = stack.secret(name)

    def off(values: Values) -> None:
        values["hmac_secret_name"] = None

    def on(values: Values) -> None:
        values["hmac_secret_name"] = name

    assert {change.action for change in stack.apply(off)} == {"delete"}
    assert stack.secret(name) == first  # it is not for this stack to take it from the function
    secrets = stack.client("secretsmanager")
    secrets.delete_secret(SecretId=name, ForceDeleteWithoutRecovery=True)
    secrets.create_secret(Name=name)
    stack.apply(on)
    second = stack.secret(name)
    assert (len(second), second == first) == (64, False)
    # Both in one: the stacks are applied one after the other, or this one was not applied in between.
    secrets.delete_secret(SecretId=name, ForceDeleteWithoutRecovery=True)
    secrets.create_secret(Name=name)
    stack.apply(same)
    assert stack.secret(name) != second
    assert stack.plan(same) == []


def test_the_cluster_is_as_the_spec_says(stack: Stack) -> None:
    (project,), (cluster,) = stack.atlas(PROJECT), stack.atlas(CLUSTER)
    assert (project["name"], project["org_id"]) == (
        stack.values["project_name"],
        stack.values["atlas"]["organization_id"],
    )
    (spec,) = cluster["replication_specs"]
    (region,) = spec["region_configs"]
    assert (region["provider_name"], region["region_name"]) == ("AWS", "US_EAST_1")
    assert (region["electable_specs"]["instance_size"], region["electable_specs"]["node_count"]) == ("M10", 3)
    assert region["auto_scaling"]["disk_gb_enabled"] is True
    assert cluster["backup_enabled"] is True
    (schedule,) = stack.atlas(SCHEDULE)
    assert [item["retention_value"] for item in schedule["policy_item_daily"]] == [7]


def test_each_client_has_its_string_under_its_name(stack: Stack) -> None:
    clients = {**stack.values["databases"], "gateway": stack.values["customers_reader"]}
    made = set(stack.inventory()["secret"]) - set(stack.before["secret"])
    assert made == {client["secret_name"] for client in clients.values()}
    (endpoint,) = stack.atlas(LINK)
    assert endpoint["endpoint_service_id"].startswith("vpce-")
    for name, client in clients.items():
        string = stack.secret(client["secret_name"])
        address, _, options = string.partition("?")
        assert address.startswith("mongodb+srv://techchallenge-dev-pl-")
        assert address.endswith(f".mongodb.net/{client['database']}")
        assert "authSource=%24external&authMechanism=MONGODB-AWS" in options
        assert options.endswith(f"&appName={name}")


def test_users_are_roles_and_have_no_more_than_their_own(stack: Stack) -> None:
    arn = f"arn:aws:iam::{stack.values['account_id']}:role/"
    expected = {
        arn + client["role_name"]: ("readWrite", client["database"], None)
        for client in stack.values["databases"].values()
    }
    reader = stack.values["customers_reader"]
    expected[arn + reader["role_name"]] = ("read", reader["database"], reader["collection"])
    found = {}
    for user in stack.atlas(USER):
        (role,), (scope,) = user["roles"], user["scopes"]
        found[user["username"]] = (role["role_name"], role["database_name"], role["collection_name"] or None)
        assert (user["aws_iam_type"], user["auth_database_name"]) == ("ROLE", "$external")
        assert user["password"] is None
        assert scope == {"type": "CLUSTER", "name": stack.values["cluster"]["name"]}
    assert found == expected


def test_only_the_clients_networks_reach_the_endpoint(stack: Stack) -> None:
    assert stack.atlas("mongodbatlas_project_ip_access_list") == []
    ec2 = stack.client("ec2")
    (endpoint,) = ec2.describe_vpc_endpoints()["VpcEndpoints"]
    assert len(endpoint["SubnetIds"]) == len(stack.values["network"]["subnet_cidrs"])
    (group,) = ec2.describe_security_groups(GroupIds=[g["GroupId"] for g in endpoint["Groups"]])[
        "SecurityGroups"
    ]
    rules = ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [group["GroupId"]]}])[
        "SecurityGroupRules"
    ]
    assert {r["CidrIpv4"] for r in rules if not r["IsEgress"]} == set(stack.values["network"]["client_cidrs"])
    assert {(r["FromPort"], r["ToPort"], r["IpProtocol"]) for r in rules if not r["IsEgress"]} == {
        (1024, 65535, "tcp")
    }
    assert [rule for rule in rules if rule["IsEgress"]] == []


# --- Changes ---


def both(*changes: Callable[[Values], None]) -> Callable[[Values], None]:
    def change(values: Values) -> None:
        for each in changes:
            each(values)

    return change


def cluster(**change: Any) -> Callable[[Values], None]:
    return lambda values: values["cluster"].update(change)


def scaling(least: str, most: str) -> Callable[[Values], None]:
    return cluster(autoscaling={"min_tier": least, "max_tier": most})


def rename(values: Values) -> None:
    values["databases"]["orders"]["database"] = "shop"


def remove(values: Values) -> None:
    del values["databases"]["orders"]


def retire(values: Values) -> None:
    values["retired_databases"].append("orders")


def hand_over(values: Values) -> None:
    values["databases"]["shop"] = values["databases"].pop("orders") | {"role_name": "techchallenge-dev-shop"}


def running_tier(stack: Stack) -> str:
    (effective,) = stack.atlas(TIER)
    return str(effective["tier"])


def test_a_tier_goes_up_alone_and_down_on_purpose(stack: Stack) -> None:
    assert stack.apply(cluster(tier="M30")) == [Change("update", CLUSTER_ADDRESS)]
    assert running_tier(stack) == "M30"
    stack.refused(
        both(cluster(tier="M10", shrink_from="M20", version="7.0"), rename),
        "runs as M30, and M10 is smaller.*`shrinkFrom: M30`",
        "runs MongoDB 8.0, and Atlas does not go back to 7.0",
        "No workload would use orders any more.*`retired`",
    )
    stack.apply(cluster(tier="M10", shrink_from="M30"))
    assert running_tier(stack) == "M10"


def test_what_atlas_scaled_is_no_change_and_stays(stack: Stack) -> None:
    stack.apply(both(cluster(shrink_from=None), scaling("M10", "M40")))
    stack.scaled("M40")
    assert stack.plan(same) == []
    stack.refused(
        both(cluster(tier="M20"), scaling("M10", "M30")),
        "Atlas chooses the tier and ignores `tier: M20`",
        "does not contain that: Atlas refuses the range",
    )
    stack.apply(cluster(autoscaling=None, shrink_from="M40"))
    assert running_tier(stack) == "M10"


def test_no_database_is_left_alone_unless_it_is_retired(stack: Stack) -> None:
    # Another workload with the same database leaves nothing behind.
    assert Change("create", f'module.database.{USER}.workload["shop"]') in stack.plan(hand_over)
    deleted = Change("delete", f'module.database.{USER}.workload["orders"]')
    assert deleted in stack.plan(both(remove, retire))
    stack.apply(both(rename, retire))
    assert "mongodb.net/shop?" in stack.secret(stack.values["databases"]["orders"]["secret_name"])


# --- What would throw something away ---


def protect(values: Values) -> None:
    values["deletion_protection"] = True


def unprotect(values: Values) -> None:
    values["deletion_protection"] = False


def backup(**change: Any) -> Callable[[Values], None]:
    return lambda values: values["cluster"]["backup"].update(change)


def test_it_cannot_become_another(stack: Stack) -> None:
    def other(values: Values) -> None:
        values["project_name"] = values["cluster"]["name"] = "other"
        values["atlas"]["organization_id"] = "a" * 24

    stack.refused(
        other,
        "The Atlas project cannot be renamed from techchallenge-dev to other",
        "The cluster cannot be renamed from techchallenge-dev to other",
        "The Atlas organization cannot be changed",
    )


def test_under_protection_nothing_is_thrown_away(stack: Stack) -> None:
    stack.apply(both(protect, backup(point_in_time=True)))
    (made,) = stack.atlas(CLUSTER)
    assert made["termination_protection_enabled"] is True
    stack.refused(
        backup(retention_days=3, point_in_time=False),
        "kept for 7 days.*deletionProtection: false",
        "Without database.backup.pointInTime.*protected",
    )
    assert stack.plan(backup(retention_days=14)) == [
        Change("update", "module.database.mongodbatlas_cloud_backup_schedule.this")
    ]
    there = (stack.inventory(), stack.atlas(USER), stack.atlas(CLUSTER))
    with pytest.raises(FailedError, match="Nothing of that was deleted"):
        stack.deployment.destroy()
    assert (stack.inventory(), stack.atlas(USER), stack.atlas(CLUSTER)) == there
    stack.apply(both(unprotect, backup(retention_days=3, point_in_time=False)))


def with_key(values: Values) -> None:
    name = values["project_name"]
    values["customer_key"] = {"alias": f"alias/{name}-database", "role_name": f"{name}-atlas"}
    values["auditing"] = True


def test_with_a_key_of_ours(stack: Stack) -> None:
    stack.apply(with_key)
    (made,) = stack.atlas(CLUSTER)
    assert made["encryption_at_rest_provider"] == "AWS"
    iam = stack.client("iam")
    role = iam.get_role(RoleName="techchallenge-dev-atlas")["Role"]
    boundary = role["PermissionsBoundary"]["PermissionsBoundaryArn"]
    assert boundary == f"arn:aws:iam::111111111111:policy/{stack.values['permissions_boundary_name']}"
    (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
    (setup,) = stack.atlas("mongodbatlas_cloud_provider_access_setup")
    (config,) = setup["aws_config"]
    external_id = {"sts:ExternalId": config["atlas_assumed_role_external_id"]}
    assert trust["Condition"] == {"StringEquals": external_id}


def test_what_was_made_by_hand_is_let_alone(stack: Stack) -> None:
    before = stack.account.world.read_text(encoding="utf-8")
    world = json.loads(before)
    user = copy.deepcopy(next(iter(world[USER].values())))
    user |= {"username": "arn:aws:iam::111111111111:role/by-hand", "labels": []}
    user["roles"][0]["database_name"] = "elsewhere"
    world[USER]["by-hand"] = user
    # Another endpoint, from another VPC, has a connection string of its own.
    endpoint = next(iter(world[LINK].values())) | {"endpoint_service_id": "vpce-by-hand"}
    world[LINK] = {"by-hand": endpoint, **world[LINK]}
    stack.account.world.write_text(json.dumps(world), encoding="utf-8")
    assert stack.plan(same) == []
    stack.account.world.write_text(before, encoding="utf-8")


def test_copies_of_snapshots_in_another_region_stay(stack: Stack) -> None:
    """A person has them made, in Atlas; a change of the schedule does not end it."""
    world = json.loads(stack.account.world.read_text(encoding="utf-8"))
    (schedule,) = world[SCHEDULE].values()
    assert schedule["copy_settings"] == []
    copies = {"cloud_provider": "AWS", "region_name": "US_WEST_2", "frequencies": ["DAILY", "HOURLY"]}
    unsaid = {"replication_spec_id": None, "zone_id": "zone", "should_copy_oplogs": False}
    schedule["copy_settings"] = [copies | unsaid]
    stack.account.world.write_text(json.dumps(world), encoding="utf-8")
    assert stack.plan(same) == []
    stack.apply(backup(retention_days=4))
    (after,) = stack.atlas(SCHEDULE)
    assert [item["retention_value"] for item in after["policy_item_daily"]] == [4]
    assert [kept["region_name"] for kept in after["copy_settings"]] == ["US_WEST_2"]


# Last.
def test_it_goes_when_nothing_protects_it(stack: Stack) -> None:
    stack.plan(same)
    stack.deployment.destroy()
    kinds = (PROJECT, CLUSTER, USER, LINK)
    assert {kind: stack.atlas(kind) for kind in kinds} == {kind: [] for kind in kinds}
    assert stack.inventory() == stack.before
