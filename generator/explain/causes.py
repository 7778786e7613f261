"""Which leaves made a line: those that, changed alone to another valid value, change it.

One line is searched for: many leaves are changed at once, and a group that changes the line is split until
single leaves remain, so that a thousand leaves take about a hundred renderings. Every leaf that is named was
changed alone. That none is missing rests on this: leaves found once are left as they are, and the others are
tried in groups again and again, so that any two of them are in different groups at least once; a leaf could
only be hidden by others that hide it in every one of its groups. Tests compare with the direct way, leaf by
leaf, which is also how all lines at once are explained.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.explain.others import MOST, Others

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from generator.explain.leaves import Leaf
    from generator.explain.rerun import Rerun

    Change = tuple[Leaf, Any]

_GROUPS = 8


def candidates(rerun: Rerun) -> dict[Leaf, list[Any]]:
    """Return the leaves that can have to do with the file, each with the values to try instead."""
    others = Others(rerun.platform, rerun.environments.values())
    return {leaf: values for document in rerun.documents for leaf, values in others.of(document).items()}


def of_line(rerun: Rerun, line: int, leaves: dict[Leaf, list[Any]] | None = None) -> list[Leaf]:
    """Return the leaves that made a line of the file, in the order of the documents.

    `leaves` are the candidates; they may be given when many lines are asked for.
    """
    leaves = candidates(rerun) if leaves is None else leaves
    causes: set[Leaf] = set()

    def affects(group: Sequence[Change]) -> bool | None:
        lines = rerun.changed(group, line)
        return None if lines is None else line in lines

    for turn in range(MOST):
        changes = [(leaf, values[turn]) for leaf, values in leaves.items() if turn < len(values)]
        causes |= _search([change for change in changes if change[0] not in causes], affects)
    return [leaf for leaf in leaves if leaf in causes]


def of_all_lines(rerun: Rerun) -> dict[int, list[Leaf]]:
    """Return the leaves that made each line, by its number: the direct way, one leaf at a time."""
    found: dict[int, list[Leaf]] = {line: [] for line in range(1, rerun.length + 1)}
    for leaf, values in candidates(rerun).items():
        for line in set().union(*(rerun.changed([(leaf, value)]) or () for value in values)):
            found[line].append(leaf)
    return found


def _search(changes: Sequence[Change], affects: Callable[[Sequence[Change]], bool | None]) -> set[Leaf]:
    """Return the leaves whose change alone has an effect. `affects` says None of what does not render."""
    found: set[Leaf] = set()
    useless: set[Leaf] = set()

    def split(group: Sequence[Change]) -> None:
        group = [change for change in group if change[0] not in found and change[0] not in useless]
        effect = affects(group) if group else False
        if effect is False:
            return
        if len(group) == 1:
            (found if effect else useless).add(group[0][0])
            return
        half = len(group) // 2
        split(group[:half])
        split(group[half:])

    split(changes)
    for group in _partitions(changes):
        split(group)
    return found


def _partitions(changes: Sequence[Change]) -> Iterator[list[Change]]:
    """Yield groups: of any two changes there is one that has only the one, and one with only the other.

    The groups of a round are those that have the same digit in one place of their number.
    """
    place = 1
    while place < len(changes):
        for digit in range(_GROUPS):
            yield [change for i, change in enumerate(changes) if i // place % _GROUPS == digit]
        place *= _GROUPS
