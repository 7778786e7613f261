"""Files by the environment that they reach."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from generator.diff.change import Area, File

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

_RENDERED = "rendered"
_SHARED = "shared"


class Grouped(NamedTuple):
    """Rendered files by environment, those of none, and how many others differ in which area."""

    environments: dict[str, list[File]]
    shared: list[File]
    areas: tuple[Area, ...]


def grouped(files: Iterable[File], outside: Collection[str]) -> Grouped:
    """Group them; `outside` are rendered files that stand elsewhere."""
    environments: dict[str, list[File]] = {}
    shared, others = [], Counter[str]()
    for file in files:
        top, slash, rest = file.path.partition("/")
        name, below, _ = rest.partition("/")
        if file.path in outside or (top == _RENDERED and (name == _SHARED or not below)):
            shared.append(file)
        elif top == _RENDERED:
            environments.setdefault(name, []).append(file)
        else:
            others[top + slash] += 1
    return Grouped(environments, shared, tuple(Area(*item) for item in sorted(others.items())))
