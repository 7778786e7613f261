"""Lists: an item put in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.edit import entry as at
from generator.edit import scalars
from generator.edit.flow import refuse_several_lines
from generator.edit.refused import refused
from generator.edit.splice import Splice

if TYPE_CHECKING:
    from generator.edit.scalars import Scalar
    from generator.problem import Path
    from generator.source.locate import Node


def into(file: str, text: str, path: Path, node: Node, index: int, value: Scalar) -> Splice:
    """Put an item in front of the one that has the index, or behind the last."""
    items = at.entries(node)
    new = scalars.written(value)
    if at.is_flow(text, node):
        start = at.opening(text, node)
        refuse_several_lines(file, text, path, start, node.close)
        if not items:
            return Splice(start, node.close, f"[{new}]")
        if index < len(items):
            return Splice(items[index].start, items[index].start, f"{new}, ")
        end = at.last(text, items[-1].value)
        return Splice(end, end, f", {new}")
    neighbour = items[min(index, len(items) - 1)]
    begin = at.line_start(text, neighbour.start)
    lead = text[begin : neighbour.start]
    if lead.strip(" ") != "-":
        raise refused(file, text, neighbour.start, path, "the item shares its line with something else")
    stop = at.line_break(text, neighbour.start)
    if index < len(items):
        return Splice(begin, begin, f"{lead}{new}{stop}")
    end = at.end(text, neighbour)
    if text[:end].endswith(("\n", "\r")):
        return Splice(end, end, f"{lead}{new}{stop}")
    return Splice(end, end, f"{stop}{lead}{new}")
