"""The status for people, in a terminal of a hundred columns: what is wrong first, and why."""

from __future__ import annotations

import textwrap
from collections import Counter
from typing import TYPE_CHECKING

from generator.status.moments import age
from generator.status.row import BROKEN, EXTRA, FINE, MISSING, MOVING, WORST_FIRST

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from generator.status.report import Report
    from generator.status.row import Row

WIDTH = 100
_MARKS = {BROKEN: "x", MISSING: "x", EXTRA: "+", MOVING: "~", FINE: " "}
_HEADS = ("RELEASE", "SPEC", "RUNS", "SYNC", "HEALTH", "PODS", "LAST SYNC")
_WIDEST = (30, 14, 14, 9, 11, 9, 13)
_GAP = 2
_TROUBLES = 8  # lines of reasons for one release; the rest is counted
_LINES = 4  # of one reason
_SHORT = 8  # digits of a commit

Paint = "Callable[[str, str], str]"


def plain(text: str, _state: str) -> str:
    """Return the text without a colour."""
    return text


def text(report: Report, paint: Callable[[str, str], str] = plain, rows: int | None = None) -> Iterator[str]:
    """Yield the lines. `paint` puts a text in the colour of a state; only so many `rows` are shown."""
    yield from summary(report, paint)
    yield ""
    cells = [_cells(row, report) for row in report.rows]
    widths = [
        min(widest, max(len(head), *(len(row[i]) for row in cells)))
        for i, (head, widest) in enumerate(zip(_HEADS, _WIDEST, strict=True))
    ]
    yield f"  {_line(_HEADS, widths)}"
    shown = report.rows[:rows]
    for row, fields in zip(shown, cells, strict=False):
        yield paint(f"{_MARKS[row.state]} {_line(fields, widths)}", row.state)
        yield from _reasons(row)
    if len(shown) < len(report.rows):
        left = Counter(row.state for row in report.rows[len(shown) :])
        yield f"  ... and {_counts(left)} more"


def summary(report: Report, paint: Callable[[str, str], str] = plain) -> Iterator[str]:
    """Yield the lines above the table: the verdict, which cluster, and how far it is behind Git."""
    states = Counter(row.state for row in report.rows)
    worst = next(state for state in WORST_FIRST if states[state] or state == FINE)
    well = (
        "everything is as the spec has it"
        if report.complete
        else "all that could be asked is as the spec has it"
    )
    verdict = well if report.fine else _counts(states)
    yield paint(f"{report.environment}: {verdict}", worst)
    yield f"  context {report.context}, {report.server}"
    for line in (*_git(report), *(f"note: {note}" for note in report.notes)):
        yield from wrapped(line, "  ")


def changes(before: Report | None, after: Report) -> Iterator[str]:
    """Yield a line for each release that is not as it was, for a log."""
    stamp = f"{after.now:%H:%M:%S}"
    old = {row.name: _told(row) for row in before.rows} if before else {}
    for row in after.rows:
        if old.pop(row.name, None) != _told(row) and (before or row.state != FINE):
            reasons = "; ".join(trouble.text for trouble in row.troubles)
            yield f"{stamp} {after.environment} {row.name}: {row.state}{f': {reasons}' if reasons else ''}"
    for name in old:
        yield f"{stamp} {after.environment} {name}: gone"


def _told(row: Row) -> tuple[object, ...]:
    """Return what a change of is worth a line: not that time passes."""
    pods = tuple((str(pod), pod.reason) for pod in row.pods.unready)
    application = row.application
    about = (
        (application.sync, application.health, application.operation and application.operation.phase)
        if application
        else ()
    )
    return row.state, row.running, about, pods


def _cells(row: Row, report: Report) -> tuple[str, ...]:
    release, application = row.release, row.application
    pods = f"{row.pods.ready}/{row.pods.total}" if row.pods.total else "-"
    wanted = _short(release.version) if release and release.version else "-"
    running = _running(row) or "-"
    if application is None:
        return row.name, wanted, running, "-", "missing", pods, "-"
    return row.name, wanted, running, application.sync, application.health, pods, _last(row, report)


def _running(row: Row) -> str:
    return "+".join(map(_short, row.running))


def _last(row: Row, report: Report) -> str:
    operation = row.application.operation if row.application else None
    if operation is None:
        return "never"
    ago = age(operation.when, report.now)
    words = {"Succeeded": f"{ago} ago", "Running": f"runs {ago}", "Terminating": f"ends {ago}"}
    return words.get(operation.phase, f"failed {ago}").strip()


def _short(version: str) -> str:
    """Return a version as people tell it from others: eight digits of a digest."""
    tag, at, digest = version.partition("@sha256:")
    return f"{tag}@{digest[:_SHORT]}" if at else version


def _line(fields: tuple[str, ...], widths: list[int]) -> str:
    cut = (f if len(f) <= width else f"{f[: width - 2]}.." for f, width in zip(fields, widths, strict=True))
    return (" " * _GAP).join(f"{f:<{width}}" for f, width in zip(cut, widths, strict=True)).rstrip()


def _reasons(row: Row) -> Iterator[str]:
    # What the columns have is not said again, unless they cut it.
    cut = len(_running(row)) > _WIDEST[_HEADS.index("RUNS")]
    told = [trouble for trouble in row.troubles if trouble.code != "version" or cut]
    for trouble in told[:_TROUBLES]:
        yield from wrapped(trouble.text, "    ")[:_LINES]
    if len(told) > _TROUBLES:
        more = len(told) - _TROUBLES
        yield f"    ... and {more} more reason{'' if more == 1 else 's'}: --output json has all"


def wrapped(text: str, indent: str) -> list[str]:
    """Return a text in lines, all but the first further in; names and commands stay whole."""
    return textwrap.wrap(
        " ".join(text.split()),
        WIDTH,
        initial_indent=indent,
        subsequent_indent=f"{indent}  ",
        break_on_hyphens=False,
        break_long_words=False,
    )


def _counts(states: Counter[str]) -> str:
    return ", ".join(f"{states[state]} {state}" for state in WORST_FIRST if states[state])


def _git(report: Report) -> Iterator[str]:
    git = report.git
    if not report.revision:
        yield "Argo CD has synced no revision yet"
        return
    at = f"Argo CD has synced {report.branch} at {report.revision[:_SHORT]}"
    if git.missing:
        yield f"{at}; how far that is behind Git is not known: {git.missing}"
        return
    distance = git.distances.get(report.revision)
    fetched = f", fetched {age(git.fetched, report.now)} ago" if git.fetched else ""
    where = f"{git.reference} ({git.head[:_SHORT]}{fetched})"
    if distance is None:
        yield f"{at}, unknown in this checkout: git fetch"
    elif distance.ahead:
        yield f"{at}, which {git.reference} here does not have: git fetch (or it was rewritten)"
    elif not distance.behind:
        yield f"{at}, the newest of {where}"
    else:
        number = f"{distance.behind} commit{'' if distance.behind == 1 else 's'}"
        yield f"{at}, {number} behind {where}, {distance.of_ours or 'none'} of them for {report.environment}"
    if git.unmerged:
        yield f"SPEC is of this checkout, which {git.reference} differs from: {', '.join(git.unmerged)}"
