"""The module `edge` on the emulator: made, changed, its signing key replaced, and gone again.

No stack is needed for it, so there is a root of its own, which has nothing but the module.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicNumbers
from cryptography.hazmat.primitives.hashes import SHA256

from authorizer import settings as authorizer
from tests.apply import inventory
from tests.terraform import folders, packages, runner
from tests.terraform.deployment import Change, Deployment
from tests.terraform.emulator.process import running
from tests.terraform.runner import TERRAFORM, FailedError
from tokens import settings as tokens

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Iterator

    from tests.apply.inventory import Inventory
    from tests.terraform.emulator.process import Emulator
    from tests.terraform.runner import Terraform

    Values = dict[str, Any]

pytestmark = pytest.mark.apply

ACCOUNT, REGION = "111111111111", "us-east-1"
MODULE = TERRAFORM / "modules" / "edge"
DOMAIN = "dev.techchallenge.example"
API, SCREENS, ADMIN = (f"{name}.{DOMAIN}" for name in ("api", "screens", "admin"))
METHODS = {"ANY": "workload", "OPTIONS": "preflight"}  # and the resources of their routes: there is CORS here
BELOW = ("", "/{proxy+}")  # a path is two routes of each
MENU = {
    f'aws_apigatewayv2_route.{resource}["{API} {method} /menu{below}"]'
    for method, resource in METHODS.items()
    for below in BELOW
}
BUCKET = "packages"
PACKAGES = {name: f"{name}/1.zip" for name in ("authorizer", "token")}
KEYS = [{"id": key, "alias": f"alias/techchallenge-dev-tokens-{key}"} for key in ("2026-11", "2027-05")]


def seed(emulator: Emulator) -> Values:
    """Make what is there before, and return the module's variables."""

    def client(service: str) -> Any:
        return emulator.client(service, REGION)

    packages.make_bucket(emulator, REGION, BUCKET)
    pinned = {name: {"key": key, "sha256": upload(emulator, key, name)} for name, key in PACKAGES.items()}
    ec2 = client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.10.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.10.{number}.0/24")["Subnet"]["SubnetId"]
        for number in range(4)
    ]
    group = ec2.create_security_group(GroupName="balancer", Description="balancer", VpcId=vpc)["GroupId"]
    logs = {}
    for use in ("access", "authorizer", "token"):
        name = f"/techchallenge/dev/{use}"
        client("logs").create_log_group(logGroupName=name)
        logs[use] = {"name": name, "arn": f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{name}"}
    return {
        "name": "techchallenge-dev",
        "apis": {
            API: {
                "name": "techchallenge-dev-api",
                "routes": [
                    {"path": "/orders", "auth": "identified"},
                    {"path": "/payments", "auth": "verified", "throttle": {"rate": 5, "burst": 10}},
                ],
            },
            SCREENS: {"name": "techchallenge-dev-screens", "routes": [{"path": "/", "auth": "none"}]},
        },
        "api_host": API,
        "throttle": {"rate": 200, "burst": 400},
        "cors": {
            "origins": ["https://shop.example"],
            "methods": ["*"],
            "headers": ["authorization"],
            "max_age": 600,
        },
        "certificate_arn": f"arn:aws:acm:{REGION}:{ACCOUNT}:certificate/c",
        "vpc_id": vpc,
        "vpc_cidr": "10.10.0.0/16",
        "link_subnet_ids": subnets[:2],
        "listener_arn": f"arn:aws:elasticloadbalancing:{REGION}:{ACCOUNT}:listener/net/techchallenge-dev/1/2",
        "load_balancer_security_group_id": group,
        "alarm_topic_arn": f"arn:aws:sns:{REGION}:{ACCOUNT}:techchallenge-dev-alerts",
        "packages": {"bucket": BUCKET, **pinned},
        "functions": {
            name: {"name": f"techchallenge-dev-{name}", "role_name": f"techchallenge-dev-{name}"}
            for name in PACKAGES
        },
        "function_subnet_ids": subnets[2:],
        "log_groups": logs,
        "key_alias": "alias/techchallenge-dev-edge",
        "signing_keys": KEYS[:1],
        "audience": "techchallenge",
        "table_name": "techchallenge-dev-tokens",
        "hmac_secret_name": "techchallenge/dev/edge/hmac",
        "customers": {
            "secret_name": "techchallenge/dev/edge/mongodb-uri",
            "secret_key_arn": f"arn:aws:kms:{REGION}:{ACCOUNT}:key/secrets",
            "database": "customers",
            "collection": "customers",
        },
        "sender": {"identity": "techchallenge.example", "from": "codes@techchallenge.example"},
        "permissions_boundary_arn": f"arn:aws:iam::{ACCOUNT}:policy/techchallenge-dev-boundary",
        "recovery_days": 7,
        "deletion_protection": False,
    }


def upload(emulator: Emulator, key: str, content: str) -> str:
    return packages.upload(emulator, REGION, BUCKET, key, packages.package(content))


def write_root(folder: pathlib.Path, values: Values) -> None:
    """Write a root that passes its variables to the module and hands out the outputs."""
    document = {
        "provider": {"aws": {"region": REGION, "default_tags": {"tags": {"Environment": "dev"}}}},
        "variable": {name: {} for name in values},
        "module": {
            "edge": {"source": "../../modules/edge", **{name: f"${{var.{name}}}" for name in values}},
        },
        "output": {
            name: {"value": f"${{module.edge.{name}}}"} for name in folders.labelled(MODULE, "output")
        },
    }
    folder.mkdir()
    (folder / "main.tf.json").write_text(json.dumps(document), encoding="utf-8")


@dataclass(kw_only=True)
class Edge:
    """The module on the emulator; tests change `values`, and leave it without a pending change."""

    deployment: Deployment
    values: Values
    before: Inventory

    def live(self, **values: Any) -> list[Change]:
        """Change variables, apply, plan once more; return what the first plan said."""
        self.values |= values
        changes = self.deployment.plan(self.values)
        assert changes
        self.deployment.apply()
        assert self.deployment.plan(self.values) == []
        return changes

    def client(self, service: str) -> Any:
        return self.deployment.emulator.client(service, REGION)

    def inventory(self) -> Inventory:
        return inventory.take(self.deployment.emulator, REGION)

    def environment(self, function: str) -> dict[str, str]:
        """The environment variables of a function."""
        found = self.client("lambda").get_function_configuration(FunctionName=f"techchallenge-dev-{function}")
        return dict(found["Environment"]["Variables"])

    def routes(self, host: str) -> dict[str, dict[str, Any]]:
        """The routes of a host's API, by their keys."""
        gateway = self.client("apigatewayv2")
        apis = {api["Name"]: api["ApiId"] for api in gateway.get_apis()["Items"]}
        found = gateway.get_routes(ApiId=apis[self.values["apis"][host]["name"]])["Items"]
        return {route["RouteKey"]: route for route in found}


@pytest.fixture(scope="module")
def edge(terraform: Terraform, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Edge]:
    """The module, applied once."""
    root = runner.copy(tmp_path_factory.mktemp("edge")) / "stacks" / "edge"
    with running(ACCOUNT) as emulator:
        values = seed(emulator)
        write_root(root, values)
        terraform.init(root)
        deployment = Deployment(terraform=terraform, emulator=emulator, root=root)
        before = inventory.take(emulator, REGION)
        deployment.plan(values)
        deployment.apply()
        yield Edge(deployment=deployment, values=values, before=before)


def addresses(changes: list[Change], action: str) -> set[str]:
    return {change.address.removeprefix("module.edge.") for change in changes if change.action == action}


def actions(changes: list[Change]) -> set[str]:
    return {change.action for change in changes}


def test_a_second_plan_is_empty(edge: Edge) -> None:
    assert edge.deployment.plan(edge.values) == []


# --- What was made


def test_the_gateway_is_reached_by_its_domains_only(edge: Edge) -> None:
    gateway = edge.client("apigatewayv2")
    apis = {api["Name"]: api for api in gateway.get_apis()["Items"]}
    assert {api["DisableExecuteApiEndpoint"] for api in apis.values()} == {True}
    for host, wanted in edge.values["apis"].items():
        (mapping,) = gateway.get_api_mappings(DomainName=host)["Items"]
        assert (mapping["ApiId"], mapping["Stage"]) == (apis[wanted["name"]]["ApiId"], "$default")
        assert [s["StageName"] for s in gateway.get_stages(ApiId=mapping["ApiId"])["Items"]] == ["$default"]


def test_routes_are_those_of_the_spec(edge: Edge) -> None:
    protected = {"ANY /orders", "ANY /orders/{proxy+}", "ANY /payments", "ANY /payments/{proxy+}"}
    tokens = {"POST /auth/token", "POST /auth/code"}
    documents = {"GET /.well-known/jwks.json", "GET /.well-known/openid-configuration"}
    routes = edge.routes(API)
    preflights = {key.replace("ANY", "OPTIONS") for key in protected}
    assert routes.keys() == protected | preflights | tokens | documents | {"GET /healthz"}
    assert {key for key, route in routes.items() if route["AuthorizationType"] == "CUSTOM"} == protected
    assert edge.routes(SCREENS).keys() == {
        f"{method} /{below}" for method in METHODS for below in ("", "{proxy+}")
    }


def test_the_authorizer_is_told_every_route_with_auth(edge: Edge) -> None:
    gateway = edge.client("apigatewayv2")
    required = json.loads(edge.environment("authorizer")["ROUTES"])
    apis = {api["ApiId"] for api in gateway.get_apis()["Items"]}
    assert required.keys() == apis
    for api in apis:
        routes = gateway.get_routes(ApiId=api)["Items"]
        asking = {route["RouteKey"] for route in routes if route["AuthorizationType"] == "CUSTOM"}
        assert required[api].keys() == asking


def test_the_secret_has_no_value_yet(edge: Edge) -> None:
    """Another stack writes it, whose plans are not of pull requests."""
    secrets, name = edge.client("secretsmanager"), edge.values["hmac_secret_name"]
    assert secrets.describe_secret(SecretId=name)["Name"] == name
    assert secrets.list_secret_version_ids(SecretId=name)["Versions"] == []


def test_the_functions_start_with_what_they_are_told(edge: Edge) -> None:
    told = authorizer.read(edge.environment("authorizer"))
    routes = {key: route.required for of_api in told.routes.values() for key, route in of_api.items()}
    assert routes == {
        "ANY /orders": "identified",
        "ANY /orders/{proxy+}": "identified",
        "ANY /payments": "verified",
        "ANY /payments/{proxy+}": "verified",
    }
    signing = tokens.read(edge.environment("token"))
    assert (told.trust.issuer, told.trust.audience) == (signing.issuer, signing.audience)
    assert signing.issuer == f"https://{API}"


def kids(edge: Edge) -> list[str]:
    """The published keys, the same for both functions."""
    published = [edge.environment(function)["JWKS"] for function in ("authorizer", "token")]
    assert published[0] == published[1]
    return [key["kid"] for key in json.loads(published[0])["keys"]]


def verify(edge: Edge) -> None:
    """Sign as the token function does, and verify with what is published of its key."""
    told = edge.environment("token")
    signed = edge.client("kms").sign(
        KeyId=told["KMS_KEY_ID"], Message=b"a token", MessageType="RAW", SigningAlgorithm="ECDSA_SHA_256"
    )
    (key,) = [key for key in json.loads(told["JWKS"])["keys"] if key["kid"] == told["KEY_ID"]]
    x, y = (int.from_bytes(base64.urlsafe_b64decode(key[name] + "="), "big") for name in "xy")
    public = EllipticCurvePublicNumbers(x, y, SECP256R1()).public_key()
    public.verify(signed["Signature"], b"a token", ECDSA(SHA256()))


def test_the_published_key_is_the_one_that_signs(edge: Edge) -> None:
    assert kids(edge) == ["2026-11"]
    verify(edge)


# --- What changes


def test_a_route_and_a_host_are_added(edge: Edge) -> None:
    apis, routes = edge.values["apis"], [{"path": "/", "auth": "verified"}]
    more = [*apis[API]["routes"], {"path": "/menu", "auth": "none", "throttle": {"rate": 50, "burst": 100}}]
    changed = {
        API: apis[API] | {"routes": more},
        ADMIN: {"name": "techchallenge-dev-admin", "routes": routes},
    }
    changes = edge.live(apis=apis | changed)
    assert actions(changes) == {"create", "update"}
    assert addresses(changes, "update") == {
        "aws_lambda_function.authorizer",
        f'aws_apigatewayv2_stage.this["{API}"]',
    }
    created = {address for address in addresses(changes, "create") if f'"{ADMIN}' not in address}
    assert created == MENU
    assert edge.routes(ADMIN).keys() == edge.routes(SCREENS).keys()


def test_a_route_gets_another_auth_and_is_never_open_meanwhile(edge: Edge) -> None:
    apis = edge.values["apis"]
    changed = [
        {"path": "/orders", "auth": "none"},
        {"path": "/payments", "auth": "identified"},
        {"path": "/menu", "auth": "verified"},
    ]
    seen = len(edge.deployment.emulator.calls())
    changes = edge.live(apis=apis | {API: apis[API] | {"routes": changed}})
    assert actions(changes) == {"update"}
    asked = [
        call.action
        for call in edge.deployment.emulator.calls()[seen:]
        if call.action in {"UpdateRoute", "UpdateFunctionConfiguration"}
    ]
    # The authorizer knows what a route asks for before the gateway asks the authorizer.
    assert asked[0] == "UpdateFunctionConfiguration"
    assert set(asked[1:]) == {"UpdateRoute"}
    types = {key: route["AuthorizationType"] for key, route in edge.routes(API).items()}
    assert (types["ANY /orders"], types["ANY /payments"], types["ANY /menu"]) == ("NONE", "CUSTOM", "CUSTOM")


def test_a_route_and_a_host_go(edge: Edge) -> None:
    apis = {host: api for host, api in edge.values["apis"].items() if host != ADMIN}
    fewer = [route for route in apis[API]["routes"] if route["path"] != "/menu"]
    changes = edge.live(apis=apis | {API: apis[API] | {"routes": fewer}})
    deleted = {address for address in addresses(changes, "delete") if f'"{ADMIN}' not in address}
    assert deleted == MENU
    assert ADMIN not in edge.inventory()["domain"]


def test_another_subnet_is_another_link_and_the_old_one_goes_last(edge: Edge) -> None:
    seen = len(edge.deployment.emulator.calls())
    changes = edge.live(link_subnet_ids=edge.values["function_subnet_ids"])
    assert addresses(changes, "replace") == {"aws_apigatewayv2_vpc_link.this"}
    asked = [
        call.action
        for call in edge.deployment.emulator.calls()[seen:]
        if call.action in {"CreateVpcLink", "UpdateIntegration", "DeleteVpcLink"}
    ]
    assert asked == ["CreateVpcLink", *["UpdateIntegration"] * 7, "DeleteVpcLink"]


def asked_of_the_key(edge: Edge, seen: int) -> list[str]:
    """What an apply did about signing, in its order; calls before the first `seen` are of others."""
    found = []
    for call in edge.deployment.emulator.calls()[seen:]:
        if call.action in {"PutRolePolicy", "DeleteRolePolicy"}:
            found.append(f"{call.action} {call.parameters['PolicyName']}")
        elif call.action == "UpdateFunctionConfiguration":
            found.append(f"{call.action} {call.parameters['FunctionName']}")
        elif call.action == "ScheduleKeyDeletion":
            found.append(call.action)
    return found


TELL_AUTHORIZER, TELL_TOKEN = (
    f"UpdateFunctionConfiguration techchallenge-dev-{name}" for name in ("authorizer", "token")
)


def sign_policies(edge: Edge) -> list[str]:
    """The policies of the token function's role by which it signs."""
    found = edge.client("iam").list_role_policies(RoleName="techchallenge-dev-token")["PolicyNames"]
    return [name for name in found if name != "function"]


def test_a_signing_key_is_replaced(edge: Edge) -> None:
    old, new = KEYS
    policies = {f'aws_iam_role_policy.signing["{key["id"]}"]' for key in KEYS}
    appended = edge.live(signing_keys=[old, new])
    assert actions(appended) == {"create", "update"}
    assert (kids(edge), edge.environment("token")["KEY_ID"]) == (["2026-11", "2027-05"], "2026-11")
    verify(edge)
    seen = len(edge.deployment.emulator.calls())
    moved = edge.live(signing_keys=[new, old])
    assert addresses(moved, "create") | addresses(moved, "delete") == policies
    # The function may sign with the key that it is told of, at every moment.
    assert asked_of_the_key(edge, seen) == [
        *("PutRolePolicy sign-2027-05", TELL_AUTHORIZER, TELL_TOKEN, "DeleteRolePolicy sign-2026-11"),
    ]
    assert sign_policies(edge) == ["sign-2027-05"]
    assert (kids(edge), edge.environment("token")["KEY_ID"]) == (["2027-05", "2026-11"], "2027-05")
    verify(edge)
    seen = len(edge.deployment.emulator.calls())
    dropped = edge.live(signing_keys=[new])
    assert asked_of_the_key(edge, seen) == [TELL_AUTHORIZER, TELL_TOKEN, "ScheduleKeyDeletion"]
    assert addresses(dropped, "delete") == {
        'aws_kms_alias.signing["2026-11"]',
        'aws_kms_key.signing["2026-11"]',
    }
    assert kids(edge) == ["2027-05"]
    verify(edge)


def test_a_signing_key_is_dropped_at_once(edge: Edge) -> None:
    seen = len(edge.deployment.emulator.calls())
    edge.live(signing_keys=KEYS[:1])
    asked = asked_of_the_key(edge, seen)
    assert asked[-3:] == [TELL_TOKEN, "DeleteRolePolicy sign-2027-05", "ScheduleKeyDeletion"]
    assert set(asked[:-3]) == {"PutRolePolicy sign-2026-11", TELL_AUTHORIZER}
    assert (kids(edge), sign_policies(edge)) == (["2026-11"], ["sign-2026-11"])
    verify(edge)


# --- Packages


def test_a_package_is_replaced(edge: Edge) -> None:
    key = "token/2.zip"
    pinned = {"key": key, "sha256": upload(edge.deployment.emulator, key, "token, the next")}
    changes = edge.live(packages=edge.values["packages"] | {"token": pinned})
    assert changes == [Change("update", "module.edge.aws_lambda_function.token")]
    found = edge.client("lambda").get_function_configuration(FunctionName="techchallenge-dev-token")
    assert found["CodeSha256"] == pinned["sha256"]


def test_a_package_that_is_not_there_fails_the_plan(edge: Edge) -> None:
    pinned = edge.values["packages"]
    missing = pinned | {"token": pinned["token"] | {"key": "token/3.zip"}}
    with pytest.raises(FailedError, match=r"token function is not there: s3://packages/token/3\.zip"):
        edge.deployment.plan(edge.values | {"packages": missing})


def test_a_package_with_another_hash_fails_the_plan(edge: Edge) -> None:
    pinned = edge.values["packages"]
    other = pinned | {"token": pinned["token"] | {"sha256": packages.sha256(b"what was reviewed")}}
    with pytest.raises(FailedError, match="is not the package of the token function that is pinned"):
        edge.deployment.plan(edge.values | {"packages": other})


def test_a_package_that_was_uploaded_without_a_hash_fails_the_plan(edge: Edge) -> None:
    data = packages.package("unhashed")
    edge.client("s3").put_object(Bucket=BUCKET, Key="token/4.zip", Body=data, ChecksumAlgorithm="CRC32")
    unhashed = edge.values["packages"] | {"token": {"key": "token/4.zip", "sha256": packages.sha256(data)}}
    with pytest.raises(FailedError, match="not known to S3, so upload it in one part"):
        edge.deployment.plan(edge.values | {"packages": unhashed})


def test_it_goes_and_comes_back_under_the_names_that_it_had(edge: Edge) -> None:
    edge.deployment.plan(edge.values)
    edge.deployment.destroy()
    assert edge.inventory() == edge.before
    edge.deployment.plan(edge.values)
    edge.deployment.apply()
    edge.deployment.destroy()
    assert edge.inventory() == edge.before
