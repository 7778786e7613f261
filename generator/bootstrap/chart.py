"""The chart of Argo CD: where it comes from, and that it is the one that is pinned."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import yaml

from generator.cluster.errors import ClusterError

if TYPE_CHECKING:
    from pathlib import Path

    from generator.bootstrap.helm import Helm
    from generator.model import Component


class WrongChart(ClusterError):  # noqa: N818  (reads as what it is)
    """An archive that is not the chart which the environment pins."""

    kind = "wrong-chart"


class Chart(NamedTuple):
    """What helm is told: the chart's place, and the options that go with it."""

    place: str
    options: tuple[str, ...]


def of(component: Component, archive: Path | None, helm: Helm) -> Chart:
    """Return the chart of a component: from its repository, or the archive that somebody has brought.

    Raises:
        WrongChart: the archive is another chart, or another version.
        HelmFailed: it is no chart.
    """
    version = ("--version", component.version)
    if archive is None:
        if component.repository.startswith(("https://", "http://")):
            return Chart(component.chart, ("--repo", component.repository, *version))
        return Chart(f"oci://{component.repository}/{component.chart}", version)
    shown = yaml.safe_load(helm.run("show", "chart", str(archive), what=f"read the chart {archive}"))
    found = f"{shown.get('name')} {shown.get('version')}"
    if found != f"{component.chart} {component.version}":
        raise WrongChart(
            f"{archive} is {found}; the environment pins {component.chart} {component.version}",
            f"helm pull {component.chart} --repo {component.repository} --version {component.version}",
        )
    return Chart(str(archive), ())
