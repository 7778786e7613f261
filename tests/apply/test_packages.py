"""The stack `packages` on the emulator: made, filled as GitHub does it, protected, and gone again."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

import build
import upload
from tests.apply import inventory
from tests.terraform import runner
from tests.terraform.deployment import Deployment
from tests.terraform.emulator.process import running
from tests.terraform.runner import FailedError

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Iterator

    from tests.terraform.emulator.process import Emulator
    from tests.terraform.runner import Terraform

    Values = dict[str, Any]

pytestmark = pytest.mark.apply

ACCOUNT, REGION = "111111111111", "us-east-1"
BUCKET, ROLE = f"techchallenge-dev-packages-{ACCOUNT}", "techchallenge-dev-packages"
ISSUER = "token.actions.githubusercontent.com"
VALUES: Values = {
    "platform": "techchallenge",
    "environment": "dev",
    "account_id": ACCOUNT,
    "region": REGION,
    "tags": {"Platform": "techchallenge", "Environment": "dev"},
    "deletion_protection": False,
    "permissions_boundary_name": "techchallenge-dev-boundary",
    "packages": {
        "bucket": BUCKET,
        "uploader_role_name": ROLE,
        "repository": "techchallenge/techchallenge-infra",
        "branch": "main",
    },
}


@dataclass(kw_only=True)
class Stack:
    """The stack on the emulator; tests leave it without a pending change."""

    deployment: Deployment
    before: Values

    def client(self, service: str) -> Any:
        return self.deployment.emulator.client(service, REGION)

    def inventory(self) -> Values:
        return taken(self.deployment.emulator)


def taken(emulator: Emulator) -> Values:
    buckets = emulator.client("s3", REGION).list_buckets()["Buckets"]
    return inventory.take(emulator, REGION) | {"bucket": [bucket["Name"] for bucket in buckets]}


@pytest.fixture(scope="module")
def stack(terraform: Terraform, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The stack, applied once in an account that knows GitHub, as docs/packages.md asks for."""
    root = runner.copy(tmp_path_factory.mktemp("packages")) / "stacks" / "packages"
    terraform.init(root)
    with running(ACCOUNT) as emulator:
        deployment = Deployment(terraform=terraform, emulator=emulator, root=root)
        with pytest.raises(FailedError, match=f"OIDC Provider by url .*{ISSUER}"):
            deployment.plan(VALUES)
        emulator.client("iam", REGION).create_open_id_connect_provider(
            Url=f"https://{ISSUER}", ClientIDList=["sts.amazonaws.com"]
        )
        before = taken(emulator)
        deployment.plan(VALUES)
        deployment.apply()
        yield Stack(deployment=deployment, before=before)


def test_a_second_plan_is_empty(stack: Stack) -> None:
    assert stack.deployment.plan(VALUES) == []


def test_the_names_are_those_of_the_spec(stack: Stack) -> None:
    more = {kind: set(names) - set(stack.before[kind]) for kind, names in stack.inventory().items()}
    assert set().union(*more.values()) == {BUCKET, ROLE}


def test_the_bucket_is_closed_and_keeps_versions(stack: Stack) -> None:
    s3 = stack.client("s3")
    assert s3.get_bucket_versioning(Bucket=BUCKET)["Status"] == "Enabled"
    block = s3.get_public_access_block(Bucket=BUCKET)["PublicAccessBlockConfiguration"]
    assert len(block) == 4
    assert all(block.values())
    (rule,) = s3.get_bucket_ownership_controls(Bucket=BUCKET)["OwnershipControls"]["Rules"]
    assert rule == {"ObjectOwnership": "BucketOwnerEnforced"}
    policy = json.loads(s3.get_bucket_policy(Bucket=BUCKET)["Policy"])
    assert {(s["Sid"], s["Effect"], s["Principal"]) for s in policy["Statement"]} == {
        ("OnlyEncryptedConnections", "Deny", "*"),
        ("OnlyNewObjects", "Deny", "*"),
    }
    tags = {tag["Key"]: tag["Value"] for tag in s3.get_bucket_tagging(Bucket=BUCKET)["TagSet"]}
    assert tags == {**VALUES["tags"], "Name": BUCKET}


