"""Variables of the stack `database`. Keys are the variables' names in HCL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from generator.model import Environment


def variables(environment: Environment) -> dict[str, Any]:
    """Return the variables."""
    database = environment.database
    return {
        "vpc_name": environment.vpc_name,
        # The other stack's key: who may read a workload's secrets may decrypt with no other.
        "secrets_key_alias": environment.key_aliases["secrets"],
        "project_name": environment.atlas_project_name,
        "cluster": {
            "name": environment.atlas_cluster_name,
            "tier": database.tier,
            "version": database.version,
            "backup": {"retention_days": database.retention_days, "point_in_time": database.point_in_time},
        },
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
