"""What a rollback is called: its title, its branch, its commit message."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.promote import table
from generator.versions.words import day, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.cli.rollback_target import Target
    from generator.promote import Move

_NO_REF = re.compile(r"[^A-Za-z0-9._+-]+|\.(?=\.)|\.$|\.lock$")


def title(environment: str, moves: Sequence[Move], target: Target) -> str:
    """`Roll orders in production back to 1.4.1`; of several releases their number and the commit."""
    if len(moves) == 1:
        return f"Roll {moves[0].name} in {environment} back to {shown(moves[0].new)}"
    return f"Roll {len(moves)} releases in {environment} back to {target.then[:10]}"


def branch(environment: str, moves: Sequence[Move], target: Target) -> str:
    """`rollback/production-orders-1.4.1`, or with the commit instead of release and version."""
    one = f"{moves[0].name}-{shown(moves[0].new.partition('@')[0])}" if len(moves) == 1 else target.then[:10]
    return "rollback/" + _NO_REF.sub("-", f"{environment}-{one}").strip("-.")


def message(environment: str, moves: Sequence[Move], target: Target, reason: str) -> str:
    """Return the commit's message: from what to what, why, and what brought the present version."""
    lines = [title(environment, moves, target), "", *(f"- {line}" for line in table(moves, separator=" "))]
    if reason.strip():
        lines += ["", reason.strip()]
    lines += ["", f"As at {target.then[:10]}.", came(moves, target)]
    return "\n".join(lines).rstrip() + "\n"


def came(moves: Sequence[Move], target: Target) -> str:
    """Say which commit brought what goes now."""
    what = shown(moves[0].old) if len(moves) == 1 else "The newest of what goes"
    if target.came is None:
        return f"{what} was not committed."
    commit = target.came
    return f'{what} came with {commit.short}, "{commit.subject}" ({commit.author}, {day(commit.when)}).'
