"""A piece of text in the place of another."""

from __future__ import annotations

from typing import NamedTuple


class Splice(NamedTuple):
    """Replace text[start:end]."""

    start: int
    end: int
    new: str

    def apply(self, text: str) -> str:
        """Return the text with it."""
        return text[: self.start] + self.new + text[self.end :]
