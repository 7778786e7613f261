"""docs/resources.md: what each environment is made of, counted from its plan, for people."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.terraform.plans import Plan

INTRODUCTION = """\
<!-- Made from the plans of all environments by `pytest tests/apply/test_plans.py --update-cases`. -->

# What an environment is made of

What the stack `platform` makes in an empty account, by type: counted from a plan of the root
[terraform/stacks/platform](../terraform/stacks/platform) with the variables in `rendered/<environment>/`.
A pull request that changes the spec shows here what it adds and takes away; `terraform plan` shows which.

Not here is what other stacks make: the database, and the bucket of the functions' packages. Nor what exists
without Terraform's doing: the Route 53 zone of the domain, which is made by hand before; the nodes, their
volumes and network interfaces, which EKS makes as the cluster grows; and what Argo CD installs in the
cluster.
"""


def page(plans: Mapping[str, Plan]) -> str:
    """The whole page, by the environments' names."""
    lines = [INTRODUCTION]
    for environment, plan in plans.items():
        lines += [f"## {environment}", "", *_table(plan), ""]
    return "\n".join(lines)


def _table(plan: Plan) -> Iterator[str]:
    counted = Counter(resource.type for resource in plan.resources())
    yield "| resource | count |"
    yield "| --- | ---: |"
    yield from (f"| `{kind}` | {count} |" for kind, count in sorted(counted.items()))
    yield f"| **total** | **{counted.total()}** |"
