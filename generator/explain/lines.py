"""Which lines of a rendered file are other ones after a change, wherever in the file they stand now.

A line of YAML or JSON is known by the keys above it, a line of Markdown or of code owners by its text. Items
of a list, YAML documents and the lines of a block scalar have no keys: one that is still there unchanged is
the same one, wherever it stands now, and the others are compared in their order, or with the most similar
when there are not as many as before. So are keys that went with keys that came: they may only have another
name.

A line is another one when its own text changed or when it vanished. So `key:` above a map is not changed by
what stands below it, and the comma behind a line of JSON, which tells of its neighbours, does not count.

Reads what `generator.emit` writes, not any YAML: two spaces a level, lists deeper than their key.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise, zip_longest
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Lines = list[str]

_KEY = re.compile(
    r"""( "(?:[^"\\]|\\.)*" | (?!-[ ])[^\s"#{}\[\]][^:]*(?::(?![ ]|\Z)[^:]*)* ) : (?:[ ](.*)|\Z)""",
    re.VERBOSE | re.DOTALL,
)
_BLOCK = re.compile(r"\|[-+]?")
_SEPARATOR = "---"
_TOO_MANY = 2500  # pairs to compare for similarity


class Entry(NamedTuple):
    """An entry of a map or list: where its lines begin, and its key; None for an item of a list."""

    start: int
    key: str | None
    lines: Lines

    def item(self) -> Lines:
        """The lines without what only tells of a neighbour."""
        return [*self.lines[:-1], self.lines[-1].removesuffix(",")]


def changed(path: str, before: str, after: str, only: int | None = None) -> set[int]:
    """Return the numbers, from 1, of the lines of `before` that are others or missing in `after`.

    `path` tells by its ending what is compared. With `only` nothing is said of other lines than that one.
    """
    if before == after:
        return set()
    wanted = None if only is None else only - 1
    old, new = _split(before), _split(after)
    if path.endswith((".md", "CODEOWNERS")):
        found: Iterable[int] = _flat(old, new, 0)
    elif path.endswith(".json"):
        found = _entry(Entry(0, "", old), Entry(0, "", new), 0, wanted)
    else:
        found = _documents(old, new, wanted)
    lines = {line + 1 for line in found}
    return lines if only is None else lines & {only}


def _split(text: str) -> Lines:
    return text.removesuffix("\n").split("\n")


def _documents(old: Lines, new: Lines, only: int | None) -> Iterator[int]:
    banners = [next((i for i, line in enumerate(lines) if line[:1] != "#"), 0) for lines in (old, new)]
    for i, line in enumerate(old[: banners[0]]):
        if i >= banners[1] or new[i] != line:
            yield i
    before, after = (_cut(lines, banner) for lines, banner in zip((old, new), banners, strict=True))
    for document, other in _pairs(before, after, only):
        if other is None:
            first = document.start - (document.start > banners[0])  # with the separator above it
            yield from range(first, document.start + len(document.lines))
        else:
            yield from _block(document.lines, other.lines, 0, document.start, only)


def _cut(lines: Lines, start: int) -> list[Entry]:
    """Cut a file into its documents, without the separators."""
    ends = [i for i in range(start, len(lines)) if lines[i] == _SEPARATOR]
    starts = [start, *(i + 1 for i in ends)]
    return [Entry(a, None, lines[a:b]) for a, b in zip(starts, [*ends, len(lines)], strict=True)]


def _block(old: Lines, new: Lines, column: int, start: int, only: int | None) -> Iterator[int]:
    """Compare what stands at one indentation: the entries of a map, or the items of a list."""
    before, after = _entries(old, column, start), _entries(new, column, 0)
    by_key = {entry.key: entry for entry in after if entry.key is not None}
    items = [entry for entry in before if entry.key is None]
    gone = []
    for entry in before:
        if entry.key is None:
            continue
        other = by_key.pop(entry.key, None)
        if other is None:
            gone.append(entry)
        elif _within(entry, only):
            yield from _entry(entry, other, column, only)
    # A key may have another name now, above what is still the same.
    for entry, partner in _partners(gone, list(by_key.values())) if gone else ():
        if _within(entry, only):
            yield from _all(entry) if partner is None else _entry(entry, partner, column, only)
    for entry, partner in _pairs(items, [e for e in after if e.key is None], only) if items else ():
        yield from _all(entry) if partner is None else _item(entry, partner, column, only)


