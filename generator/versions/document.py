"""The matrix for machines; `docs/versions.schema.json` is the document's shape."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

    from generator.history import Commit
    from generator.versions.lag import Lag
    from generator.versions.matrix import Cell, Matrix


def document(matrix: Matrix) -> dict[str, Any]:
    """Return the document: lists and maps of texts, numbers and booleans. Dates are in UTC."""
    return {
        "at": _date(matrix.now),
        **({"commit": matrix.head} if matrix.head else {}),
        "environments": list(matrix.environments),
        "notes": list(matrix.notes),
        "releases": [
            {
                "section": row.release.section,
                "name": row.release.name,
                "leader": row.leader,
                "environments": {
                    name: _cell(row.cells[name]) for name in matrix.environments if name in row.cells
                },
            }
            for row in matrix.rows
        ],
    }


def _cell(cell: Cell) -> dict[str, Any]:
    return {
        "version": cell.version,
        "committed": not cell.uncommitted,
        **({"since": _commit(cell.since)} if cell.since else {}),
        **({"sinceAtLeast": True} if cell.at_least else {}),
        **({"lag": _lag(cell.lag)} if cell.lag else {}),
    }


def _lag(lag: Lag) -> dict[str, Any]:
    return {
        "state": lag.state,
        **({"versions": lag.versions} if lag.state == "behind" and lag.versions else {}),
        **({"since": _commit(lag.since)} if lag.since else {}),
        **({"sinceAtLeast": True} if lag.since and not lag.known else {}),
    }


def _commit(commit: Commit) -> dict[str, str]:
    return {
        "commit": commit.id,
        "date": _date(commit.when),
        "author": commit.author,
        "subject": commit.subject,
    }


def _date(when: datetime) -> str:
    return f"{when:%Y-%m-%dT%H:%M:%SZ}"
