"""A component, with what the catalog knows of it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from generator.catalog import known
from generator.model import Component, Waiver
from generator.problem import Finding

if TYPE_CHECKING:
    from generator.merge import Tree
    from generator.problem import Path


def component(name: str, prefix: str, version: str, tree: Tree, bad: list[Finding]) -> Component:
    """Resolve a component; what cannot be read goes to `bad`."""
    facts, span, waiver = known(name), tree.get("kubernetes", {}), tree.get("waiver")
    return Component(
        name=name,
        prefix=prefix,
        version=version,
        repository=tree["repository"].rstrip("/"),
        chart=tree.get("chart", name),
        namespace=tree["namespace"],
        wave=tree["wave"],
        values=tree.get("values") or {},
        server_side_apply=tree.get("serverSideApply", facts.server_side_apply),
        kubernetes=(span.get("min", facts.kubernetes[0]), span.get("max", facts.kubernetes[1])),
        service_account=tree.get("serviceAccount", facts.service_account),
        aws=tuple(tree.get("aws", ())),
        aws_policy=facts.aws_policy,
        pod_security=tree.get("podSecurity", facts.pod_security),
        waiver=_waiver(waiver, ("components", name, "waiver", "until"), bad) if waiver else None,
    )


def _waiver(tree: Tree, path: Path, bad: list[Finding]) -> Waiver | None:
    try:
        return Waiver(date.fromisoformat(tree["until"]), tree["reason"])
    except ValueError:
        bad.append(
            Finding(
                path=path,
                message=f'"{tree["until"]}" is not a day of the calendar',
                fix="write as 2027-03-31",
            )
        )
        return None
