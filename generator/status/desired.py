"""What the spec wants to run in an environment."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.model.kubernetes import EDGE

if TYPE_CHECKING:
    from generator.model import Environment, Workload

COMPONENT, CHART, WORKLOAD, ROOT = "component", "chart", "workload", "root"


class Release(NamedTuple):
    """A release: its `version` is a chart's for a component, the edge chart's, or an image tag.

    `image` is the repository of a workload's image, `chart` the version of our own chart that it uses;
    both "" where there is none. What `serves` has pods all the time.
    """

    name: str
    kind: str
    version: str
    namespace: str
    image: str = ""
    chart: str = ""
    serves: bool = False


def releases(environment: Environment) -> list[Release]:
    """Return all releases of an environment in the order in which Argo CD takes them."""
    components = sorted(environment.components, key=lambda c: (c.wave, c.name))
    edge = environment.charts["edge"]
    return [
        *(Release(c.name, COMPONENT, c.version, c.namespace) for c in components),
        Release(EDGE, CHART, edge, environment.ingress_namespace, chart=edge),
        *(_workload(w, environment.charts["workload"]) for w in environment.workloads),
    ]


def _workload(workload: Workload, chart: str) -> Release:
    settings = workload.settings
    return Release(
        workload.name,
        WORKLOAD,
        workload.version,
        workload.namespace,
        image=settings.image,
        chart=chart,
        serves=not settings.is_job,
    )
