"""AWS permissions wider than anybody means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.problem import Finding
from generator.rules.registry import Context, Findings, environment_rule, workload_rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from generator.model import Environment, Spec
    from generator.model.workload import Settings
    from generator.problem import Path

# Services with which a role can widen its own rights.
_ESCALATING = ("iam", "organizations", "sts")


def _too_wide(statements: Sequence[Mapping[str, list[str]]], path: Path) -> Iterator[Finding]:
    for index, statement in enumerate(statements):
        for position, action in enumerate(statement["actions"]):
            service, _, name = action.partition(":")
            where = (*path, index, "actions", position)
            if name in ("*", ""):
                message = f"{action} allows everything" + (f" in {service}" if name else "")
                yield Finding(path=where, message=message, fix="list the actions that are needed")
            elif service in _ESCALATING:
                message = f"{action} lets a pod widen its own rights"
                yield Finding(path=where, message=message, fix="give this to a role that a person assumes")
        if "*" in statement["resources"]:
            where = (*path, index, "resources", statement["resources"].index("*"))
            message = "* is every resource of the account"
            yield Finding(path=where, message=message, fix="name them, as arn:aws:sqs:*:*:orders")


@workload_rule
def workload_permissions(settings: Settings) -> Findings:
    """Least privilege for workloads."""
    yield from _too_wide(settings.aws, ("aws",))


@environment_rule
def component_permissions(environment: Environment, _spec: Spec, _context: Context) -> Findings:
    """The same for components, which also must say whose permissions these are."""
    for component in environment.components:
        path = ("components", component.name)
        yield from _too_wide(component.aws, (*path, "aws"))
        if component.aws and not component.service_account:
            message = "aws without a serviceAccount that receives the permissions"
            yield Finding(path=(*path, "aws"), message=message, fix="add serviceAccount: the chart's")
