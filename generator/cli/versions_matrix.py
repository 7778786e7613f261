"""The matrix behind `versions`: read, put together, printed."""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from generator import history, source
from generator.cli.report import FAILED, OK, Usage, complain, environment_named, say
from generator.history import SECTIONS, History, HistoryError, Track, pinned
from generator.problem import did_you_mean
from generator.versions import document, markdown, matrix, plain, table

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping
    from pathlib import Path

    from generator.source import Document
    from generator.versions import Matrix

_COLOURS = {"lag": "33", "other": "36"}  # ANSI: yellow, cyan


def show(root: Path, options: argparse.Namespace) -> int:
    """Print the matrix; return the exit code."""
    try:
        spec = _as_of(root, options.at) if options.at else _work_tree(root)
    except HistoryError as error:
        raise Usage(str(error)) from error
    today = {name: pinned(document.tree) for name, document in spec.environments.items()}
    whole = matrix(today, spec.history, promotion(spec.platform), now=now(), sections=SECTIONS)
    shown = _narrowed(whole, options)._replace(notes=_notes(spec))
    if options.output == "json":
        say(json.dumps(document(shown), ensure_ascii=False, indent=2))
    elif options.output == "markdown":
        say("\n".join(markdown(shown)))
    else:
        found = table(shown, _paint if coloured() else plain)
        say(_none(options) if whole.rows and not shown.rows else "\n".join(found))
        for note in shown.notes:
            complain(f"note: {note}")
    return FAILED if spec.unread else OK


class Spec(NamedTuple):
    """Documents and their history. `unread` are files that are none, with what is wrong."""

    platform: Document | None
    environments: Mapping[str, Document]
    history: History
    unread: Mapping[str, str]


def promotion(platform: Document | None) -> list[str]:
    """Return the order in which versions go through the environments, as platform.yaml has it, if it has."""
    section = platform.tree.get("platform") if platform else None
    order = section.get("promotion") if isinstance(section, dict) else None
    return [name for name in order if isinstance(name, str)] if isinstance(order, list) else []


def now() -> datetime:
    """Return this moment, in UTC."""
    return datetime.now(tz=UTC)


def coloured() -> bool:
    """Tell whether standard output is a terminal that wants colours (https://no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _paint(text: str, colour: str) -> str:
    return f"\033[{_COLOURS[colour]}m{text}\033[0m"


def _work_tree(root: Path) -> Spec:
    sources = source.load(root)
    unread = {problem.place.file: str(problem) for problem in sources.problems}
    try:
        past = history.read(root, sources.environments)
    except HistoryError as error:  # what runs is known without Git
        past = History(tracks={name: Track() for name in sources.environments}, missing=str(error))
    return Spec(sources.platform, sources.environments, past, unread)


def _as_of(root: Path, revision: str) -> Spec:
    commit = history.resolved(root, revision)
    documents, problems = history.documents(root, commit)
    platform = documents.pop("platform", None)
    unread = {problem.place.file: str(problem) for problem in problems}
    return Spec(platform, documents, history.read(root, documents, commit), unread)


def _narrowed(whole: Matrix, options: argparse.Namespace) -> Matrix:
    for name in options.env:
        environment_named(name, whole.environments)
    known = {row.release.name for row in whole.rows}
    for name in options.release:
        if name not in known:
            raise Usage(f'there is no release "{name}"; {did_you_mean(name, known)}')
    environments = tuple(n for n in whole.environments if not options.env or n in options.env)
    rows = tuple(
        row
        for row in whole.rows
        if (not options.release or row.release.name in options.release)
        and any(name in row.cells for name in environments)
        and (not options.lagging or any(row.cells[n].lag for n in environments if n in row.cells))
    )
    return whole._replace(environments=environments, rows=rows)


def _none(options: argparse.Namespace) -> str:
    """Say why no row of the matrix is left."""
    what, where = ", ".join(options.release), f" in {', '.join(options.env)}" if options.env else ""
    if options.lagging:
        return f"Nothing{f' of {what}' if what else ''} lags{where}."
    return f"No version of {what or 'anything'} is pinned{where}."


def _notes(spec: Spec) -> tuple[str, ...]:
    """Return what a reader of the matrix has to know about what it was made from."""
    notes = [f"{file} cannot be read, so it counts as missing: run `make check`" for file in spec.unread]
    past = spec.history
    if past.missing:
        notes.append(f"{past.missing}, so there are no dates")
    if past.shallow:
        notes.append(
            "this clone is shallow, its history is cut: ages are lower bounds; run `git fetch --unshallow`"
        )
    for name, track in past.tracks.items():
        if track.unread:
            commit, reason = track.unread[0]
            more = f" (and {len(track.unread) - 1} more)" if len(track.unread) > 1 else ""
            notes.append(f"{name}: {commit.short}{more} left no readable file and is passed over: {reason}")
    return tuple(notes)