def _entries(lines: Lines, column: int, start: int) -> list[Entry]:
    heads = [i for i, line in enumerate(lines) if len(line) > column and line[column] not in " }]"]
    return [
        Entry(start + a, match[1] if (match := _KEY.match(lines[a], column)) else None, lines[a:b])
        for a, b in pairwise([*heads, len(lines)])
    ]


def _entry(old: Entry, new: Entry, column: int, only: int | None) -> Iterator[int]:
    """Compare a key or an item that spans lines of its own with what it is now."""
    if old.lines == new.lines:
        return
    if old.lines[0].removesuffix(",") != new.lines[0].removesuffix(","):
        yield old.start
    match = _KEY.match(old.lines[0], column)
    if match and _BLOCK.fullmatch(match[2] or ""):
        yield from _flat(old.lines[1:], new.lines[1:], old.start + 1)
        return
    closed = [len(e.lines) > 1 and e.lines[-1].startswith(("}", "]"), column) for e in (old, new)]
    if closed[0] and not closed[1]:
        yield old.start + len(old.lines) - 1
    below = [e.lines[1:-1] if c else e.lines[1:] for e, c in zip((old, new), closed, strict=True)]
    if below[0]:
        yield from _block(below[0], below[1], column + 2, old.start + 1, only)


def _item(old: Entry, new: Entry, column: int, only: int | None) -> Iterator[int]:
    """Compare items of a list. In YAML the first line of one is also that of what stands in it."""
    if not old.lines[0].startswith("- ", column):
        yield from _entry(old, new, column, only)
        return
    before, after = ([f"{'':{column + 2}}{e.lines[0][column + 2 :]}", *e.lines[1:]] for e in (old, new))
    if _BLOCK.fullmatch(before[0].strip()):
        yield from (old.start,) if before[0] != after[0] else ()
        yield from _flat(before[1:], after[1:], old.start + 1)
    else:
        yield from _block(before, after, column + 2, old.start, only)


def _flat(old: Lines, new: Lines, start: int) -> Iterator[int]:
    """Compare lines that have nothing but their text."""
    left = Counter(new)
    for i, line in enumerate(old):
        left[line] -= 1
        if left[line] < 0:
            yield start + i


def _pairs(
    old: Sequence[Entry], new: Sequence[Entry], only: int | None
) -> Iterator[tuple[Entry, Entry | None]]:
    """Pair the items that changed, those that `only` does not leave out, with what they are now."""
    left: dict[tuple[str, ...], list[int]] = {}
    for i, entry in enumerate(new):
        left.setdefault(tuple(entry.item()), []).append(i)
    gone = []
    for entry in old:
        same = left.get(tuple(entry.item()))
        if same:
            same.pop(0)
        else:
            gone.append(entry)
    come = [new[i] for i in sorted(i for indexes in left.values() for i in indexes)]
    for entry, partner in _partners(gone, come):
        if _within(entry, only):
            yield entry, partner


def _partners(gone: list[Entry], come: list[Entry]) -> Iterator[tuple[Entry, Entry | None]]:
    """Pair what is no longer there with what is new, in order; when there are not as many, the similar."""
    if len(gone) == len(come) or len(gone) * len(come) > _TOO_MANY:
        yield from zip_longest(gone, come[: len(gone)])
        return
    before, after = ([set(entry.lines) for entry in entries] for entries in (gone, come))
    alike = [(-len(b & a), i, j) for i, b in enumerate(before) for j, a in enumerate(after)]
    partners: dict[int, int] = {}
    for _, i, j in sorted(alike):
        if i not in partners and j not in partners.values():
            partners[i] = j
    for i, entry in enumerate(gone):
        yield entry, come[partners[i]] if i in partners else None


def _within(entry: Entry, only: int | None) -> bool:
    # One line earlier: the separator above a YAML document belongs to it.
    return only is None or entry.start - 1 <= only < entry.start + len(entry.lines)


def _all(entry: Entry) -> range:
    return range(entry.start, entry.start + len(entry.lines))
