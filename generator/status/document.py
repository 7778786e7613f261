"""The status for machines; docs/status.schema.json is its shape."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from generator.status.moments import written
from generator.status.row import WORST_FIRST

if TYPE_CHECKING:
    from generator.status.application import Application
    from generator.status.report import Git, Report
    from generator.status.row import Row


def document(report: Report) -> dict[str, Any]:
    """Return an environment that could be asked."""
    states = Counter(row.state for row in report.rows)
    return {
        "environment": report.environment,
        "context": report.context,
        "server": report.server,
        "at": written(report.now),
        "fine": report.fine,
        "complete": report.complete,
        "states": {state: states[state] for state in WORST_FIRST},
        "revision": report.revision or None,
        "git": _git(report.git, report.revision),
        "notes": list(report.notes),
        "releases": [_row(row) for row in report.rows],
    }


def _git(git: Git, revision: str) -> dict[str, Any]:
    distance = git.distances.get(revision)
    return {
        "reference": git.reference,
        "head": git.head or None,
        "fetched": written(git.fetched),
        "behind": distance.behind if distance else None,
        "behind_here": distance.of_ours if distance else None,
        "ahead": distance.ahead if distance else None,
        "unmerged": list(git.unmerged),
        "missing": git.missing or None,
    }


def _row(row: Row) -> dict[str, Any]:
    release = row.release
    return {
        "name": row.name,
        "kind": row.kind or None,
        "state": row.state,
        "desired": {"version": release.version or None, "chart": release.chart or None} if release else None,
        "running": list(row.running),
        "application": _application(row.application) if row.application else None,
        "pods": {
            "total": row.pods.total,
            "ready": row.pods.ready,
            "unready": [
                {
                    "namespace": pod.namespace,
                    "name": pod.name,
                    "level": pod.level,
                    "reason": pod.reason,
                    "since": written(pod.since),
                }
                for pod in row.pods.unready
            ],
        },
        "troubles": [{"code": t.code, "level": t.level, "text": t.text} for t in row.troubles],
    }


def _application(application: Application) -> dict[str, Any]:
    operation = application.operation
    return {
        "sync": application.sync,
        "health": {
            "status": application.health,
            "message": application.health_message or None,
            "since": written(application.health_since),
        },
        "operation": {
            "phase": operation.phase,
            "message": operation.message or None,
            "started": written(operation.started),
            "finished": written(operation.finished),
            "retries": operation.retries,
        }
        if operation
        else None,
        "automated": application.automated,
        "revision": application.revision or None,
        "chart": application.own_chart or None,
    }
