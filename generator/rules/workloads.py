"""Settings of a workload that contradict each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.model.workload import DATABASE_VARIABLE
from generator.problem import Finding
from generator.rules.registry import Context, Findings, environment_rule, workload_rule

if TYPE_CHECKING:
    from generator.model import Environment, Spec
    from generator.model.workload import Settings


@workload_rule
def job_with_service_keys(settings: Settings) -> Findings:
    """A scheduled job serves nobody."""
    if not settings.is_job:
        return
    services = {
        "port": settings.port,
        "routes": settings.routes,
        "autoscaling": settings.autoscaling,
        "probes": settings.probes,
    }
    for key, value in services.items():
        if value:
            yield Finding(
                path=(key,),
                message=f"a scheduled job has no {key}",
                fix=f"remove {key} (null, if workloadDefaults sets it), or remove schedule",
                other=("schedule",),
            )


@workload_rule
def variable_twice(settings: Settings) -> Findings:
    """One environment variable cannot come from two places."""
    for name in settings.env:
        if name in settings.secrets:
            message, fix = f"{name} is set under secrets too", "keep one of the two"
            yield Finding(path=("env", name), message=message, fix=fix, other=("secrets", name))
    if settings.database:
        for section, names in (("env", settings.env), ("secrets", settings.secrets)):
            if DATABASE_VARIABLE in names:
                yield Finding(
                    path=(section, DATABASE_VARIABLE),
                    message=f"{DATABASE_VARIABLE} is set by the platform from database",
                    fix="remove it, or remove database",
                    other=("database",),
                )


@workload_rule
def no_readiness_probe(settings: Settings) -> Findings:
    """Without a readiness probe a pod gets requests before it can answer them."""
    if settings.routes and settings.port and not settings.is_job and "readiness" not in settings.probes:
        yield Finding(
            path=("routes",),
            message="a routed service without a readiness probe drops requests at every rollout",
            fix="add probes.readiness",
            severity="warning",
        )


@workload_rule
def database_of_mongodb(settings: Settings) -> Findings:
    """MongoDB keeps users, sharding and replication in these (MongoDB manual, Local and Config Database)."""
    if settings.database in ("admin", "local", "config"):
        message = f"{settings.database} is one of MongoDB's own databases"
        yield Finding(path=("database",), message=message, fix="take another name")


@environment_rule
def secret_is_a_connection_string(environment: Environment, _spec: Spec, _context: Context) -> Findings:
    """Terraform writes the connection strings; a reference to one would give its database away."""
    owners = {
        environment.database_secret_name(w): w.name for w in environment.workloads if w.settings.database
    }
    for workload in environment.workloads:
        for variable, reference in workload.settings.secrets.items():
            owner = owners.get(environment.secret_name(reference))
            if owner:
                yield Finding(
                    path=("workloads", workload.name, "secrets", variable),
                    message=f"{reference} is the connection string of {owner}'s database",
                    fix=f"call {owner} instead, or give the workload a database of its own",
                    other=("workloads", owner, "database"),
                )


@environment_rule
def database_shared(environment: Environment, _spec: Spec, _context: Context) -> Findings:
    """Two owners of one database break each other with every change of its shape."""
    owners: dict[str, str] = {}
    for workload in environment.workloads:
        database = workload.settings.database
        owner = owners.setdefault(database, workload.name)
        if database and owner != workload.name:
            yield Finding(
                path=("workloads", workload.name, "database"),
                message=f"the database {database} belongs to {owner}",
                fix=f"give it its own database, or let it call {owner}",
                other=("workloads", owner, "database"),
            )
