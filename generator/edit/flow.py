"""What stands in braces or brackets, on one line: an entry put in, an entry taken out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.edit import entry as at
from generator.edit import scalars
from generator.edit.block import index_of
from generator.edit.refused import refused
from generator.edit.scalars import Written
from generator.edit.splice import Splice

if TYPE_CHECKING:
    from generator.edit.entry import Entry
    from generator.edit.scalars import Value
    from generator.problem import Path
    from generator.source.locate import Node


def in_flow(file: str, text: str, path: Path, node: Node, key: str, value: Value) -> Splice:
    """Put an entry between the braces of one line."""
    start = at.opening(text, node)
    refuse_several_lines(file, text, path, start, node.close)
    if isinstance(value, Written):
        raise refused(file, text, start, path, "a map in braces, on one line, has no room for this")
    new = f"{scalars.written(key)}: {scalars.flow(value)}"
    siblings = at.entries(node)
    if not siblings:
        return Splice(start, node.close, f"{{{new}}}")
    index = index_of(key, siblings)
    if index < len(siblings):
        return Splice(siblings[index].start, siblings[index].start, f"{new}, ")
    end = max(at.last(text, siblings[-1].value), siblings[-1].start)
    return Splice(end, end, f", {new}")


def out_of_flow(file: str, text: str, path: Path, entry: Entry) -> Splice:
    """Take an entry and one comma from between the braces of one line."""
    node = entry.parent
    refuse_several_lines(file, text, path, at.opening(text, node), node.close)
    siblings = at.entries(node)
    index = next(i for i, sibling in enumerate(siblings) if sibling.start == entry.start)
    if len(siblings) == 1:
        return Splice(at.opening(text, node), node.close, "{}" if node.kind == "map" else "[]")
    if index + 1 < len(siblings):
        return Splice(entry.start, siblings[index + 1].start, "")
    return Splice(at.last(text, siblings[index - 1].value), at.last(text, entry.value), "")


def refuse_several_lines(file: str, text: str, path: Path, start: int, end: int) -> None:
    """Refuse what stands in braces or brackets over several lines: what is a comment there, nobody knows."""
    if "\n" in text[start:end] or "\r" in text[start:end]:
        message = "it stands in braces or brackets over several lines"
        fix = "write it on one line, or without them, each entry on a line of its own"
        raise refused(file, text, start, path, message, fix)
