"""Which part of the platform a command is about."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from generator import render
from generator.problem import Place, Problem
from generator.writer import Scope, orphans

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from generator.model import Environment, Spec
    from generator.render import File


class Selection(NamedTuple):
    """Everything, or one environment and nothing of `shared/`. `removed` are environments that are gone."""

    spec: Spec
    environments: tuple[Environment, ...]
    everything: bool
    removed: frozenset[str] = frozenset()

    @property
    def files(self) -> Iterator[File]:
        """The rendering, a stream."""
        files = chain.from_iterable(map(render.environment, self.environments))
        return chain(files, render.shared(self.spec), render.outside(self.spec)) if self.everything else files

    @property
    def scope(self) -> Scope:
        """The folders of `rendered/`, and the files outside, that this run owns."""
        names = {e.name for e in self.environments}
        return Scope(
            folders=frozenset(names | ({render.SHARED} if self.everything else set())),
            remove=self.removed,
            outside=frozenset(render.OUTSIDE) if self.everything else frozenset(),
        )

    def __str__(self) -> str:
        return ", ".join(e.name for e in self.environments)


def select(spec: Spec, only: str | None, removed: Iterable[str] = ()) -> Selection:
    """Select all environments, or the one named `only`."""
    return Selection(
        spec=spec,
        environments=tuple(e for e in spec.environments if only in (None, e.name)),
        everything=only is None,
        removed=frozenset(removed),
    )


def orphan_problems(root: Path, selection: Selection) -> list[Problem]:
    """Rendered environments that the spec no longer has: deleting them is never an accident."""
    if not selection.everything:
        return []
    known = {e.name for e in selection.spec.environments} | selection.removed
    gone = orphans(root, known)
    names = " ".join(gone)
    remove = f'make render REMOVE="{names}"' if len(gone) > 1 else f"make render REMOVE={names}"
    return [
        Problem(
            place=Place(f"rendered/{name}"),
            message=f"there is no environments/{name}.yaml for this environment",
            fix=f"bring the file back; or, to remove the environment, run `{remove}`",
        )
        for name in gone
    ]
