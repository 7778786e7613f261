"""What drifted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from generator.drift.blame import NOBODY, Blame

if TYPE_CHECKING:
    from datetime import datetime

CODES = (
    "missing",
    "unknown",
    "auto-sync",
    "suspended",
    "revision",
    "values",
    "project",
    "ignore-differences",
    "changed",
    "deleting",
    "objects",
    "version",
)
"""What a finding is about; they do not change, for machines."""


class Finding(NamedTuple):
    """One thing: a code, where in the object, what the spec has and the cluster has there, and who did it.

    `path` is "" for what is about the object as a whole; a value that is not there is None.
    """

    code: str
    text: str
    path: str = ""
    wanted: Any = None
    found: Any = None
    blame: Blame = NOBODY


class Drifted(NamedTuple):
    """An object with all that is to be said of it; `back` are commands, `keep` says where the spec has it."""

    kind: str
    name: str
    findings: tuple[Finding, ...]
    back: tuple[str, ...]
    keep: tuple[str, ...]


class Drift(NamedTuple):
    """An environment. `pending` are objects that are as Git had them at the revision that Argo CD synced.

    They will change by themselves, so they did not drift.
    """

    environment: str
    context: str
    server: str
    now: datetime
    drifted: tuple[Drifted, ...]
    pending: tuple[Drifted, ...]
    revision: str
    complete: bool
    notes: tuple[str, ...]

    @property
    def fine(self) -> bool:
        """Whether nothing drifted."""
        return not self.drifted
