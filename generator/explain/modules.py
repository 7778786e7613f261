"""Which module of the generator decides a line that no value of the spec made.

The file is rendered once more while Python reports what each function of a renderer or of the catalog
returns: the module is that of the innermost one that returned the map or list in which the line stands.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from generator.source import Document, parse

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

    from generator.explain.rerun import Rerun
    from generator.problem import Path

_CATALOG = "generator.catalog."
_WATCHED = ("generator.render.", _CATALOG)
_SEPARATOR = "---\n"


class Modules:
    """Finds the modules behind the lines of one file."""

    def __init__(self, rerun: Rerun) -> None:
        """Render the file once, watched."""
        self.part = _file(rerun.part.__name__)
        self.returned = _watched(rerun)
        self.paths: dict[int, tuple[Any, Path]] = {}
        if not rerun.path.endswith(".md"):
            self.paths = dict(_paths(rerun.path, rerun.before))

    def of(self, line: int) -> str:
        """Return the file of the module that decides a line, from 1; that of the whole file's at least."""
        if line not in self.paths:  # it closes a bracket, or belongs to a text above
            line = max((known for known in self.paths if known < line), default=0)
        tree, path = self.paths.get(line, ({}, ()))
        around = [tree]
        for part in path[:-1]:
            around.append(around[-1][part])
        for depth in range(len(path) - 1, -1, -1):
            node, part = around[depth], path[depth]
            exact = [m for m, value in self.returned if _holds(value, node, part)]
            merged = [m for m, value in self.returned if m.startswith(_CATALOG) and _held(value, node, part)]
            # The catalog's comes before what is all of a file, with somebody's own Helm values on top of it.
            found = [*(m for m in exact if _file(m) != self.part), *merged, *exact]
            if found:
                return _file(found[0])
        return self.part


def _holds(value: Any, node: Any, part: str | int) -> bool:
    """Whether a value became the part of a map or list that this entry of it is in."""
    if isinstance(value, dict) and isinstance(node, dict):
        return part in value and all(k in node and node[k] == v for k, v in value.items())
    return isinstance(value, list | tuple) and isinstance(node, list) and list(value) == node


def _held(value: Any, node: Any, part: str | int) -> bool:
    """Whether a map may have, before somebody's own Helm values went on top of it."""
    both = isinstance(value, dict) and isinstance(node, dict)
    return both and part in value and value.keys() <= node.keys()


def _watched(rerun: Rerun) -> list[tuple[str, Any]]:
    returned: list[tuple[str, Any]] = []

    def watch(frame: FrameType, event: str, value: Any) -> None:
        if event == "return" and value and isinstance(value, dict | list | tuple):
            module = frame.f_globals.get("__name__", "")
            if module.startswith(_WATCHED):
                returned.append((module, value))
                returned.extend((module, item) for item in value if isinstance(item, dict))

    before = sys.getprofile()
    sys.setprofile(watch)
    try:
        rerun.text(())
    finally:
        sys.setprofile(before)
    return returned


def _paths(file: str, text: str) -> Iterator[tuple[int, tuple[Any, Path]]]:
    """Yield each line that an entry begins on, with its document's tree and the entry's path."""
    above = 0
    for part in text.split(_SEPARATOR) if file.endswith(".yaml") else (text,):
        document = parse(file, part)
        if isinstance(document, Document):
            for path in _below((), document.tree):
                # The key's own line; of several that begin on it the innermost comes last and stays.
                yield above + document.place(path).line, (document.tree, path)
        above += part.count("\n") + 1


def _below(path: Path, node: Any) -> Iterator[Path]:
    for part, value in node.items() if isinstance(node, dict) else enumerate(node):
        yield (*path, part)
        if isinstance(value, dict | list):
            yield from _below((*path, part), value)


def _file(module: str) -> str:
    return f"{module.replace('.', '/')}.py"
