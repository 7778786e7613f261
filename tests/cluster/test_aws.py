"""What AWS is asked before a bootstrap, over real HTTP, and what its refusals mean for people."""

from __future__ import annotations

import socket
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import botocore.stub
import pytest

from generator import load, source
from generator.cluster import aws_identity, aws_resources, aws_session
from generator.cluster.aws_session import Aws
from generator.cluster.aws_trouble import AwsTrouble, Denied, NoAnswer
from tests.cluster.applied import Applied
from tests.terraform.emulator import process

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.model import Environment

pytestmark = pytest.mark.offline  # moto takes long to start
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def environment() -> Environment:
    spec = load.load(source.load(ROOT), date(2026, 11, 24)).spec
    assert spec
    return next(e for e in spec.environments if e.name == "dev")


@pytest.fixture(scope="module")
def applied(environment: Environment) -> Iterator[Applied]:
    with process.running(environment.account) as emulator:
        found = Applied(emulator, environment)
        found.everything()
        yield found


@pytest.fixture
def aws(applied: Applied, environment: Environment, monkeypatch: pytest.MonkeyPatch) -> Aws:
    for name, value in applied.emulator.variables().items():
        monkeypatch.setenv(name, value)
    return Aws(environment.region)


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nobody's machine: no credentials in variables, files or metadata."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))


def test_who_asks(aws: Aws, environment: Environment) -> None:
    assert aws_identity.caller(aws).account == environment.account


def test_the_cluster(aws: Aws, environment: Environment) -> None:
    found = aws_identity.cluster(aws, environment.cluster_name)
    assert found
    assert (found.status, found.version) == ("ACTIVE", environment.cluster.kubernetes_version)
    assert found.authority.startswith(b"-----BEGIN CERTIFICATE-----")
    assert aws_identity.cluster(aws, "other") is None


def test_everything_that_terraform_made_is_found(
    aws: Aws, environment: Environment, applied: Applied
) -> None:
    assert aws_resources.has_target_group(aws, environment.target_group_name)
    assert not aws_resources.has_target_group(aws, "other")
    expected = {(namespace, account) for namespace, account, _ in applied.identities()}
    assert aws_resources.pod_identities(aws, environment.cluster_name) == expected
    assert aws_resources.pod_identities(aws, "other") == set()
    assert applied.roles() <= aws_resources.roles(aws)
    assert aws_resources.log_groups(aws, "/techchallenge/dev/") == {
        "/techchallenge/dev/logs",
        "/techchallenge/dev/metrics",
    }
    assert environment.alert_topic_name in aws_resources.topics(aws)


def test_secrets_with_and_without_a_value(aws: Aws, environment: Environment, applied: Applied) -> None:
    applied.client("secretsmanager").create_secret(Name=environment.secret_name("test/empty"))
    applied.client("secretsmanager").create_secret(Name="other/techchallenge/dev/x", SecretString="x")
    found = aws_resources.secrets(aws, environment.secret_name(""))
    assert found.pop(environment.secret_name("test/empty")) is False
    assert set(found.values()) == {True}
    assert len(found) == 7
    assert aws_resources.secret_value(aws, environment.secret_name("test/empty")) is None
    assert aws_resources.secret_value(aws, environment.secret_name("none")) is None
    assert aws_resources.secret_value(aws, environment.secret_name("payments/provider-api-key")) == "s3cret"


def test_the_public_zone_of_the_very_domain(aws: Aws, environment: Environment, applied: Applied) -> None:
    found = aws_resources.zone(aws, environment.domain)
    assert found
    assert len(found.servers) == 4
    assert aws_resources.zone(aws, f"a.{environment.domain}") is None
    private = applied.client("ec2").describe_vpcs()["Vpcs"][0]["VpcId"]
    applied.client("route53").create_hosted_zone(
        Name="private.example",
        CallerReference="p",
        VPC={"VPCRegion": environment.region, "VPCId": private},
        HostedZoneConfig={"PrivateZone": True},
    )
    assert aws_resources.zone(aws, "private.example") is None


@pytest.mark.usefixtures("alone")
def test_no_credentials() -> None:
    with pytest.raises(NoAnswer, match=r"^There are no AWS credentials$") as caught:
        aws_identity.caller(Aws("us-east-1"))
    assert "aws sso login" in caught.value.fix


@pytest.mark.usefixtures("alone")
def test_no_such_profile(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    with pytest.raises(NoAnswer, match=r"The config profile \(nobody\) could not be found") as caught:
        aws_identity.caller(Aws("us-east-1"))
    assert "AWS_PROFILE" in caught.value.fix


@pytest.mark.usefixtures("alone")
def test_a_login_that_has_expired(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "config").write_text(
        "[profile dev]\nsso_start_url = https://sso.example\nsso_region = us-east-1\n"
        "sso_account_id = 111111111111\nsso_role_name = x\n"
    )
    monkeypatch.setenv("AWS_PROFILE", "dev")
    monkeypatch.setenv("HOME", str(tmp_path))
    with pytest.raises(NoAnswer, match=r"^The AWS login has expired, or there was none$"):
        aws_identity.caller(Aws("us-east-1"))


def test_nobody_answers(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{closed.getsockname()[1]}")
        monkeypatch.setattr(aws_session, "ATTEMPTS", 1)
        with pytest.raises(NoAnswer, match=r"^AWS does not answer: Could not connect") as caught:
            aws_identity.caller(aws)
    assert "network, VPN" in caught.value.fix


@pytest.mark.parametrize(
    ("code", "said", "kind", "message"),
    [
        ("ExpiredToken", "x", NoAnswer, "The AWS credentials have expired"),
        ("ExpiredTokenException", "x", NoAnswer, "The AWS credentials have expired"),
        ("InvalidClientTokenId", "bad", NoAnswer, "AWS does not take these credentials: bad"),
        (
            "AccessDenied",
            "User: alice is not authorized",
            Denied,
            "These AWS credentials may not look for the hosted zone of x.example",
        ),
        (
            "ThrottlingException",
            "slow",
            AwsTrouble,
            "AWS has had too many requests of this account to look for the hosted zone of x.example",
        ),
        ("Odd", "odd", AwsTrouble, "AWS does not look for the hosted zone of x.example: odd (Odd)"),
    ],
)
def test_refusals(
    aws: Aws, monkeypatch: pytest.MonkeyPatch, code: str, said: str, kind: type[AwsTrouble], message: str
) -> None:
    monkeypatch.setattr(aws_session, "ATTEMPTS", 1)
    client = aws._client("route53")
    with botocore.stub.Stubber(client) as stub:
        stub.add_client_error("list_hosted_zones_by_name", code, said)
        with pytest.raises(kind) as caught:
            aws_resources.zone(aws, "x.example")
    assert (type(caught.value), caught.value.message) == (kind, message)
    assert caught.value.fix
