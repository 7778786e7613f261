"""Every value that a component is given is one of its chart: helm ignores what it does not know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.manifests.chart_values import defaults

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.manifests.model import Environment

CONFIGURED = "the keys are those of what the chart configures"
KUBERNETES = "the keys are Kubernetes' own, whose schemas know them"
EXCEPTIONS = {
    "argo-cd: * has no configs.cm.*": CONFIGURED,
    "argo-cd: * has no configs.params.*": CONFIGURED,
    "cluster-autoscaler: * has no extraArgs.*": CONFIGURED,
    "* has no *ecurityContext.*": KUBERNETES,
    "ingress-nginx: * has no controller.resources.*": KUBERNETES,
    "metrics-server: * has no resources.*": KUBERNETES,
}


def check(environment: Environment) -> Iterator[str]:
    """Yield the values that change nothing; a folder is a chart of our own, whose schema refuses them."""
    for application in environment.applications:
        for source in application.sources:
            if source.chart is not None and source.chart.is_file():
                for values in source.values:
                    for path in _unknown(values, defaults(source.chart), ""):
                        yield f"{application.name}: values: {source.chart.name} has no {path}"


def _unknown(values: Any, known: Any, path: str) -> Iterator[str]:
    """The paths that the defaults do not have; below an empty default everything is possible."""
    if not isinstance(values, dict) or known in ({}, None):
        return
    if not isinstance(known, dict):
        yield f"map at {path}: it is {known!r} there"
        return
    for key, value in values.items():
        place = f"{path}.{key}" if path else key
        if key not in known:
            yield place
        else:
            yield from _unknown(value, known[key], place)
