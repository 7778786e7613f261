"""Every environment's plan with its rendered variables: what would exist, and what checkov says about it."""

from __future__ import annotations

import functools
import ipaddress
import json
import pathlib
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from tests.apply import gateway_plan
from tests.apply.gateway_plan import host
from tests.offline.checkov import STAMP
from tests.terraform import checkov, plans, resources, runner
from tests.terraform.checkov import Skip

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.terraform.plans import Plan
    from tests.terraform.runner import Terraform

    Planned = Callable[[str], Plan]

pytestmark = pytest.mark.apply

STACK = runner.TERRAFORM / "stacks" / "platform"
NAMES = plans.environments(STACK.name)
PAGE = pathlib.Path(__file__).parents[2] / "docs" / "resources.md"
EDGE = 'module.edge["gateway"]'
NONE: dict[str, Any] = {
    "apis": {},
    "functions": {},
    "signing_keys": [],
}  # of an environment without a gateway


@pytest.fixture(scope="session")
def planned(terraform: Terraform, tmp_path_factory: pytest.TempPathFactory) -> Planned:
    """An environment's plan by its name, made once."""
    root = runner.copy(tmp_path_factory.mktemp("plans")) / STACK.relative_to(runner.TERRAFORM)
    terraform.init(root)
    return functools.cache(lambda name: plans.make(terraform, root, name))


@pytest.fixture(params=NAMES)
def plan(request: pytest.FixtureRequest, planned: Planned) -> Plan:
    """Each environment's plan in turn."""
    return planned(request.param)


def test_there_are_environments() -> None:
    assert {"dev", "production"} <= set(NAMES)


