"""The report behind `drift`: clusters, then Terraform, printed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from generator import drift, history, render
from generator.cli import clusters, drift_terraform, status_report
from generator.cli.cluster_options import SAME, UNASKED
from generator.cli.report import FAILED, read_spec, say
from generator.history import HistoryError
from generator.render import argocd

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from generator.cli.clusters import Outcome
    from generator.cli.drift_terraform import Plan
    from generator.cluster.client import Cluster
    from generator.drift import Drift
    from generator.model import Environment

    Document = dict[str, Any]


def show(root: Path, options: argparse.Namespace) -> int:
    """Compare and print; return the exit code."""
    spec = read_spec(root, options.today, "text")
    if spec is None:
        return FAILED

    def question(environment: Environment, cluster: Cluster) -> Drift:
        return _compare(root, environment, cluster)

    outcomes = clusters.ask(clusters.chosen(spec, options), options, question)
    plans: dict[str, list[Plan]] = {}
    for number, outcome in enumerate(outcomes):
        name = outcome.environment.name
        if options.output == "text":
            say("\n".join([*([""] if number else []), *_lines(outcome)]))
        plans[name] = []
        for plan in () if options.no_terraform else drift_terraform.plans(root, outcome.environment):
            plans[name].append(plan)
            if options.output == "text":
                say("\n".join(drift_terraform.lines(plan)))
    code = max(
        clusters.code(outcomes, lambda found: found.fine),
        UNASKED if any(o.found and not o.found.complete for o in outcomes) else SAME,
        *(plan.code for found in plans.values() for plan in found),
    )
    if options.output == "json":
        environments = [_document(outcome, plans[outcome.environment.name]) for outcome in outcomes]
        say(json.dumps({"code": code, "environments": environments}, ensure_ascii=False, indent=2))
    return code


def _compare(root: Path, environment: Environment, cluster: Cluster) -> Drift:
    from generator.cluster import snapshot  # noqa: PLC0415  (with the kubernetes client)

    found = snapshot.drift(cluster, clusters.asked(environment))
    report = status_report.put_together(root, environment, cluster, found)
    report = report._replace(notes=(*report.notes, *_stale(root, environment)))
    live = drift.Live(found.applications, found.projects, found.sets)
    synced = _synced(root, environment, report.revision)
    if synced is None and report.revision and report.git.head:
        unknown = f"{report.revision[:8]}, which Argo CD has synced, is not in this checkout: git fetch, or "
        unknown += "what only waits to be synced shows as drift"
        report = report._replace(notes=(*report.notes, unknown))
    return drift.compare(argocd.documents(environment), live, report, synced or drift.Synced())


def _synced(root: Path, environment: Environment, revision: str) -> drift.Synced | None:
    """Return what Git had at the revision that Argo CD has synced; None when it is not here."""
    import yaml  # noqa: PLC0415  (comes with the kubernetes client)

    if not revision:
        return None
    try:
        listed = history.listed(root, history.resolved(root, revision), f"rendered/{environment.name}")
        files = history.contents(root, listed.values())
    except HistoryError:
        return None
    then = {path.removeprefix("rendered/"): files[blob] for path, blob in listed.items() if blob in files}
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    documents = [
        document
        for path, data in then.items()
        if path.startswith(f"{environment.name}/argocd/")
        for document in yaml.load_all(data, loader)
        if isinstance(document, dict)
    ]
    now = dict(render.environment(environment))
    folder = f"{environment.name}/values/"
    values = {path for path in now.keys() | then.keys() if path.startswith(folder)}
    return drift.Synced(
        {(str(d.get("kind")), str((d.get("metadata") or {}).get("name"))): d for d in documents},
        frozenset(
            path.removeprefix(folder).removesuffix(".yaml")
            for path in values
            if now.get(path) != then.get(path)
        ),
    )


def _stale(root: Path, environment: Environment) -> list[str]:
    """Say so when `rendered/` is not what the spec renders: Argo CD reads the files, this the spec."""
    folder = root / "rendered"
    stale = [
        path
        for path, data in render.environment(environment)
        if not (folder / path).is_file() or (folder / path).read_bytes() != data
    ]
    if not stale:
        return []
    more = f" and {len(stale) - 1} more" if len(stale) > 1 else ""
    return [
        f"rendered/{stale[0]}{more} is not what environments/ renders, which is what counts here: make render"
    ]


def _lines(outcome: Outcome[Drift]) -> list[str]:
    if outcome.found is None:
        return clusters.trouble(outcome.environment.name, outcome.error)
    return list(drift.text(outcome.found, clusters.paint))


def _document(outcome: Outcome[Drift], plans: list[Plan]) -> Document:
    name = outcome.environment.name
    found = drift.document(outcome.found) if outcome.found else clusters.as_error(name, outcome.error)
    return {**found, "terraform": [drift_terraform.document(plan) for plan in plans]}
