"""As much of a change as fits in a comment: every environment has the same share of the room."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.diff.lines import fence, line, unified

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.diff.change import File

_REST = 120  # characters of what stands around a difference: fences, and that something is left out


class Section(NamedTuple):
    """Files with their differences, one text; `left_out` counts files whose difference did not fit whole."""

    files: tuple[File, ...]
    unnamed: int
    text: str
    fence: str
    left_out: int


def sections(groups: Sequence[Sequence[File]], room: int, names: int) -> list[Section]:
    """Return a section for each group, of which `names` files are named.

    All texts together have at most `room` bytes of UTF-8.

    What a group does not need, those after it may have.
    """
    found = []
    for index, files in enumerate(groups):
        share = room // (len(groups) - index)
        section = _section(files, max(0, share - _REST), names)
        room -= len(section.text.encode()) + _REST
        found.append(section)
    return found


def _section(files: Sequence[File], room: int, names: int) -> Section:
    lines: list[str] = []
    left_out = 0
    for file in files:
        needed = [f"{file.mark} {line(file.path)}", *unified(file)] if room > 0 else []
        size = sum(len(text.encode(errors="replace")) + 1 for text in needed)
        if needed and size <= room:
            lines += needed
            room -= size
        else:
            left_out += 1
    text = "\n".join(lines)
    named = tuple(files[:names])
    return Section(named, len(files) - len(named), text, fence(text), left_out)
