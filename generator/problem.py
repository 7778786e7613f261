"""What is wrong with a spec, as data: found anywhere, printed only by the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

_LISTED = 25  # words that a message may list

Path = tuple[str | int, ...]
"""Keys and list indexes from the top of a document, as `("workloads", "orders", "routes", 0, "path")`."""


class Place(NamedTuple):
    """A point in a file: its path from the repository's root, line and column counted from 1."""

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


class Problem(NamedTuple):
    """One thing that is wrong, where, and how to mend it.

    `path` is the spec key concerned, empty for a problem of the whole file. `other` is the place of
    the second culprit when two places contradict each other.
    """

    place: Place
    message: str
    path: Path = ()
    fix: str = ""
    other: Place | None = None
    severity: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        key = f"{dotted(self.path)}: " if self.path else ""
        warning = "warning: " if self.severity == "warning" else ""
        lines = [f"{self.place}: {warning}{key}{self.message}"]
        if self.other:
            lines.append(f"    see {self.other}")
        if self.fix:
            lines.append(f"    fix: {self.fix}")
        return "\n".join(map(_on_one_line, lines))


class Finding(NamedTuple):
    """A problem of a tree, before anybody has looked where in which file it stands.

    `path` and `other` are paths in a document (schema) or in an environment's merged tree (rules).
    `other_environment` is set when `other` lies in another environment's tree. `quote` asks for the fix
    that puts the text as written in quotes, which only the document knows.
    """

    path: Path
    message: str
    fix: str = ""
    other: Path | None = None
    other_environment: str = ""
    quote: bool = False
    severity: Literal["error", "warning"] = "error"


def _on_one_line(text: str) -> str:
    """Show line breaks and control characters of a value as escapes: they could forge a line of a report."""
    return text if text.isprintable() else "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


def dotted(path: Path) -> str:
    """Write a path as people do: `workloads.orders.routes[0].path`."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Sort by place and drop repetitions: one mistake in a shared layer shows in many environments."""
    unique = {(p.place, p.path, p.message): p for p in reversed(list(problems))}
    return sorted(unique.values(), key=lambda p: (p.place, p.message))


def closest(word: str, known: Iterable[str]) -> str:
    """Return the known word that differs only by a slip of the hand, or nothing."""
    from difflib import get_close_matches  # noqa: PLC0415  (10 ms that only a mistake should cost)

    return next(iter(get_close_matches(word, sorted(known), n=1, cutoff=0.6)), "")


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Suggest the closest known word, else list what is known; empty when that is nothing or too much."""
    words = sorted(known)
    if close := closest(word, words):
        return f'did you mean "{close}"?'
    return f"one of: {', '.join(words)}" if 0 < len(words) <= _LISTED else ""
