"""Where in which file a path of an environment's merged tree comes from, worked out only when asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.merge import ONLY_ENVIRONMENT
from generator.problem import Finding, Place, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from generator.problem import Path
    from generator.source import Document

_RELEASES = ("workloads", "components")


class Layers(NamedTuple):
    """The documents behind the environments: looks paths of merged trees up in them."""

    platform: Document
    environments: Mapping[str, Document]

    def candidates(self, environment: str, path: Path) -> Iterator[tuple[Document, Path]]:
        """Yield where `path` may stand, the winning layer first."""
        document = self.environments.get(environment)
        if document is None or path[:1] == ("platform",):
            yield self.platform, path
            return
        profile = document.tree.get("profile")
        under_profile: Path = ("profiles", profile) if isinstance(profile, str) else ()
        section = path[0] if path else ""
        for mounted in _mounts(path):
            yield document, mounted
            if section in ONLY_ENVIRONMENT:
                return
            if under_profile:
                yield self.platform, (*under_profile, *mounted)
            shared = ("workloadDefaults", "workloads", "components")
            yield self.platform, mounted if mounted and mounted[0] in shared else ("defaults", *mounted)

    def stands(self, environment: str, path: Path) -> tuple[Document, Path]:
        """Return the document and path that decide `path`, or where it is missing.

        A key of a release is missing where the release is defined, any other in the environment's file.
        """
        for document, where in self.candidates(environment, path):
            if document.has(where):
                return document, where
        if path[0] in _RELEASES and self.platform.has(path[:2]):
            return self.platform, path
        return self.environments.get(environment, self.platform), path

    def problem(self, environment: str, finding: Finding) -> Problem:
        """Locate a finding about an environment's merged tree."""
        document, where = self.stands(environment, finding.path)
        other: Place | None = None
        if finding.other is not None:
            other_document, there = self.stands(finding.other_environment or environment, finding.other)
            other = other_document.place(there)
        return locate(document, where, finding, other)


def locate(document: Document, where: Path, finding: Finding, other: Place | None = None) -> Problem:
    """Turn a finding into a problem of `document` at `where`."""
    fix = finding.fix
    if finding.quote:
        fix = f'quote it: "{document.raw(where) or ""}"'
    return Problem(
        place=document.place(where),
        path=where,
        message=finding.message,
        fix=fix,
        other=other,
        severity=finding.severity,
    )


def _mounts(path: Path) -> Iterator[Path]:
    """Yield the paths inside a layer that can decide `path`: a workload's own key, then the default."""
    yield path
    if path[:1] == ("workloads",) and len(path) > 2:  # noqa: PLR2004  (section, name, key)
        yield ("workloadDefaults", *path[2:])
