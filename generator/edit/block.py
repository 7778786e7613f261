"""Block style: lines put into a map, and lines taken out of a map or list."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from generator.edit import entry as at
from generator.edit import scalars
from generator.edit.refused import refused
from generator.edit.splice import Splice
from generator.source.locate import compose

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.edit.entry import Entry
    from generator.edit.scalars import Value
    from generator.problem import Path
    from generator.source.locate import Node

_STEP = "  "
_ANCHOR = re.compile(r"[ \t]*&\S+")


def index_of(key: str, siblings: Sequence[Entry]) -> int:
    """Return which of the siblings a new key goes before: the first greater one if they are sorted."""
    names = [sibling.name for sibling in siblings]
    is_sorted = len(names) > 1 and all(one <= two for one, two in pairwise(names))
    return next((i for i, name in enumerate(names) if is_sorted and name > key), len(names))


def in_block(text: str, node: Node, key: str, value: Value, comment: str) -> Splice:
    """Put lines behind the sibling that comes before, or above the first one."""
    siblings = at.entries(node)
    indent = " " * (siblings[0].start - at.line_start(text, siblings[0].start))
    index = index_of(key, siblings)
    lines = [*_comment(comment, indent), *scalars.lines(key, value, indent, _STEP)]
    spaced = len(siblings) > 1 and all(_is_apart(text, sibling) for sibling in siblings[1:])
    if index:
        end = at.end(text, siblings[index - 1])
        stop = at.line_break(text, siblings[index - 1].start)
        lines = ["", *lines] if spaced else lines
        if text[:end].endswith(("\n", "\r")):
            return Splice(end, end, "".join(line + stop for line in lines))
        return Splice(end, end, "".join(stop + line for line in lines))
    first = at.line_start(text, siblings[0].start)
    start = at.comment_above(text, first)
    stop = at.line_break(text, siblings[0].start)
    lines = [*lines, ""] if spaced else lines
    if text[first : siblings[0].start].strip(" "):  # behind a dash, or an explicit key
        new = f"{stop}{indent}".join(line.removeprefix(indent) for line in lines)
        return Splice(siblings[0].start, siblings[0].start, f"{new}{stop}{indent}")
    return Splice(start, start, "".join(line + stop for line in lines))


def below_nothing(
    file: str, text: str, path: Path, parent: at.Found, key: str, value: Value, comment: str
) -> Splice:
    """Put lines below a key that has no value, or null."""
    entry, node = parent.entry, parent.node
    if entry is None or at.in_flow(text, node):
        raise refused(file, text, node.start, path, "nothing stands here to add to", "write {} here")
    begin = at.line_start(text, entry.start)
    stop = at.line_break(text, entry.start)
    indent = " " * (entry.start - begin) + _STEP
    end = at.line_end(text, node.end)
    tail = text[node.end : end]
    rest = tail.rstrip("\r\n")
    block = [*_comment(comment, indent), *scalars.lines(key, value, indent, _STEP)]
    # What stood for nothing goes, and the space before it.
    start = node.start if node.start == node.end else len(text[: node.start].rstrip(" "))
    return Splice(start, end, rest + stop + stop.join(block) + tail[len(rest) :])


def out_of_block(file: str, text: str, path: Path, entry: Entry) -> list[Splice]:
    """Take the lines of an entry, the comment directly above, and blank lines that would stand twice."""
    first = at.line_start(text, entry.start)
    last = max(at.last(text, entry.value), entry.start)
    lead = "" if entry.parent.kind == "map" else "-"
    if text[first : entry.start].strip(" ") != lead or not at.is_rest_of_line(text, last):
        raise refused(file, text, entry.start, path, "it shares its line with something else")
    start, end = at.comment_above(text, first), at.end(text, entry)
    before, behind = at.blank_above(text, start), at.blank_below(text, end)
    siblings = at.entries(entry.parent)
    if before < start and (behind > end or end == len(text)):
        start = before
    elif siblings[0].start == entry.start and behind > end and len(siblings) > 1:
        end = behind
    if not text[start:end].endswith(("\n", "\r")):  # the last line has no end, and then none gets one
        start = start - (2 if text[:start].endswith("\r\n") else 1 if start else 0)
    splices = [Splice(start, end, "")]
    if len(siblings) == 1:
        holder = at.find(text, path[:-1])
        if holder is None or holder.entry is None:
            raise refused(file, text, entry.start, path, "it is all that the file has", "delete the file")
        colon = _behind_colon(text, holder.entry)
        splices.append(Splice(colon, colon, " {}" if lead == "" else " []"))
    return splices


def _behind_colon(text: str, holder: Entry) -> int:
    """Return where the value of a key may begin: behind its colon, and its anchor when there is one."""
    key = next(n for n in compose(text).nodes if n.is_key and n.start == holder.start)
    colon = text.index(":", key.end) + 1
    anchor = _ANCHOR.match(text, colon)
    return anchor.end() if anchor else colon


def _is_apart(text: str, entry: Entry) -> bool:
    """Tell whether a blank line stands above an entry and its comment."""
    start = at.comment_above(text, at.line_start(text, entry.start))
    return at.blank_above(text, start) < start


def _comment(comment: str, indent: str) -> list[str]:
    return [f"{indent}# {line}".rstrip() for line in comment.splitlines()]
