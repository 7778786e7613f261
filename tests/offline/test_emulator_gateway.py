"""The emulator's API Gateway: it refuses what AWS refuses, and says of domains and stages what AWS says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from tests.terraform.emulator.process import running

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Ids = dict[str, str]

pytestmark = pytest.mark.offline

REGION = "us-east-1"
KEY = "ANY /orders"
SETTINGS = {"ThrottlingRateLimit": 1.0, "ThrottlingBurstLimit": 2}
CERTIFICATE = {"CertificateArn": "arn:aws:acm:us-east-1:111111111111:certificate/c"}


@pytest.fixture(scope="module")
def gateway() -> Iterator[Any]:
    with running("111111111111") as emulator:
        yield emulator.client("apigatewayv2", REGION)


@pytest.fixture(scope="module")
def ids(gateway: Any) -> Ids:
    """An API with one route, behind an authorizer and a VPC link, and its stage."""
    api = {"ApiId": gateway.create_api(Name="api", ProtocolType="HTTP")["ApiId"]}
    link = gateway.create_vpc_link(Name="link", SubnetIds=["subnet-a"], SecurityGroupIds=["sg-a"])
    integration = gateway.create_integration(
        **api, IntegrationType="HTTP_PROXY", ConnectionType="VPC_LINK", ConnectionId=link["VpcLinkId"]
    )
    authorizer = gateway.create_authorizer(
        **api,
        Name="authorizer",
        AuthorizerType="REQUEST",
        AuthorizerPayloadFormatVersion="2.0",
        IdentitySource=["$request.header.Authorization"],
    )
    found = {
        "AuthorizerId": authorizer["AuthorizerId"],
        "IntegrationId": integration["IntegrationId"],
        "VpcLinkId": link["VpcLinkId"],
    }
    gateway.create_route(
        **api,
        RouteKey=KEY,
        Target=f"integrations/{found['IntegrationId']}",
        AuthorizationType="CUSTOM",
        AuthorizerId=found["AuthorizerId"],
    )
    gateway.create_stage(**api, StageName="$default", RouteSettings={KEY: SETTINGS}, Tags={"Made": "first"})
    return api | found


def only(ids: Ids, *names: str) -> Ids:
    return {name: ids[name] for name in names}


REFUSALS: list[tuple[str, str, Callable[[Any, Ids], object]]] = [
    (
        "a second route of one key",
        "ConflictException",
        lambda gateway, ids: gateway.create_route(**only(ids, "ApiId"), RouteKey=KEY),
    ),
    (
        "to delete an integration that a route leads to",
        "ConflictException",
        lambda gateway, ids: gateway.delete_integration(**only(ids, "ApiId", "IntegrationId")),
    ),
    (
        "to delete an authorizer that a route asks",
        "ConflictException",
        lambda gateway, ids: gateway.delete_authorizer(**only(ids, "ApiId", "AuthorizerId")),
    ),
    (
        "to delete a link that an integration uses",
        "ConflictException",
        lambda gateway, ids: gateway.delete_vpc_link(**only(ids, "VpcLinkId")),
    ),
    (
        "settings of a route that is not there",
        "NotFoundException",
        lambda gateway, ids: gateway.update_stage(
            **only(ids, "ApiId"), StageName="$default", RouteSettings={"ANY /menu": SETTINGS}
        ),
    ),
    (
        "a stage with such settings",
        "NotFoundException",
        lambda gateway, ids: gateway.create_stage(
            **only(ids, "ApiId"), StageName="next", RouteSettings={"ANY /menu": SETTINGS}
        ),
    ),
    (
        "to forget such settings",
        "NotFoundException",
        lambda gateway, ids: gateway.delete_route_settings(
            **only(ids, "ApiId"), StageName="$default", RouteKey="ANY /menu"
        ),
    ),
]


@pytest.mark.parametrize(
    ("code", "call"), [pytest.param(code, call, id=what) for what, code, call in REFUSALS]
)
def test_it_refuses(gateway: Any, ids: Ids, code: str, call: Callable[[Any, Ids], object]) -> None:
    with pytest.raises(ClientError) as refused:
        call(gateway, ids)
    assert refused.value.response["Error"]["Code"] == code


def test_a_stage_changes(gateway: Any, ids: Ids) -> None:
    stage = only(ids, "ApiId") | {"StageName": "$default"}
    other = {"ThrottlingRateLimit": 3.0}
    gateway.update_stage(**stage, DefaultRouteSettings=other)
    found = gateway.get_stage(**stage)
    assert (found["DefaultRouteSettings"], found["RouteSettings"]) == (other, {KEY: SETTINGS})
    gateway.delete_route_settings(**stage, RouteKey=KEY)
    assert gateway.get_stage(**stage)["RouteSettings"] == {}


def test_stages_and_domains_are_tagged(gateway: Any, ids: Ids) -> None:
    stage = only(ids, "ApiId") | {"StageName": "$default"}
    gateway.create_domain_name(
        DomainName="a.example", DomainNameConfigurations=[CERTIFICATE], Tags={"Made": "first"}
    )
    tagged = {
        f"apis/{ids['ApiId']}/stages/$default": lambda: gateway.get_stage(**stage),
        "domainnames/a.example": lambda: gateway.get_domain_name(DomainName="a.example"),
    }
    for what, get in tagged.items():
        arn = f"arn:aws:apigateway:{REGION}::/{what}"
        assert get()["Tags"] == {"Made": "first"}
        gateway.tag_resource(ResourceArn=arn, Tags={"Team": "kitchen"})
        gateway.untag_resource(ResourceArn=arn, TagKeys=["Made"])
        assert get()["Tags"] == gateway.get_tags(ResourceArn=arn)["Tags"] == {"Team": "kitchen"}


def test_a_domain_comes_up_and_takes_another_certificate(gateway: Any) -> None:
    gateway.create_domain_name(DomainName="b.example", DomainNameConfigurations=[CERTIFICATE])
    other = {"CertificateArn": f"{CERTIFICATE['CertificateArn']}2"}
    gateway.update_domain_name(DomainName="b.example", DomainNameConfigurations=[other])
    (found,) = gateway.get_domain_name(DomainName="b.example")["DomainNameConfigurations"]
    assert found["CertificateArn"] == other["CertificateArn"]
    assert found["DomainNameStatus"] == "AVAILABLE"
    assert found["ApiGatewayDomainName"].endswith(f".execute-api.{REGION}.amazonaws.com")
    assert found["HostedZoneId"]
