"""Until every release is Synced and Healthy; or which is not, and why."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from generator.bootstrap.argo_cd import APPLICATIONS, ROOT
from generator.bootstrap.progress import Progress, lasting
from generator.bootstrap.standing import Standing
from generator.bootstrap.step import Step
from generator.cluster.errors import NotServed, Unreachable
from generator.model.kubernetes import ARGOCD_NAMESPACE
from generator.status import desired

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from generator.bootstrap.clock import Deadline
    from generator.cluster.client import Cluster
    from generator.model import Environment

    Events = Iterator[Step | Progress]

QUIET = 5.0
"""Seconds without news after which the deadline is looked at."""
SETTLE = 30.0
"""Seconds that everything must stand still, with something that cannot mend itself, to be given up early."""
_SHOWN = 3


def wait(cluster: Cluster, environment: Environment, deadline: Deadline, explain: Explain) -> Events:
    """Wait for all releases and the root; `explain` says more of the pods of one that is not well."""
    names = [release.name for release in desired.releases(environment)]
    repository = environment.platform.repository.url
    standings: dict[str, Standing] = {}
    since = time.monotonic()
    for applications in _applications(cluster, deadline):
        if isinstance(applications, Progress):
            yield applications
            continue
        now = {name: Standing.of(name, applications.get(name), repository) for name in (ROOT, *names)}
        changed = [now[name] for name in now if now[name] != standings.get(name)]
        if changed:
            since = time.monotonic()
        standings = now
        waiting = [s for s in standings.values() if not s.well]
        if not waiting:
            yield Step("ok", f"{len(names)} releases are Synced and Healthy")
            return
        news = tuple(f"{s.name}: {s}" for s in changed if s.application)
        yield Progress(_summed(waiting, len(standings)), news)
        # The root goes on for as long as it waits for the others.
        stuck = all(s.still for s in waiting if s.name != ROOT) and any(s.hopeless for s in waiting)
        if deadline.over or (stuck and time.monotonic() - since >= SETTLE):
            yield from _given_up(waiting, deadline, explain)
            return


def _applications(cluster: Cluster, deadline: Deadline) -> Iterator[Mapping[str, Any] | Progress]:
    """Yield all Applications whenever one has changed, and every few seconds; an API may be away."""
    while True:
        found: dict[str, Any] = {}
        try:
            for kind, event in cluster.watch(*APPLICATIONS, ARGOCD_NAMESPACE, quiet=QUIET):
                if kind == "LISTED":
                    found = {application["metadata"]["name"]: application for application in event}
                elif kind == "DELETED":
                    found.pop(event["metadata"]["name"], None)
                elif kind != "QUIET":
                    found[event["metadata"]["name"]] = event
                yield found
        except NotServed:
            yield {}
            deadline.pause()
        except Unreachable as trouble:
            if deadline.over:
                raise
            yield lasting(f"the API does not answer: {trouble.message}")
            deadline.pause()


def _summed(waiting: list[Standing], number: int) -> str:
    names = [f"{s.name} ({s})" for s in waiting[:_SHOWN]]
    more = f" and {len(waiting) - _SHOWN} more" if len(waiting) > _SHOWN else ""
    return f"{number - len(waiting)} of {number} are Synced and Healthy; waiting for {', '.join(names)}{more}"


def _given_up(waiting: Iterable[Standing], deadline: Deadline, explain: Explain) -> Iterator[Step]:
    """Yield one step for each release that is not well; those that wait for others come last, in one."""
    told = [s for s in waiting if s.application]
    for standing in told:
        why = [*standing.why, *explain(standing)]
        yield Step("missing", f"{standing.name}: {standing}", "\n".join(why))
    absent = [s.name for s in waiting if not s.application]
    if absent:
        text = f"not there yet: {', '.join(absent)}"
        yield Step("missing", text, "Argo CD makes them in the order of their waves, after what is above.")
    if deadline.over:
        yield Step("missing", f"gave up after {deadline.shown}", "TIMEOUT=60m (--timeout 60m) waits longer.")


if TYPE_CHECKING:
    Explain = Callable[[Standing], Iterable[str]]
