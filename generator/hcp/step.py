"""What came of one step."""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias

State: TypeAlias = Literal["ok", "made", "changed", "missing"]


class Step(NamedTuple):
    """What is there now, or what is missing and how somebody gets it. `fix` may have several lines."""

    state: State
    text: str
    fix: str = ""
