"""What `diff` shows: read from Git, put together, printed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from generator import history, load, source
from generator.cli.report import OK, Usage, counted, say
from generator.diff import Changes, EnvironmentChange, File, Run, grouped, line, moves, unified
from generator.history import SECTIONS, HistoryError, pinned
from generator.render import OUTSIDE, workspaces
from generator.source import Sources
from generator.source.folder import CHARTS, PLATFORM
from generator.triggers import ALL_FROM, started

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Mapping
    from datetime import date
    from pathlib import Path

    from generator.model import Spec
    from generator.source import Document

_SHORT = 12  # digits of a hash that a person compares


class Side(NamedTuple):
    """The spec on one side of the change: what can be read of it, and the whole when it is valid."""

    documents: Mapping[str, Document]
    names: frozenset[str]  # of all environments that have a file, readable or not
    spec: Spec | None

    def pins(self, name: str) -> dict[tuple[str, str], str]:
        """Return what an environment pins, by section and name."""
        document = self.documents.get(name)
        found = pinned(document.tree) if document else {}
        return {(release.section, release.name): version for release, version in found.items()}


def show(root: Path, options: argparse.Namespace) -> int:
    """Print what changes; return the exit code."""
    try:
        changes = _changes(root, options)
    except HistoryError as error:
        raise Usage(str(error)) from error
    if options.output == "markdown":
        from generator.cli import diff_page  # noqa: PLC0415  (people do not wait for Jinja2)

        say(diff_page.page(changes).rstrip("\n"))
    else:
        for text in _text(changes):
            say(text)
    return OK


def _changes(root: Path, options: argparse.Namespace) -> Changes:
    base = history.resolved(root, options.base or f"origin/{_branch(root)}")
    head = history.resolved(root, options.head) if options.head else None
    fork = history.fork(root, base, head or "HEAD")
    found = [File(*changed) for changed in history.between(root, fork, head)]
    before = _side(root, fork, options.today)
    after = _side(root, head, options.today)
    groups = grouped(found, OUTSIDE)
    spec = after.spec or before.spec
    runs = _runs(spec, [file.path for file in found])
    names = (before.names | after.names | groups.environments.keys()) - {PLATFORM}
    environments = [
        EnvironmentChange(
            name=name,
            state=_state(name, before, after),
            moves=moves(before.pins(name), after.pins(name), SECTIONS),
            files=tuple(groups.environments.get(name, ())),
            runs=tuple(runs.get(name, ())),
            unread=any(name in side.names and name not in side.documents for side in (before, after)),
        )
        for name in _ordered(names, spec)
    ]
    notes = tuple(_notes(before, after, len(found)))
    return Changes(tuple(environments), tuple(groups.shared), tuple(runs.get("", ())), groups.areas, notes)


def _branch(root: Path) -> str:
    """Return the branch that is applied, also of a spec with mistakes."""
    platform = source.load(root).platform
    section = platform.tree.get("platform") if platform else None
    repository = section.get("repository") if isinstance(section, dict) else None
    branch = repository.get("branch") if isinstance(repository, dict) else None
    return branch if isinstance(branch, str) else "main"


def _side(root: Path, commit: str | None, today: date) -> Side:
    if commit is None:
        sources = source.load(root)
        files = {name: f"environments/{name}.yaml" for name in source.environment_names(root)}
    else:
        documents, problems = history.documents(root, commit)
        charts: dict[str, set[str]] = {}
        for path in history.listed(root, commit, CHARTS):
            if match := re.fullmatch(rf"{CHARTS}/([^/]+)/([^/]+)/.+", path):
                charts.setdefault(match[1], set()).add(match[2])
        files = {
            path.removeprefix("environments/").removesuffix(".yaml"): path
            for path in history.listed(root, commit, "environments")
            if re.fullmatch(r"environments/[^/]+\.yaml", path)
        }
        sources = Sources(
            platform=documents.pop(PLATFORM, None),
            environments=documents,
            charts={chart: frozenset(versions) for chart, versions in charts.items()},
            problems=problems,
        )
    return Side(sources.environments, frozenset(files) - {PLATFORM}, load.load(sources, today).spec)


def _state(name: str, before: Side, after: Side) -> str:
    if name not in before.names and name in after.names:
        return "new"
    return "gone" if name in before.names and name not in after.names else ""


def _ordered(names: frozenset[str], spec: Spec | None) -> list[str]:
    """Sort environments as versions move through them, those that stand aside after them."""
    order = spec.platform.promotion if spec else ()
    return [*(name for name in order if name in names), *sorted(names - set(order))]


def _runs(spec: Spec | None, files: list[str]) -> dict[str, list[Run]]:
    """Return the runs that start, by environment; "" has those of none."""
    if spec is None:
        return {}
    known = workspaces.of(spec)
    applied = {environment.name: environment.auto_apply for environment in spec.environments}
    found: dict[str, list[Run]] = {}
    for name in started({name: run["trigger_patterns"] for name, run in known.items()}, files):
        environment = known[name].get("environment", "")
        stack = known[name].get("stack", workspaces.STACK)
        run = Run(name, stack, waits=not applied.get(environment, False))
        found.setdefault(environment, []).append(run)
    return found


def _notes(before: Side, after: Side, files: int) -> Iterator[str]:
    if after.spec is None:
        yield (
            "The spec has mistakes here, which `make check` shows: what it renders and which runs it starts "
            "is known when they are mended."
        )
    elif before.spec is None:
        yield "The spec had mistakes before this change."
    if files >= ALL_FROM:
        yield f"{files} files differ: from {ALL_FROM} on a merge starts a run in every workspace."


def _text(changes: Changes) -> Iterator[str]:
    for environment in changes.environments:
        title = f"{environment.name}{f' ({environment.state})' if environment.state else ''}"
        if not environment.changes:
            yield f"{title}: nothing changes"
            continue
        yield f"{title}: {counted(len(environment.files), 'rendered file')}"
        if environment.unread:
            yield "  its file cannot be read, so nobody knows which versions move"
        for move in environment.moves:
            versions = f"{shown(move.old) or 'new'} -> {shown(move.new) or 'gone'}"
            yield f"  {move.kind} {line(move.name)}: {versions}"
        for run in environment.runs:
            yield f"  Terraform {run.stack}: {'waits for a person' if run.waits else 'applies by itself'}"
        yield from _files(environment.files)
    if changes.shared or changes.runs:
        yield f"shared: {counted(len(changes.shared), 'rendered file')}"
        for run in changes.runs:
            yield f"  Terraform {run.stack}: waits for a person"
        yield from _files(changes.shared)
    if changes.areas:
        listed = ", ".join(f"{line(area.name)} ({area.number})" for area in changes.areas)
        yield f"not rendered: {listed}"
    for note in changes.notes:
        yield f"note: {note}"


def _files(files: tuple[File, ...]) -> Iterator[str]:
    for file in files:
        yield f"  {file.mark} {line(file.path)}"
        for text in unified(file):
            yield f"      {text}"


def shown(version: str) -> str:
    """Return a version on one line; of what is a hash as a whole, as many digits as people compare."""
    return version[:_SHORT] if re.fullmatch(r"[0-9a-f]{64}", version) else line(version)
