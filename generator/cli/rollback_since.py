"""What is otherwise than it was when the versions last ran that a rollback brings back."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any, NamedTuple

from generator import history, load
from generator.explain import merged_tree
from generator.history import HistoryError
from generator.layers import Layers
from generator.source import Sources
from generator.versions.since import changed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from generator.cli.rollback_target import Target
    from generator.problem import Path as Key
    from generator.problem import Problem
    from generator.promote import Move
    from generator.source import Document
    from generator.versions.since import Changed
    from generator.writer import Difference


class Since(NamedTuple):
    """What changed since, and stays.

    `own` are keys of the spec that are about what goes back, `others` the rest of the environment's.
    `unknown` says why nobody can tell, else it is empty. `errors` are what is wrong with the whole spec of
    then by the schema and rules of today. `files` are the rendered files that change now: in how many lines
    each will differ from then, None when it was not there.
    """

    own: Sequence[Changed] = ()
    others: Sequence[Changed] = ()
    unknown: str = ""
    errors: Sequence[Problem] = ()
    files: Mapping[str, int | None] = {}


class After(NamedTuple):
    """The environment as it will be: its name, its spec as one tree, and the rendered files that change."""

    environment: str
    spec: Mapping[str, Any]
    difference: Difference


def tree(platform: Document, environment: str, document: Document) -> Mapping[str, Any]:
    """Return all that the spec says of an environment, as one tree; of releases only their own keys."""
    found = merged_tree(Layers(platform, {environment: document}), environment)
    found.pop("workloadDefaults", None)  # they are in every workload already
    return found


def find(root: Path, target: Target, moves: Sequence[Move], after: After, today: date) -> Since:
    """Compare what will be with the commit that the versions are taken from."""
    at = target.then[:10]
    try:
        files = _files(root, target, after)
        documents, problems = history.documents(root, target.then)
        charts = _charts(root, target.then)
    except HistoryError as error:
        return Since(unknown=str(error))
    platform, document = documents.pop("platform", None), documents.get(_name(target))
    if platform is None or document is None:
        return Since(unknown=f"the spec of {at} cannot be read", files=files)
    try:
        then = tree(platform, _name(target), document)
    except (AttributeError, KeyError, TypeError):  # a spec of a shape that is none any more
        return Since(unknown=f"the spec of {at} has another shape than today's", files=files)
    loaded = load.load(Sources(platform, documents, charts, problems), today)
    found = changed(then, after.spec)
    own = [change for change in found if any(_concerns(change.path, move) for move in moves)]
    return Since(
        own=own,
        others=[change for change in found if change not in own],
        errors=[problem for problem in loaded.problems if problem.severity == "error"],
        files=files,
    )


def _name(target: Target) -> str:
    return target.file.removeprefix("environments/").removesuffix(".yaml")


def _concerns(path: Key, move: Move) -> bool:
    """Tell whether a key of the spec is about what moves."""
    about: Key = (move.section, move.name)
    if move.section == "charts":
        about = ("workloads",) if move.name == "workload" else ("ingress",)
    elif move.section == "functions":
        about = ("gateway",)
    return path[: len(about)] == about


def _charts(root: Path, commit: str) -> dict[str, frozenset[str]]:
    """Return the versions of our own charts that a commit has, as `source` finds them on the disk."""
    found: dict[str, set[str]] = {}
    for path in history.listed(root, commit, "argocd/charts"):
        _, _, chart, version, *_ = (*path.split("/"), "", "")
        found.setdefault(chart, set()).add(version)
    return {chart: frozenset(versions) for chart, versions in found.items()}


def _files(root: Path, target: Target, after: After) -> dict[str, int | None]:
    new = after.difference.contents
    blobs = history.listed(root, target.then, f"rendered/{_name(target)}")
    paths = [path for path in sorted(new) if path.startswith(f"{after.environment}/")]
    old = {path: blobs.get(f"rendered/{_name(target)}/{path.partition('/')[2]}", "") for path in paths}
    data = history.contents(root, filter(None, old.values()))
    return {path: _apart(data[old[path]], new[path]) if old[path] in data else None for path in paths}


def _apart(one: bytes, two: bytes) -> int:
    """Count the lines in which two texts differ, on the side where they are more."""
    if one == two:
        return 0
    matcher = SequenceMatcher(None, one.splitlines(), two.splitlines(), autojunk=False)
    number = sum(max(b - a, d - c) for tag, a, b, c, d in matcher.get_opcodes() if tag != "equal")
    return number or 1  # only the ends of lines
