"""Nothing in rendered/ looks like something in AWS that the model does not know: a name, an id, a host."""

from __future__ import annotations

import functools
import pathlib
import re
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from generator import load, source
from tests import mentions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.model import Environment

ROOT = pathlib.Path(__file__).parents[1]
RENDERED = ROOT / "rendered"
NAMES = sorted(f.stem for f in (ROOT / "environments").glob("*.yaml") if f.stem != "platform")
PATTERN = re.compile(r'"pattern": "(?:[^"\\]|\\.)*"')  # of a schema: it is like an ARN, and is none
EXAMPLES = {"123456789012", "arn:aws:sqs:*:*:orders"}  # in what a schema says of itself


@functools.cache
def environments() -> dict[str, Environment]:
    spec = load.load(source.load(ROOT), date(2026, 11, 24)).spec
    assert spec
    return {environment.name: environment for environment in spec.environments}


def known(name: str) -> mentions.Known:
    everybody = environments().values()
    return mentions.in_an_environment(environments()[name], everybody)


def files(folder: str) -> dict[str, str]:
    found = {f.relative_to(RENDERED).as_posix(): f for f in (RENDERED / folder).rglob("*") if f.is_file()}
    assert found
    return {name: found[name].read_text(encoding="utf-8") for name in sorted(found)}


def documents(folder: str) -> Iterator[Any]:
    for name, text in files(folder).items():
        if name.endswith((".yaml", ".json")):
            yield from yaml.load_all(text, Loader=yaml.CSafeLoader)


@pytest.mark.parametrize("name", NAMES)
def test_nobody_is_told_what_the_model_does_not_know(name: str) -> None:
    found = {file: mentions.strangers(known(name), text) for file, text in files(name).items()}
    assert {file: strangers for file, strangers in found.items() if strangers} == {}


def test_nor_is_anybody_where_all_environments_are() -> None:
    allowed = mentions.in_shared(environments().values())
    texts = {file: PATTERN.sub("", text) for file, text in files("shared").items()}
    found = {file: mentions.strangers(allowed, text) - EXAMPLES for file, text in texts.items()}
    assert {file: strangers for file, strangers in found.items() if strangers} == {}


@pytest.mark.parametrize("name", NAMES)
def test_each_key_holds_a_name_of_its_kind(name: str) -> None:
    environment = environments()[name]
    assert [fault for d in documents(name) for fault in mentions.misnamed(environment, d)] == []


def test_every_key_that_holds_a_name_is_there() -> None:
    """A key that was renamed would be judged no more."""
    paths = {path for name in NAMES for d in documents(name) for path, _ in mentions.leaves(d)}
    idle = [
        key for key, kinds in mentions.KINDS.items() if not any(mentions.is_at(key, path) for path in paths)
    ]
    assert idle == []


