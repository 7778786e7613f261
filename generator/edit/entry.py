"""Where a key, its value and its comment stand in a text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from generator.source.locate import compose

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.problem import Path
    from generator.source.locate import Node

_LINE = re.compile(r"[^\r\n]*(\r\n|\r|\n|\Z)")
_COMMENT = re.compile(r"[ \t]*#[^\r\n]*")
_BLANK = re.compile(r"[ \t]*")
_PROPERTY = re.compile(r"&\S+[ \t]+")


class Entry(NamedTuple):
    """A key of a map and its value. Offsets count characters of the text."""

    parent: Node
    start: int  # of the key
    value: Node

    @property
    def name(self) -> str:
        """The key."""
        return str(self.value.name)


class Found(NamedTuple):
    """What stands at a path: the root's value has no entry. `alias` is the first alias on the way, if any."""

    node: Node
    entry: Entry | None
    alias: Node | None


def find(text: str, path: Path) -> Found | None:
    """Find what stands at a path; None when there is nothing, not even null."""
    node, entry, alias = compose(text).root, None, None
    if node is None:
        return None
    for part in path:
        container = node.actual
        child = container.children.get(part)
        if child is None:
            return None
        offset, node = child
        entry = Entry(container, offset, node)
        alias = alias or (node if node.kind == "alias" else None)
    return Found(node, entry, alias)


def entries(node: Node) -> list[Entry]:
    """List the entries of a map in the order of the text."""
    return [Entry(node, offset, value) for offset, value in node.children.values()]


def repeated(text: str, node: Node) -> Node | None:
    """Return the first alias that stands for the node or for something around it."""
    around = set(_upwards(node))
    return next((n for n in compose(text).nodes if n.kind == "alias" and n.target in around), None)


def is_flow(text: str, node: Node) -> bool:
    """Tell whether a map or list stands in braces or brackets."""
    return text.startswith(("{", "["), opening(text, node))


def in_flow(text: str, node: Node) -> bool:
    """Tell whether something around the node stands in braces or brackets."""
    return any(n.kind in ("map", "list") and is_flow(text, n) for n in _upwards(node) if n is not node)


def opening(text: str, node: Node) -> int:
    """Return where a value begins, behind an anchor."""
    anchor = _PROPERTY.match(text, node.start)
    return anchor.end() if anchor else node.start


def last(text: str, node: Node) -> int:
    """Return the offset behind a value's last character, without a comment and line ends after it."""
    if node.kind in ("scalar", "alias"):
        return node.start + len(text[node.start : node.end].rstrip("\r\n"))
    if is_flow(text, node):
        return node.close
    return max((last(text, child) for _, child in node.children.values()), default=node.end)


def end(text: str, entry: Entry) -> int:
    """Return where the line behind an entry begins; comments below it that stand further in belong to it."""
    column = entry.start - line_start(text, entry.start)
    found = line_end(text, max(last(text, entry.value), entry.start))
    while found < len(text):
        after = line_end(text, found)
        line = text[found:after].rstrip("\r\n")
        if not _COMMENT.fullmatch(line) or len(line) - len(line.lstrip(" ")) <= column:
            break
        found = after
    return found


def line_start(text: str, offset: int) -> int:
    """Return where the line of an offset begins."""
    return max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1


def line_end(text: str, offset: int) -> int:
    """Return where the next line begins, or the text ends."""
    found = _LINE.match(text, offset)
    return found.end() if found else len(text)


def line_break(text: str, offset: int) -> str:
    """Return the line end of an offset's line; the text's first one where that line has none."""
    end = line_end(text, offset)
    for candidate in (text[:end], text):
        found = re.search(r"(\r\n|\r|\n)\Z" if candidate is not text else r"\r\n|\r|\n", candidate)
        if found:
            return found[0]
    return "\n"


def comment_above(text: str, start: int) -> int:
    """Return where the comment begins that stands directly above a line, as far in as the line itself."""
    indent = len(text[start:]) - len(text[start:].lstrip(" "))
    while start > 0:
        above = line_start(text, _before_break(text, start))
        line = text[above:start].rstrip("\r\n")
        if not _COMMENT.fullmatch(line) or len(line) - len(line.lstrip(" ")) != indent:
            break
        start = above
    return start


def blank_above(text: str, start: int) -> int:
    """Return where the blank lines begin that stand directly above a line."""
    while start > 0:
        above = line_start(text, _before_break(text, start))
        if not _BLANK.fullmatch(text[above:start].rstrip("\r\n")):
            break
        start = above
    return start


def blank_below(text: str, end: int) -> int:
    """Return where the blank lines end that begin at an offset."""
    while end < len(text):
        after = line_end(text, end)
        if not _BLANK.fullmatch(text[end:after].rstrip("\r\n")):
            break
        end = after
    return end


def is_rest_of_line(text: str, offset: int) -> bool:
    """Tell whether nothing but spaces and a comment follows on the line."""
    rest = text[offset : line_end(text, offset)].rstrip("\r\n")
    return bool(_BLANK.fullmatch(rest) or re.fullmatch(r"[ \t]+#.*", rest))


def _before_break(text: str, start: int) -> int:
    return start - 2 if text[:start].endswith("\r\n") else start - 1


def _upwards(node: Node) -> Iterator[Node]:
    current: Node | None = node
    while current:
        yield current
        current = current.parent
