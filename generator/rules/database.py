"""What Atlas, or a person who wants data back, would be surprised by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.problem import Finding
from generator.rules.registry import Context, Findings, environment_rule

if TYPE_CHECKING:
    from generator.model import Environment, Spec


def _size(tier: str) -> int:
    return int(tier.removeprefix("M"))


@environment_rule
def tier_outside_its_autoscaling(environment: Environment, _spec: Spec, _context: Context) -> Findings:
    """Atlas refuses a cluster that is smaller or larger than it may become."""
    database = environment.database
    scaling, path = database.autoscaling, ("database", "autoscaling")
    if scaling is None:
        return
    if _size(scaling.least) > _size(scaling.most):
        yield Finding(
            path=(*path, "minTier"),
            message=f"minTier {scaling.least} is above maxTier {scaling.most}",
            fix="swap them",
            other=(*path, "maxTier"),
        )
    elif not _size(scaling.least) <= _size(database.tier) <= _size(scaling.most):
        yield Finding(
            path=("database", "tier"),
            message=f"{database.tier} is not between {scaling.least} and {scaling.most}, where Atlas scales",
            fix="take a tier between them",
            other=path,
        )


@environment_rule
def shrinks_to_no_smaller_tier(environment: Environment, _spec: Spec, _context: Context) -> Findings:
    """It permits one step down, and says from where; afterwards it is in the way of nobody but readers."""
    database = environment.database
    if database.shrink_from and _size(database.shrink_from) <= _size(database.tier):
        yield Finding(
            path=("database", "shrinkFrom"),
            message=f"{database.tier} is not smaller than {database.shrink_from}",
            fix="remove shrinkFrom, or lower tier",
            other=("database", "tier"),
        )


@environment_rule
def database_of_the_gateway(environment: Environment, _spec: Spec, _context: Context) -> Findings:
    """Two connection strings of one name; while the gateway is off, too, for it would take the other's."""
    for workload in environment.workloads:
        own = environment.database_secret_name(workload) == environment.customers_secret_name
        if own and workload.settings.database:
            yield Finding(
                path=("workloads", workload.name),
                message=f"the API Gateway itself connects to the database as {workload.name}, and keeps its "
                f"connection string in {environment.customers_secret_name}",
                fix="rename the workload, or remove its database",
                other=("workloads", workload.name, "database"),
            )


@environment_rule
def retired_and_in_use(environment: Environment, _spec: Spec, _context: Context) -> Findings:
    """A database is one or the other."""
    users = {w.settings.database: w.name for w in environment.workloads if w.settings.database}
    for index, name in enumerate(environment.database.retired):
        if name in users:
            yield Finding(
                path=("database", "retired", index),
                message=f"{users[name]} uses the database {name}",
                fix="remove it here, or give the workload another database",
                other=("workloads", users[name], "database"),
            )
