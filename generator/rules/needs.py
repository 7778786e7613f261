"""Components that something in the environment needs: that they are there, and ready in time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.catalog import known
from generator.model.kubernetes import EDGE_WAVE
from generator.problem import Finding, closest
from generator.rules.registry import Context, Findings, environment_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.model import Environment, Spec
    from generator.problem import Path


@environment_rule
def component_is_missing(environment: Environment, _spec: Spec, _context: Context) -> Findings:
    """Without it objects have a kind that nobody knows, or wait for somebody who never comes."""
    names = {c.name for c in environment.components}
    reported: set[str] = set()
    for path, component, purpose in _needs(environment):
        if component not in names and component not in reported:
            reported.add(component)
            misspelt = closest(component, names)
            rename, add = f"rename components.{misspelt}", f"add components.{component} and its version"
            yield Finding(
                path=path,
                message=f"this needs the component {component}, {purpose}",
                fix=rename if misspelt else add,
            )


def _needs(environment: Environment) -> Iterator[tuple[Path, str, str]]:
    """Yield what needs which component, and for what."""
    binding = "which tells the load balancer where the ingress controller's pods are"
    yield ("ingress",), "aws-load-balancer-controller", binding
    for workload in environment.workloads:
        path, settings = ("workloads", workload.name), workload.settings
        secrets = "which brings secrets from Secrets Manager to the pods"
        for key, value in (("secrets", settings.secrets), ("database", settings.database)):
            if value:
                yield (*path, key), "external-secrets", secrets
        if settings.autoscaling:
            yield (*path, "autoscaling"), "metrics-server", "which measures what the pods use"


@environment_rule
def component_comes_too_late(environment: Environment, _spec: Spec, _context: Context) -> Findings:
    """The release `edge` uses kinds and a Service of these, so they must be healthy before it starts."""
    for component in environment.components:
        facts = known(component.name)
        entrance = component.name == environment.ingress.controller
        if (facts.before_edge or entrance) and component.wave >= EDGE_WAVE:
            yield Finding(
                path=("components", component.name, "wave"),
                message=f"edge, at wave {EDGE_WAVE}, needs {component.name} to be there, which comes at "
                f"{component.wave}",
                fix=f"take a wave below {EDGE_WAVE}",
            )
