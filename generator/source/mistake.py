"""One mistake in a text, by offset: what a check yields before lines and columns are worked out."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.problem import Problem
from generator.source.lines import place_at

if TYPE_CHECKING:
    from generator.problem import Path

_SHOWN = 60  # characters of a value in a message


class Mistake(NamedTuple):
    """A mistake at an offset of the text, and the offset of the second culprit if there are two."""

    offset: int
    message: str
    fix: str = ""
    path: Path = ()
    other: int | None = None

    def problem(self, file: str, text: str) -> Problem:
        """Give it the places that people read."""
        return Problem(
            place=place_at(file, text, self.offset),
            message=self.message,
            path=self.path,
            fix=self.fix,
            other=None if self.other is None else place_at(file, text, self.other),
        )


def quote(text: str) -> str:
    """Show a number, a tag or a character in a message: in double quotes, shortened."""
    return f'"{text}"' if len(text) <= _SHOWN else f'"{text[:_SHOWN]}..."'
