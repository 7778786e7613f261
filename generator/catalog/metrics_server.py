"""metrics-server: CPU and memory figures for autoscaling."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.catalog.known import Known

if TYPE_CHECKING:
    from generator.model import Component, Environment


def _values(_environment: Environment, _component: Component) -> dict[str, Any]:
    return {"replicas": 2, "podDisruptionBudget": {"enabled": True, "minAvailable": 1}}


COMPONENT = Known(kubernetes=("1.31", ""), values=_values)  # README, compatibility matrix, 0.8.x