STRANGERS = {
    # Names of this environment that it does not have.
    "a role's ARN": "arn:aws:iam::111111111111:role/techchallenge-dev-order",
    "a target group's ARN": "arn:aws:elasticloadbalancing:us-east-1:111111111111:targetgroup/a/0123456789",
    "an ARN without our prefix": "arn:aws:kms:us-east-1:111111111111:alias/other",
    "a policy of the account's": "arn:aws:iam::111111111111:policy/AdministratorAccess",
    "a name": "techchallenge-dev-g2",
    "a key alias": "alias/techchallenge-dev-other",
    "a secret": "techchallenge/dev/payments/api-kye",
    "a log group": "/techchallenge/dev/log",
    "a host": "ap.dev.techchallenge.example",
    # Names of another environment, which it does have.
    "another's name": "techchallenge-staging",
    "another's target group": "techchallenge-production-g1",
    "another's role": "techchallenge-staging-orders",
    "another's secret": "techchallenge/staging/payments/provider-api-key",
    "another's log group": "/techchallenge/production/logs",
    "another's host": "api.staging.techchallenge.example",
    "another's host, above ours": "api.techchallenge.example",
    "another's domain": "techchallenge.example",
    "another's account": "222222222222",
    # Ids that AWS makes up: Terraform may know them, and nobody else.
    **{
        f"the id of {kind}": f"{kind}-0123456789abcdef0"
        for kind in ("vpc", "subnet", "sg", "eni", "nat", "vpce", "vpce-svc", "tgw", "ami", "i", "rtb", "igw")
    },
    "an old id": "vpc-0abc1234",
    # Hosts that AWS makes up.
    "an ECR registry": "111111111111.dkr.ecr.us-east-1.amazonaws.com/techchallenge/orders",
    "a region of the registry": "333333333333.dkr.ecr.eu-west-1.amazonaws.com/techchallenge/orders",
    "a repository of the registry": "333333333333.dkr.ecr.us-east-1.amazonaws.com/techchallenge/order",
    "a load balancer's host": "techchallenge-1234567890.elb.us-east-1.amazonaws.com",
    "another load balancer's host": "internal-front-1234567890.us-east-1.elb.amazonaws.com",
    "an API's host": "a1b2c3d4e5.execute-api.us-east-1.amazonaws.com",
    "a cluster's host": "0A1B2C3D4E5F.gr7.us-east-1.eks.amazonaws.com",
    "a bucket's host": "reports.s3.us-east-1.amazonaws.com",
    "an endpoint's host": "*.vpce.amazonaws.com",
    "a service in another region": "sts.eu-west-1.amazonaws.com",
    "a function's host": "abcdefgh.lambda-url.us-east-1.on.aws",
    "a distribution's host": "d111111abcdef8.cloudfront.net",
}


@pytest.mark.parametrize("written", ["key: {}\n", '{{"key": "{}"}}', "--flag={},other", "See `{}`."])
@pytest.mark.parametrize("stranger", STRANGERS.values(), ids=STRANGERS)
def test_a_stranger_would_be_noticed(stranger: str, written: str) -> None:
    text = "".join(files("dev").values()) + written.format(stranger)
    found = mentions.strangers(known("dev"), text)
    assert stranger in found
    assert [other for other in found if other not in stranger] == [], "and nobody else"


@pytest.mark.parametrize(
    "legitimate",
    [
        "arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy",
        "arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy",
        "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
        "arn:aws:iam::111111111111:role/techchallenge-dev-orders",
        "https://sts.us-east-1.amazonaws.com/",
        "pods.eks.amazonaws.com",
        "ec2.amazonaws.com",
        "eks.amazonaws.com/role-arn",
        "333333333333.dkr.ecr.us-east-1.amazonaws.com/techchallenge/orders:1.5.0",
        "platform@techchallenge.example",
        "techchallenge.example/capacity: spot",
        "https://api.dev.techchallenge.example/orders",
        "sha256:0123456789012345678901234567890123456789012345678901234567890123",
        "the i-th subnet-group, a vpc-cni and sg-rules",
    ],
)
def test_what_may_be_said_is_not_noticed(legitimate: str) -> None:
    assert mentions.strangers(known("dev"), f'key: "{legitimate}"\n') == set()


@pytest.mark.parametrize("stranger", ["techchallenge-dev-plattform", "444444444444", "vpc-0123456789abcdef0"])
def test_a_stranger_among_all_would_be_noticed(stranger: str) -> None:
    allowed = mentions.in_shared(environments().values())
    text = "".join(files("shared").values()) + f'"{stranger}"'
    assert stranger in mentions.strangers(allowed, text)


@pytest.mark.parametrize("key", mentions.KINDS)
def test_a_name_of_another_kind_would_be_noticed(key: str) -> None:
    """Names that lack the prefix, and names of something else, which no look betrays."""
    environment = environments()["dev"]
    for value in ("orders", "techchallenge/dev/payments/mongodb-ur", environment.role_arn("x")):
        steps = key.replace("*", "0").split(".")
        document: Any = value
        for step in reversed(steps):
            document = {step: document}
        assert mentions.misnamed(environment, document) == [f"{'.'.join(steps)}: {value}"]
