"""The model as files: a stream of (path below rendered/, bytes), one environment at a time, pure.

Paths: `<environment>/{terraform,values,objects,argocd}/...`, `<environment>/README.md`, `shared/...`. Those
in `OUTSIDE` start at the repository's root: GitHub looks for them there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.render import (
    argocd,
    codeowners,
    objects,
    readme,
    schemas,
    state,
    terraform,
    values,
    workspaces,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.model import Environment, Spec

SHARED = "shared"

PARTS = (terraform, values, objects, argocd, readme)
"""What renders an environment, in this order."""
SHARED_PARTS = (workspaces, state, schemas)
OUTSIDE_PARTS = {codeowners.PATH: codeowners}
OUTSIDE = tuple(OUTSIDE_PARTS)

File = tuple[str, bytes]


def environment(environment: Environment) -> Iterator[File]:
    """Render one environment."""
    for part in PARTS:
        for path, text in part.render(environment):
            yield f"{environment.name}/{path}", text.encode()


def shared(spec: Spec) -> Iterator[File]:
    """Render what belongs to no single environment."""
    for part in SHARED_PARTS:
        for path, text in part.render(spec):
            yield f"{SHARED}/{path}", text.encode()


def outside(spec: Spec) -> Iterator[File]:
    """Render what stands outside of `rendered/`; the paths are those of `OUTSIDE`."""
    for part in OUTSIDE_PARTS.values():
        for path, text in part.render(spec):
            yield path, text.encode()
