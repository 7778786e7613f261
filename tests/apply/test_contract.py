"""Terraform made exactly the names that Kubernetes will use."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from authorizer import settings as authorizer
from tests.apply import contract
from tests.apply.conftest import RENDERED
from tests.apply.spec import EditedSpec
from tests.terraform.runner import FailedError
from tokens import settings as tokens

if TYPE_CHECKING:
    import pathlib

    from generator.model import Environment
    from tests.apply.conftest import Platform

pytestmark = pytest.mark.apply


@pytest.fixture(scope="module")
def environment() -> Environment:
    return EditedSpec(RENDERED.name).environment()


def test_a_second_plan_is_empty(platform: Platform) -> None:
    assert platform.deployment.plan(platform.deployment.values) == []


def test_every_request_had_an_answer(platform: Platform) -> None:
    """Terraform's provider repeats what has none, or 5xx: for minutes, or so that a second thing is made."""
    unanswered = [call for call in platform.creation if not call.status or call.status >= 500]
    assert unanswered == []


def test_every_name_leads_to_exactly_one_thing(platform: Platform, environment: Environment) -> None:
    assert contract.broken_names(environment, platform.inventory()) == []


def test_every_kind_of_name_is_looked_for(environment: Environment) -> None:
    kinds = {name.kind.title for name in contract.platform_names(environment)}
    assert kinds >= {"VPC", "EKS cluster", "load balancer", "target group", "IAM role", "secret", "host name"}
    assert kinds >= {"key alias", "log group", "HTTP API", "Lambda function", "DynamoDB table"}


def test_each_release_that_uses_aws_has_one_identity_and_nobody_else(
    platform: Platform, environment: Environment
) -> None:
    eks = platform.deployment.emulator.client("eks", environment.region)
    cluster = {"clusterName": environment.cluster_name}
    listed = eks.list_pod_identity_associations(**cluster)["associations"]
    documents = [
        eks.describe_pod_identity_association(**cluster, associationId=a["associationId"])["association"]
        for a in listed
    ]
    associations = contract.associations(documents)
    assert sorted(associations) == sorted(contract.identities(environment))
    owned = [document for document in documents if document.get("ownerArn")]
    assert {document["namespace"] for document in owned} == {"kube-system"}
    assert len(owned) == len(environment.addon_role_names)


def test_the_functions_start_with_what_the_stack_tells_them(
    platform: Platform, environment: Environment
) -> None:
    functions = platform.deployment.emulator.client("lambda", environment.region)

    def told(name: str) -> dict[str, str]:
        found = functions.get_function_configuration(FunctionName=environment.function_names[name])
        return dict(found["Environment"]["Variables"])

    trust = authorizer.read(told("authorizer"))
    wanted = {
        f"ANY {route['path']}": route["auth"]
        for api in platform.deployment.values["gateway"]["apis"].values()
        for route in api["routes"]
        if route["auth"] != "none"
    }
    routes = {key: route.required for of_api in trust.routes.values() for key, route in of_api.items()}
    assert wanted.items() <= routes.items()
    assert (trust.trust.issuer, trust.trust.audience) == (environment.issuer, environment.audience)
    assert tokens.read(told("token")).issuer == environment.issuer


def test_a_package_that_is_not_there_fails_the_plan(platform: Platform) -> None:
    """Where the stack is planned, so that a change that pins one is not merged before it is uploaded."""
    values = platform.deployment.values
    pinned = values["gateway"]["packages"]
    other = {**pinned, "token": {**pinned["token"], "key": "token/other.zip"}}
    reason = rf"token function is not there: s3://{pinned['bucket']}/token/other\.zip"
    try:
        with pytest.raises(FailedError, match=reason):
            platform.deployment.plan(
                {**values, "gateway": {**values["gateway"], "packages": other}}, "-refresh=false"
            )
    finally:
        platform.deployment.values = values


def altered(file: pathlib.Path, line: str) -> str:
    """Return the file's text with a suffix put on the name that a line gives."""
    text, count = re.subn(
        rf"(?m)^(\s*name\s*=\s*){re.escape(line)}$", rf'\1"${{{line}}}-altered"', file.read_text()
    )
    assert count == 1
    return text


def test_a_name_altered_in_hcl_breaks_the_contract(platform: Platform, environment: Environment) -> None:
    deployment = platform.deployment
    file = deployment.root.parents[1] / "modules" / "identity" / "main.tf"
    original = file.read_text()
    role = next(release.role_name for release in environment.workloads if release.name == "orders")
    only = ("-refresh=false", '-target=module.identity["orders"]')
    try:
        file.write_text(altered(file, "var.role_name"))
        deployment.plan(deployment.values, *only)
        deployment.apply()
        assert contract.broken_names(environment, platform.inventory()) == [f"IAM role {role}: there are 0"]
    finally:
        file.write_text(original)
        deployment.plan(deployment.values, *only)
        deployment.apply()
    assert contract.broken_names(environment, platform.inventory()) == []