def test_the_role_is_for_the_repository_and_for_packages(stack: Stack) -> None:
    iam = stack.client("iam")
    role = iam.get_role(RoleName=ROLE)["Role"]
    boundary = f"arn:aws:iam::{ACCOUNT}:policy/{VALUES['permissions_boundary_name']}"
    assert role["PermissionsBoundary"]["PermissionsBoundaryArn"] == boundary
    (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/{ISSUER}"}
    assert trust["Condition"]["StringEquals"][f"{ISSUER}:sub"] == [
        "repo:techchallenge/techchallenge-infra:pull_request",
        "repo:techchallenge/techchallenge-infra:ref:refs/heads/main",
    ]
    assert iam.list_attached_role_policies(RoleName=ROLE)["AttachedPolicies"] == []
    (name,) = iam.list_role_policies(RoleName=ROLE)["PolicyNames"]
    (allowed,) = iam.get_role_policy(RoleName=ROLE, PolicyName=name)["PolicyDocument"]["Statement"]
    assert allowed["Resource"] == [f"arn:aws:s3:::{BUCKET}/{name}/*.zip" for name in sorted(build.FUNCTIONS)]


def test_protection_comes_before_everything(stack: Stack) -> None:
    protected = VALUES | {"deletion_protection": True}
    stack.deployment.plan(protected)
    stack.deployment.apply()
    there = stack.inventory()
    with pytest.raises(FailedError, match="environment dev is protected"):
        stack.deployment.destroy()
    assert stack.inventory() == there
    assert stack.client("s3").get_bucket_policy(Bucket=BUCKET)
    elsewhere = protected["packages"] | {"bucket": "somewhere-else"}
    stack.deployment.plan(protected | {"packages": elsewhere})
    with pytest.raises(FailedError, match="environment dev is protected"):
        stack.deployment.apply()
    assert BUCKET in stack.inventory()["bucket"]


@pytest.fixture
def filled(stack: Stack, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> Stack:
    """The bucket with a package of each function, uploaded as GitHub does it, and the stack unprotected."""
    rendered = tmp_path / "rendered" / "dev" / "terraform" / "packages.tfvars.json"
    rendered.parent.mkdir(parents=True)
    rendered.write_text(json.dumps(VALUES), encoding="utf-8")
    for function in build.FUNCTIONS:
        (tmp_path / f"{function}.zip").write_bytes(function.encode())
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
    for name, value in stack.deployment.emulator.variables().items():
        monkeypatch.setenv(name, value)
    stack.deployment.plan(VALUES)
    stack.deployment.apply()
    # The emulator looks at no condition of a bucket's policy: for it, this one denies everything.
    stack.client("s3").delete_bucket_policy(Bucket=BUCKET)
    assert upload.main(["--environment", "dev", "--packages", str(tmp_path)], tmp_path) == 0
    return stack


# Last, for Terraform takes a while to make a bucket, most of it asking whether S3 still says the same.
def test_the_bucket_goes_when_nothing_is_in_it(filled: Stack) -> None:
    s3 = filled.client("s3")
    versions = s3.list_object_versions(Bucket=BUCKET)["Versions"]
    assert len(versions) == len(build.FUNCTIONS)
    with pytest.raises(FailedError, match="BucketNotEmpty"):
        filled.deployment.destroy()
    assert s3.list_object_versions(Bucket=BUCKET)["Versions"] == versions
    for version in versions:
        s3.delete_object(Bucket=BUCKET, Key=version["Key"], VersionId=version["VersionId"])
    filled.deployment.destroy()
    assert filled.inventory() == filled.before