def test_the_page_is_current(request: pytest.FixtureRequest, planned: Planned) -> None:
    text = resources.page({name: planned(name) for name in NAMES})
    if request.config.getoption("--update-cases"):
        PAGE.write_text(text, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == text


def test_everything_is_made_and_nothing_goes(plan: Plan) -> None:
    actions = [c["change"]["actions"] for c in plan.content["resource_changes"] if c["mode"] == "managed"]
    assert actions
    assert [action for action in actions if action != ["create"]] == []


# --- checkov ---


def excuses(values: dict[str, Any]) -> Iterator[Skip]:
    """What an environment may fail by its values: a comment in the code would excuse all of them."""
    if not values["deletion_protection"]:
        yield Skip(
            "CKV_AWS_150",
            "modules/ingress/aws_lb.this",
            "without deletionProtection an environment may be deleted, its load balancer too",
        )
    if not values["deletion_protection"] and values["logs"]["retention_days"] < 365:
        yield Skip(
            "CKV_AWS_338",
            "modules/logs/aws_cloudwatch_log_group.this",
            "nobody asks a year later what an environment did that may be deleted, and keeping logs costs",
        )
    apis = (values["gateway"] or NONE)["apis"].values()
    if apis:
        yield Skip(
            "CKV_AWS_76",
            "modules/edge/aws_apigatewayv2_stage.this",
            "it looks for the log group's ARN, which comes with the apply",
        )
    if any(route["auth"] == "none" for api in apis for route in api["routes"]):
        yield Skip(
            "CKV_AWS_309",
            "modules/edge/aws_apigatewayv2_route.workload",
            "the spec has open routes; a test below holds every route to it",
        )


def test_no_check_fails_without_a_reason(plan: Plan, tmp_path: pathlib.Path) -> None:
    if not STAMP.exists():
        pytest.skip("checkov is missing: run `make tools`")
    report = checkov.plan(plan.file, STACK, tmp_path)
    assert "module.cluster.aws_eks_cluster.this" in report.addresses
    own = list(excuses(plan.values))
    found = checkov.unexcused(report.failed, [*checkov.skips(runner.TERRAFORM), *own])
    assert not found, "\n".join([*found, "mend it, or say in a comment of the resource why not"])
    assert checkov.idle(report.failed, own) == []


# --- The gateway ---


def signing_keys(plan: Plan) -> list[dict[str, str]]:
    found: list[dict[str, str]] = (plan.values["gateway"] or NONE)["signing_keys"]
    return found


@pytest.fixture(params=[name for name in NAMES if plans.variables(STACK.name, name)["gateway"]])
def gateway(request: pytest.FixtureRequest, planned: Planned) -> Plan:
    """Each environment's plan that has a gateway."""
    return planned(request.param)


def test_every_route_asks_for_what_the_spec_says(gateway: Plan) -> None:
    """Only what the spec has open is open, and the gateway's own five."""
    assert gateway_plan.routes(gateway) == gateway_plan.wanted_routes(gateway)
    for route in gateway.resources("aws_apigatewayv2_route"):
        asking = route.values["authorization_type"] == "CUSTOM"
        assert route.has("authorizer_id") == asking
        assert route.has("target")


def test_the_authorizer_is_asked_about_every_request(gateway: Plan) -> None:
    authorizers = list(gateway.resources("aws_apigatewayv2_authorizer"))
    assert {host(a, "") for a in authorizers} == set(gateway.values["gateway"]["apis"])
    for authorizer in authorizers:
        assert authorizer.values["authorizer_type"] == "REQUEST"
        assert authorizer.values["authorizer_result_ttl_in_seconds"] == 0
        assert authorizer.values["identity_sources"] == ["$request.header.Authorization"]


def test_the_gateway_is_reached_by_its_hosts_only(gateway: Plan) -> None:
    apis = list(gateway.resources("aws_apigatewayv2_api"))
    assert {host(api, "") for api in apis} == set(gateway.values["gateway"]["apis"])
    assert {api.values["disable_execute_api_endpoint"] for api in apis} == {True}
    policies = [
        configuration["security_policy"]
        for domain in gateway.resources("aws_apigatewayv2_domain_name")
        for configuration in domain.values["domain_name_configuration"]
    ]
    assert policies == ["TLS_1_2"] * len(apis)


def test_the_gateway_speaks_tls_to_the_load_balancer(gateway: Plan) -> None:
    api_host = gateway.values["gateway"]["api_host"]
    proxied = [
        integration
        for integration in gateway.resources("aws_apigatewayv2_integration")
        if integration.values["integration_type"] == "HTTP_PROXY"
    ]
    # Of each host with a token, without, and for preflight requests where there is CORS; and the probe.
    of_a_host = 3 if gateway.values["gateway"]["cors"] else 2
    assert len(proxied) == of_a_host * len(gateway.values["gateway"]["apis"]) + 1
    for integration in proxied:
        assert integration.values["connection_type"] == "VPC_LINK"
        name = host(integration, api_host)
        assert integration.values["tls_config"] == [{"server_name_to_verify": name}]


def test_a_client_cannot_say_who_it_is(gateway: Plan) -> None:
    for integration in gateway.resources("aws_apigatewayv2_integration"):
        if integration.values["integration_type"] == "HTTP_PROXY":
            parameters = integration.values["request_parameters"]
            told = {key.partition(":header.")[2]: key.partition(":")[0] for key in parameters}
            protected = ".protected[" in integration.address
            assert told.pop("X-Client-Address") == told.pop("host") == "overwrite"
            assert told == dict.fromkeys(
                ("X-Customer-Id", "X-Customer-Acr"), "overwrite" if protected else "remove"
            )


def test_the_access_log_tells_no_secret(gateway: Plan) -> None:
    told = gateway_plan.log_values(gateway)
    assert "$context.routeKey" in told
    assert gateway_plan.unspoken(told) == set()


@pytest.mark.parametrize(
    "value",
    [
        "$request.header.authorization",
        "$context.identity.userAgent header",
        "$request.querystring.cpf",
        "$context.path",
        "$context.requestPath",
        "$context.authorizer.claims.sub",
    ],
)
def test_what_would_tell_one_is_found(value: str) -> None:
    assert gateway_plan.unspoken({value, "$context.status"}) == {value}


def test_functions_run_what_is_pinned_and_write_into_groups_that_are_there(gateway: Plan) -> None:
    wanted, groups = gateway.values["gateway"], gateway.values["logs"]["groups"]
    functions = {f.values["function_name"]: f.values for f in gateway.resources("aws_lambda_function")}
    assert functions.keys() == {wanted["functions"][use]["name"] for use in ("authorizer", "token")}
    for use in ("authorizer", "token"):
        function = functions[wanted["functions"][use]["name"]]
        (logging,) = function["logging_config"]
        assert logging["log_group"] == groups[use]
        assert function["s3_bucket"] == wanted["packages"]["bucket"]
        assert (function["s3_key"], function["source_code_hash"]) == (
            wanted["packages"][use]["key"],
            wanted["packages"][use]["sha256"],
        )
    kept = {group.values["name"] for group in gateway.resources("aws_cloudwatch_log_group")}
    assert {groups[use] for use in ("gateway", "authorizer", "token")} <= kept


def test_the_functions_roles_have_their_policies_and_only_lambda_takes_them(gateway: Plan) -> None:
    """What they say is in the requests of the apply: they name what no plan knows. Signing has its own."""
    kinds = Counter(
        resource.type
        for resource in gateway.resources()
        if resource.module == EDGE and resource.type.startswith("aws_iam_")
    )
    assert kinds == {"aws_iam_role": 2, "aws_iam_role_policy": 3}
    for role in gateway.resources("aws_iam_role"):
        if role.module == EDGE:
            (statement,) = json.loads(role.values["assume_role_policy"])["Statement"]
            assert statement["Principal"] == {"Service": "lambda.amazonaws.com"}


def test_the_sender_is_the_environments_own_domain(gateway: Plan) -> None:
    (identity,) = gateway.resources("aws_sesv2_email_identity")
    assert identity.values["email_identity"] == gateway.values["ingress"]["domain"]
    assert gateway.values["gateway"]["sender"]["from"].endswith(f"@{identity.values['email_identity']}>")


# --- The network ---


def test_each_zone_has_its_way_out(plan: Plan) -> None:
    network = plan.values["network"]
    zones = sorted(network["nat_zones"])
    assert zones
    addresses = [f'module.network.aws_nat_gateway.this["{zone}"]' for zone in zones]
    assert [gateway.address for gateway in plan.resources("aws_nat_gateway")] == addresses
    assert len(list(plan.resources("aws_eip"))) == len(zones)


def test_the_listed_services_are_reached_inside_the_network(plan: Plan) -> None:
    endpoints = list(plan.resources("aws_vpc_endpoint"))
    prefix = f"com.amazonaws.{plan.values['region']}."
    services = {e.values["service_name"].removeprefix(prefix): e.values for e in endpoints}
    assert len(services) == len(endpoints)
    gateways = {name for name, values in services.items() if values["vpc_endpoint_type"] == "Gateway"}
    assert gateways == {"s3"}
    assert services.keys() - gateways == set(plan.values["network"]["interface_endpoints"])
    private = {name for name, values in services.items() if values.get("private_dns_enabled")}
    assert private == services.keys() - gateways


def test_the_load_balancer_stands_where_requests_come_from(plan: Plan) -> None:
    """Its subnets' ids come with the apply; who may reach it does not."""
    ingress, balancer = plan.values["ingress"], plan.only("aws_lb").values
    behind_the_gateway = plan.values["gateway"] is not None
    assert balancer["internal"] == ingress["internal"] == behind_the_gateway
    assert ingress["subnets"] == ("intra" if behind_the_gateway else "public")
    assert balancer["enable_deletion_protection"] == plan.values["deletion_protection"]
    admitted = {
        rule.address.removeprefix("module.ingress.aws_vpc_security_group_ingress_rule.")
        for rule in plan.resources("aws_vpc_security_group_ingress_rule")
        if rule.module == "module.ingress"
    }
    clients = {f'clients["{cidr}"]' for cidr in ingress["client_cidrs"]}
    if behind_the_gateway:
        assert clients == set()
        clients = {'gateway["link"]'}
    # `targets` is a rule of the targets' group, which admits the load balancer.
    assert admitted == {*clients, "targets"}


def inbound(plan: Plan) -> Iterator[str]:
    """The networks that some rule admits; whatever else could admit one is not in the plan."""
    kinds = {resource.type for resource in plan.resources()}
    assert kinds & {"aws_security_group_rule", "aws_network_acl", "aws_network_acl_rule"} == set()
    for group in plan.resources("aws_security_group", "aws_default_security_group"):
        assert not group.values.get("ingress")
    for rule in plan.resources("aws_vpc_security_group_ingress_rule"):
        values = rule.values
        assert (values["ip_protocol"], values["from_port"], values["to_port"]) == ("tcp", 443, 443)
        assert (values["cidr_ipv6"], values["prefix_list_id"]) == (None, None)
        if not rule.has("referenced_security_group_id"):
            yield values["cidr_ipv4"]


def test_nothing_is_open_to_the_world(plan: Plan) -> None:
    network, ingress = plan.values["network"], plan.values["ingress"]
    from_the_network = {network["cidr"]} if network["interface_endpoints"] else set()
    found = set(inbound(plan))
    connected = set(plan.values["cluster"]["private_access_cidrs"])
    assert found == {*ingress["client_cidrs"], *from_the_network, *connected}
    whole = ipaddress.IPv4Network(network["cidr"])
    outside = {cidr for cidr in found - connected if not ipaddress.IPv4Network(cidr).subnet_of(whole)}
    assert outside == set() or not ingress["internal"]
    public = [s.address for s in plan.resources("aws_subnet") if s.values["map_public_ip_on_launch"]]
    assert public == []


def test_the_cluster_answers_those_who_are_listed(plan: Plan) -> None:
    (access,) = plan.only("aws_eks_cluster").values["vpc_config"]
    listed = plan.values["cluster"]["public_access_cidrs"]
    assert access["endpoint_private_access"]
    assert access["endpoint_public_access"] == bool(listed)
    if listed:
        assert set(access["public_access_cidrs"]) == set(listed)
    assert "0.0.0.0/0" not in listed
    entries = {entry.values["principal_arn"] for entry in plan.resources("aws_eks_access_entry")}
    assert entries == set(plan.values["cluster"]["admin_roles"])


# --- Encryption, permissions, what is kept ---

KEYS = {
    "aws_cloudwatch_log_group": "kms_key_id",
    "aws_lambda_function": "kms_key_arn",
    "aws_secretsmanager_secret": "kms_key_id",
    "aws_sns_topic": "kms_master_key_id",
}


def test_what_is_stored_is_encrypted(plan: Plan) -> None:
    for kind, key in KEYS.items():
        encrypted = [resource.has(key) for resource in plan.resources(kind)]
        assert encrypted or kind in {"aws_secretsmanager_secret", "aws_lambda_function"}
        assert all(encrypted), kind
    disks = [
        disk["ebs"][0]["encrypted"]
        for template in plan.resources("aws_launch_template")
        for disk in template.values["block_device_mappings"]
    ]
    assert len(disks) == len(plan.values["cluster"]["node_groups"])
    assert set(disks) == {"true"}
    (secrets,) = plan.only("aws_eks_cluster").values["encryption_config"]
    assert secrets["resources"] == ["secrets"]
    # KMS rotates no asymmetric key: the module edge says how that is done.
    asymmetric = {f'{EDGE}.aws_kms_key.signing["{key["id"]}"]' for key in signing_keys(plan)}
    assert {
        key.address for key in plan.resources("aws_kms_key") if not key.values["enable_key_rotation"]
    } == asymmetric
    for table in plan.resources("aws_dynamodb_table"):
        assert table.values["server_side_encryption"][0]["enabled"]
        assert table.unknown["server_side_encryption"][0]["kms_key_arn"]
    for repository in plan.resources("aws_ecr_repository"):
        assert repository.values["encryption_configuration"][0]["encryption_type"] == "AES256"


def test_pods_get_the_roles_that_are_listed_and_no_other(plan: Plan) -> None:
    identities, cluster = plan.values["identities"], plan.values["cluster"]
    associations = {a.module: a.values for a in plan.resources("aws_eks_pod_identity_association")}
    assert len(list(plan.resources("aws_eks_pod_identity_association"))) == len(identities)
    expected = {f'module.identity["{name}"]': identity for name, identity in identities.items()}
    assert {
        module: (values["cluster_name"], values["namespace"], values["service_account"])
        for module, values in associations.items()
    } == {
        module: (cluster["name"], identity["namespace"], identity["service_account"])
        for module, identity in expected.items()
    }
    roles = {role.module: role.values["name"] for role in plan.resources("aws_iam_role")}
    assert {module: roles[module] for module in expected} == {
        module: identity["role_name"] for module, identity in expected.items()
    }
    addons = {addon.values["addon_name"]: addon.values for addon in plan.resources("aws_eks_addon")}
    assert {name: values["addon_version"] for name, values in addons.items()} == cluster["addons"]
    assert {
        name: [association["service_account"] for association in values["pod_identity_association"]]
        for name, values in addons.items()
        if values["pod_identity_association"]
    } == {name: [role["service_account"]] for name, role in cluster["addon_roles"].items()}


def test_every_role_is_one_that_the_environment_names(plan: Plan) -> None:
    cluster = plan.values["cluster"]
    named = [
        cluster["role_name"],
        cluster["node_role_name"],
        plan.values["network"]["flow_log_role_name"],
        *(role["role_name"] for role in cluster["addon_roles"].values()),
        *(identity["role_name"] for identity in plan.values["identities"].values()),
        *(reader["role_name"] for reader in plan.values["secret_readers"].values()),
        *(function["role_name"] for function in (plan.values["gateway"] or NONE)["functions"].values()),
    ]
    assert sorted(role.values["name"] for role in plan.resources("aws_iam_role")) == sorted(named)


def test_what_is_deleted_can_be_brought_back(plan: Plan) -> None:
    protected, wanted = plan.values["deletion_protection"], plan.values["secrets"]
    assert wanted["recovery_days"] == (30 if protected else 7)
    secrets = {s.values["name"]: s.values for s in plan.resources("aws_secretsmanager_secret")}
    gateway = plan.values["gateway"]
    assert secrets.keys() == {*wanted["names"], *([gateway["hmac_secret_name"]] if gateway else [])}
    for name, values in secrets.items():
        # The secret of the HMACs is about minutes, and its name must be free when the gateway comes back.
        ours = gateway and name == gateway["hmac_secret_name"]
        assert values["recovery_window_in_days"] == (0 if ours else wanted["recovery_days"])
    # 30 is what AWS takes where nothing is said.
    keys = Counter(
        (k.module, k.values["deletion_window_in_days"] or 30) for k in plan.resources("aws_kms_key")
    )
    assert keys == Counter(
        [
            ("module.alerts", 30),
            ("module.cluster", 30),
            ("module.logs", 30),
            ("module.secrets", wanted["recovery_days"]),
            *[(EDGE, wanted["recovery_days"])] * (1 + len(signing_keys(plan)) if gateway else 0),
        ]
    )
    for table in plan.resources("aws_dynamodb_table"):
        assert table.values["deletion_protection_enabled"] == protected
        assert table.values["point_in_time_recovery"][0]["enabled"]
    guards = {r.address: r.values["input"] for r in plan.resources("terraform_data") if "guard" in r.address}
    places = [
        f"environment {plan.values['environment']}",
        *(f"zone {z}" for z in plan.values["network"]["zones"]),
    ]
    assert guards == {f'terraform_data.deletion_guard["{place}"]': protected for place in places}
    assert [r.address for r in plan.resources("aws_ecr_repository") if r.values["force_delete"]] == []


def test_logs_are_kept_as_long_as_the_environment_says(plan: Plan) -> None:
    logs = plan.values["logs"]
    groups = {
        g.values["name"]: g.values["retention_in_days"] for g in plan.resources("aws_cloudwatch_log_group")
    }
    assert groups == dict.fromkeys(logs["groups"].values(), logs["retention_days"])


def test_money_is_watched(plan: Plan) -> None:
    budget = plan.values["alerts"]["budget"]
    assert [
        (
            found.values["name"],
            found.values["limit_amount"],
            found.values["limit_unit"],
            found.values["time_unit"],
        )
        for found in plan.resources("aws_budgets_budget")
    ] == ([(budget["name"], str(budget["monthly_usd"]), "USD", "MONTHLY")] if budget else [])


def test_whatever_can_have_tags_has_those_of_the_environment(plan: Plan) -> None:
    wanted: dict[str, Any] = plan.values["tags"]
    assert wanted["Environment"] == plan.values["environment"]
    # The provider has tags_all for all that AWS tags.
    able = [r for r in plan.resources() if {"tags", "tags_all"} & {*r.values, *r.unknown}]
    assert {resource.type for resource in able} > {"aws_vpc", "aws_eks_node_group", "aws_kms_key", "aws_lb"}
    assert [r.address for r in able if not wanted.items() <= r.values["tags_all"].items()] == []
    for template in plan.resources("aws_launch_template"):
        tagged = {s["resource_type"]: s["tags"] for s in template.values["tag_specifications"]}
        assert tagged.keys() == {"instance", "network-interface", "volume"}
        assert [kind for kind, tags in tagged.items() if not wanted.items() <= tags.items()] == []
