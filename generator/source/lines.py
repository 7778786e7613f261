"""Offsets into a text, as the lines and columns that an editor shows."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache

from generator.problem import Place

_EDITOR_BREAK = re.compile(r"\r\n|\r|\n")
# YAML 1.1, which libyaml follows, has three line breaks more.
_YAML_BREAK = re.compile("\r\n|[\r\n\x85\u2028\u2029]")


def place_at(file: str, text: str, offset: int) -> Place:
    """Turn an offset, in characters from 0, into a place; `len(text)` is one past the last character."""
    starts = _starts(text)
    line = bisect_right(starts, offset)
    return Place(file, line, offset - starts[line - 1] + 1)


def offset_at(text: str, line: int, column: int) -> int:
    """Turn a line and column of libyaml's, both from 1, into an offset; never beyond the text."""
    starts = [0, *(found.end() for found in _YAML_BREAK.finditer(text))]
    if line > len(starts):
        return len(text)
    return min(starts[line - 1] + column - 1, len(text))


@lru_cache(maxsize=256)  # callers ask for many places of one text
def _starts(text: str) -> list[int]:
    return [0, *(found.end() for found in _EDITOR_BREAK.finditer(text))]
