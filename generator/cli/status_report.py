"""The report behind `status`: asked once, printed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from generator import history, status
from generator.cli import clusters
from generator.cli.cluster_options import UNASKED
from generator.cli.report import FAILED, read_spec, say
from generator.history import HistoryError

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from generator.cli.clusters import Outcome
    from generator.cluster.client import Cluster
    from generator.cluster.snapshot import Snapshot
    from generator.model import Environment
    from generator.status import Git, Report

_REVISIONS = 20  # the releases of an environment are at one commit, or at few


def show(root: Path, options: argparse.Namespace) -> int:
    """Ask once and print; return the exit code."""
    spec = read_spec(root, options.today, "text")
    if spec is None:
        return FAILED

    def question(environment: Environment, cluster: Cluster) -> Report:
        from generator.cluster import snapshot  # noqa: PLC0415  (with the kubernetes client)

        found = snapshot.status(cluster, clusters.asked(environment))
        return put_together(root, environment, cluster, found)

    outcomes = clusters.ask(clusters.chosen(spec, options), options, question)
    if options.output == "json":
        say(as_json(outcomes, indent=2))
    else:
        for number, outcome in enumerate(outcomes):
            say("\n".join([*([""] if number else []), *lines(outcome)]))
    return code(outcomes)


def put_together(root: Path, environment: Environment, cluster: Cluster, found: Snapshot) -> Report:
    """Return the report of what a cluster has, as of now."""
    notes = tuple(f"{refused.message}. {refused.fix.splitlines()[0]}" for refused in found.refused)
    live = status.Live(found.applications, found.pods, notes, found.deployments)
    context = (cluster.context.name, cluster.context.server)
    known = in_git(root, environment, status.revisions(environment, live))
    return status.report(environment, context, live, known, clusters.now())


def in_git(root: Path, environment: Environment, revisions: list[str]) -> Git:
    """Return what this checkout knows of commits that Argo CD speaks of."""
    reference = f"origin/{environment.platform.repository.branch}"
    rendered = f"rendered/{environment.name}"
    spec = ("environments/platform.yaml", f"environments/{environment.name}.yaml")
    try:
        head = history.tip(root, reference)
        if not head:
            return status.Git(reference, missing=f"this checkout has no {reference}")
        distances = {r: history.distance(root, r, reference, [rendered]) for r in revisions[:_REVISIONS]}
        return status.Git(
            reference,
            head,
            history.fetched(root),
            {r: d and status.Distance(*d) for r, d in distances.items()},
            history.differing(root, reference, spec),
            applied=_applied(root, environment, revisions[0]) if revisions else {},
        )
    except HistoryError as error:
        return status.Git(reference, missing=str(error))


def _applied(root: Path, environment: Environment, revision: str) -> dict[str, str]:
    """Return the versions of the jobs as their values have them at a commit; none when it is not here."""
    import yaml  # noqa: PLC0415  (comes with the kubernetes client)

    folder = f"rendered/{environment.name}/values"
    jobs = {f"{folder}/{w.name}.yaml": w for w in environment.workloads if w.settings.is_job}
    try:
        listed = history.listed(root, history.resolved(root, revision), folder) if jobs else {}
        files = history.contents(root, [listed[path] for path in jobs if path in listed])
    except HistoryError:
        return {}
    found = {}
    for path, job in jobs.items():
        values = yaml.safe_load(files[listed[path]]) if listed.get(path) in files else {}
        image = values.get("image") or {} if isinstance(values, dict) else {}
        tag, digest = str(image.get("tag") or ""), str(image.get("digest") or "")
        found[job.name] = f"{tag}@{digest}" if digest and "@" in job.version else tag
    return found


def lines(outcome: Outcome[Report], rows: int | None = None) -> list[str]:
    """Return the lines of an environment for people."""
    if outcome.found is None:
        return clusters.trouble(outcome.environment.name, outcome.error)
    return list(status.text(outcome.found, clusters.paint, rows))


def as_json(outcomes: list[Outcome[Report]], indent: int | None = None) -> str:
    """Return one document of all environments."""
    environments = [
        status.document(o.found) if o.found else clusters.as_error(o.environment.name, o.error)
        for o in outcomes
    ]
    document = {"code": code(outcomes), "environments": environments}
    return json.dumps(document, ensure_ascii=False, indent=indent)


def code(outcomes: list[Outcome[Report]]) -> int:
    """Return the exit code: what may not be asked is not known to be fine."""
    partly = any(o.found and not o.found.complete for o in outcomes)
    return max(clusters.code(outcomes, lambda report: report.fine), UNASKED if partly else 0)
