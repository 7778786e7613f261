"""What could not be edited, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.problem import Problem
from generator.source.lines import place_at

if TYPE_CHECKING:
    from generator.problem import Path

BY_HAND = "edit the line by hand, then run `make render`"


class Refused(Exception):  # noqa: N818  (reads as what it is: `raise Refused`)
    """An edit that would touch more than was asked; the text stays as it was."""

    def __init__(self, problem: Problem) -> None:
        """Hold the problem, which prints as file, line, what, and what to do."""
        super().__init__(str(problem))
        self.problem = problem


def refused(
    file: str, text: str, offset: int, path: Path, message: str, fix: str = BY_HAND, other: int | None = None
) -> Refused:
    """Refuse for what stands at an offset of the text; `other` is the offset of the second culprit."""
    return Refused(
        Problem(
            place=place_at(file, text, offset),
            message=message,
            path=path,
            fix=fix,
            other=None if other is None else place_at(file, text, other),
        )
    )
