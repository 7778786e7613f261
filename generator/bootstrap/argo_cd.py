"""Argo CD itself: installed with helm once, and from then on its own, by the Application of its name."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from generator.bootstrap import ownership, proven, release
from generator.bootstrap.helm import HelmFailed
from generator.bootstrap.progress import Progress, lasting
from generator.bootstrap.step import Step
from generator.cluster.errors import NotServed
from generator.model.kubernetes import ARGOCD_NAMESPACE

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from pathlib import Path

    from generator.bootstrap.chart import Chart
    from generator.bootstrap.helm import Helm
    from generator.cluster.client import Cluster
    from generator.model import Component

APPLICATIONS = ("argoproj.io/v1alpha1", "applications")
NAME, ROOT = "argo-cd", "root"
HOOKS = "10m0s"
"""How long helm waits for the chart's hooks, which make the password of Redis."""
GRACE = 60.0
"""Seconds that a release may be pending before it counts as cut off: helm is done with one in less."""


def application(cluster: Cluster, name: str) -> dict[str, Any] | None:
    """Return an Application, None when there is none, or no such kind yet."""
    try:
        return cluster.get(*APPLICATIONS, name, ARGOCD_NAMESPACE)
    except NotServed:
        return None


def manages_itself(cluster: Cluster) -> bool:
    """Whether Git decides about Argo CD already: then helm would undo what Git says."""
    return application(cluster, NAME) is not None


def install(
    cluster: Cluster, helm: Helm, component: Component, chart: Chart, values: Path
) -> Iterator[Step | Progress]:
    """Install Argo CD, or bring a release that helm was cut off at to its end.

    Raises:
        HelmFailed: helm cannot.
        ClusterError: the API refuses, or cannot be asked.
    """
    text = f"Argo CD, chart {component.version}"
    found = release.last(cluster, NAME, ARGOCD_NAMESPACE)
    if found and found.pending:
        found = yield from _released(cluster, found)
    if found and found.status == "deployed" and found.chart == component.version and _same(found, values):
        yield Step("ok", f"{text}: helm has installed it")
        yield ownership.hand_over(cluster, found)
        return
    yield lasting(f"helm installs {text}")
    with proven.options(cluster.context) as there:
        helm.run(
            *("upgrade", "--install", NAME, chart.place, *chart.options),
            *("--namespace", ARGOCD_NAMESPACE, *there),
            *("--values", str(values), "--timeout", HOOKS, *helm.taking),
            what="install Argo CD",
        )
    installed = release.last(cluster, NAME, ARGOCD_NAMESPACE)
    if installed is None or installed.chart != component.version:
        came = installed.chart if installed else "nothing"
        raise HelmFailed(
            f"helm has installed {came} in place of {component.version}",
            "Look at `helm -n argocd history argo-cd`.",
        )
    yield Step("changed" if found else "made", f"{text}: installed with helm {helm.shown}")
    yield ownership.hand_over(cluster, installed)


def _same(found: release.Release, values: Path) -> bool:
    import yaml  # noqa: PLC0415  (only here)

    wanted: object = yaml.safe_load(values.read_text(encoding="utf-8"))
    return found.config == wanted


def _released(cluster: Cluster, found: release.Release) -> Generator[Progress, None, release.Release | None]:
    """Wait for a helm that is at work; forget a revision that one was killed at, so that helm begins it anew.

    Helm itself refuses to go on ("another operation is in progress"). Its objects bear the release's name, so
    the next run takes them over.
    """
    while found.pending and found.age() < GRACE:
        text = f"another helm is at work on {NAME}, or was cut off less than {GRACE:g} s ago: waiting"
        yield lasting(text)
        time.sleep(min(5.0, max(0.1, GRACE - found.age())))
        again = release.last(cluster, NAME, ARGOCD_NAMESPACE)
        if again is None:
            return None
        found = again
    if found.pending:
        cluster.delete("v1", "secrets", found.secret, ARGOCD_NAMESPACE)
        return release.last(cluster, NAME, ARGOCD_NAMESPACE)
    return found
