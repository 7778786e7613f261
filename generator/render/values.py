"""Helm values of every release."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.catalog import known
from generator.merge import merge_values
from generator.model.kubernetes import EDGE
from generator.render import banner, edge_values, workload_values

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.model import Component, Environment


def render(environment: Environment) -> Iterator[tuple[str, str]]:
    """Yield `values/<release>.yaml` for the components, `edge` and the workloads."""
    where = f"in environments/platform.yaml or environments/{environment.name}.yaml"
    for component in environment.components:
        text = banner.yaml(f"components.{component.name} {where}", component_values(environment, component))
        yield f"values/{component.name}.yaml", text
    text = banner.yaml(f"ingress and workloads {where}", edge_values.values(environment))
    yield f"values/{EDGE}.yaml", text
    neighbours = workload_values.neighbours(environment)
    for workload in environment.workloads:
        values = workload_values.values(environment, workload, neighbours)
        yield f"values/{workload.name}.yaml", banner.yaml(f"workloads.{workload.name} {where}", values)


def component_values(environment: Environment, component: Component) -> dict[str, Any]:
    """Return the computed values of a known chart with the user's on top."""
    return merge_values(known(component.name).values(environment, component), component.values)
