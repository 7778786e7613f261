"""An environment as its cluster will see it: Applications, and the objects that they make."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    Object = dict[str, Any]

WAVE = "argocd.argoproj.io/sync-wave"
HOOK = "argocd.argoproj.io/hook"
HELM_HOOK = "helm.sh/hook"  # Argo CD turns pre-install and pre-upgrade into PreSync

# The order in which Argo CD applies the objects of one Application; waves count within a phase.
PHASES = ("PreSync", "Sync", "PostSync")


class Manifest(NamedTuple):
    """An object and the Application that makes it; shared by all who read it, so nobody changes it.

    `namespace` is "" for what belongs to the whole cluster.
    """

    release: str
    project: str
    wave: int  # the Application's
    namespace: str
    content: Object

    @property
    def kind(self) -> str:
        kind: str = self.content["kind"]
        return kind

    @property
    def name(self) -> str:
        name: str = self.content["metadata"]["name"]
        return name

    @property
    def group(self) -> str:
        """The group of its API, "" for the core."""
        group, slash, _ = self.content["apiVersion"].partition("/")
        return group if slash else ""

    @property
    def spec(self) -> Object:
        spec: Object = self.content.get("spec") or {}
        return spec

    @property
    def labels(self) -> dict[str, str]:
        return self.content["metadata"].get("labels") or {}

    @property
    def annotations(self) -> dict[str, str]:
        return self.content["metadata"].get("annotations") or {}

    @property
    def own_wave(self) -> int:
        """Its wave among the objects of its Application."""
        return int(self.annotations.get(WAVE, 0))

    @property
    def phase(self) -> str:
        hooks = f"{self.annotations.get(HOOK, '')},{self.annotations.get(HELM_HOOK, '')}"
        if "PreSync" in hooks or "pre-install" in hooks or "pre-upgrade" in hooks:
            return "PreSync"
        return "PostSync" if "Post" in hooks or "post-" in hooks else "Sync"

    @property
    def turn(self) -> tuple[int, int]:
        """When Argo CD applies it, among the objects of its Application."""
        return PHASES.index(self.phase), self.own_wave

    def __str__(self) -> str:
        return f"{self.release}: {self.kind}/{self.name}"


class Source(NamedTuple):
    """One source of an Application: a chart (archive or folder), a folder of plain objects, or neither."""

    repository: str
    chart: Path | None
    release_name: str
    value_files: tuple[Path, ...]
    values: tuple[Object, ...]  # of each file
    plain_files: tuple[Path, ...]


class Application(NamedTuple):
    """An Application of Argo CD."""

    name: str
    project: str
    wave: int
    server: str
    namespace: str  # where it puts what names no namespace
    options: frozenset[str]
    namespace_labels: dict[str, str]  # that it puts on its namespace when it makes it
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class Environment:
    """All that is in an environment's cluster because this repository says so."""

    name: str
    kubernetes_version: str  # 1.34
    tfvars: Object  # what Terraform's stack `platform` is given
    applications: tuple[Application, ...]
    manifests: tuple[Manifest, ...]

    @cached_property
    def _by_kind(self) -> Mapping[str, list[Manifest]]:
        found = defaultdict(list)
        for manifest in self.manifests:
            found[manifest.kind].append(manifest)
        return found

    def of_kind(self, *kinds: str) -> Iterator[Manifest]:
        for kind in kinds:
            yield from self._by_kind.get(kind, [])

    def find(self, kind: str, name: str, namespace: str = "") -> Manifest | None:
        """The object of that name; in no namespace when none is given."""
        for manifest in self._by_kind.get(kind, []):
            if (manifest.name, manifest.namespace) == (name, namespace):
                return manifest
        return None
