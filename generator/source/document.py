"""One YAML file: its tree, and where in the text each value stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import ryaml

from generator.source import doubt
from generator.source.lines import place_at

if TYPE_CHECKING:
    from generator.problem import Path, Place, Problem
    from generator.source.locate import Node

# PyYAML and what builds on it are imported inside functions: they cost 27 ms, and only a message about a
# place needs them.


class Document(NamedTuple):
    """A file that was read: `file` is its path from the repository's root, `text` has no byte order mark.

    The tree holds maps with text keys, lists, text, bools, None, integers within 2^53 either way, and
    finite floats.
    """

    file: str
    text: str
    tree: dict[str, Any]

    def place(self, path: Path) -> Place:
        """Give the place of a map's key or a list's item; for a missing path, of the nearest entry above it.

        Inside a value that an alias repeats, that is the place where the value is written.
        """
        offset, _, _ = self._find(path)
        return place_at(self.file, self.text, offset)

    def value_place(self, path: Path) -> Place:
        """Give the place of the value at a path; for a missing path the same as `place`."""
        offset, node, exact = self._find(path)
        return place_at(self.file, self.text, node.start if node and exact else offset)

    def has(self, path: Path) -> bool:
        """Tell whether there is an entry at a path, be it null."""
        tree: Any = self.tree
        for part in path:
            if isinstance(part, int):
                if not (isinstance(tree, list) and 0 <= part < len(tree)):
                    return False
            elif not (isinstance(tree, dict) and part in tree):
                return False
            tree = tree[part]
        return True

    def raw(self, path: Path) -> str | None:
        """Give a scalar as written, less its quotes: `1.10`, `0o17`; None for anything else."""
        scalar = self._scalar(path)
        return scalar.text if scalar else None

    def quoted(self, path: Path) -> bool:
        """Tell whether there is a scalar at a path that is text because it is in quotes or a block."""
        scalar = self._scalar(path)
        return bool(scalar and not scalar.plain)

    def _scalar(self, path: Path) -> Node | None:
        _, node, exact = self._find(path)
        return node.actual if node and exact and node.actual.kind == "scalar" else None

    def _find(self, path: Path) -> tuple[int, Node | None, bool]:
        from generator.source.locate import find  # noqa: PLC0415  (see above)

        return find(self.text, path)


def parse(file: str, text: str) -> Document | list[Problem]:
    """Read a text as YAML with a map at the top, or say all that is wrong with it; no text raises.

    Scalars follow YAML 1.2 (`no`, `on`, `012` and `12:30` are text). Refused, beyond what YAML
    itself refuses: tags, merge keys, keys that are not text, numbers that Helm or JSON would change,
    aliases that multiply, more than one document.
    """
    text = text.lstrip("\ufeff")
    if doubt.in_text(text) and (problems := _diagnose(file, text)):
        return problems
    try:
        tree = ryaml.loads(text)  # type: ignore[attr-defined]  # ryaml exports its names without saying so
    except ValueError as refusal:
        return _diagnose(file, text) or [_unexplained(file, text, str(refusal))]
    if doubt.in_tree(tree) and (problems := _diagnose(file, text)):
        return problems
    return Document(file, text, tree)


def _diagnose(file: str, text: str) -> list[Problem]:
    from generator.source.diagnose import diagnose  # noqa: PLC0415  (see above)

    return diagnose(file, text)


def _unexplained(file: str, text: str, refusal: str) -> Problem:
    from generator.source.diagnose import unexplained  # noqa: PLC0415  (see above)

    return unexplained(file, text, refusal)
