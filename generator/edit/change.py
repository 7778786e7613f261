"""The edits: set a scalar, add a key, remove a key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from generator.edit import block, flow, lists, scalars, verify
from generator.edit import entry as at
from generator.edit.refused import refused
from generator.edit.scalars import Written
from generator.edit.splice import Splice

if TYPE_CHECKING:
    from generator.edit.scalars import Scalar, Value
    from generator.problem import Path

_MARK = "\ufeff"


def set_value(file: str, text: str, path: Path, value: Scalar) -> str:
    """Replace the scalar at a path; its anchor, its quotes and the comment after it stay.

    Raises Refused, also when nothing stands there: then it is for `add`.
    """
    mark, text = _without_mark(text)
    found = _find(file, text, path)
    node = found.node
    _refuse_alias(file, text, path, found)
    if node.kind != "scalar":
        raise refused(file, text, node.start, path, f"expected one value, found a {node.kind}")
    start, old = at.opening(text, node), text[at.opening(text, node) : node.end]
    if not old:
        new = " " + scalars.written(value)
    elif "\n" in old or "\r" in old:
        raise refused(file, text, start, path, "the value stands over several lines", "write it on one line")
    else:
        new = scalars.written(value, old)
    return mark + _verified(file, text, path, value, Splice(start, node.end, new))


def add(file: str, text: str, path: Path, value: Value, comment: str = "") -> str:
    """Add a key with its value, as its neighbours are written; maps that are missing above it come with it.

    It goes to its sorted place when its siblings are sorted, else behind the last; `comment` goes above it.
    Raises Refused, also when the key is there: then it is for `set_value`.
    """
    mark, text = _without_mark(text)
    depth = next((n for n in range(len(path), -1, -1) if at.find(text, path[:n])), 0)
    if depth == len(path):
        raise refused(file, text, _start(text, path), path, "the key is there already", "change it")
    where, key = path[:depth], str(path[depth])
    new: Value = value
    for part in reversed(path[depth + 1 :]):
        new = {str(part): new}
    parent = at.find(text, where)
    if parent is None:
        raise refused(file, text, 0, path, "the file is empty", "write its first key by hand")
    _refuse_alias(file, text, path, parent)
    node = parent.node
    empty = node.kind == "scalar" and node.plain and node.text in ("", "~", "null", "Null", "NULL")
    if node.kind != "map" and not empty:
        raise refused(file, text, node.start, path, f"expected a map, found a {node.kind}")
    if empty:
        splice = block.below_nothing(file, text, path, parent, key, new, comment)
    elif at.is_flow(text, node):
        splice = flow.in_flow(file, text, path, node, key, new)
    else:
        splice = block.in_block(text, node, key, new, comment)
    return mark + _verified(file, text, path, _read(value), splice)


def put(file: str, text: str, path: Path, value: Scalar) -> str:
    """Set the value where the key stands, else add the key. Raises Refused."""
    return (set_value if at.find(_without_mark(text)[1], path) else add)(file, text, path, value)


def remove(file: str, text: str, path: Path) -> str:
    """Remove a key or an item with the comment directly above it; what is empty then is `{}` or `[]`.

    Raises Refused, also when nothing stands there.
    """
    mark, text = _without_mark(text)
    found = _find(file, text, path)
    if found.entry is None:
        raise refused(file, text, found.node.start, path, "it is all that the file has", "delete the file")
    way = at.find(text, path[:-1])
    if way and way.alias:
        _refuse_alias(file, text, path, way)
    if at.is_flow(text, found.entry.parent):
        splices = [flow.out_of_flow(file, text, path, found.entry)]
    else:
        splices = block.out_of_block(file, text, path, found.entry)
    return mark + _verified(file, text, path, verify.ABSENT, *splices)


def insert(file: str, text: str, path: Path, index: int, value: Scalar) -> str:
    """Put an item into the list at a path, in front of the one that has the index, or behind the last.

    Raises Refused.
    """
    mark, text = _without_mark(text)
    found = _find(file, text, path)
    _refuse_alias(file, text, path, found)
    if found.node.kind != "list":
        raise refused(file, text, found.node.start, path, f"expected a list, found a {found.node.kind}")
    before = list(verify.value(verify.tree_of(file, text), path) or [])
    after = [*before[:index], value, *before[index:]]
    return mark + _verified(file, text, path, after, lists.into(file, text, path, found.node, index, value))


def _verified(file: str, text: str, path: Path, value: object, *splices: Splice) -> str:
    """Apply the splices, and take the result only if it reads as it should."""
    new = text
    for splice in sorted(splices, reverse=True):
        new = splice.apply(new)
    before, after = verify.tree_of(file, text), verify.tree_of(file, new)
    if before is None:
        raise refused(file, text, 0, (), "the file has a mistake", "see what `make check` says of it")
    if after is not None and verify.same(after, verify.changed(before, path, value)):
        return new
    found = at.find(text, path) or at.find(text, path[:-1])
    alias = at.repeated(text, found.node) if found else None
    if alias:
        message = f"an alias repeats this elsewhere: *{alias.text}"
        raise refused(file, text, _start(text, path), path, message, "write the value out there", alias.start)
    raise refused(file, text, _start(text, path), path, "cannot be edited without changing more than this")


def _find(file: str, text: str, path: Path) -> at.Found:
    found = at.find(text, path)
    if found is None:
        raise refused(file, text, _start(text, path), path, "there is no such key", "add it")
    return found


def _start(text: str, path: Path) -> int:
    """Return where the entry at the path begins, or the nearest one above."""
    for depth in range(len(path), 0, -1):
        found = at.find(text, path[:depth])
        if found and found.entry:
            return found.entry.start
    return 0


def _refuse_alias(file: str, text: str, path: Path, found: at.Found) -> None:
    if found.alias:
        target = found.alias.target
        message = f"the alias *{found.alias.text} stands for what is written elsewhere"
        fix = "write the value out in its place"
        raise refused(file, text, found.alias.start, path, message, fix, target.start if target else None)


def _read(value: Value) -> object:
    """Return a value as a tree."""
    if isinstance(value, Written):
        tree = verify.tree_of("", value.yaml if value.yaml.endswith("\n") else value.yaml + "\n")
        if tree is None:
            raise ValueError(f"not the YAML of a map: {value.yaml!r}")
        return tree
    if isinstance(value, str | int | bool | None):
        return value
    if isinstance(value, Mapping):
        return {key: _read(below) for key, below in value.items()}
    return list(value)


def _without_mark(text: str) -> tuple[str, str]:
    rest = text.lstrip(_MARK)
    return text[: len(text) - len(rest)], rest
