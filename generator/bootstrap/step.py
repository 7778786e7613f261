"""What came of one step."""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias

State: TypeAlias = Literal["ok", "made", "changed", "gone", "warning", "missing", "unknown"]
"""`gone` is deleted by now, `missing` stops it, `unknown` could not be looked at, which stops it too."""

STOPPING = {"missing", "unknown"}


class Step(NamedTuple):
    """What is there now, or what is missing and how somebody gets it. `fix` may have several lines."""

    state: State
    text: str
    fix: str = ""

    @property
    def stops(self) -> bool:
        """Whether nothing may be changed before somebody has done something about it."""
        return self.state in STOPPING
