"""AWS permissions wider than anybody means."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.model.access import assumes
from generator.problem import Finding
from generator.rules.registry import Context, Findings, environment_rule, workload_rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from generator.model import Environment, Spec
    from generator.model.workload import Settings
    from generator.problem import Path

# Services with which a role can widen its own rights.
_ESCALATING = ("iam", "organizations")
_READING = ("Get", "List", "Describe", "Simulate")
# As terraform/modules/access takes it, variable `granted`.
_ROLE = re.compile(r"arn:[a-z-]+:iam::[0-9]{12}:role/[^*?].*")
_NAME_ROLES = "name the roles under resources, as arn:aws:iam::123456789012:role/reports"


def _too_wide(statements: Sequence[Mapping[str, list[str]]], path: Path) -> Iterator[Finding]:
    for index, statement in enumerate(statements):
        wide = [p for p, resource in enumerate(statement["resources"]) if _is_everything(resource)]
        for position, action in enumerate(statement["actions"]):
            service, _, name = action.partition(":")
            where = (*path, index, "actions", position)
            if not name.strip("*"):
                message = f"{action} allows everything" + (f" in {service}" if name else "")
                yield Finding(path=where, message=message, fix="list the actions that are needed")
            elif service in _ESCALATING and not name.startswith(_READING):
                message = f"{action} lets a pod widen its own rights"
                yield Finding(path=where, message=message, fix="give this to a role that a person assumes")
            elif assumes(action) and wide:
                message = f"with {action} it may take over every role that lets it"
                yield Finding(path=where, message=message, fix=_NAME_ROLES)
        if any(assumes(action) for action in statement["actions"]):
            for position, resource in enumerate(statement["resources"]):
                if position not in wide and not _ROLE.fullmatch(resource):
                    yield Finding(
                        path=(*path, index, "resources", position),
                        message=f"{resource} names no role of an account, and a pod may become it",
                        fix=f"{_NAME_ROLES}; other actions go into a statement of their own",
                    )
        for position in wide:
            yield Finding(
                path=(*path, index, "resources", position),
                message=f"{statement['resources'][position]} is every resource of a service or the account",
                fix="name them, as arn:aws:sqs:*:*:orders, where the actions allow it; some, as "
                "cloudwatch:PutMetricData, know no resources",
                severity="warning",
            )


def _is_everything(resource: str) -> bool:
    """Whether the resource part of an ARN (arn:partition:service:region:account:resource) is open."""
    return resource.split(":", 5)[-1].strip("*:/") == "" or resource.count(":") < 5  # noqa: PLR2004  (its colons)


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
