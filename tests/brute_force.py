"""What each value of a spec changes, found the slow way: everything rendered anew for each, all compared.

Shares with `generator.explain` which values there are to try and which lines count as changed, but not how
it saves renderings.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from generator import render, resolve, source
from generator.explain.leaves import Leaf, replaced
from generator.explain.lines import changed
from generator.explain.others import Others
from generator.explain.rerun import Rerun
from generator.merge import Merger
from generator.model import Environment, Spec

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from generator.source import Document, Sources


_WRITES = {
    render.terraform: ("terraform/",),
    render.values: ("values/",),
    render.objects: ("objects/",),
    render.argocd: ("argocd/",),
    render.readme: ("README.md",),
    render.workspaces: ("terraform/",),
}
"""Where each part of a rendering writes, below its environment."""


class Effects(NamedTuple):
    """The files of a spec, the leaves that change each line of them, and those that change none."""

    sources: Sources
    files: dict[str, str]
    causes: dict[tuple[str, int], set[Leaf]]
    idle: list[Leaf]


def effects(root: Path) -> Effects:
    """Change every leaf of a spec to every other value that there is for it."""
    sources = source.load(root)
    assert sources.platform is not None
    trees = {document.file: document.tree for document in _documents(sources)}
    files, _ = _everything(sources, trees)
    others = Others(sources.platform, sources.environments.values())
    causes: dict[tuple[str, int], set[Leaf]] = defaultdict(set)
    idle = []
    for document in _documents(sources):
        for leaf, values in others.of(document).items():
            hit = {
                line
                for value in values
                for line in _changed(sources, files, {**trees, leaf.file: _with(document, leaf, value)})
            }
            for line in hit:
                causes[line].add(leaf)
            if not hit:
                idle.append(leaf)
    return Effects(sources, files, causes, idle)


class Remembering(Rerun):
    """A file that is rendered again, once for the same changes: searches for its lines have many in common.

    The leaves and values must stay alive, for they are known by their identity.
    """

    def __init__(self, sources: Sources, path: str) -> None:
        assert sources.platform is not None
        super().__init__(sources.platform, sources.environments, sources.charts, path)
        self.known: dict[tuple[int, ...], set[int] | None] = {}

    def changed(self, changes: Iterable[tuple[Leaf, Any]], only: int | None = None) -> set[int] | None:  # noqa: ARG002  (all lines, for the others to come)
        changes = list(changes)
        key = tuple([id(part) for change in changes for part in change])
        if key not in self.known:
            self.known[key] = super().changed(changes)
        return self.known[key]


def _documents(sources: Sources) -> list[Document]:
    assert sources.platform is not None
    return [sources.platform, *sources.environments.values()]


def _with(document: Document, leaf: Leaf, value: Any) -> dict[str, Any]:
    return replaced(document.tree, [(path, value) for path in (leaf.path, *leaf.aliases)])


def _changed(
    sources: Sources, files: Mapping[str, str], trees: Mapping[str, dict[str, Any]]
) -> Iterable[tuple[str, int]]:
    after, unknown = _everything(sources, trees)
    for path, text in files.items():
        if path in after:
            yield from ((path, line) for line in changed(path, text, after[path]))
        elif not path.startswith(unknown):
            yield from ((path, line) for line in range(1, text.count("\n") + 1))


def _everything(
    sources: Sources, trees: Mapping[str, dict[str, Any]]
) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return all files, and the folders of those that are not known: a renderer tripped over something.

    Rules refuse what it trips over, and nobody asked them here.
    """
    shared = trees["environments/platform.yaml"]
    platform, merger, resolver = resolve.platform(shared["platform"]), Merger(shared), resolve.Resolver()
    found = []
    for name, document in sources.environments.items():
        environment = resolver.environment(name, platform, merger.environment(trees[document.file]))
        if not isinstance(environment, Environment):
            return {}, ("",)
        found.append(environment)
    environments = resolve.with_registries(found)
    spec = Spec(platform=platform, environments=environments, charts=sources.charts)
    jobs = [(e.name, part, e) for e in environments for part in render.PARTS]
    jobs += [(render.SHARED, render.workspaces, spec)]
    files, unknown = {}, set()
    for folder, part, model in jobs:
        try:
            files.update((f"{folder}/{path}", text) for path, text in part.render(model))
        except Exception:  # noqa: BLE001  (what it got that far stands in `files`)
            unknown |= {f"{folder}/{name}" for name in _WRITES[part]}
    return files, tuple(unknown)
