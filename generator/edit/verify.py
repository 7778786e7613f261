"""The new text must read as the old one but for one path, or it is not taken."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.source import Document, parse

if TYPE_CHECKING:
    from generator.problem import Path

ABSENT = object()
"""Expected where a key is to be gone."""


def tree_of(file: str, text: str) -> dict[str, Any] | None:
    """Read a text as the product does; None when it has a mistake."""
    parsed = parse(file, text)
    return parsed.tree if isinstance(parsed, Document) else None


def value(tree: Any, path: Path) -> Any:
    """Return what a tree has at a path that is there."""
    for part in path:
        tree = tree[part] if tree is not None else None
    return tree


def changed(tree: Any, path: Path, value: object) -> Any:
    """Return a copy of the tree with another value at the path; maps that are missing on the way are made."""
    if not path:
        return value
    part, *rest = path
    if isinstance(tree, list):
        items = [changed(v, tuple(rest), value) if i == part else v for i, v in enumerate(tree)]
        return [item for item in items if item is not ABSENT]
    below = dict(tree or {})
    new = changed(below.get(str(part)), tuple(rest), value)
    if new is ABSENT:
        below.pop(str(part), None)
    else:
        below[str(part)] = new
    return below


def same(one: Any, other: Any) -> bool:
    """Tell whether two trees are the same: 1, 1.0, true and "1" are not; the order of keys is no matter."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other)
