"""No object is made twice, by two Applications or by one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.manifests.model import Environment


def check(environment: Environment) -> Iterator[str]:
    """Yield the objects that somebody has made already: each would undo what the other does, for ever."""
    makers: dict[tuple[str, str, str, str], str] = {}
    for manifest in environment.manifests:
        identity = (manifest.group, manifest.kind, manifest.namespace, manifest.name)
        if identity in makers:
            where = f" in namespace {manifest.namespace}" if manifest.namespace else ""
            yield f"{manifest}: {makers[identity]} makes it too{where}"
        makers.setdefault(identity, manifest.release)
