"""What an environment pins, and what runs in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.merge import Merger
from generator.model.gateway import FUNCTIONS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.merge import Tree
    from generator.source import Document

SECTIONS = ("workloads", "components", "charts", "functions")


class Running(NamedTuple):
    """An environment: by section, the versions that its file pins, and the names of what runs there."""

    name: str
    document: Document
    versions: Mapping[str, Mapping[str, str]]
    releases: Mapping[str, frozenset[str]]

    def version(self, section: str, name: str) -> str:
        """Return the version that is pinned, "" when none is."""
        return self.versions[section].get(name, "")


def running(platform: Tree, name: str, document: Document) -> Running:
    """Say what runs in an environment; both trees keep to their schemas, but for versions."""
    merged = Merger(platform).environment(document.tree)
    gateway = merged.settings.get("gateway") or {}
    return Running(
        name=name,
        document=document,
        versions={section: _pinned(document, section) for section in SECTIONS},
        releases={
            "workloads": frozenset(merged.workloads),
            "components": frozenset(merged.components),
            "charts": frozenset({"edge", "workload"} if merged.workloads else {"edge"}),
            "functions": frozenset(FUNCTIONS if gateway.get("enabled") else ()),
        },
    )


def _pinned(document: Document, section: str) -> dict[str, str]:
    versions = document.tree.get("versions")
    block = versions.get(section) if isinstance(versions, dict) else None
    found = block if isinstance(block, dict) else {}
    # A version that lacks its quotes is a number; as written it is what was meant.
    written = {
        name: value if isinstance(value, str) else document.raw(("versions", section, name)) or ""
        for name, value in found.items()
        if value is not None
    }
    return dict(sorted(written.items()))
