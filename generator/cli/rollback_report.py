"""What a rollback leaves as it is, and what happens next: for the person who has to judge it."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

from generator import history
from generator.cli.report import counted
from generator.cli.sync_windows import closed
from generator.explain import merged_tree
from generator.layers import Layers
from generator.problem import dotted
from generator.versions.since import changed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from generator.cli.rollback_target import Target
    from generator.problem import Path as Key
    from generator.promote import Move
    from generator.source import Document
    from generator.versions.since import Changed
    from generator.writer import Difference

_OWN_SHOWN, _OTHERS_SHOWN, _FILES_SHOWN = 20, 8, 12


def tree(platform: Document, environment: str, document: Document) -> Mapping[str, Any]:
    """Return all that the spec says of an environment, as one tree; of releases only their own keys."""
    found = merged_tree(Layers(platform, {environment: document}), environment)
    found.pop("workloadDefaults", None)  # they are in every workload already
    return found


def left(root: Path, now: Mapping[str, Any], target: Target, moves: Sequence[Move]) -> list[str]:
    """Return lines about what else changed in the spec since, and does not go back. Raises HistoryError."""
    documents, _ = history.documents(root, target.then)
    name = target.file.removeprefix("environments/").removesuffix(".yaml")
    if "platform" not in documents or name not in documents:
        return [f"The spec of {target.then[:10]} cannot be read, so nobody can say what else changed since."]
    try:
        then = tree(documents["platform"], name, documents[name])
    except (AttributeError, KeyError, TypeError):  # a spec of a shape that is none any more
        return [f"The spec of {target.then[:10]} has another shape; see `git diff {target.then[:10]}`."]
    found = changed(then, now)
    own: list[Changed] = []
    others: list[Changed] = []
    for change in found:
        (own if any(_concerns(change.path, move) for move in moves) else others).append(change)
    if not found:
        return [f"Nothing else changed in the spec of this environment since {target.then[:10]}."]
    lines = [f"Changed in the spec since {target.then[:10]}, and stays (then -> now):"]
    lines += _listed(own, _OWN_SHOWN)
    if others:
        lines += ["  elsewhere in this environment:"] if own else []
        lines += _listed(others, _OTHERS_SHOWN)
    return lines


def _concerns(path: Key, move: Move) -> bool:
    """Tell whether a key of the spec is about what moves."""
    about: Key = (move.section, move.name)
    if move.section == "charts":
        about = ("workloads",) if move.name == "workload" else ("ingress",)
    elif move.section == "functions":
        about = ("gateway",)
    return path[: len(about)] == about


def _listed(changes: Sequence[Changed], most: int) -> list[str]:
    names = [dotted(change.path) for change in changes[:most]]
    width = max(map(len, names), default=0)
    lines = [
        f"    {name:<{width}}  {change.old} -> {change.new}"
        for name, change in zip(names, changes[:most], strict=True)
    ]
    return [*lines, f"    ... and {len(changes) - most} more"] if len(changes) > most else lines


def files(root: Path, environment: str, target: Target, difference: Difference) -> list[str]:
    """Return lines about the files that go back: whether each is again what it was. Raises HistoryError."""
    name = target.file.removeprefix("environments/").removesuffix(".yaml")
    blobs = history.listed(root, target.then, f"rendered/{name}")
    paths = [path for path in sorted(difference.contents) if path.startswith(f"{environment}/")]
    old = {path: blobs.get(f"rendered/{name}/{path.partition('/')[2]}", "") for path in paths}
    data = history.contents(root, filter(None, old.values()))
    lines, same = [], 0
    for path in paths:
        then = data.get(old[path])
        if then is None:
            lines.append(f"    rendered/{path}: not there then")
        elif then == difference.contents[path]:
            same += 1
        else:
            number = _apart(then, difference.contents[path])
            lines.append(f"    rendered/{path}: {counted(number, 'line')} other than then")
    whole = f"{same} of {counted(len(paths), 'file')} of rendered/{environment} that change"
    verb = "is" if same == 1 else "are"
    first = f"{whole} {verb} byte for byte as at {target.then[:10]}{'.' if not lines else '; the others:'}"
    more = [f"    ... and {len(lines) - _FILES_SHOWN} more"] if len(lines) > _FILES_SHOWN else []
    return [first, *lines[:_FILES_SHOWN], *more]


def _apart(one: bytes, two: bytes) -> int:
    """Count the lines in which two texts differ, on the side where they are more."""
    matcher = SequenceMatcher(None, one.splitlines(), two.splitlines(), autojunk=False)
    return sum(max(b - a, d - c) for tag, a, b, c, d in matcher.get_opcodes() if tag != "equal")


def warnings(now: Mapping[str, Any], moves: Sequence[Move]) -> list[str]:
    """Return what no rollback of versions undoes."""
    found = []
    stored = [
        (move, now["workloads"][move.name]["database"])
        for move in moves
        if move.section == "workloads" and now["workloads"].get(move.name, {}).get("database")
    ]
    for move, database in stored:
        found.append(
            f"the database {database} stays as it is: if {move.old} migrated it, {move.new} must be able to "
            "work with that"
        )
    if any(move.section == "functions" for move in moves):
        found.append("the functions' packages of then must still be in the bucket: docs/packages.md")
    if any(move.section == "components" for move in moves):
        found.append("custom resource definitions may be newer than the chart: read its notes on downgrades")
    return found


def happens(now: Mapping[str, Any], environment: str, moves: Sequence[Move], at: datetime) -> list[str]:
    """Return what carries the change out after the merge."""
    lines = []
    if any(move.section != "functions" for move in moves):
        if not now.get("sync", {}).get("automated"):
            lines.append(f"Argo CD does not sync {environment} by itself: a person has to, after the merge.")
        elif why := closed(now.get("syncWindows") or (), at):
            lines.append(f"Argo CD would not sync by itself now: {why}; a person may sync.")
        else:
            lines.append("After the merge Argo CD's automated sync carries it out.")
    if any(move.section == "functions" for move in moves):
        auto = now.get("terraform", {}).get("autoApply")
        how = "applies it by itself" if auto else "plans it, and a person approves"
        lines.append(f"After the merge Terraform {how}: the functions are in the stack platform.")
    return lines
