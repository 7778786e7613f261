"""What the target's history says of a promotion: that it went back from one of the versions before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator import history
from generator.history import HistoryError, Release
from generator.promote import short
from generator.versions.back import left
from generator.versions.words import day

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from generator.promote import Move


def returning(root: Path, target: str, moves: Sequence[Move]) -> Iterator[str]:
    """Yield a note for each version that the target ran already and went back from; none without history."""
    try:
        track = history.read(root, [target]).tracks[target]
    except HistoryError:
        return
    for move in moves:
        if commit := left(track, Release(move.section, move.name), move.old, move.new):
            yield (
                f"{target} went back from {move.name} {short(move.new)} with {commit.short}, "
                f'"{commit.subject}" ({commit.author}, {day(commit.when)}): is what was wrong with it mended?'
            )
