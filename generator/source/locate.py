"""Text to nodes with offsets, from the events of PyYAML's C parser: where things stand, not what they mean.

Events come one by one and are taken without recursion, so no nesting crashes it. Importing PyYAML
costs 27 ms: this module is imported only once there is something to say about a place.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

import yaml

if TYPE_CHECKING:
    from yaml import _yaml
    from yaml.error import Mark

    from generator.problem import Path

DEEPEST = 128
"""ryaml's own limit. PyYAML has none, but its time is quadratic in the depth."""


@dataclass(slots=True, eq=False)
class Node:
    """A scalar, list, map or alias as written; offsets count characters of the text."""

    kind: Literal["scalar", "list", "map", "alias"]
    start: int
    end: int  # of a scalar or alias; of a list or map, of the token that opens it
    parent: Node | None = None
    name: str | int | None = None  # its part of the path; None for the root and for keys that are no scalars
    is_key: bool = False
    text: str = ""  # a scalar's value before it becomes a number, an alias's anchor
    plain: bool = False  # a scalar without quotes, and no block scalar
    target: Node | None = None  # what an alias stands for; None when there is no such anchor
    children: dict[str | int, tuple[int, Node]] = field(default_factory=dict)  # offset of key or item, value
    key: Node | None = None  # of a map under construction: the key that awaits its value
    close: int = 0  # of a list or map in brackets or braces: where it ends, once it was read so far

    @property
    def actual(self) -> Node:
        """The node itself, or what the alias stands for."""
        return self.target or self

    @property
    def path(self) -> Path:
        """Keys and indexes from the root to here."""
        parts: list[str | int] = []
        node: Node | None = self
        while node:
            if node.name is not None:
                parts.append(node.name)
            node = node.parent
        return tuple(reversed(parts))


@dataclass(slots=True)
class Composition:
    """A text's nodes as far as they could be read, and what stopped the reading."""

    root: Node | None = None
    nodes: list[Node] = field(default_factory=list)  # finished ones: children before their parents
    anchors: set[str] = field(default_factory=set)
    second_document: int | None = None  # offset
    too_deep: Node | None = None
    error: yaml.MarkedYAMLError | None = None


@lru_cache(maxsize=256)  # a file with problems is asked for one place after the other
def compose(text: str) -> Composition:
    """Read the first document of a text.

    The text has none of the characters that YAML forbids (`diagnose` looks for them first).
    """
    composition = Composition()
    try:
        _compose(text, composition)
    except yaml.MarkedYAMLError as error:
        composition.error = error
    return composition


def find(text: str, path: Path) -> tuple[int, Node | None, bool]:
    """Find the entry at a path, or the nearest one above it.

    Returns the offset of its key or item, its value, and whether it is at the path itself; (0, None, False)
    for a text without any node. The offset of the root is that of its first key.
    """
    node = compose(text).root
    if node is None:
        return 0, None, False
    offset = node.start
    for part in path:
        child = node.actual.children.get(part)
        if child is None:
            return offset, node, False
        offset, node = child
    return offset, node, True


def offset_of(mark: Mark | _yaml.Mark | None) -> int:
    """Give a mark's offset; PyYAML's types allow events and errors without a mark."""
    return mark.index if mark else 0


def _compose(text: str, composition: Composition) -> None:
    documents = 0
    anchors: dict[str, Node] = {}
    open_nodes: list[Node] = []
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.NodeEvent):
            node = _node(event, anchors)
            if open_nodes:
                _attach(node, open_nodes[-1])
            else:
                composition.root = node
            if not isinstance(event, yaml.CollectionStartEvent):
                composition.nodes.append(node)
            elif len(open_nodes) == DEEPEST:
                composition.too_deep = node
                return
            else:
                open_nodes.append(node)
            if node.kind != "alias" and event.anchor:
                anchors[event.anchor] = node
                composition.anchors.add(event.anchor)
        elif isinstance(event, yaml.CollectionEndEvent):
            closed = open_nodes.pop()
            closed.close = offset_of(event.end_mark)
            composition.nodes.append(closed)
        elif isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                composition.second_document = offset_of(event.start_mark)
                return


def _node(event: yaml.NodeEvent, anchors: dict[str, Node]) -> Node:
    start, end = offset_of(event.start_mark), offset_of(event.end_mark)
    if isinstance(event, yaml.ScalarEvent):
        return Node("scalar", start, end, text=event.value, plain=not event.style)
    if isinstance(event, yaml.AliasEvent):
        return Node("alias", start, end, text=event.anchor or "", target=anchors.get(event.anchor or ""))
    return Node("map" if isinstance(event, yaml.MappingStartEvent) else "list", start, end)


def _attach(node: Node, parent: Node) -> None:
    """Give a node its place in the open list or map: as an item, as a key, or as the last key's value."""
    node.parent = parent
    if parent.kind == "list":
        node.name = len(parent.children)
        parent.children[node.name] = (node.start, node)
    elif parent.key is None:
        node.is_key = True
        node.name = node.actual.text if node.actual.kind == "scalar" else None
        parent.key = node
    else:
        node.name = parent.key.name
        if node.name is not None:
            parent.children[node.name] = (parent.key.start, node)
        parent.key = None
