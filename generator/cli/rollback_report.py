"""What a rollback leaves as it is, and what happens next: for the person who has to judge it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.cli.report import counted
from generator.cli.sync_windows import closed
from generator.model.gateway import FUNCTIONS
from generator.problem import dotted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from generator.cli.rollback_since import Since
    from generator.cli.rollback_target import Target
    from generator.promote import Move
    from generator.versions.since import Changed

_OWN_SHOWN, _OTHERS_SHOWN, _FILES_SHOWN = 20, 8, 12


def lines(since: Since, target: Target, environment: str) -> Iterator[str]:
    """Yield what changed since and stays, whether the spec of then still fits, and what the files are."""
    at = target.then[:10]
    if since.unknown:
        yield f"Nobody can say what else changed since: {since.unknown}."
    elif not (since.own or since.others):
        yield f"Nothing else changed in the spec of this environment since {at}."
    else:
        yield f"Changed in the spec since {at}, and stays (then -> now):"
        yield from _listed(since.own, _OWN_SHOWN)
        if since.own and since.others:
            yield "  elsewhere in this environment:"
        yield from _listed(since.others, _OTHERS_SHOWN)
    yield ""
    yield from _fits(since, at)
    yield from _files(since, at, environment)


def _fits(since: Since, at: str) -> Iterator[str]:
    if since.errors:
        first = since.errors[0]
        key = f"{dotted(first.path)}: " if first.path else ""
        yield (
            f"The spec of today is valid with that; the whole spec of {at} would not be any more, "
            f"for {counted(len(since.errors), 'error')}:"
        )
        yield f"    {first.place}: {key}{first.message}"
    elif since.unknown:
        yield "The spec of today is valid with that."
    else:
        yield f"The spec of today is valid with that, and the whole spec of {at} would be, too."


def _listed(changes: Sequence[Changed], most: int) -> Iterator[str]:
    names = [dotted(change.path) for change in changes[:most]]
    width = max(map(len, names), default=0)
    for name, change in zip(names, changes[:most], strict=True):
        yield f"    {name:<{width}}  {change.old} -> {change.new}"
    if len(changes) > most:
        yield f"    ... and {len(changes) - most} more"


def _files(since: Since, at: str, environment: str) -> Iterator[str]:
    """Yield whether each file that changes is again what it was."""
    others = {path: number for path, number in since.files.items() if number != 0}
    same = len(since.files) - len(others)
    whole = f"{same} of {counted(len(since.files), 'file')} of rendered/{environment} that change"
    verb = "is" if same == 1 else "are"
    yield f"{whole} {verb} byte for byte as at {at}{'; the others:' if others else '.'}"
    for path, number in list(others.items())[:_FILES_SHOWN]:
        said = "not there then" if number is None else f"{counted(number, 'line')} other than then"
        yield f"    rendered/{path}: {said}"
    if len(others) > _FILES_SHOWN:
        yield f"    ... and {len(others) - _FILES_SHOWN} more"


def warnings(spec: Mapping[str, Any], moves: Sequence[Move]) -> list[str]:
    """Return what no rollback of versions undoes."""
    found = []
    for move in moves:
        workload = spec["workloads"].get(move.name, {}) if move.section == "workloads" else {}
        if database := workload.get("database"):
            found.append(
                f"the database {database} stays as it is: if {move.old} migrated it, {move.new} must be able "
                "to work with that"
            )
    functions = {move.name for move in moves if move.section == "functions"}
    if functions:
        found += [
            f"{name} stays as it is, and promotions move the functions together: see that they fit"
            for name in FUNCTIONS
            if name not in functions
        ]
        found.append("the functions' packages of then must still be in the bucket: docs/packages.md")
    if any(move.section == "components" for move in moves):
        found.append("custom resource definitions may be newer than the chart: read its notes on downgrades")
    return found


def happens(spec: Mapping[str, Any], environment: str, moves: Sequence[Move], now: datetime) -> list[str]:
    """Return what carries the change out after the merge."""
    found = []
    if any(move.section != "functions" for move in moves):
        if not spec.get("sync", {}).get("automated"):
            found.append(f"Argo CD does not sync {environment} by itself: a person has to, after the merge.")
        elif why := closed(spec.get("syncWindows") or (), now):
            found.append(f"Argo CD would not sync by itself now: {why}; a person may sync.")
        else:
            found.append("After the merge Argo CD's automated sync carries it out.")
    if any(move.section == "functions" for move in moves):
        auto = spec.get("terraform", {}).get("autoApply")
        how = "applies it by itself" if auto else "plans it, and a person approves"
        found.append(f"After the merge Terraform {how}: the functions are in the stack platform.")
    return found
