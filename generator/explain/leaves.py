"""The leaves of the spec: what a person can change without adding or removing a key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from generator.problem import Path
    from generator.source import Document

PLATFORM = "environments/platform.yaml"
REMOVED: Any = object()
"""In the place of a value: the entry goes, key and all."""


class Leaf(NamedTuple):
    """A scalar, null or an empty map or list of a document. `aliases` are other paths to the same text."""

    file: str
    path: Path
    value: Any
    aliases: tuple[Path, ...] = ()

    @property
    def layer(self) -> str:
        """The layer it stands in, by the name that the spec gives it."""
        if self.file != PLATFORM:
            return "environment"
        return f"profile {self.path[1]}" if self.path[0] == "profiles" else str(self.path[0])

    def __hash__(self) -> int:
        """A value may be an empty map."""
        return hash((self.file, self.path))


def leaves(document: Document) -> list[Leaf]:
    """Return all leaves of a document in their order; what an alias repeats is one leaf."""
    found = [Leaf(document.file, path, value) for path, value in _below((), document.tree)]
    if not ("*" in document.text and "&" in document.text):
        return found
    from generator.source.locate import find  # noqa: PLC0415  (PyYAML costs 27 ms)

    written: dict[object, list[Leaf]] = {}
    for leaf in found:
        _, node, _ = find(document.text, leaf.path)
        written.setdefault(node.actual.start if node else leaf, []).append(leaf)
    return [
        first._replace(aliases=tuple(other.path for other in others)) for first, *others in written.values()
    ]


def replaced(tree: dict[str, Any], values: Iterable[tuple[Path, Any]]) -> dict[str, Any]:
    """Return a tree with other values at some paths; what does not change is shared with the old one.

    Of a list no more than one item may be removed.
    """
    changes = list(values)
    changed: dict[str, Any] = _replaced(tree, changes, 0) if changes else tree
    return changed


def _below(path: Path, node: Any) -> Iterator[tuple[Path, Any]]:
    entries: Iterable[tuple[str | int, Any]] = ()
    if isinstance(node, dict):
        entries = node.items()
    elif isinstance(node, list):
        entries = enumerate(node)
    if node and not isinstance(node, str | int | float):
        for part, value in entries:
            yield from _below((*path, part), value)
    elif path:
        yield path, node


def _replaced(node: Any, values: list[tuple[Path, Any]], depth: int) -> Any:
    by_part: dict[str | int, list[tuple[Path, Any]]] = {}
    for value in values:
        if len(value[0]) == depth:
            return value[1]
        by_part.setdefault(value[0][depth], []).append(value)
    copy: Any = dict(node) if isinstance(node, dict) else list(node)
    for part, below in by_part.items():
        copy[part] = _replaced(node[part], below, depth + 1)
        if copy[part] is REMOVED:
            del copy[part]
    return copy


def at(tree: Mapping[str, Any], path: Path) -> Any:
    """Return what stands at a path that the tree has."""
    node: Any = tree
    for part in path:
        node = node[part]
    return node
