"""Variables of the stack `database`. Keys are the variables' names in HCL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from generator.model import Environment
    from generator.model.settings import Database


def variables(environment: Environment) -> dict[str, Any]:
    """Return what `terraform/stacks/database/variables.tf` declares."""
    database, subnets = environment.database, environment.network.subnets.values()
    return {
        "network": {
            "vpc_name": environment.vpc_name,
            "subnet_cidrs": [str(zone.database) for zone in subnets],
            # Pods and the function that issues tokens.
            "client_cidrs": [str(zone.private) for zone in subnets],
        },
        # The other stack's key: who may read a workload's secrets may decrypt with no other.
        "secrets_key_alias": environment.key_aliases["secrets"],
        "secret_recovery_days": environment.secret_recovery_days,
        "atlas": {
            "organization_id": database.organization,
            "credentials_secret_name": environment.atlas_credentials_secret_name,
        },
        "project_name": environment.atlas_project_name,
        "cluster": _cluster(environment.atlas_cluster_name, database),
        "auditing": database.auditing,
        "customer_key": {
            "alias": environment.key_aliases["database"],
            "role_name": environment.atlas_key_role_name,
        }
        if database.customer_key
        else None,
        "alert_emails": list(environment.alerts.emails),
        "databases": {
            workload.name: {
                "database": workload.settings.database,
                "role_name": workload.role_name,
                "secret_name": environment.database_secret_name(workload),
            }
            for workload in environment.workloads
            if workload.settings.database
        },
        "customers_reader": _customers_reader(environment),
        # The secret is the other stack's, whose plans read none: Terraform's provider reads what it wrote.
        "hmac_secret_name": environment.hmac_secret_name if environment.gateway.enabled else None,
        "retired_databases": list(database.retired),
    }


def _cluster(name: str, database: Database) -> dict[str, Any]:
    scaling = database.autoscaling
    return {
        "name": name,
        "tier": database.tier,
        "version": database.version,
        "autoscaling": {"min_tier": scaling.least, "max_tier": scaling.most} if scaling else None,
        "shrink_from": database.shrink_from or None,
        "backup": {"retention_days": database.retention_days, "point_in_time": database.point_in_time},
    }


def _customers_reader(environment: Environment) -> dict[str, str] | None:
    """The function that issues tokens looks customers up by CPF, and may do nothing else there."""
    tokens = environment.gateway.tokens
    if not environment.gateway.enabled or tokens is None:
        return None
    return {
        "database": environment.customers_database,
        "collection": tokens.collection,
        "role_name": environment.function_names["token"],
        "secret_name": environment.customers_secret_name,
    }
