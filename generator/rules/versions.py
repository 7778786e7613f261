"""What runs is pinned, exactly and completely."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.model.gateway import FUNCTIONS
from generator.problem import Finding, closest, did_you_mean
from generator.rules.registry import Context, Findings, environment_rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from generator.model import Environment, Spec

OWN_CHARTS = ("edge", "workload")
_FLOATING = re.compile(
    r"(latest|stable|edge|nightly|canary|next|lts|snapshot)(-.*)?"
    r"|main|master|trunk|head|dev|develop|staging|prod|production|release"
    r"|v?\d{1,3}(\.\d{1,3})?",  # 1 and 1.4 move with every patch; a build number is longer
    re.IGNORECASE,
)


def _releases(environment: Environment) -> Iterator[tuple[str, Mapping[str, str]]]:
    yield "workloads", {w.name: w.version for w in environment.workloads}
    yield "components", {c.name: c.version for c in environment.components}
    used = OWN_CHARTS if environment.workloads else ("edge",)
    yield "charts", {chart: environment.charts.get(chart, "") for chart in used}
    functions = FUNCTIONS if environment.gateway.enabled else ()
    yield "functions", {function: environment.functions.get(function, "") for function in functions}


@environment_rule
def release_without_version(environment: Environment, _spec: Spec, _context: Context) -> Findings:
    """Everything that runs in an environment is pinned there."""
    for section, versions in _releases(environment):
        for name, version in versions.items():
            if not version:
                yield Finding(
                    path=("versions", section, name),
                    message=f"{name} has no version in {environment.name}",
                    fix=f"add versions.{section}.{name} to environments/{environment.name}.yaml",
                )


@environment_rule
def version_without_release(environment: Environment, _spec: Spec, context: Context) -> Findings:
    """A version that pins nothing is a leftover or a typing mistake."""
    for section, versions in _releases(environment):
        for name in sorted(context.pinned[environment.name].get(section, {}).keys() - versions.keys()):
            near = closest(name, versions)
            yield Finding(
                path=("versions", section, name),
                message=f"there is no such release in {section} of {environment.name}",
                fix=f'did you mean "{near}"?' if near else "delete the line",
            )


@environment_rule
def floating_tag(environment: Environment, _spec: Spec, _context: Context) -> Findings:
    """A tag that moves makes two syncs of one commit differ; with a digest after it it cannot move."""
    for workload in environment.workloads:
        if _FLOATING.fullmatch(workload.tag) and not workload.digest:
            yield Finding(
                path=("versions", "workloads", workload.name),
                message=f'"{workload.tag}" is a tag that moves',
                fix="pin a release, as 1.4.2, or add the digest: tag@sha256:...",
            )


@environment_rule
def chart_does_not_exist(environment: Environment, spec: Spec, _context: Context) -> Findings:
    """Own charts are folders: argocd/charts/<chart>/<version>/."""
    for chart in OWN_CHARTS:
        version, existing = environment.charts.get(chart), spec.charts.get(chart, frozenset())
        if version and version not in existing:
            yield Finding(
                path=("versions", "charts", chart),
                message=f"there is no folder argocd/charts/{chart}/{version}",
                fix=did_you_mean(version, existing) or "add the chart",
            )
