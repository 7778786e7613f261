"""Which entries of the spec a line stands for: keys and items that, removed alone, change it or take it away.

This is for lines that no value changes, as the name of a workload or the key above a map. Only the innermost
entries are named. Each was removed alone, with what higher layers say of it; what stands below an entry that
can go without an effect is not tried.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.explain.leaves import PLATFORM, REMOVED, Leaf

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from generator.explain.rerun import Rerun


def of_lines(rerun: Rerun, wanted: Collection[int]) -> dict[int, list[Leaf]]:
    """Return the entries that lines stand for, by line; their values are what stands below them."""
    found: dict[int, list[Leaf]] = {line: [] for line in wanted}
    only = next(iter(wanted)) if len(wanted) == 1 else None
    # What others say of themselves made this file's values at most, and there are many of them.
    own = (PLATFORM, f"environments/{rerun.environment}.yaml") if rerun.environment else ()
    for document in rerun.documents:
        if own and document.file not in own:
            continue
        for entry in _entries(Leaf(document.file, (), document.tree)):
            _descend(rerun, entry, set(wanted), only, found)
    return {line: [e for e in entries if not _above(e, entries)] for line, entries in found.items()}


def _above(entry: Leaf, entries: list[Leaf]) -> bool:
    """Whether an entry of the same line, in this document or another, is a closer one."""
    return any(e.path != entry.path and e.path[: len(entry.path)] == entry.path for e in entries)


def _descend(
    rerun: Rerun, entry: Leaf, wanted: set[int], only: int | None, found: dict[int, list[Leaf]]
) -> set[int]:
    """Add an entry to the lines that stand for it and for none below it; return those that stand for it."""
    lines = rerun.changed([(gone, REMOVED) for gone in _with_overrides(rerun, entry)], only)
    if lines is not None:
        wanted = wanted & lines
    below: set[int] = set()
    for inner in _entries(entry) if wanted else ():
        below |= _descend(rerun, inner, wanted, only, found)
    for line in wanted - below if lines is not None else ():
        found[line].append(entry)
    return wanted if lines is not None else below


def _with_overrides(rerun: Rerun, entry: Leaf) -> Iterator[Leaf]:
    """Yield an entry, and for one of all environments what these say of it themselves."""
    yield entry
    if entry.file == PLATFORM and entry.path[0] != "profiles":
        path = entry.path[1:] if entry.path[0] == "defaults" else entry.path
        for document in rerun.documents:
            if document.file != PLATFORM and path and document.has(path):
                yield Leaf(document.file, path, None)


def _entries(entry: Leaf) -> Iterator[Leaf]:
    node: Any = entry.value
    parts = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for part, value in parts:
        yield Leaf(entry.file, (*entry.path, part), value)
