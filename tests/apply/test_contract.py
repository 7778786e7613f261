"""Terraform made exactly the names that Kubernetes will use."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from authorizer import settings as authorizer
from generator.rules.gateway import authorizer_settings_size
from tests.apply import contract, functions
from tests.apply.conftest import RENDERED
from tests.apply.spec import EditedSpec
from tests.demo.account import MARIA
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
    lambdas = platform.deployment.emulator.client("lambda", environment.region)

    def told(name: str) -> dict[str, str]:
        found = lambdas.get_function_configuration(FunctionName=environment.function_names[name])
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


def test_the_generator_knows_how_much_the_authorizer_is_told(
    platform: Platform, environment: Environment
) -> None:
    """A rule refuses what Lambda would, so it must count as Lambda does: to the character."""
    lambdas = platform.deployment.emulator.client("lambda", environment.region)
    name = environment.function_names["authorizer"]
    told = lambdas.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
    # An id of the emulator has eight characters, and one of AWS ten.
    short = sum(10 - len(api) for api in json.loads(told["ROUTES"]))
    size = len(json.dumps(told, separators=(",", ":"))) + short
    assert authorizer_settings_size(environment) == size


def test_the_packages_work_in_what_the_stack_made(
    platform: Platform, environment: Environment, tmp_path: pathlib.Path
) -> None:
    """Identify, be refused, verify, pass: with the keys, table, secrets and sender that Terraform made."""
    api, (screens,) = environment.api_host, set(environment.api_names) - {environment.api_host}
    with functions.running(platform, environment, tmp_path) as both:
        # Before `database` has been applied first: nothing is issued, and the log says for want of what.
        for route in ("POST /auth/token", "POST /auth/code"):
            assert both.issue(route, cpf=MARIA.cpf)[0] == 503
            assert both.reason() == "unavailable_secrets"
        functions.write_hmac_key(platform, environment)
        status, body = both.issue("POST /auth/token", cpf=MARIA.cpf)
        assert status == 200
        identified = json.loads(body)["access_token"]
        allowed = both.admits(identified, api, "/orders")
        assert (allowed["isAuthorized"], allowed["context"]["acr"]) == (True, "identified")
        for host, path in ((api, "/customers"), (api, "/menu"), (screens, "/orders"), (screens, "/")):
            assert both.admits(identified, host, path) == {"isAuthorized": False, "context": {}}
        assert not both.admits(identified + "A", api, "/orders")["isAuthorized"]

        assert both.issue("POST /auth/token", cpf=MARIA.cpf, code="00000000")[0] == 401
        assert both.issue("POST /auth/code", cpf=MARIA.cpf)[0] == 202
        (to, text) = both.mails()[-1]
        assert to == MARIA.email
        (code,) = re.findall(r"\b[0-9]{8}\b", text)
        status, body = both.issue("POST /auth/token", cpf=MARIA.cpf, code=code)
        assert status == 200
        verified = json.loads(body)["access_token"]
        for host, path in ((api, "/customers"), (screens, "/")):
            told = both.admits(verified, host, path)["context"]
            assert (told["customer"], told["acr"]) == (MARIA.id, "verified")
        assert both.issue("POST /auth/token", cpf=MARIA.cpf, code=code)[0] == 401
    for log in tmp_path.glob("*.log"):
        assert MARIA.cpf not in log.read_text()


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
