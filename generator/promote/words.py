"""Moves as people read them: a branch, a commit message, a table."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.promote.moves import Move

_NO_REF = re.compile(r"[^A-Za-z0-9._+-]+|\.(?=\.)|\.$|\.lock$")
_SHORT = 12  # digits of a hash that a person compares


def branch(target: str, moves: Sequence[Move]) -> str:
    """`promote/staging-orders-1.4.2`; of several releases their number, and a hash of what they become."""
    return f"promote/{target}-" + _NO_REF.sub("-", f"{_what(moves)}{_mark(moves)}").strip("-.")


def message(target: str, source: str, moves: Sequence[Move]) -> str:
    """Return a commit message: what moves where, and from which version each."""
    body = "\n".join(f"- {line}" for line in table(moves, separator=" "))
    came = f"\n\nFrom {source}." if source else ""
    return f"Promote {_what(moves)} to {target}\n\n{body}{came}\n"


def table(moves: Sequence[Move], separator: str = "  ") -> list[str]:
    """Return a line for each move: `orders  1.4.1 -> 1.4.2`."""
    width = max((len(m.name) for m in moves), default=0) if separator != " " else 0
    return [f"{m.name:<{width}}{separator}{short(m.old) or 'new'} -> {short(m.new)}{_kind(m)}" for m in moves]


def short(version: str) -> str:
    """Shorten what is a hash as a whole."""
    return version[:_SHORT] if re.fullmatch(r"[0-9a-f]{64}", version) else version


def _kind(move: Move) -> str:
    return "" if move.section == "workloads" else f" ({move.section.removesuffix('s')})"


def _mark(moves: Sequence[Move]) -> str:
    if _what(moves) != _count(moves):
        return ""
    return "-" + sha256("\n".join(table(moves)).encode()).hexdigest()[:7]


def _count(moves: Sequence[Move]) -> str:
    return f"{len(moves)} releases"


def _what(moves: Sequence[Move]) -> str:
    if all(move.section == "functions" for move in moves):
        return f"functions {short(moves[0].new)}"
    if len(moves) == 1:
        version = moves[0].new.partition("@")[0]
        return f"{moves[0].name} {version}"
    return _count(moves)
