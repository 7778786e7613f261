"""Drift for machines; docs/drift.schema.json is its shape."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.status.moments import written

if TYPE_CHECKING:
    from generator.drift.finding import Drift, Drifted, Finding


def document(drift: Drift) -> dict[str, Any]:
    """Return an environment that could be asked."""
    return {
        "environment": drift.environment,
        "context": drift.context,
        "server": drift.server,
        "at": written(drift.now),
        "fine": drift.fine,
        "complete": drift.complete,
        "revision": drift.revision or None,
        "notes": list(drift.notes),
        "drifted": [_object(drifted) for drifted in drift.drifted],
        "pending": [_object(drifted) for drifted in drift.pending],
    }


def _object(drifted: Drifted) -> dict[str, Any]:
    return {
        "kind": drifted.kind,
        "name": drifted.name,
        "findings": [_finding(finding) for finding in drifted.findings],
        "back": list(drifted.back),
        "keep": list(drifted.keep),
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "text": finding.text or None,
        "path": finding.path or None,
        "wanted": finding.wanted,
        "found": finding.found,
        "by": finding.blame.manager or None,
        "at": written(finding.blame.when),
    }
