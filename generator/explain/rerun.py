"""One rendered file again, with leaves of the spec changed: merge -> resolve -> render, no rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator import render, resolve, schema
from generator.explain import lines
from generator.explain.leaves import PLATFORM, REMOVED, replaced
from generator.merge import Merger
from generator.model import Environment, Platform, Spec

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from types import ModuleType

    from generator.explain.leaves import Leaf
    from generator.merge import Merged, Tree
    from generator.schema.bundle import Kind
    from generator.source import Document

    Change = tuple[Leaf, Any]


class Unrenderable(Exception):  # noqa: N818  (reads as what it is)
    """With these values the spec does not resolve, or a renderer cannot read it."""


class NoSuchFile(Exception):  # noqa: N818  (as above)
    """Nothing renders such a file."""


class _Unread:
    """Stands for a part of the model as long as nobody reads it."""

    def __getattr__(self, name: str) -> Any:
        raise _Read(name)


class _Read(Exception):  # noqa: N818  (as above)
    """Somebody reads what stood there unread."""


_UNREAD: Any = _Unread()


class Rerun:
    """Renders one file of `rendered/` over changed documents.

    What does not change is shared: the merger and the resolver remember trees by their identity, and so a
    change of one workload leaves all others as they were resolved before.
    """

    def __init__(
        self, platform: Document, environments: Mapping[str, Document], charts: Any, path: str
    ) -> None:
        """Render it once as it is. Raises NoSuchFile."""
        self.path, self.charts = path, charts
        self.platform, self.environments = platform, environments
        self.merger, self.resolver = Merger(platform.tree), resolve.Resolver()
        self.unchanged: dict[str, Environment] = {}
        self.merged: dict[str, Merged] = {}
        folder, _, self.file = path.partition("/")
        self.environment = folder if folder in environments else None
        self.alone = False  # whether no other environment has to do with it
        parts: tuple[ModuleType, ...] = render.PARTS if self.environment else ()
        if folder == render.SHARED:
            parts = render.SHARED_PARTS
        elif path in render.OUTSIDE:
            self.file, parts = path, (render.OUTSIDE_PARTS[path],)
        for part in parts:
            self.part = part
            self.alone = self.environment is not None
            text = self.text(())
            if text is not None:
                self.before: str = text
                self.constant = self._is_constant()
                return
        raise NoSuchFile(path)

    def _is_constant(self) -> bool:
        """Whether the file is rendered without a look at the spec."""
        try:
            return self._file(_UNREAD) is not None
        except _Read:
            return False

    @property
    def documents(self) -> list[Document]:
        """The documents that can have to do with the file."""
        if self.constant:
            return []
        if self.alone and self.environment:
            return [self.environments[self.environment], self.platform]
        first = [self.environments[self.environment]] if self.environment else []
        others = [d for name, d in self.environments.items() if name != self.environment]
        return [*first, self.platform, *others]

    def changed(self, changes: Iterable[Change], only: int | None = None) -> set[int] | None:
        """Return which lines, from 1, are others or gone with some leaves changed; None if nothing renders.

        With `only` nothing is said of other lines than that one.
        """
        try:
            after = self.text(changes)
        except Unrenderable:
            return None
        if after is None:
            return set(range(1, self.length + 1))
        return lines.changed(self.path, self.before, after, only)

    @property
    def length(self) -> int:
        """How many lines the file has."""
        return self.before.count("\n")

    def text(self, changes: Iterable[Change]) -> str | None:
        """Return the file with some leaves changed, or None when it is not rendered then.

        Raises Unrenderable.
        """
        values: dict[str, list[Any]] = {}
        for leaf, value in changes:
            paths = (leaf.path, *leaf.aliases)
            values.setdefault(leaf.file, []).extend((path, value) for path in paths)
        try:
            return self._text(values)
        except Unrenderable:
            raise
        except Exception as error:  # whatever a renderer trips over that a rule would have refused
            raise Unrenderable(str(error)) from error

    def _text(self, values: Mapping[str, list[Any]]) -> str | None:
        shared: Tree = self.platform.tree
        merger = self.merger
        if PLATFORM in values:
            shared = replaced(shared, values[PLATFORM])
            merger = Merger(shared)
            merger.memo = self.merger.memo  # trees are known by their identity, whoever merges them
        platform, judged = resolve.platform(shared["platform"]), _may_be_incomplete(values)

        def one(name: str) -> Environment:
            document = self.environments[name]
            if PLATFORM not in values and document.file not in values and name in self.unchanged:
                return self.unchanged[name]
            merged = merger.environment(replaced(document.tree, values.get(document.file, ())))
            if judged and self._incomplete(merged, self.merged[name]):
                raise Unrenderable(f"something is missing in {name}")
            found = self._resolved(name, platform, merged)
            if not values:
                self.unchanged[name], self.merged[name] = found, merged
            return found

        if self.environment and self.alone:
            own = one(self.environment)
            try:
                return self._file(own._replace(registry=_UNREAD) if own.registry else own)
            except _Read:
                self.alone = bool(values)  # with other values it may be read for once
        every = resolve.with_registries(map(one, self.environments))
        if self.environment:
            return self._file(next(e for e in every if e.name == self.environment))
        return self._file(Spec(platform=platform, environments=every, charts=self.charts))

    def _resolved(self, name: str, platform: Platform, merged: Merged) -> Environment:
        found = self.resolver.environment(name, platform, merged)
        if not isinstance(found, Environment):
            raise Unrenderable("; ".join(finding.message for finding in found))
        return found

    def _incomplete(self, merged: Merged, before: Merged) -> bool:
        """Whether something is missing after the merge, looked for only in what is not as it was."""
        sections: tuple[tuple[Kind, Tree, Tree], ...] = (
            ("settings", {"": merged.settings}, {"": before.settings}),
            ("versions", {"": merged.versions}, {"": before.versions}),
            ("component", merged.components, before.components),
            ("workload", merged.workloads, before.workloads),
        )
        return any(
            tree is not known.get(name) and bool(schema.findings(kind, tree))
            for kind, trees, known in sections
            for name, tree in trees.items()
        )

    def _file(self, source: Environment | Spec) -> str | None:
        return next((text for path, text in self.part.render(source) if path == self.file), None)


def _may_be_incomplete(values: Mapping[str, list[Any]]) -> bool:
    """Whether something was removed, or another profile alone, which may lack what the own one has."""
    changes = [change for below in values.values() for change in below]
    return any(v is REMOVED for _, v in changes) or [path for path, _ in changes] == [("profile",)]
