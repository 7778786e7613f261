"""`status --watch`: show it again at every change.

On a terminal the screen is drawn anew; elsewhere a line is added for each release that changed, or with
`--output json` a document.
"""

from __future__ import annotations

import gc
import shutil
import sys
from threading import Condition, Thread
from typing import TYPE_CHECKING

from generator import status
from generator.cli import clusters, status_report
from generator.cli.clusters import Outcome
from generator.cli.report import FAILED, read_spec, say

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from generator.cluster.client import Cluster
    from generator.cluster.errors import ClusterError
    from generator.cluster.follow import Followed
    from generator.model import Environment
    from generator.status import Report

_CALM = 0.5  # seconds between two drawings: a rollout changes something all the time
_TICK = 10.0  # seconds after which it is drawn all the same: ages grow
_AGAIN = 5.0  # seconds before a cluster that could not be asked is asked again
_HEAD = 6  # lines of an environment that are no releases


def watch(root: Path, options: argparse.Namespace) -> int:
    """Show again and again; only Ctrl-C ends it."""
    from generator.cluster import connection  # noqa: PLC0415  (with the kubernetes client)

    gc.enable()  # a single run does without; this one lives for hours
    spec = read_spec(root, options.today, "text")
    if spec is None:
        return FAILED
    changed = Condition()
    watched = [_Watched(root, e, options, changed) for e in clusters.chosen(spec, options)]
    try:
        for one in watched:
            Thread(target=one.start, daemon=True).start()
        _draw(watched, options, changed)
    finally:
        connection.clean()
        clusters.quiet()
    return FAILED


class _Watched:
    """An environment whose cluster is followed; `version` grows with every change."""

    def __init__(
        self, root: Path, environment: Environment, options: argparse.Namespace, changed: Condition
    ) -> None:
        self._root, self.environment, self._options, self._changed = root, environment, options, changed
        self._cluster: Cluster | None = None
        self._followed: Followed | None = None
        self._error: ClusterError | None = None
        self._tries = 0
        self.shown: Outcome[Report] | None = None

    @property
    def version(self) -> int:
        return self._tries + (self._followed.version if self._followed else 0)

    def start(self) -> None:
        """Connect, as often as it takes, and follow."""
        from generator.cluster import snapshot  # noqa: PLC0415  (with the kubernetes client)
        from generator.cluster.errors import ClusterError  # noqa: PLC0415
        from generator.cluster.follow import Followed  # noqa: PLC0415

        while self._followed is None:
            try:
                self._cluster = clusters.connect(self.environment, self._options)
                kinds = (snapshot.APPLICATIONS, snapshot.PODS)
                self._followed = Followed(self._cluster, kinds, self._changed)
            except ClusterError as error:
                with self._changed:
                    self._error = error
                    self._tries += 1
                    self._changed.notify_all()
                    self._changed.wait(_AGAIN)

    def outcome(self) -> Outcome[Report] | None:
        """Return what is known now, None before anything is."""
        from generator.cluster import snapshot  # noqa: PLC0415  (as above)
        from generator.cluster.errors import ClusterError, Forbidden  # noqa: PLC0415

        followed, cluster = self._followed, self._cluster
        if followed is None or cluster is None:
            return Outcome(self.environment, None, self._error) if self._error else None
        refused = followed.trouble(snapshot.PODS)
        applications, pods = followed.objects(snapshot.APPLICATIONS), followed.objects(snapshot.PODS)
        trouble = followed.trouble(snapshot.APPLICATIONS)
        if not isinstance(refused, Forbidden):
            trouble, refused = trouble or refused, None
        if trouble:
            return Outcome(self.environment, None, trouble)
        if applications is None or (pods is None and refused is None):
            return None
        try:
            snapshot.check(applications, clusters.asked(self.environment), cluster.context.title)
        except ClusterError as error:
            return Outcome(self.environment, None, error)
        running = None if pods is None else [p for p in pods if _unfinished(p)]
        found = snapshot.Snapshot(applications, [], [], running, (refused,) if refused else ())
        report = status_report.put_together(self._root, self.environment, cluster, found)
        return Outcome(self.environment, report)


def _unfinished(pod: dict[str, dict[str, str]]) -> bool:
    return (pod.get("status") or {}).get("phase") != "Succeeded"


def _draw(watched: list[_Watched], options: argparse.Namespace, changed: Condition) -> None:
    terminal = sys.stdout.isatty() and options.output == "text"
    seen = -1
    while True:
        before = seen
        with changed:
            if sum(one.version for one in watched) == seen:
                changed.wait(_TICK)
            changed.wait_for(lambda: False, _CALM)  # what else happens now comes along
            seen = sum(one.version for one in watched)
        now = [(one, outcome) for one in watched if (outcome := one.outcome())]
        outcomes = [outcome for _, outcome in now]
        if terminal:
            _screen(outcomes)
        elif seen == before:
            continue  # nothing but time has passed
        elif options.output == "json":
            _document(watched, outcomes)
        else:
            for one, outcome in now:
                _append(one, outcome)
        sys.stdout.flush()


def _screen(outcomes: list[Outcome[Report]]) -> None:
    """Draw everything, of the releases as many as there is room for."""
    height = shutil.get_terminal_size().lines
    rows = max(3, height // max(1, len(outcomes)) - _HEAD)
    lines = [line for outcome in outcomes for line in (*status_report.lines(outcome, rows), "")]
    head = f"{clusters.now().astimezone():%H:%M:%S} watching; Ctrl-C ends it"
    say("\033[H\033[J" + "\n".join([head, "", *lines][: height - 1]))


def _document(watched: list[_Watched], outcomes: list[Outcome[Report]]) -> None:
    """Add a document when all environments have something to say."""
    if len(outcomes) == len(watched):
        say(status_report.as_json(outcomes))


def _append(one: _Watched, after: Outcome[Report]) -> None:
    """Add what changed in an environment."""
    before = one.shown
    one.shown = after
    if after.found is None:
        if before is None or before.found is not None or type(before.error) is not type(after.error):
            say("\n".join(clusters.trouble(after.environment.name, after.error)))
        return
    if before is None or before.found is None:
        say("\n".join(status_report.lines(after)))
        return
    for line in status.changes(before.found, after.found):
        say(line)
