"""Variables of the stack `platform`. Keys are the variables' names in HCL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.model.cluster import ADDON_SERVICE_ACCOUNTS
from generator.model.network import INTERFACE_ENDPOINTS
from generator.render import gateway_variables

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from generator.model import Environment, Workload
    from generator.model.settings import Registry


def variables(environment: Environment) -> dict[str, Any]:
    """Return what `terraform/stacks/platform/variables.tf` declares."""
    return {
        "network": _network(environment),
        "logs": {
            "key_alias": environment.key_aliases["logs"],
            "retention_days": environment.log_retention_days,
            "groups": environment.log_groups,
        },
        "cluster": _cluster(environment),
        "ingress": {
            "domain": environment.domain,
            "hosts": environment.hosts,
            "load_balancer_name": environment.load_balancer_name,
            "target_group_name": environment.target_group_name,
            "internal": environment.gateway.enabled,
            "subnets": environment.load_balancer_tier,
            "client_cidrs": environment.load_balancer_clients,
            "proxy_protocol": not environment.gateway.enabled,
        },
        "gateway": gateway_variables.variables(environment),
        "identities": _identities(environment),
        "secrets": {
            "key_alias": environment.key_aliases["secrets"],
            "recovery_days": environment.secret_recovery_days,
            "names": _secret_names(environment),
        },
        "secret_readers": _secret_readers(environment),
        "registry": _registry(environment.registry),
        "alerts": _alerts(environment),
    }


def _network(environment: Environment) -> dict[str, Any]:
    network = environment.network
    return {
        "name": environment.vpc_name,
        "cidr": str(network.cidr),
        "nat_zones": list(network.nat_zones),
        "interface_endpoints": list(INTERFACE_ENDPOINTS) if network.interface_endpoints else [],
        "flow_log_role_name": environment.flow_log_role_name,
        "zones": {
            zone: {
                "private": str(subnets.private),
                "public": str(subnets.public),
                "intra": str(subnets.intra),
                "database": str(subnets.database),
            }
            for zone, subnets in network.subnets.items()
        },
    }


def _cluster(environment: Environment) -> dict[str, Any]:
    cluster = environment.cluster
    return {
        "name": environment.cluster_name,
        "role_name": environment.cluster_role_name,
        "node_role_name": environment.node_role_name,
        "key_alias": environment.key_aliases["cluster"],
        "kubernetes_version": cluster.kubernetes_version,
        "service_cidr": str(cluster.service_cidr),
        "endpoint_zones": list(environment.network.endpoint_zones),
        "public_access_cidrs": list(cluster.public_access_cidrs),
        "private_access_cidrs": list(cluster.private_access_cidrs),
        "admin_roles": list(cluster.admin_roles),
        "ami_release": cluster.ami_release or None,
        "addons": dict(cluster.addons),
        "addon_roles": {
            addon: {"role_name": role_name, "service_account": ADDON_SERVICE_ACCOUNTS[addon]}
            for addon, role_name in environment.addon_role_names.items()
        },
        "node_groups": {
            group.name: {
                "instance_types": list(group.instance_types),
                "ami_type": group.ami_type,
                "min": group.minimum,
                "max": group.maximum,
                "capacity": {"onDemand": "ON_DEMAND", "spot": "SPOT"}[group.capacity],
                "disk_size": group.disk_size,
                "labels": dict(group.labels),
                "taints": [
                    {"key": t.key, "value": t.value, "effect": _effect(t.effect)} for t in group.taints
                ],
            }
            for group in cluster.node_groups
        },
    }


def _effect(effect: str) -> str:
    """EKS spells taint effects its own way (CreateNodegroup, Taint)."""
    return {
        "NoSchedule": "NO_SCHEDULE",
        "PreferNoSchedule": "PREFER_NO_SCHEDULE",
        "NoExecute": "NO_EXECUTE",
    }[effect]


def _identities(environment: Environment) -> dict[str, Any]:
    """One IAM role and Pod Identity association per release that needs AWS."""
    identities = {
        component.name: {
            "role_name": component.role_name,
            "namespace": component.namespace,
            "service_account": component.service_account,
            "policy": component.name if component.aws_policy else None,
            "statements": _statements(component.aws),
        }
        for component in environment.components
        if component.uses_aws
    }
    return identities | {
        workload.name: {
            "role_name": workload.role_name,
            "namespace": workload.namespace,
            "service_account": workload.service_account,
            "policy": None,
            "statements": _statements(workload.settings.aws),
        }
        for workload in environment.workloads
        if workload.settings.uses_aws
    }


def _statements(statements: Sequence[Mapping[str, list[str]]]) -> list[dict[str, list[str]]]:
    return [{"actions": s["actions"], "resources": s["resources"]} for s in statements]


def _secret_names(environment: Environment) -> list[str]:
    """The secrets that people or rotations write; the connection strings are the other stack's."""
    references = (r for w in environment.workloads for r in w.settings.secrets.values())
    return sorted({environment.secret_name(reference) for reference in references})


def _registry(registry: Registry | None) -> dict[str, list[str]] | None:
    if registry is None:
        return None
    return {
        "repositories": list(registry.repositories),
        "pull_accounts": list(registry.pull_accounts),
    }


def _alerts(environment: Environment) -> dict[str, Any]:
    monthly = environment.alerts.monthly_budget
    return {
        "topic_name": environment.alert_topic_name,
        "key_alias": environment.key_aliases["alerts"],
        "emails": list(environment.alerts.emails),
        "budget": {"name": environment.budget_name, "monthly_usd": monthly} if monthly else None,
    }


def _secret_readers(environment: Environment) -> dict[str, Any]:
    """The roles that External Secrets assumes, each for the secrets of one workload only."""
    return {
        workload.name: {"role_name": workload.secrets_role_name, "secrets": _secrets(environment, workload)}
        for workload in environment.workloads
        if workload.settings.has_secrets
    }


def _secrets(environment: Environment, workload: Workload) -> list[str]:
    return sorted(set(environment.secrets_by_variable(workload).values()))
