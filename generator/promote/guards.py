"""What a promotion must not do unless told: go backwards, or skip an environment."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.problem import Problem
from generator.versions.semver import newer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from generator.promote.moves import Move, Request
    from generator.promote.running import Running


class Guards(NamedTuple):
    """What was told: that going backwards, and skipping an environment, is meant."""

    downgrade: bool = False
    skip: bool = False


def refusals(
    request: Request, moves: Sequence[Move], between: Mapping[str, Running], guards: Guards
) -> Iterator[Problem]:
    """Yield what speaks against the moves. `between` are the environments on the way, by name."""
    target = request.target
    for move in moves:
        if not guards.downgrade and move.old and newer(move.old, move.new):
            yield Problem(
                place=target.document.place(move.path),
                path=move.path,
                message=f"{move.new} is older than {move.old}, which runs in {target.name}",
                fix="to go back on purpose, add --allow-downgrade (make: DOWNGRADE=1)",
            )
        for skipped in () if guards.skip else between.values():
            there = skipped.version(move.section, move.name)
            if move.name in skipped.releases[move.section] and there != move.new:
                runs = f"it runs {there}" if there else "no version of it is pinned there"
                yield Problem(
                    place=target.document.place(move.path),
                    path=move.path,
                    message=f"{move.new} would skip {skipped.name}: {runs}",
                    fix=f"promote it to {skipped.name} first; or skip that with --skip (make: SKIP=1)",
                    other=skipped.document.place(move.path),
                )


def untold(moves: Sequence[Move]) -> Iterator[str]:
    """Yield a note for each version of which nothing says whether it is newer: a commit's hash, say."""
    for move in moves:
        known = newer(move.old, move.new) is not None or newer(move.new, move.old) is not None
        if move.section != "functions" and move.old and not known and move.old != move.new:
            yield f"nothing tells whether {move.name} {move.new} is newer than {move.old}"


def skipped(order: Sequence[str], source: str | None, target: str) -> list[str]:
    """Name the environments between the two in the order of promotion.

    From outside of the order, by version alone, the one before the target is what it must have run in. An
    environment that is not listed stands aside: nothing is skipped on the way from it or to it.
    """
    if target not in order or (source is not None and source not in order):
        return []
    end = order.index(target)
    start = order.index(source) + 1 if source is not None else max(end - 1, 0)
    return list(order[start:end])
