"""The matrix for people, in a terminal of a hundred columns."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from generator.versions import words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from generator.versions.matrix import Matrix, Row

WIDTH = 100
_INDENT, _GAP = 2, 3


def plain(text: str, _colour: str) -> str:
    """Return the text without a colour."""
    return text


def table(matrix: Matrix, paint: Callable[[str, str], str] = plain) -> Iterator[str]:
    """Yield the lines: a table, in several parts when the environments are many, then what lags in words.

    `paint` puts a text in a colour, `lag` or `other`.
    """
    if not matrix.rows:
        yield "Nothing has a version here."
        return
    names = max(len(row.release.name) for row in matrix.rows)
    parts = list(_parts(matrix, names))
    for number, part in enumerate(parts):
        if number:
            yield ""
        yield from _part(matrix, part, names, paint)
    yield ""
    yield from _lagging(matrix, paint)


def _fields(matrix: Matrix, row: Row, environment: str) -> tuple[str, str, str]:
    """Return version, age and mark of a cell."""
    cell = row.cells.get(environment)
    if cell is None:
        return ("-", "", "")
    return words.shown(cell.version), words.ran(cell, matrix.now), words.mark(cell.lag)


def _widths(matrix: Matrix, environment: str) -> tuple[int, int, int]:
    """Return how wide the three fields of an environment's column are."""
    columns = zip(*(_fields(matrix, row, environment) for row in matrix.rows), strict=True)
    version, age, mark = (max(map(len, column)) for column in columns)
    return max(version, len(environment) - age - mark - 2), age, mark


def _parts(matrix: Matrix, names: int) -> Iterator[list[str]]:
    """Yield the environments in portions that fit beside each other; one always fits."""
    part: list[str] = []
    used = _INDENT + names
    for environment in matrix.environments:
        width = _GAP + sum(_widths(matrix, environment)) + 2
        if part and used + width > WIDTH:
            yield part
            part, used = [], _INDENT + names
        part.append(environment)
        used += width
    yield part


def _part(
    matrix: Matrix, environments: Sequence[str], names: int, paint: Callable[[str, str], str]
) -> Iterator[str]:
    widths = {environment: _widths(matrix, environment) for environment in environments}
    gap = " " * _GAP
    heads = (f"{environment:<{sum(widths[environment]) + 2}}" for environment in environments)
    yield f"{'':<{_INDENT + names}}{gap}{gap.join(heads)}".rstrip()
    for section, rows in groupby(matrix.rows, key=lambda row: row.release.section):
        yield section
        for row in rows:
            line = f"{'':<{_INDENT}}{row.release.name:<{names}}"
            for environment in environments:
                version, age, mark = _fields(matrix, row, environment)
                wide, aged, marked = widths[environment]
                cell = row.cells.get(environment)
                text = f"{version:<{wide}} {age:>{aged}} {mark:<{marked}}"
                colour = "" if not (cell and cell.lag) else "lag" if cell.lag.state == "behind" else "other"
                line += gap + (paint(text, colour) if colour else text)
            yield line.rstrip()


def _lagging(matrix: Matrix, paint: Callable[[str, str], str]) -> Iterator[str]:
    """Yield a line for each release and version that is not the leader's, with all who have it."""
    lines = []
    for row in matrix.rows:
        groups: dict[tuple[str, str], list[str]] = {}
        for environment, cell in row.cells.items():
            if cell.lag and environment in matrix.environments:
                leading = row.leading
                about = f"{words.apart(cell.lag, leading)} {words.since(cell.lag, matrix.now)}".rstrip()
                groups.setdefault((words.shown(cell.version), about), []).append(environment)
        lines += [
            (row.release.name, ", ".join(places), version, about)
            for (version, about), places in groups.items()
        ]
    if not lines:
        yield _in_step(matrix)
        return
    names = max(len(name) for name, *_ in lines)
    where = max(len(places) for _, places, _, _ in lines)
    wide = max(len(version) for _, _, version, _ in lines)
    for name, places, version, about in lines:
        line = f"  {name:<{names}}   {places:<{where}}   {version:<{wide}}   "
        yield f"{line}{paint(about, 'lag')}"


def _in_step(matrix: Matrix) -> str:
    """Say that nothing lags in the environments that are shown, and what does in those that are not."""
    elsewhere = ", ".join(row.release.name for row in matrix.rows if row.lags)
    if elsewhere:
        return f"Nothing lags in {', '.join(matrix.environments)}; elsewhere: {elsewhere}."
    what = matrix.rows[0].release.name if len(matrix.rows) == 1 else "Each of these"
    return f"{what} runs in one version, wherever it runs."
