"""Every name of an environment that two systems must agree on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.model import names
from generator.model.names import Name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.model.environment import Environment
    from generator.model.workload import Workload


def aws_names(environment: Environment) -> Iterator[Name]:
    """Yield what must exist after Terraform ran, each with the spec path that decides it.

    A name comes as often as something in the spec asks for it: a host once for every route.
    """
    yield from _platform(environment)
    if environment.gateway.enabled:
        yield from _gateway(environment)
    for component in environment.components:
        if component.uses_aws:
            yield Name(component.role_name, names.ROLE, ("components", component.name))
    for workload in environment.workloads:
        yield from _workload(environment, workload)


def _platform(environment: Environment) -> Iterator[Name]:
    yield Name(environment.vpc_name, names.VPC, ())
    yield Name(environment.cluster_name, names.CLUSTER, ())
    yield Name(environment.load_balancer_name, names.LOAD_BALANCER, ())
    yield Name(environment.target_group_name, names.TARGET_GROUP, ("ingress", "generation"))
    for role in (environment.cluster_role_name, environment.node_role_name, environment.flow_log_role_name):
        yield Name(role, names.ROLE, ())
    for role in environment.addon_role_names.values():
        yield Name(role, names.ROLE, ())
    for alias in environment.key_aliases.values():
        yield Name(alias, names.KEY_ALIAS, ())
    for group in environment.log_groups.values():
        yield Name(group, names.LOG_GROUP, ())
    for repository in environment.registry.repositories if environment.registry else ():
        yield Name(repository, names.REPOSITORY, ("registry",))
    yield Name(environment.alert_topic_name, names.TOPIC, ("alerts",))
    if environment.alerts.monthly_budget:
        yield Name(environment.budget_name, names.BUDGET, ("alerts", "monthlyBudget"))
    yield Name(environment.permissions_boundary_name, names.POLICY, ())
    for run_role in environment.run_roles:
        yield Name(run_role.name, names.ROLE, ())
    yield Name(environment.atlas_credentials_secret_name, names.SECRET, ("database", "organization"))
    if environment.database.customer_key:
        yield Name(environment.atlas_key_role_name, names.ROLE, ("database", "customerKey"))
    yield Name(environment.atlas_project_name, names.ATLAS_PROJECT, ())
    yield Name(environment.atlas_cluster_name, names.ATLAS_CLUSTER, ())
    yield Name(environment.domain, names.HOST, ("domain",))
    yield Name(environment.api_host, names.HOST, ("domain",))


def _gateway(environment: Environment) -> Iterator[Name]:
    path, tokens = ("gateway",), ("gateway", "tokens")
    for api in environment.api_names.values():
        yield Name(api, names.API, path)
    for function in environment.function_names.values():
        yield Name(function, names.FUNCTION, path)
        yield Name(function, names.ROLE, path)
    yield Name(environment.package_bucket, names.BUCKET, path)
    yield Name(environment.package_uploader_role_name, names.ROLE, path)
    yield Name(environment.attempts_table_name, names.TABLE, path)
    yield Name(environment.hmac_secret_name, names.SECRET, tokens)
    yield Name(environment.customers_secret_name, names.SECRET, (*tokens, "customers"))
    yield Name(environment.sender_identity, names.SENDER, ("domain",))
    for index, alias in enumerate(environment.signing_key_aliases.values()):
        yield Name(alias, names.KEY_ALIAS, (*tokens, "signingKeys", index))


def _workload(environment: Environment, workload: Workload) -> Iterator[Name]:
    path, settings = ("workloads", workload.name), workload.settings
    if settings.uses_aws:
        yield Name(workload.role_name, names.ROLE, path)
    if settings.has_secrets:
        yield Name(workload.secrets_role_name, names.ROLE, path)
    for variable, reference in settings.secrets.items():
        yield Name(environment.secret_name(reference), names.SECRET, (*path, "secrets", variable))
    if settings.database:
        yield Name(environment.database_secret_name(workload), names.SECRET, (*path, "database"))
    for index, route in enumerate(settings.routes):
        yield Name(environment.host(route), names.HOST, (*path, "routes", index))
