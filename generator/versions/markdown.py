"""The matrix as a table in Markdown, for a page or a pull request: with dates, which do not age."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.versions import words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.versions.matrix import Cell, Matrix, Row


def markdown(matrix: Matrix) -> Iterator[str]:
    """Yield the lines. What lags is bold."""
    yield f"| release | {' | '.join(map(_escaped, matrix.environments))} |"
    yield "| --- |" + " --- |" * len(matrix.environments)
    for row in matrix.rows:
        cells = (_cell(row, environment) for environment in matrix.environments)
        name = f"{row.release.section.removesuffix('s')} {row.release.name}"
        yield f"| {_escaped(name)} | {' | '.join(cells)} |"
    for note in matrix.notes:
        yield ""
        yield f"_{_escaped(note)}_"


def _cell(row: Row, environment: str) -> str:
    cell = row.cells.get(environment)
    if cell is None:
        return ""
    version = f"`{_escaped(words.shown(cell.version))}`"
    began = _since(cell)
    if cell.lag is None:
        return f"{version}{began}"
    lag = cell.lag
    apart = f"; {words.apart(lag, row.leading)}"
    if lag.since:
        apart += f" since {'at least ' if not lag.known else ''}{words.day(lag.since.when)}"
    return f"**{version}**{began}{_escaped(apart)}"


def _since(cell: Cell) -> str:
    if cell.uncommitted:
        return " not committed yet"
    if cell.since is None:
        return ""
    return f" since {'at least ' if cell.at_least else ''}{words.day(cell.since.when)}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("`", "'").replace("\n", " ")
