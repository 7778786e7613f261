"""Which versions differ between two files of an environment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.diff.change import Move

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def moves(
    before: Mapping[tuple[str, str], str], after: Mapping[tuple[str, str], str], sections: Sequence[str]
) -> tuple[Move, ...]:
    """Return what moves, by section in the order of `sections` and name; keys are (section, name)."""
    rank = {section: index for index, section in enumerate(sections)}
    keys = sorted(before.keys() | after.keys(), key=lambda k: (rank.get(k[0], len(rank)), *k))
    found = (Move(*key, before.get(key, ""), after.get(key, "")) for key in keys)
    return tuple(move for move in found if move.old != move.new)
