"""The emulator's SES: a domain has the names that prove it, and nothing is made twice or goes twice."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from tests.terraform.emulator.process import running

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.offline

ACCOUNT, REGION = "111111111111", "us-east-1"
DOMAIN = {"EmailIdentity": "dev.shop.example"}
EASY = {"NextSigningKeyLength": "RSA_2048_BIT"}


@pytest.fixture(scope="module")
def ses() -> Iterator[Any]:
    """SES, with one domain."""
    with running(ACCOUNT) as emulator:
        client = emulator.client("sesv2", REGION)
        client.create_email_identity(
            **DOMAIN, DkimSigningAttributes=EASY, Tags=[{"Key": "Made", "Value": "first"}]
        )
        yield client


def test_a_domain_is_signed_for_with_three_keys(ses: Any) -> None:
    found = ses.get_email_identity(**DOMAIN)
    assert (found["IdentityType"], found["DkimAttributes"]["NextSigningKeyLength"]) == (
        "DOMAIN",
        "RSA_2048_BIT",
    )
    assert len({*found["DkimAttributes"]["Tokens"]}) == 3
    assert isinstance(found["DkimAttributes"]["LastKeyGenerationTimestamp"], datetime)


def test_an_address_has_none(ses: Any) -> None:
    ses.create_email_identity(EmailIdentity="codes@dev.shop.example")
    found = ses.get_email_identity(EmailIdentity="codes@dev.shop.example")
    assert "Tokens" not in found["DkimAttributes"]


def test_it_is_tagged(ses: Any) -> None:
    arn = f"arn:aws:ses:{REGION}:{ACCOUNT}:identity/{DOMAIN['EmailIdentity']}"
    assert ses.list_tags_for_resource(ResourceArn=arn)["Tags"] == [{"Key": "Made", "Value": "first"}]
    ses.tag_resource(ResourceArn=arn, Tags=[{"Key": "Team", "Value": "kitchen"}])
    ses.untag_resource(ResourceArn=arn, TagKeys=["Made"])
    assert ses.list_tags_for_resource(ResourceArn=arn)["Tags"] == [{"Key": "Team", "Value": "kitchen"}]


@pytest.mark.parametrize(
    ("code", "call"),
    [
        ("AlreadyExistsException", lambda ses: ses.create_email_identity(**DOMAIN)),
        ("NotFoundException", lambda ses: ses.get_email_identity(EmailIdentity="shop.example")),
        # moto takes it for the domain's own, of which it is an address.
        (
            "NotFoundException",
            lambda ses: ses.delete_email_identity(EmailIdentity=f"x@{DOMAIN['EmailIdentity']}"),
        ),
    ],
)
def test_it_refuses(ses: Any, code: str, call: Callable[[Any], object]) -> None:
    with pytest.raises(ClientError) as refused:
        call(ses)
    assert refused.value.response["Error"]["Code"] == code


def test_what_went_can_come_back(ses: Any) -> None:
    other = {"EmailIdentity": "other.shop.example"}
    for _ in range(2):
        ses.create_email_identity(**other, DkimSigningAttributes=EASY)
        ses.delete_email_identity(**other)
    with pytest.raises(ClientError, match="NotFoundException"):
        ses.get_email_identity(**other)
