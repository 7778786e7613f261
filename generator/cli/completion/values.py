"""What an argument or a variable of a name may be, in this repository."""

from __future__ import annotations

import os
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

from generator import source
from generator.explain import merged_tree
from generator.history import pinned, recent
from generator.layers import Layers
from generator.model.stacks import STACKS
from generator.writer import orphans

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

_SECTIONS = {"WORKLOAD": "workloads", "COMPONENT": "components", "CHART": "charts"}


class Candidate(NamedTuple):
    """What may stand there; more follows, so no space, after one that ends with `.`, `=` or `/`."""

    text: str
    about: str = ""


def values(root: Path, name: str, current: str, given: Mapping[str, str]) -> Iterable[Candidate]:
    """Return the values of `name`, as ENV; `given` are those of other names, `current` is the text so far."""
    names = source.environment_names(root)
    found: Iterable[Candidate] = ()
    match name:
        case "ENV" | "FROM" | "TO" | "AFTER" | "ONLY":
            found = (Candidate(environment, "environment") for environment in names)
        case "RELEASE" | "WORKLOAD" | "COMPONENT" | "CHART":
            found = _releases(root, given.get("ENV", ""), _SECTIONS.get(name, ""))
        case "REVISION":
            found = _revisions(root)
        case "NAME":  # what is removed
            environments = (Candidate(environment, "environment") for environment in names)
            found = chain(environments, _releases(root, "", "workloads"))
        case "STACK":
            found = (Candidate(stack, "Terraform root") for stack in STACKS)
        case "REMOVE":
            found = (Candidate(gone, "gone from environments/") for gone in orphans(root, names))
        case (
            "FORCE"
            | "ACCEPT"
            | "LAGGING"
            | "FUNCTIONS"
            | "SKIP"
            | "DOWNGRADE"
            | "DRY"
            | "COMMIT"
            | "DESTROYED"
        ):
            found = [Candidate("1")]
        case "FILE" | "AT":
            found = _files(root, current)
        case "KEY" if given.get("ENV") in names:
            found = _keys(_tree(root, given["ENV"]), "", current)
    return found


def _releases(root: Path, only: str, section: str) -> Iterator[Candidate]:
    """Yield what has a version, in one environment or anywhere; of one section if that is said."""
    for environment, document in source.load(root).environments.items():
        if only in ("", environment):
            for release, version in pinned(document.tree).items():
                if section in ("", release.section):
                    yield Candidate(release.name, f"{release.section} {version if only else ''}".rstrip())


def _revisions(root: Path) -> Iterator[Candidate]:
    """Yield the last commits that touched the spec."""
    for commit in recent(root):
        yield Candidate(commit.short, f"{commit.when:%Y-%m-%d} {commit.subject}")


def _tree(root: Path, environment: str) -> Any:
    sources = source.load(root)
    if sources.platform is None or environment not in sources.environments:
        return {}
    tree = merged_tree(Layers(sources.platform, sources.environments), environment)
    del tree["workloadDefaults"]  # `workl` means `workloads`, where every key tells of its default too
    return tree


def _keys(tree: Any, above: str, current: str) -> Iterator[Candidate]:
    """Yield the keys of the level that `current` has come to: `workloads.`, then `workloads.orders.`."""
    if isinstance(tree, list):
        below = {f"{above}[{index}]": value for index, value in enumerate(tree)}
    else:
        below = {f"{above}{'.' if above else ''}{key}": value for key, value in tree.items()}
    for text, value in below.items():
        more = isinstance(value, (dict, list)) and bool(value)
        if more and current.startswith((f"{text}.", f"{text}[")):
            yield from _keys(value, text, current)
        elif more:
            yield Candidate(f"{text}." if isinstance(value, dict) else f"{text}[", f"{len(value)} below")
        else:
            yield Candidate(text, "" if value is None else str(value))


def _files(root: Path, current: str) -> Iterator[Candidate]:
    """Yield what is in the folder of `rendered/`, or `./rendered/`, that `current` has come to."""
    here = "./" if current.startswith("./") else ""
    folder = current.removeprefix(here).rpartition("/")[0]
    if folder != "rendered" and not folder.startswith("rendered/"):
        yield Candidate(f"{here}rendered/", "generated files")
        return
    with os.scandir(root / folder) as entries:
        for entry in entries:
            if not entry.name.startswith("."):
                yield Candidate(f"{here}{folder}/{entry.name}{'/' if entry.is_dir() else ''}")
